internal import FeedModel
internal import WatchCore

/// A message as text, made by templates.
struct HookText {
    private let message: HookMessage
    private let fields: [RecordFields]
    private let isJSON: Bool
    private let escaping: HookTemplate.Escaping

    /// The text of a message, safe within the type of body and the escaping of `webhook`.
    init(_ message: HookMessage, _ fields: [RecordFields], _ webhook: WebhookSettings) {
        self.message = message
        self.fields = fields
        isJSON = webhook.contentType.lowercased().contains("json")
        escaping = webhook.escaping
    }

    /// The whole text; where it says `{lines}` stands a line for each record.
    ///
    /// A name has the value that all records agree on; of `title`, what stands for all of them.
    func filled(_ template: HookTemplate, line: HookTemplate) -> String {
        template.filled { name, limit in
            let text =
                switch name {
                case "count": String(fields.count)
                case "lines": lines(by: line, limit: limit)
                case "title": safe(fields.title(isMatches: message.stream == .matches), limit)
                case "id": safe(message.id, limit)
                default: safe(fields.common(name) ?? "", limit)
                }
            return isJSON ? HookText.inJSON(text) : text
        }
    }

    /// A line for each record, as many as fit in so many characters, and how many do not.
    private func lines(by template: HookTemplate, limit: Int?) -> String {
        var text = ""
        for (index, record) in fields.enumerated() {
            let line = template.filled { name, limit in
                safe(record[name] ?? (name == "title" ? record["message"] : nil) ?? "", limit)
            }
            if let limit, text.count + line.count + 20 > limit, index > 0 {
                return text + "\n… and \(fields.count - index) more"
            }
            text += (index == 0 ? "" : "\n") + line
        }
        return text
    }

    /// A value in one line, cut, without what could break out of the text around it.
    private func safe(_ value: String, _ limit: Int?) -> String {
        let line = HookTemplate.cut(HookEnvironment.oneLine(value), to: limit)
        switch escaping {
        case .none: return line
        case .html:
            var text = String.UnicodeScalarView()
            for character in line.unicodeScalars {
                switch character {
                case "&": text.append(contentsOf: "&amp;".unicodeScalars)
                case "<": text.append(contentsOf: "&lt;".unicodeScalars)
                case ">": text.append(contentsOf: "&gt;".unicodeScalars)
                default: text.append(character)
                }
            }
            return String(text)
        }
    }

    /// The text as it stands within the quotation marks of a JSON string.
    private static func inJSON(_ text: String) -> String {
        var json = JSONWriter()
        json.string(text)
        return String(decoding: json.bytes.dropFirst().dropLast(), as: UTF8.self)
    }
}
