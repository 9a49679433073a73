import FeedModel
import WatchCore

extension ConfigBuilder {
    /// How long a key may be (Standard Webhooks, section "Symmetric").
    private static let keyLength = 24...64

    /// Reads what `webhook` and its keys say; nil: something was noted as wrong.
    func webhook(_ reader: TableReader) -> WebhookSettings? {
        guard let value = reader.value("webhook") else { return nil }
        // The address of a chat's webhook is its secret: it is never shown.
        let secrets = SecretReader(builder: self, file: reader.file)
        guard let url = secrets.read(value, for: "webhook") else { return nil }
        do throws(FeedURL.Flaw) {
            _ = try FeedURL(url)
        } catch {
            context.error(
                "webhook is no address that can be used: \(error.message)",
                at: reader.place(of: value)
            )
            return nil
        }
        var settings = WebhookSettings(url: url)
        settings.keys = ["secret", "previous_secret"].compactMap { key(reader, $0, secrets) }
        if reader.value("secret") == nil, reader.value("previous_secret") != nil {
            context.error(
                "previous_secret goes with secret only",
                at: reader.keyPlace("previous_secret")
            )
        }
        settings.headers = readHeaders(reader).filter { isFree($0, reader) }
        readBody(reader, &settings)
        return settings
    }

    private func key(
        _ reader: TableReader,
        _ name: String,
        _ secrets: SecretReader
    ) -> [UInt8]? {
        guard let value = reader.value(name), let text = secrets.read(value, for: name) else {
            return nil
        }
        let encoded = text.hasPrefix("whsec_") ? text.dropFirst(6) : text[...]
        guard let key = Base64.decode(encoded), Self.keyLength.contains(key.count) else {
            context.error(
                "\(name) is no key: whsec_ and 24 to 64 bytes in Base64 are wanted",
                at: reader.place(of: value),
                hint: "make one: echo whsec_$(openssl rand -base64 32)"
            )
            return nil
        }
        return key
    }

    /// Whether a header field is the receiver's and not one that feedwatch sets.
    private func isFree(_ header: RequestHeader, _ reader: TableReader) -> Bool {
        let own = [
            "content-type", "webhook-id", "webhook-timestamp", "webhook-signature",
            "idempotency-key",
        ]
        guard own.contains(header.name.lowercased()) else { return true }
        context.error(
            "\(header.name) is set by feedwatch itself",
            at: reader.keyPlace("headers"),
            hint: header.name.lowercased() == "content-type" ? "there is content_type" : nil
        )
        return false
    }

    private func readBody(_ reader: TableReader, _ settings: inout WebhookSettings) {
        let body = reader.string("body")
        let words = ["feedwatch", "cloudevents", "text"].map { ($0, $0) }
        let kind = body.flatMap { reader.word($0, of: words, as: "body") } ?? "feedwatch"
        guard kind == "text" else {
            if kind == "cloudevents" { settings.body = .cloudevents }
            for key in ["template", "line", "content_type", "escape"]
            where reader.value(key) != nil {
                context.error("\(key) goes with body = \"text\" only", at: reader.keyPlace(key))
            }
            return
        }
        reader.require("template", hint: "template = \"{title}\\n{url}\"")
        let names = HookTemplate.recordNames
        let whole = reader.string("template").flatMap {
            template($0, "template", names: names + HookTemplate.messageNames)
        }
        let line: HookTemplate?
        if let text = reader.string("line") {
            line = template(text, "line", names: names)
        } else {
            line = HookTemplate(parts: [
                .value("title", limit: nil), .text(" "), .value("url", limit: nil),
            ])
        }
        if let whole, let line { settings.body = .text(whole, line: line) }
        if let type = reader.string("content_type") {
            settings.contentType = checkedContentType(type)
        }
        if let escape = reader.string("escape") {
            let words = HookTemplate.Escaping.allCases.map { ($0.rawValue, $0) }
            settings.escaping = reader.word(escape, of: words, as: "escape") ?? .none
        }
    }

    private func template(
        _ text: Located<String>,
        _ key: String,
        names: [String]
    ) -> HookTemplate? {
        do throws(HookTemplate.Flaw) {
            return try HookTemplate(text.value, names: names)
        } catch {
            context.error(
                error.isLimit
                    ? "\(key) holds {\(error.name)}, which is no number of characters"
                    : "\(key) knows no {\(error.name)}",
                at: text.place,
                hint: error.isLimit
                    ? "{title:80} is cut to 80 characters"
                    : Suggestion.hint(for: error.name, among: names)
                        ?? "it may be \(names.joined(separator: ", "))"
            )
            return nil
        }
    }

    private func checkedContentType(_ type: Located<String>) -> String {
        let isPlain = type.value.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        if !isPlain || !type.value.contains("/") {
            context.error(
                "content_type is no type of content",
                at: type.place,
                hint: "write application/json or text/plain; charset=utf-8"
            )
        }
        return type.value
    }
}
