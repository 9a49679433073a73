/// Puts what toml++ says about a syntax error into words for somebody who writes a file.
enum SyntaxMessage {
    /// The message and, where there is one, a hint.
    static func explain(
        _ failure: TOMLDocument.Failure,
        in file: SourceFile
    ) -> (message: String, hint: String?) {
        var message = failure.message
        var context = ""
        let lead = "Error while parsing "
        if message.hasPrefix(lead), let colon = message.firstIndex(of: ":") {
            context = String(message[..<colon].dropFirst(lead.count))
            message = String(message[colon...].dropFirst(2))
        }
        if message.contains("maximum nested value depth") {
            return ("lists and inline tables may not stand so deep within one another", nil)
        }
        if context.hasSuffix("string"), message.contains("control characters"),
            isLineBreak(at: failure.span.start, in: file)
        {
            return ("the string is not closed on its line", "''' and \"\"\" span several lines")
        }
        if message == "the string is not closed" { return (message, nil) }
        if message == "could not determine value type" {
            return ("this is no value", "strings stand in quotation marks: \"…\"")
        }
        let keyStart = "bare key starting character or string delimiter"
        if let range = message.ranges(of: keyStart).first {
            message.replaceSubrange(range, with: "a key")
        }
        if context.isEmpty { return (message, nil) }
        return ("\(message) (in a \(context))", hint(for: message, context))
    }

    private static func hint(for message: String, _ context: String) -> String? {
        if context == "boolean" || context == "floating-point" {
            return "strings stand in quotation marks: \"…\""
        }
        if context.hasSuffix("integer") {
            return "durations and sizes stand in quotation marks: \"15m\""
        }
        if message.hasPrefix("cannot redefine existing") {
            return "each key and each [table] may stand once; lists of tables are [[table]]"
        }
        return nil
    }

    private static func isLineBreak(at position: SourcePosition, in file: SourceFile) -> Bool {
        let offset = file.offset(of: position)
        return offset < file.bytes.count && [0x0A, 0x0D].contains(file.bytes[offset])
    }
}

extension LoadContext {
    /// Keeps what looks like secrets out of the source line of a file that could not be read: the
    /// values of headers and what stands before the @ of an address.
    func hideProbableSecrets(in file: Int) {
        var isHeaderTable = false
        let source = files[file]
        for number in 1...source.lineCount {
            let scalars = Array(source.line(number).unicodeScalars)
            let text = String(source.line(number).drop { $0.isWhitespace })
            if text.hasPrefix("[") { isHeaderTable = text.contains("headers") }
            let isAddress = text.contains("://") && text.contains("@")
            guard isHeaderTable || text.contains("headers") || isAddress,
                let equals = scalars.firstIndex(of: "=")
            else { continue }
            let start = SourcePosition(line: number, column: equals + 2)
            let end = SourcePosition(line: number, column: scalars.count + 1)
            hide(ConfigPlace(file: file, span: SourceSpan(start: start, end: end)))
        }
    }
}
