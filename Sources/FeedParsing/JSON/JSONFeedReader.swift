import FeedModel

/// Reads JSON Feed 1.0 and 1.1.
struct JSONFeedReader {
    private var builder: FeedBuilder

    /// The feed in `text`, or why there is none.
    static func read(_ text: Bytes, base: [UInt8], hints: DocumentHints) -> DocumentReading {
        guard let (root, flaw) = JSONReader.read(text) else {
            return .notAFeed(message: "this is not well-formed JSON", announced: [])
        }
        guard case .object = root else {
            return .notAFeed(message: "this JSON is not an object", announced: [])
        }
        let version = root["version"]?.text ?? []
        let isNamed = version.withUnsafeBufferPointer { $0.firstOffset(of: "jsonfeed") != nil }
        guard isNamed || looksLikeFeed(root) else {
            return .notAFeed(message: "this JSON is no feed", announced: [])
        }
        var reader = JSONFeedReader(builder: FeedBuilder(count: text.count, base: base))
        let isFirst = version.withUnsafeBufferPointer {
            $0.firstOffset(of: "version/1") != nil && $0.firstOffset(of: "version/1.1") == nil
        }
        reader.builder.feed.format = isFirst ? .jsonFeed10 : .jsonFeed11
        reader.readFeed(root)
        for item in root["items"]?.elements ?? [] { reader.readItem(item) }
        if let flaw {
            let code =
                flaw.isCut
                ? "json-truncated" : flaw.isTooMuch ? "too-many-items" : "json-malformed"
            reader.builder.note(code, flaw.message, line: flaw.line)
        }
        var feed = reader.builder.finish(contentLanguage: hints.contentLanguage)
        feed.endsInItem = flaw?.isCut == true && !feed.items.isEmpty
        return .feed(feed)
    }

    /// Whether an object without a version is a feed all the same: many services speak of `items`.
    private static func looksLikeFeed(_ root: JSONValue) -> Bool {
        guard let items = root["items"]?.elements else { return false }
        if items.isEmpty {
            return root["title"] != nil
                && (root["feed_url"] != nil || root["home_page_url"] != nil)
        }
        return items.contains { item in
            ["url", "external_url", "title", "summary", "content_html", "content_text"]
                .contains { item[$0] != nil }
        }
    }

    private init(builder: FeedBuilder) { self.builder = builder }

    private mutating func readFeed(_ root: JSONValue) {
        builder.feed.title = plain(root["title"])
        builder.feed.description = plain(root["description"])
        builder.feed.url = address(root["home_page_url"])
        builder.feed.selfURL = address(root["feed_url"])
        builder.feed.id = trimmed(root["id"])
        if builder.feed.id.isEmpty { builder.feed.id = .none }
        builder.feed.nextURL = address(root["next_url"])
        builder.feed.language = trimmed(root["language"])
        let icon = address(root["icon"])
        builder.feed.image = icon.isEmpty ? address(root["favicon"]) : icon
        builder.feed.authors = people(root)
        for hub in root["hubs"]?.elements ?? [] {
            let url = address(hub["url"])
            if !url.isEmpty { builder.feed.hubURLs.append(url) }
        }
    }

    private mutating func readItem(_ value: JSONValue) {
        guard case .object = value else { return }
        var item = ParsedItem()
        item.id = trimmed(value["id"])
        item.url = address(value["url"])
        if item.url.isEmpty { item.url = address(value["external_url"]) }
        item.title = plain(value["title"])
        let summary = trimmed(value["summary"])
        item.summary = ParsedText(span: summary)
        let markup = trimmed(value["content_html"])
        if markup.isEmpty {
            item.content = ParsedText(span: trimmed(value["content_text"]))
        } else {
            item.content = ParsedText(span: markup, isMarkup: true, base: builder.base)
        }
        item.published = date(value["date_published"])
        item.updated = date(value["date_modified"])
        item.language = trimmed(value["language"])
        item.authors = people(value)
        for tag in value["tags"]?.elementsOrSelf ?? [] {
            let span = plain(tag)
            if !span.isEmpty { item.categories.append(span) }
        }
        builder.isInItem = true
        builder.item = item
        for file in value["attachments"]?.elements ?? [] { addAttachment(file) }
        builder.finishItem()
    }

    private mutating func addAttachment(_ file: JSONValue) {
        guard let url = file["url"]?.text else { return }
        var length: [UInt8]?
        if let text = file["size_in_bytes"]?.text,
            let size = Double(String(decoding: text, as: UTF8.self)), size >= 0, size < 1e15
        {
            length = Array(String(Int64(size)).utf8)
        }
        let type = file["mime_type"]?.text
        url.withUnsafeBufferPointer { url in
            (type ?? []).withUnsafeBufferPointer { type in
                (length ?? []).withUnsafeBufferPointer { length in
                    builder.addEnclosure(url: url.trimmed, type: type, length: length)
                }
            }
        }
    }

    /// `authors` of version 1.1, else `author` of 1.0.
    private mutating func people(_ value: JSONValue) -> [ParsedPerson] {
        var values = value["authors"]?.elementsOrSelf ?? []
        if values.isEmpty { values = value["author"]?.elementsOrSelf ?? [] }
        var people: [ParsedPerson] = []
        for value in values {
            if case .string = value {
                let name = plain(value)
                if !name.isEmpty { people.append(ParsedPerson(name: name)) }
                continue
            }
            let person = ParsedPerson(name: plain(value["name"]), url: address(value["url"]))
            if person != ParsedPerson() { people.append(person) }
        }
        return people
    }

    private mutating func trimmed(_ value: JSONValue?) -> TextSpan {
        (value?.text ?? []).withUnsafeBufferPointer { builder.appendTrimmed($0) }
    }

    private mutating func plain(_ value: JSONValue?) -> TextSpan {
        let start = builder.feed.bytes.count
        builder.feed.bytes.append(contentsOf: value?.text ?? [])
        PlainText.replaceTail(of: &builder.feed.bytes, from: start, isMarkup: false)
        return builder.trimmedTail(from: start)
    }

    private mutating func address(_ value: JSONValue?) -> TextSpan {
        (value?.text ?? []).withUnsafeBufferPointer { builder.appendURL($0) }
    }

    private mutating func date(_ value: JSONValue?) -> ParsedDate {
        let span = trimmed(value)
        guard !span.isEmpty else { return .none }
        let moment = builder.feed.bytes.withUnsafeBufferPointer {
            DateReader.read($0.part(span.range))
        }
        if moment == nil { builder.note("bad-date", "a date is not understood", line: 0) }
        return ParsedDate(text: span, timestamp: moment)
    }
}
