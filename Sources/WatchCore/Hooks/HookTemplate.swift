/// A text with places for what a record says: `{title}`, cut as `{title:80}`.
///
/// Braces around anything but a known name stand for themselves, so that JSON can be written
/// without escapes.
package struct HookTemplate: Hashable, Sendable {
    /// A part of the text.
    package enum Part: Hashable, Sendable {
        /// Text as it stands.
        case text(String)
        /// The value of that name, cut to that many characters.
        case value(String, limit: Int?)
    }

    /// How values are made safe for what the text is.
    package enum Escaping: String, Hashable, Sendable, CaseIterable {
        /// Not at all.
        case none
        /// `&`, `<` and `>` as entities: HTML, and the text of Slack and Telegram.
        case html
    }

    /// Why a text is no template.
    package struct Flaw: Error, Hashable, Sendable {
        /// The name that is not known, or the known one with a limit that is none.
        package var name: String
        /// Whether it is the limit that is wrong.
        package var isLimit = false
    }

    /// The names that a record has a value for.
    package static let recordNames = [
        "id", "time", "topic", "topic_title", "feed", "feed_title", "feed_url", "item", "guid",
        "title", "url", "summary", "language", "published", "published_text", "updated", "excerpt",
        "story",
        "duplicate_of", "origin", "event", "hook", "reason", "message",
    ]
    /// The names that only a whole message has a value for.
    package static let messageNames = ["count", "lines"]

    /// The parts in order.
    package let parts: [Part]

    /// A template of these parts.
    package init(parts: [Part]) { self.parts = parts }

    /// Reads a template whose places may have these names.
    package init(_ text: String, names: [String]) throws(Flaw) {
        var parts: [Part] = []
        var plain = ""
        var rest = text[...]
        while let brace = rest.firstIndex(of: "{") {
            plain += rest[..<brace]
            rest = rest[rest.index(after: brace)...]
            guard let (name, limit, end) = try HookTemplate.place(in: rest, names) else {
                plain += "{"
                continue
            }
            guard names.contains(name) else { throw Flaw(name: name) }
            if !plain.isEmpty { parts.append(.text(plain)) }
            plain = ""
            parts.append(.value(name, limit: limit))
            rest = rest[end...]
        }
        plain += rest
        if !plain.isEmpty { parts.append(.text(plain)) }
        self.parts = parts
    }

    /// The name, the limit and the end of a place whose brace was just passed.
    private static func place(
        in rest: Substring,
        _ names: [String]
    ) throws(Flaw) -> (String, Int?, String.Index)? {
        guard let end = rest.firstIndex(of: "}") else { return nil }
        let inner = rest[..<end].split(separator: ":", omittingEmptySubsequences: false)
        guard let name = inner.first, !name.isEmpty, inner.count <= 2,
            name.utf8.allSatisfy({ $0 == 0x5F || (0x61...0x7A).contains($0) })
        else { return nil }
        var limit: Int?
        if inner.count == 2 {
            guard inner[1].utf8.count <= 6, let number = Int(inner[1]), number > 0 else {
                // JSON such as {null:"x"} is text; {title:0} can only be a mistake.
                guard names.contains(String(name)) else { return nil }
                throw Flaw(name: rest[..<end].description, isLimit: true)
            }
            limit = number
        }
        return (String(name), limit, rest.index(after: end))
    }

    /// The text with a value at each place, of the name and cut to the limit given.
    package func filled(_ value: (String, Int?) -> String) -> String {
        var text = ""
        for part in parts {
            switch part {
            case .text(let plain): text += plain
            case .value(let name, let limit): text += value(name, limit)
            }
        }
        return text
    }

    /// The text cut to so many characters, the last of them an ellipsis.
    package static func cut(_ text: String, to limit: Int?) -> String {
        guard let limit, text.count > limit else { return text }
        return text.prefix(max(0, limit - 1)) + "…"
    }
}
