/// Something wrong with a configuration, with its place.
package struct ConfigProblem: Hashable, Sendable {
    /// How bad it is.
    package enum Severity: String, Sendable {
        /// The configuration cannot be used.
        case error
        /// The configuration can be used; something in it is probably not meant.
        case warning
    }

    /// How bad it is.
    package var severity: Severity
    /// The code of an error or warning about a query (`E106`); nil for everything else.
    package var code: String?
    /// The file, as the user or the file that includes it named it.
    package var file: String
    /// The line, from 1; 0: the problem is about the file as a whole.
    package var line: Int
    /// The column in Unicode code points, from 1.
    package var column: Int
    /// How many columns of a terminal to mark.
    package var length: Int
    /// The problem in one line.
    package var message: String
    /// What to do about it.
    package var hint: String?
    /// The line of the file, values of secrets blotted out.
    package var sourceLine: String

    /// A problem; without a line, one about the file as a whole.
    package init(
        severity: Severity,
        code: String? = nil,
        file: String,
        line: Int = 0,
        column: Int = 0,
        length: Int = 0,
        message: String,
        hint: String? = nil,
        sourceLine: String = ""
    ) {
        self.severity = severity
        self.code = code
        self.file = file
        self.line = line
        self.column = column
        self.length = length
        self.message = message
        self.hint = hint
        self.sourceLine = sourceLine
    }
}

extension ConfigProblem {
    /// The problem as `check` prints it, several lines without a line break at the end:
    /// place and message, the line of the file, a caret below the place, the hint.
    package func rendered(colour: Bool) -> String {
        let paint = Paint(isOn: colour)
        let place = line > 0 ? "\(file):\(line):\(column):" : "\(file):"
        let label = code.map { "\(severity.rawValue)[\($0)]" } ?? severity.rawValue
        var text = paint.bold(DisplayText.escaped(place)) + " "
        text += paint.severity(label + ":", severity) + " "
        text += paint.bold(DisplayText.escaped(message))
        if line > 0 {
            let layout = SourceLineLayout(sourceLine, around: column)
            let (shown, indent) = layout.window(around: column)
            let number = String(line)
            let padding = String(repeating: " ", count: max(0, 5 - number.count))
            let gutter = String(repeating: " ", count: max(5, number.count))
            let caret = String(repeating: "^", count: min(max(1, length), 160))
            text += "\n" + paint.dim("\(padding)\(number) |") + (shown.isEmpty ? "" : " " + shown)
            text += "\n" + paint.dim("\(gutter) |") + " " + String(repeating: " ", count: indent)
            text += paint.severity(caret, severity)
        }
        if let hint {
            let gutter = String(repeating: " ", count: max(5, line > 0 ? String(line).count : 5))
            text += "\n" + paint.dim("\(gutter) =") + " " + DisplayText.escaped(hint)
        }
        return text
    }
}

/// Colours for a terminal (ECMA-48, SGR), or none.
private struct Paint {
    let isOn: Bool

    func bold(_ text: String) -> String { wrap(text, "1") }

    func dim(_ text: String) -> String { wrap(text, "2") }

    func severity(_ text: String, _ severity: ConfigProblem.Severity) -> String {
        wrap(text, severity == .error ? "1;31" : "1;33")
    }

    private func wrap(_ text: String, _ style: String) -> String {
        isOn ? "\u{1B}[\(style)m\(text)\u{1B}[0m" : text
    }
}
