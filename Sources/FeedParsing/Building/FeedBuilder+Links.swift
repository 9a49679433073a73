import FeedModel

extension FeedBuilder {
    /// A link of Atom (with `href`) or RSS (with text).
    mutating func startLink(_ attributes: SAXAttributes) -> Frame {
        guard let address = attributes.value(named: "href") ?? attributes.value(named: "resource")
        else { return collect(.link) }
        let relation = FeedBuilder.relation(attributes.value(named: "rel"))
        // An empty address is that of the document: of use to say where the feed is, no more.
        guard !address.isEmpty || (relation.equalsIgnoringCase("self") && !base.isEmpty) else {
            return .skip
        }
        let type = attributes.value(named: "type")
        let href = address.isEmpty ? base : appendURL(address)
        let rel =
            relation.isEmpty || relation.equals("alternate")
            ? appendTrimmed(FeedBuilder.alternate) : appendTrimmed(relation)
        let link = ParsedLink(rel: rel, href: href, type: type.map { appendTrimmed($0) } ?? .none)
        take(link, relation, type, length: attributes.value(named: "length"))
        return .skip
    }

    private mutating func take(
        _ link: ParsedLink,
        _ relation: Bytes,
        _ type: Bytes?,
        length: Bytes?
    ) {
        if isInItem { item.links.append(link) } else { feed.links.append(link) }
        if relation.isEmpty || relation.equalsIgnoringCase("alternate") {
            setURL(link.href, rank: FeedBuilder.isPage(type) ? 3 : 2)
        } else if relation.equalsIgnoringCase("enclosure"), isInItem {
            add(ParsedEnclosure(url: link.href, type: link.type, length: FeedBuilder.size(length)))
        } else if relation.equalsIgnoringCase("replies"), isInItem {
            if let type, type.hasPrefixIgnoringCase("text/html") { item.commentsURL = link.href }
        } else if !isInItem {
            if relation.equalsIgnoringCase("self") {
                feed.selfURL = link.href
            } else if relation.equalsIgnoringCase("hub") {
                feed.hubURLs.append(link.href)
            } else if relation.equalsIgnoringCase("next")
                || (relation.equalsIgnoringCase("prev-archive") && feed.nextURL.isEmpty)
            {
                feed.nextURL = link.href
            }
        }
    }

    /// The relation without the prefix of its IANA form; empty where none is given.
    static func relation(_ value: Bytes?) -> Bytes {
        guard let value, !value.isEmpty else { return alternate }
        let iana: StaticString = "http://www.iana.org/assignments/relation/"
        return value.hasPrefix(iana) ? value.from(iana.utf8CodeUnitCount) : value
    }

    private static let alternateText: StaticString = "alternate"
    private static var alternate: Bytes {
        Bytes(start: alternateText.utf8Start, count: alternateText.utf8CodeUnitCount)
    }

    private static func isPage(_ type: Bytes?) -> Bool {
        guard let type, !type.isEmpty else { return true }
        return type.hasPrefixIgnoringCase("text/html")
            || type.hasPrefixIgnoringCase("application/xhtml+xml")
    }

    private static func size(_ text: Bytes?) -> Int64? { text?.trimmed.decimal.map { Int64($0) } }

    /// Adds a file of RSS.
    mutating func addEnclosure(url: Bytes?, type: Bytes?, length: Bytes?) {
        guard let url, !url.isEmpty, isInItem else { return }
        add(
            ParsedEnclosure(
                url: appendURL(url),
                type: type.map { appendTrimmed($0) } ?? .none,
                length: FeedBuilder.size(length)
            )
        )
    }

    private mutating func add(_ enclosure: ParsedEnclosure) {
        let address = feed.bytes[enclosure.url.range]
        guard item.enclosures.count < FeedBuilder.listLimit,
            !item.enclosures.contains(where: { feed.bytes[$0.url.range].elementsEqual(address) })
        else { return }
        item.enclosures.append(enclosure)
    }

    /// Adds a category of RSS (text) or Atom (attributes).
    mutating func startCategory(_ key: ElementKey, _ attributes: SAXAttributes) -> Frame {
        let term = attributes.value(named: "term")
        let label = attributes.value(named: "label")
        if let term, !term.isEmpty { addCategory(term) }
        if let label, !label.isEmpty, term.map({ !$0.elementsEqual(label) }) ?? true {
            addCategory(label)
        }
        return term == nil && label == nil ? collect(.category, .untyped) : .skip
    }

    /// Adds a category whose text stands elsewhere.
    mutating func addCategory(_ text: Bytes) {
        let start = feed.bytes.count
        feed.bytes.append(contentsOf: text)
        PlainText.replaceTail(of: &feed.bytes, from: start, isMarkup: false)
        addCategory(trimmedTail(from: start))
    }

    /// Adds a category.
    mutating func addCategory(_ span: TextSpan) {
        guard !span.isEmpty else { return }
        if isInItem { item.categories.append(span) } else { feed.categories.append(span) }
    }

    /// Appends an address, absolute where that is possible.
    mutating func appendURL(_ text: Bytes) -> TextSpan {
        let start = feed.bytes.count
        feed.bytes.append(contentsOf: text)
        return settleURL(from: start)
    }

    /// Makes the address at the end of the buffer absolute, where that is possible by now.
    mutating func settleURL(from start: Int) -> TextSpan {
        let span = trimmedTail(from: start)
        guard !span.isEmpty else { return .none }
        let isClean = feed.bytes.withUnsafeBufferPointer { bytes in
            URLReference.isAbsolute(bytes.part(span.range))
                && !bytes[span.range].contains { $0 < 0x20 }
        }
        if isClean { return span }
        // Line breaks within an address come from the feed's layout; browsers drop them too.
        var reference = feed.bytes[span.range].filter { $0 >= 0x20 }
        if base.isEmpty {
            if !reference.withUnsafeBufferPointer(URLReference.isAbsolute) { hasRelativeURL = true }
        } else {
            reference = feed.bytes.withUnsafeBufferPointer { bytes in
                reference.withUnsafeBufferPointer {
                    URLReference.resolve($0, against: bytes.part(base.range))
                }
            }
        }
        dropTail(from: start)
        feed.bytes.append(contentsOf: reference)
        return TextSpan(start: start, count: reference.count)
    }
}
