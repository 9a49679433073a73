internal import ConfigFile

/// Columns of text, aligned by the width a terminal gives them.
struct TextTable {
    /// The cells, row by row.
    let rows: [[String]]

    /// The lines; the last column is not padded.
    var lines: [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { $0.count > column ? DisplayText.width(of: $0[column]) : 0 }.max() ?? 0
        }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                line += cell
                guard column + 1 < row.count else { break }
                let padding = widths[column] - DisplayText.width(of: cell) + 2
                line += String(repeating: " ", count: padding)
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
