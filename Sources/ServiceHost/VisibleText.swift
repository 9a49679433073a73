/// Text in which everything a terminal or a log reader would act on is shown as an escape.
///
/// Control characters, line separators and the marks that change the direction of text come out
/// as `\n`, `\t` or `\u{202E}`; everything else stays as it is.
package enum VisibleText {
    /// The text with escapes.
    package static func escape(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: mustEscape) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { append(scalar, quoted: false, to: &result) }
        return String(result)
    }

    /// The text as the value in `key=value`: in quotation marks where it is empty or something in
    /// it could be taken for the end of the value.
    package static func value(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            !mustEscape(scalar) && !scalar.properties.isWhitespace
                && scalar != "\"" && scalar != "=" && scalar != "\\"
        }
        if isPlain, !text.isEmpty { return text }
        var result: String.UnicodeScalarView = "\"".unicodeScalars
        for scalar in text.unicodeScalars { append(scalar, quoted: true, to: &result) }
        result.append("\"")
        return String(result)
    }

    private static func mustEscape(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E: false
        // C0 and C1 controls and DEL; ALM, LRM and RLM; separators and the embedding controls; the
        // isolates; a byte order mark, which is seen by nobody.
        case 0...0x9F, 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }

    private static func append(
        _ scalar: Unicode.Scalar,
        quoted: Bool,
        to result: inout String.UnicodeScalarView
    ) {
        switch scalar {
        case "\n": result.append(contentsOf: "\\n".unicodeScalars)
        case "\r": result.append(contentsOf: "\\r".unicodeScalars)
        case "\t": result.append(contentsOf: "\\t".unicodeScalars)
        case "\"" where quoted: result.append(contentsOf: "\\\"".unicodeScalars)
        case "\\" where quoted: result.append(contentsOf: "\\\\".unicodeScalars)
        case _ where mustEscape(scalar):
            let digits = String(scalar.value, radix: 16, uppercase: true)
            let padding = String(repeating: "0", count: max(0, 2 - digits.count))
            result.append(contentsOf: "\\u{\(padding)\(digits)}".unicodeScalars)
        default: result.append(scalar)
        }
    }
}
