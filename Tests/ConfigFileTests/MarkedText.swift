/// A text in which ⟦ and ⟧ mark where a problem must point.
struct MarkedText {
    /// The text without the marks.
    let text: String
    /// Where the marks were: line, column and length in code points, from 1.
    let marks: [Mark]

    struct Mark: Hashable, CustomStringConvertible {
        var line: Int
        var column: Int
        /// The code points on the first line.
        var length: Int

        var description: String { "\(line):\(column)+\(length)" }
    }

    init(_ marked: String) {
        var plain = String.UnicodeScalarView()
        var marks: [Mark] = []
        var line = 1
        var column = 1
        var open: (line: Int, column: Int, end: Int?)?
        for scalar in marked.unicodeScalars {
            switch scalar {
            case "⟦": open = (line, column, nil)
            case "⟧":
                guard let start = open else { continue }
                let end = start.end ?? column
                // Where there is nothing to mark a problem still marks one column.
                let length = max(1, end - start.column)
                marks.append(Mark(line: start.line, column: start.column, length: length))
                open = nil
            case "\n":
                if open != nil, open?.end == nil { open?.end = column }
                plain.append(scalar)
                line += 1
                column = 1
            default:
                plain.append(scalar)
                column += 1
            }
        }
        text = String(plain)
        self.marks = marks
    }
}
