/// A line of a file laid out for a terminal: tabs filled up, dangerous characters escaped.
struct SourceLineLayout {
    /// A tab leads to the next multiple of this many columns.
    private static let tabStop = 4
    /// Longer lines are cut to a window of this many columns.
    private static let longest = 160
    /// So many code points on either side of a place are enough for every window.
    private static let reach = 400

    private let scalars: [Unicode.Scalar]
    /// The column at which each scalar starts, and behind them the one at which the line ends.
    private let columns: [Int]
    /// How many code points of the line were left out at its start.
    private let skipped: Int
    private let isCutBehind: Bool

    /// Lays out a whole line.
    init(_ line: String) { self.init(line.unicodeScalars[...], skipped: 0, isCutBehind: false) }

    /// Lays out as much of a line as a window around a code point needs.
    init(_ line: String, around column: Int) {
        let all = line.unicodeScalars
        guard line.utf8.count > 2 * Self.reach else {
            self.init(line)
            return
        }
        let skipped = max(0, column - 1 - Self.reach)
        let start = all.index(all.startIndex, offsetBy: skipped, limitedBy: all.endIndex)
        let rest = all[(start ?? all.endIndex)...]
        let end = rest.index(rest.startIndex, offsetBy: 2 * Self.reach, limitedBy: rest.endIndex)
        self.init(rest[..<(end ?? rest.endIndex)], skipped: skipped, isCutBehind: end != nil)
    }

    private init(_ text: Substring.UnicodeScalarView, skipped: Int, isCutBehind: Bool) {
        self.skipped = skipped
        self.isCutBehind = isCutBehind
        scalars = Array(text)
        var columns = [0]
        columns.reserveCapacity(scalars.count + 1)
        var column = 0
        for scalar in scalars {
            switch scalar {
            case " "..."~": column += 1
            case "\t": column += Self.tabStop - column % Self.tabStop
            default:
                let shown = DisplayText.escaped(scalar).unicodeScalars
                column += shown.reduce(0) { $0 + DisplayText.width(of: $1) }
            }
            columns.append(column)
        }
        self.columns = columns
    }

    /// The columns that code points take, from one up to another; at least 1.
    func width(from start: Int, to end: Int) -> Int {
        let first = index(of: start)
        return max(1, columns[max(first, index(of: end))] - columns[first])
    }

    /// The text to show so that a code point is in it, and how far the caret below is to be moved
    /// in.
    func window(around column: Int) -> (text: String, indent: Int) {
        let index = index(of: column)
        var first = 0
        var last = scalars.count
        if skipped > 0 || isCutBehind || columns[last] > Self.longest {
            first = index
            while first > 0, columns[index] - columns[first - 1] <= Self.longest / 3 { first -= 1 }
            last = index
            let limit = columns[index] + Self.longest * 2 / 3
            while last < scalars.count, columns[last + 1] <= limit { last += 1 }
        }
        let head = first + skipped > 0 ? "…" : ""
        let tail = last < scalars.count || isCutBehind ? "…" : ""
        // Behind the end of the line a caret still stands where it says.
        let beyond = max(0, column - 1 - skipped - index)
        return (
            head + text(first..<last) + tail, head.count + columns[index] - columns[first] + beyond
        )
    }

    private func index(of column: Int) -> Int { min(max(column - 1 - skipped, 0), scalars.count) }

    private func text(_ range: Range<Int>) -> String {
        var text = ""
        for index in range {
            if scalars[index] == "\t" {
                text += String(repeating: " ", count: columns[index + 1] - columns[index])
            } else {
                text += DisplayText.escaped(scalars[index])
            }
        }
        return text
    }
}
