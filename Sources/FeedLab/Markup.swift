/// Text made safe for XML and JSON.
enum Markup {
    /// The text as a string of JSON.
    static func json(_ text: String) -> String {
        var escaped = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": escaped += "\\\(scalar)"
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped + "\""
    }

    /// The text with XML's own characters as entities; `inASCII`: and all others as references.
    static func escape(_ text: String, inASCII: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default:
                if scalar.isASCII || !inASCII {
                    escaped.unicodeScalars.append(scalar)
                } else {
                    escaped += "&#\(scalar.value);"
                }
            }
        }
        return escaped
    }
}
