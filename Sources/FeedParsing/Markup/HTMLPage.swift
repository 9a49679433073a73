import FeedModel

/// Looks at web pages: whether a document is one, and which feeds it announces.
enum HTMLPage {
    /// Whether `text` is a page of HTML.
    static func looksLikePage(_ text: Bytes) -> Bool {
        let head = text.part(0..<min(text.count, 4_096))
        return head.firstOffsetIgnoringCase(of: "<html") != nil
            || head.firstOffsetIgnoringCase(of: "<!doctype html") != nil
            || head.firstOffsetIgnoringCase(of: "<head") != nil
            || head.firstOffsetIgnoringCase(of: "<body") != nil
    }

    /// The feeds that `link rel="alternate"` elements name, absolute where a base is known.
    static func announcedFeeds(in text: Bytes, base: [UInt8]) -> [AnnouncedFeed] {
        var feeds: [AnnouncedFeed] = []
        var base = base
        var index = 0
        var budget = HTMLScan.budget(for: text)
        while feeds.count < 100, let open = text.firstOffset(of: UInt8(ascii: "<"), from: index) {
            index = open + 1
            let rest = text.from(index)
            if rest.hasPrefix("!--") {
                index = text.firstOffset(of: "-->", from: index) ?? text.count
                continue
            }
            if rest.hasPrefixIgnoringCase("script") {
                index = HTMLScan.endOfHidden(text, from: index, name: index..<index + 6)
                continue
            }
            let isBase = rest.hasPrefixIgnoringCase("base")
            guard isBase || rest.hasPrefixIgnoringCase("link"), rest.count > 4,
                rest[4].isASCIISpace,
                let end = HTMLScan.tagEnd(text, from: index + 4, budget: &budget)
            else { continue }
            let attributes = HTMLAttributes.read(text.part((index + 4)..<(end - 1)))
            index = end
            if isBase {
                if let href = attributes["href"], !href.isEmpty { base = resolve(href, base) }
            } else if let feed = feed(attributes, base) {
                if !feeds.contains(where: { $0.url == feed.url }) { feeds.append(feed) }
            }
        }
        return feeds
    }

    private static func feed(_ attributes: [String: [UInt8]], _ base: [UInt8]) -> AnnouncedFeed? {
        guard let href = attributes["href"], !href.isEmpty, let type = attributes["type"],
            let relation = attributes["rel"]
        else { return nil }
        let relations = String(decoding: relation, as: UTF8.self).lowercased()
            .split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\n" })
        let kind = String(decoding: type, as: UTF8.self).lowercased()
        // Not "application/json+oembed", which most blogs announce beside their feed.
        let name = kind.prefix { $0 != ";" && $0 != " " }
        guard relations.contains("alternate") || relations.contains("feed"),
            types.contains(String(name)),
            // Nor the programming interface of WordPress.
            String(decoding: href, as: UTF8.self).contains("/wp-json/") == false
        else { return nil }
        let title = attributes["title"].map { String(decoding: $0, as: UTF8.self) }
        return AnnouncedFeed(
            url: String(decoding: resolve(href, base), as: UTF8.self),
            title: title,
            type: kind
        )
    }

    private static let types: Set<String> = [
        "application/rss+xml", "application/atom+xml", "application/rdf+xml",
        "application/feed+json", "application/json", "text/xml", "application/xml",
        "application/x-rss+xml",
    ]

    /// The encoding that a page names in its head; nil for what is no page.
    static func encoding(in document: Bytes) -> String? {
        let head = document.part(0..<min(document.count, 4_096))
        guard looksLikePage(head),
            let meta = head.firstOffsetIgnoringCase(of: "<meta"),
            let name = head.firstOffsetIgnoringCase(of: "charset=", from: meta)
        else { return nil }
        let label = head.from(name + 8).drop { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }
            .prefix {
                $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "-")
                    || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ":")
            }
        return label.isEmpty ? nil : String(decoding: label, as: UTF8.self)
    }

    private static func resolve(_ reference: [UInt8], _ base: [UInt8]) -> [UInt8] {
        reference.withUnsafeBufferPointer { reference in
            base.withUnsafeBufferPointer { URLReference.resolve(reference.trimmed, against: $0) }
        }
    }
}

/// The attributes of a tag of HTML.
enum HTMLAttributes {
    /// The attributes in `text`, what stands between a tag's name and its `>`, by name in lower
    /// case; values decoded.
    ///
    /// The first of a name counts.
    static func read(_ text: Bytes) -> [String: [UInt8]] {
        var attributes: [String: [UInt8]] = [:]
        forEach(text) { name, value in
            let key = text.part(name).string.lowercased()
            guard attributes[key] == nil else { return }
            var plain: [UInt8] = []
            PlainText.append(
                text.part(value),
                isMarkup: true,
                paragraphs: false,
                to: &plain
            )
            attributes[key] = plain
        }
        return attributes
    }

    /// Calls `body` with the places of each attribute's name and value in `text`.
    static func forEach(_ text: Bytes, _ body: (Range<Int>, Range<Int>) -> Void) {
        var index = 0
        func skipBlanks() {
            while index < text.count, text[index].isASCIISpace || text[index] == UInt8(ascii: "/") {
                index += 1
            }
        }
        while index < text.count {
            skipBlanks()
            let nameStart = index
            while index < text.count, !text[index].isASCIISpace, text[index] != UInt8(ascii: "="),
                text[index] != UInt8(ascii: "/")
            {
                index += 1
            }
            let name = nameStart..<index
            while index < text.count, text[index].isASCIISpace { index += 1 }
            guard index < text.count, text[index] == UInt8(ascii: "=") else {
                if name.isEmpty { index += 1 }
                continue
            }
            index += 1
            while index < text.count, text[index].isASCIISpace { index += 1 }
            guard index < text.count else { break }
            let quote = text[index]
            if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
                let end = text.firstOffset(of: quote, from: index + 1) ?? text.count
                body(name, (index + 1)..<end)
                index = min(end + 1, text.count)
            } else {
                let start = index
                while index < text.count, !text[index].isASCIISpace { index += 1 }
                body(name, start..<index)
            }
        }
    }
}
