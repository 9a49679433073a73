/// A line of a file laid out for a terminal: tabs filled up, dangerous characters escaped.
struct SourceLineLayout {
    private struct Cell {
        var text: String
        var width: Int
    }

    /// A tab leads to the next multiple of this many columns.
    private static let tabStop = 4
    /// Longer lines are cut to a window of this many columns.
    private static let longest = 160

    private var cells: [Cell] = []

    /// Lays out a line.
    init(_ line: String) {
        var column = 0
        for scalar in line.unicodeScalars {
            let cell: Cell
            if scalar == "\t" {
                let width = Self.tabStop - column % Self.tabStop
                cell = Cell(text: String(repeating: " ", count: width), width: width)
            } else {
                let text = DisplayText.escaped(scalar)
                cell = Cell(
                    text: text,
                    width: text.unicodeScalars.reduce(0) { $0 + DisplayText.width(of: $1) }
                )
            }
            column += cell.width
            cells.append(cell)
        }
    }

    /// The columns that code points take, from one up to another; at least 1.
    func width(from start: Int, to end: Int) -> Int {
        let first = min(max(start - 1, 0), cells.count)
        let last = min(max(end - 1, first), cells.count)
        return max(1, width(first..<last))
    }

    /// The text to show so that `length` columns from a code point are in it, and how far the
    /// caret below is to be moved in.
    func window(around column: Int, _ length: Int) -> (text: String, indent: Int) {
        let index = min(max(column - 1, 0), cells.count)
        // Behind the end of the line a caret still stands where it says.
        let before = width(0..<index) + max(0, column - 1 - index)
        guard width(0..<cells.count) > Self.longest else {
            return (cells.map(\.text).joined(), before)
        }
        var first = index
        var room = Self.longest / 3
        while first > 0, cells[first - 1].width <= room {
            first -= 1
            room -= cells[first].width
        }
        var last = index
        room = Self.longest * 2 / 3
        while last < cells.count, cells[last].width <= room {
            room -= cells[last].width
            last += 1
        }
        let head = first > 0 ? "…" : ""
        let tail = last < cells.count ? "…" : ""
        let text = head + cells[first..<last].map(\.text).joined() + tail
        return (text, head.count + width(first..<index))
    }

    private func width(_ range: Range<Int>) -> Int {
        cells[range].reduce(0) { $0 + $1.width }
    }
}
