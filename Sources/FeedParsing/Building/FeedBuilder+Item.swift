import FeedModel

extension FeedBuilder {
    /// An item starts.
    mutating func beginItem(_ attributes: SAXAttributes) -> Frame {
        item = ParsedItem()
        itemRanks = Ranks()
        isInItem = true
        item.line = line
        if let language = languages.last {
            item.language = language
            itemRanks.language = 1
        }
        readAbout(attributes)
        if attributes.count > 0 { readChannelDefinition(attributes) }
        return .item
    }

    /// Takes what the Channel Definition Format, older than RSS, has as attributes.
    mutating func readChannelDefinition(_ attributes: SAXAttributes) {
        if let address = attributes.value(named: "href") { setURL(appendURL(address), rank: 1) }
        guard let text = attributes.value(named: "lastmod") else { return }
        let span = appendTrimmed(text)
        setDate(.updated, span, rank: 1)
    }

    /// Takes `rdf:about`.
    mutating func readAbout(_ attributes: SAXAttributes) {
        for index in 0..<attributes.count where attributes.name(index).equals("about") {
            let span = appendTrimmed(attributes.value(index))
            if !span.isEmpty { setID(span, rank: 2) }
        }
    }

    /// An element in an item.
    mutating func startInItem(_ key: ElementKey, _ attributes: SAXAttributes) -> Frame {
        switch key.vocabulary {
        case .rss, .atom:
            if let frame = startCoreInItem(key, attributes) { return frame }
        case .content:
            guard key.name == .encoded else { return .skip }
            return collect(.content, .untyped, rank: isAtom ? 2 : 3)
        case .xhtml:
            return key.name == .body || key.name == .div
                ? collect(.content, .xhtml, rank: 2) : .skip
        case .media:
            return startInMediaGroup(key, attributes)
        case .yandex:
            // Behind any content of the item's own.
            return key.name == .fullText || key.name == .content
                ? collect(.content, .untyped, rank: 1) : .skip
        default: break
        }
        return startShared(key, attributes) ?? .skip
    }

    private mutating func startCoreInItem(
        _ key: ElementKey,
        _ attributes: SAXAttributes
    ) -> Frame? {
        switch key.name {
        case .description:
            return collect(.description, textKind(key, attributes), rank: rank(of: key))
        case .summary:
            // RSS has no `summary`; beside a description it is the lesser.
            let rank: UInt8 = isAtom ? 3 : 2
            return collect(.description, textKind(key, attributes), rank: rank)
        case .content: return startContent(key, attributes)
        case .encoded: return collect(.content, .untyped)
        case .abstract: return collect(.description, .untyped, rank: 1)
        case .fullitem, .body: return collect(.content, .untyped, rank: 2)
        case .guid:
            let permalink = attributes.value(named: "ispermalink")
            let frame = collect(.guid)
            capture.isNotPermalink = permalink?.equalsIgnoringCase("false") == true
            capture.isSurePermalink = permalink?.equalsIgnoringCase("true") == true
            return frame
        case .comments: return collect(.comments)
        case .enclosure:
            addEnclosure(
                url: attributes.value(named: "url") ?? attributes.value(named: "href"),
                type: attributes.value(named: "type"),
                length: attributes.value(named: "length")
            )
            return .skip
        case .source: return startSource(key, attributes)
        case .item, .entry:
            // An item within an item: the outer one was never closed.
            finishItem()
            return beginItem(attributes)
        default: return nil
        }
    }

    private mutating func startContent(_ key: ElementKey, _ attributes: SAXAttributes) -> Frame {
        if let address = attributes.value(named: "src"), !address.isEmpty, key.vocabulary == .atom {
            return .skip
        }
        // Pictures and sounds within the feed have no text.
        for medium: StaticString in ["image/", "audio/", "video/"]
        where attributes.value(named: "type")?.hasPrefixIgnoringCase(medium) == true {
            // But drawings in XML do.
            let isXML = attributes.value(named: "type")?.firstOffset(of: "xml") != nil
            if !isXML { return .skip }
        }
        return collect(.content, textKind(key, attributes), rank: isAtom ? 3 : 1)
    }

    /// An element of Media RSS in an item or a group.
    mutating func startInMediaGroup(_ key: ElementKey, _ attributes: SAXAttributes) -> Frame {
        guard key.vocabulary == .media else { return .skip }
        switch key.name {
        case .title: return collect(.title, .untyped, rank: 1)
        // Less than iTunes' summary, which speaks of the item and not of its file.
        case .description: return collect(.description, .untyped, rank: 0)
        case .category:
            if let label = attributes.value(named: "label") { addCategory(label) }
            return collect(.category, .untyped)
        case .group, .content: return .mediaGroup
        default: return .skip
        }
    }

    private mutating func startSource(_ key: ElementKey, _ attributes: SAXAttributes) -> Frame {
        item.source = ParsedSource()
        if let address = attributes.value(named: "url"), !address.isEmpty {
            let span = appendURL(address)
            item.source?.url = span
        }
        return key.vocabulary == .atom || isAtom ? .source : collect(.sourceText, .untyped)
    }

    /// An element in `atom:source`.
    mutating func startInSource(_ key: ElementKey, _ attributes: SAXAttributes) -> Frame {
        guard key.isCore else { return .skip }
        switch key.name {
        case .title: return collect(.sourceTitle, textKind(key, attributes))
        case .id: return collect(.sourceID)
        case .link:
            guard let address = attributes.value(named: "href"), !address.isEmpty else {
                return .skip
            }
            let relation = FeedBuilder.relation(attributes.value(named: "rel"))
            if relation.equalsIgnoringCase("alternate")
                || (relation.equalsIgnoringCase("self") && item.source?.url.isEmpty == true)
            {
                let span = appendURL(address)
                item.source?.url = span
            }
            return .skip
        default: return .skip
        }
    }

    /// Takes an identifier for the item or the feed.
    mutating func setID(_ span: TextSpan, rank: UInt8, isPermalink: Bool = false) {
        guard !span.isEmpty else { return }
        if isInItem {
            guard rank >= itemRanks.id else { return }
            itemRanks.id = rank
            item.id = span
            item.idIsPermalink = isPermalink
        } else if rank >= feedRanks.id {
            feedRanks.id = rank
            feed.id = span
        }
    }

    /// Takes a language for the item or the feed.
    mutating func setLanguage(_ span: TextSpan, rank: UInt8) {
        guard !span.isEmpty else { return }
        if isInItem {
            guard rank >= itemRanks.language else { return }
            itemRanks.language = rank
            item.language = span
        } else if rank >= feedRanks.language {
            feedRanks.language = rank
            feed.language = span
        }
    }

    /// Takes an address of the item or the feed.
    mutating func setURL(_ span: TextSpan, rank: UInt8) {
        let isScript = feed.bytes.withUnsafeBufferPointer {
            URLReference.isScript($0.part(span.range))
        }
        guard !span.isEmpty, !isScript else { return }
        if isInItem {
            guard rank >= itemRanks.url else { return }
            itemRanks.url = rank
            item.url = span
        } else if rank >= feedRanks.url {
            feedRanks.url = rank
            feed.url = span
        }
    }

    /// Takes an image of the feed.
    mutating func setImage(_ span: TextSpan, rank: UInt8) {
        guard !span.isEmpty, rank >= feedRanks.image else { return }
        feedRanks.image = rank
        feed.image = span
    }
}
