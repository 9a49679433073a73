import FeedModel

extension FeedBuilder {
    /// What a text that is being collected is for.
    enum Field: UInt8 {
        case none
        // Of the feed or the item, whichever is open.
        case title, description, content
        case id, guid, link, origLink, published, updated, language
        case category, creator, author, comments
        // Of the feed.
        case ttl, updatePeriod, updateFrequency, updateBase, skipHour, skipDay
        case imageURL, logo, icon
        // Of a person.
        case personName, personEmail, personURL, personText
        // Of the source of an item.
        case sourceTitle, sourceID, sourceText
    }

    /// How a text is written.
    enum TextKind: UInt8 {
        /// A value without markup; child elements are passed over.
        case value
        /// RSS: plain, or HTML if it looks so.
        case untyped
        /// Literal text.
        case plain
        /// HTML, escaped.
        case html
        /// Child elements of XHTML.
        case xhtml
        /// Base64 of any of these.
        case base64
        /// Base64 of literal text.
        case base64Plain
    }

    /// A text that is being collected.
    struct Capture {
        var field = Field.none
        var kind = TextKind.value
        var rank: UInt8 = 0
        /// Where its text starts in the buffer.
        var start = 0
        /// The number of open elements, its own included.
        var depth = 0
        /// Whether child elements were written into it, so that text is escaped.
        var isSerialized = false
        /// The depth of the `div` of XHTML that is not part of the content.
        var divDepth = 0
        /// Whether an attribute said that a guid is no address.
        var isNotPermalink = false
        /// Whether an attribute said that a guid is an address.
        var isSurePermalink = false
        /// Whether it reached the size limit.
        var isFull = false
        var isActive: Bool { field != .none }
    }

    /// Starts to collect the text of the element that was opened last.
    mutating func collect(_ field: Field, _ kind: TextKind = .value, rank: UInt8 = 3) -> Frame {
        capture = Capture(
            field: field,
            kind: kind,
            rank: rank,
            start: feed.bytes.count,
            depth: levels.count
        )
        capture.isSerialized = kind == .xhtml
        return .text
    }

    /// Text of the document.
    mutating func characters(_ text: Bytes) {
        guard capture.isActive else { return }
        if feed.bytes.count &- capture.start > FeedBuilder.fieldLimit {
            noteFullField()
            return
        }
        // Elements within escaped HTML are a mistake: what they hold is escaped HTML still.
        if capture.isSerialized, capture.kind != .html {
            appendEscaped(text)
        } else {
            feed.bytes.append(contentsOf: text)
        }
    }

    private mutating func noteFullField() {
        guard !capture.isFull else { return }
        capture.isFull = true
        note("field-too-long", "a text is longer than \(FeedBuilder.fieldLimit) bytes; cut")
    }

    private mutating func appendEscaped(_ text: Bytes) {
        var start = 0
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte == UInt8(ascii: "<") || byte == UInt8(ascii: "&") || byte == UInt8(ascii: ">") {
                feed.bytes.append(contentsOf: text.part(start..<index))
                switch byte {
                case UInt8(ascii: "<"): feed.bytes.append(text: "&lt;")
                case UInt8(ascii: ">"): feed.bytes.append(text: "&gt;")
                default: feed.bytes.append(text: "&amp;")
                }
                start = index &+ 1
            }
            index &+= 1
        }
        feed.bytes.append(contentsOf: text.part(start..<text.count))
    }

    /// An element starts within a text: it becomes markup.
    mutating func startWithinText(_ key: ElementKey, _ name: SAXName, _ attributes: SAXAttributes) {
        if capture.field == .personText {
            return
        }
        guard capture.kind != .value, !capture.isFull else { return }
        if capture.kind == .xhtml, capture.divDepth == 0, levels.count == capture.depth {
            if key.name == .div, key.vocabulary == .xhtml || key.isCore,
                isBlank(from: capture.start)
            {
                feed.bytes.removeLast(feed.bytes.count - capture.start)
                capture.divDepth = levels.count &+ 1
                return
            }
        }
        if !capture.isSerialized { becomeSerialized() }
        feed.bytes.append(UInt8(ascii: "<"))
        appendName(name)
        for index in 0..<attributes.count {
            feed.bytes.append(UInt8(ascii: " "))
            if !attributes.prefix(index).isEmpty {
                feed.bytes.append(contentsOf: attributes.prefix(index))
                feed.bytes.append(UInt8(ascii: ":"))
            }
            let name = attributes.name(index)
            feed.bytes.append(contentsOf: name)
            feed.bytes.append(text: "=\"")
            if let base = innerBases.last, AbsoluteMarkup.isAddress(name) {
                let value = attributes.value(index).trimmed
                let address = base.withUnsafeBufferPointer {
                    URLReference.resolve(value, against: $0)
                }
                address.withUnsafeBufferPointer { appendAttributeValue($0) }
            } else {
                appendAttributeValue(attributes.value(index))
            }
            feed.bytes.append(UInt8(ascii: "\""))
        }
        feed.bytes.append(UInt8(ascii: ">"))
    }

    private mutating func appendAttributeValue(_ value: Bytes) {
        for byte in value {
            switch byte {
            case UInt8(ascii: "&"): feed.bytes.append(text: "&amp;")
            case UInt8(ascii: "<"): feed.bytes.append(text: "&lt;")
            case UInt8(ascii: "\""): feed.bytes.append(text: "&quot;")
            default: feed.bytes.append(byte)
            }
        }
    }

    /// Takes `xml:base` of an element within a text that is being collected.
    mutating func readInnerBase(_ attributes: SAXAttributes, _ level: inout Level) {
        guard capture.kind != .value else { return }
        for index in 0..<attributes.count
        where attributes.prefix(index).equals("xml") && attributes.name(index).equals("base") {
            let outer = innerBases.last ?? Array(feed.bytes[base.range])
            innerBases.append(
                outer.withUnsafeBufferPointer {
                    URLReference.resolve(attributes.value(index).trimmed, against: $0)
                }
            )
            level.setsInnerBase = true
        }
    }

    /// An element ends within a text.
    mutating func endWithinText(_ name: SAXName) {
        guard capture.isSerialized, levels.count &+ 1 != capture.divDepth else { return }
        let local = name.local
        if FeedBuilder.isVoid(local) {
            // `<br></br>` is two line breaks to a browser.
            if feed.bytes.last == UInt8(ascii: ">") {
                feed.bytes[feed.bytes.count - 1] = UInt8(ascii: " ")
                feed.bytes.append(text: "/>")
            }
            return
        }
        feed.bytes.append(text: "</")
        appendName(name)
        feed.bytes.append(UInt8(ascii: ">"))
    }

    private static func isVoid(_ name: Bytes) -> Bool {
        name.equalsIgnoringCase("br") || name.equalsIgnoringCase("img")
            || name.equalsIgnoringCase("hr") || name.equalsIgnoringCase("wbr")
            || name.equalsIgnoringCase("input") || name.equalsIgnoringCase("source")
            || name.equalsIgnoringCase("embed") || name.equalsIgnoringCase("col")
    }

    private mutating func appendName(_ name: SAXName) {
        if !name.prefix.isEmpty, Vocabulary.of(uri: name.uri) != .xhtml {
            feed.bytes.append(contentsOf: name.prefix)
            feed.bytes.append(UInt8(ascii: ":"))
        }
        feed.bytes.append(contentsOf: name.local)
    }

    /// Turns the text collected so far into markup, as child elements come now.
    private mutating func becomeSerialized() {
        capture.isSerialized = true
        let soFar = Array(feed.bytes[capture.start...])
        let isMarkup = soFar.withUnsafeBufferPointer { MarkupSniffer.look(at: $0) != .plain }
        guard !isMarkup, capture.kind != .html else { return }
        feed.bytes.removeLast(soFar.count)
        soFar.withUnsafeBufferPointer { appendEscaped($0) }
    }

    private func isBlank(from start: Int) -> Bool {
        feed.bytes[start...].allSatisfy(\.isASCIISpace)
    }
}

extension FeedBuilder {
    /// The text at the end of the buffer from `start` on, without outer white space.
    func trimmedTail(from start: Int) -> TextSpan {
        feed.bytes.withUnsafeBufferPointer { bytes in
            var first = start
            var end = bytes.count
            while first < end, bytes[first].isASCIISpace { first &+= 1 }
            while end > first, bytes[end &- 1].isASCIISpace { end &-= 1 }
            return end > first ? TextSpan(start: first, count: end &- first) : .none
        }
    }

    /// Takes back what was appended since `start`.
    mutating func dropTail(from start: Int) { feed.bytes.removeLast(feed.bytes.count &- start) }

    /// Whether the collected text is markup, by its kind or by its looks; decodes it first where
    /// it is in base64 or escaped twice.
    mutating func settleMarkup() -> Bool {
        if capture.kind == .base64 || capture.kind == .base64Plain {
            decodeBase64(from: capture.start)
        }
        switch capture.kind {
        case .value, .plain, .base64Plain: return capture.isSerialized
        case .html, .xhtml: return true
        case .untyped, .base64:
            if capture.isSerialized { return true }
            return settleUntyped()
        }
    }

    private mutating func settleUntyped() -> Bool {
        let start = capture.start
        let look = feed.bytes.withUnsafeBufferPointer { MarkupSniffer.look(at: $0.from(start)) }
        switch look {
        case .plain: return false
        case .tags: return true
        case .references:
            let unescaped = feed.bytes.withUnsafeBufferPointer {
                MarkupSniffer.unescapedIfEscapedTwice($0.from(start))
            }
            if let unescaped {
                dropTail(from: start)
                feed.bytes.append(contentsOf: unescaped)
            }
            return true
        }
    }

    private mutating func decodeBase64(from start: Int) {
        let decoded = feed.bytes.withUnsafeBufferPointer { Base64.decode($0.from(start)) }
        guard let decoded, Unicode.validates(decoded) else { return }
        dropTail(from: start)
        feed.bytes.append(contentsOf: decoded)
    }

    /// Makes the collected text plain and gives its place.
    mutating func settlePlain() -> TextSpan {
        let isMarkup = settleMarkup()
        PlainText.replaceTail(of: &feed.bytes, from: capture.start, isMarkup: isMarkup)
        return trimmedTail(from: capture.start)
    }

    /// The collected text as given, to be made plain on demand.
    mutating func settleText() -> ParsedText {
        let isMarkup = settleMarkup()
        let span = trimmedTail(from: capture.start)
        return ParsedText(span: span, isMarkup: isMarkup, base: isMarkup ? base : .none)
    }
}
