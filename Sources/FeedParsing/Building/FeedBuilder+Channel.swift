import FeedModel

extension FeedBuilder {
    /// The element of the document, or one within an unknown one.
    mutating func startRoot(
        _ key: ElementKey,
        _ uri: Bytes,
        _ attributes: SAXAttributes
    ) -> Frame {
        if rootName.isEmpty { rootName = key.name == .unknown ? "?" : key.name.rawValue }
        switch key.name {
        case .rss where key.isCore:
            beginFeed(FeedBuilder.rssFormat(attributes.value(named: "version")))
        case .rdf where key.vocabulary == .rdf || key.isCore:
            beginFeed(.rss10)
            isRDFVersionOpen = true
        case .channel where key.isCore:
            beginFeed(uri.hasPrefix("http://purl.org/net/rss1.1") ? .rss11 : .rss)
            readAbout(attributes)
            readChannelDefinition(attributes)
        case .feed where key.isCore:
            beginFeed(FeedBuilder.atomFormat(uri, attributes.value(named: "version")))
        case .entry where key.vocabulary == .atom:
            beginFeed(FeedBuilder.atomFormat(uri, nil))
            return beginItem(attributes)
        case .html:
            shouldStop = true
            return .skip
        default:
            if levels.count > 3 { shouldStop = true }
            return .outside
        }
        return .channel
    }

    private mutating func beginFeed(_ format: FeedFormat) {
        isFeed = true
        feed.format = format
        if let language = languages.last { setLanguage(language, rank: 1) }
    }

    private static func rssFormat(_ version: Bytes?) -> FeedFormat {
        guard let version else { return .rss }
        if version.equals("2.0") || version.equals("2.01") || version.equals("2.1")
            || version.equals("2") || version.equals("2.0.1")
        {
            return .rss20
        }
        if version.equals("0.90") || version.equals("0.9") { return .rss090 }
        if version.equals("0.91") { return .rss091 }
        if version.equals("0.92") { return .rss092 }
        if version.equals("0.93") { return .rss093 }
        if version.equals("0.94") { return .rss094 }
        if version.equals("1.0") { return .rss10 }
        return .rss
    }

    private static func atomFormat(_ uri: Bytes, _ version: Bytes?) -> FeedFormat {
        if let version, version.equals("0.3") { return .atom03 }
        switch uri.string.lowercased() {
        case "http://www.w3.org/2005/atom", "https://www.w3.org/2005/atom",
            "http://www.w3.org/2005/atom/":
            return .atom10
        case "http://purl.org/atom/ns#", "http://purl.org/atom/ns": return .atom03
        default:
            if let version, version.equals("1.0") { return .atom10 }
            return .atom
        }
    }

    /// RSS 0.90 and 1.0 both start with `rdf:RDF`; what they hold tells them apart.
    mutating func settleRDFVersion(_ uri: Bytes) {
        guard !uri.isEmpty else { return }
        isRDFVersionOpen = false
        if uri.hasPrefix("http://my.netscape.com/rdf/simple/0.9")
            || uri.hasPrefix("http://channel.netscape.com/rdf/simple/0.9")
        {
            feed.format = .rss090
        }
    }

    /// An element in the feed itself.
    mutating func startInChannel(_ key: ElementKey, _ attributes: SAXAttributes) -> Frame {
        if key.isCore {
            switch key.name {
            case .item, .entry: return beginItem(attributes)
            case .channel, .rss, .feed:
                if key.name == .channel { readAbout(attributes) }
                if let language = languages.last { setLanguage(language, rank: 1) }
                return .channel
            case .items: return .wrapper
            case .image:
                return .image
            case .skiphours: return .skipHours
            case .skipdays: return .skipDays
            case .ttl: return collect(.ttl)
            case .tagline, .subtitle, .description:
                return collect(.description, textKind(key, attributes), rank: rank(of: key))
            case .info, .abstract: return collect(.description, textKind(key, attributes), rank: 1)
            case .logo: return collect(.logo)
            case .icon: return collect(.icon, rank: 2)
            case .managingeditor: return collect(.author, .untyped, rank: 2)
            case .lastbuilddate: return collect(.updated)
            case .textinput, .cloud, .docs, .generator, .copyright, .rating, .webmaster:
                return .skip
            default: break
            }
        } else if key.vocabulary == .syndication {
            switch key.name {
            case .updateperiod: return collect(.updatePeriod)
            case .updatefrequency: return collect(.updateFrequency)
            case .updatebase: return collect(.updateBase)
            default: return .skip
            }
        }
        if let frame = startShared(key, attributes) { return frame }
        return key.vocabulary == .foreign || key.isCore ? .wrapper : .skip
    }

    /// Within something unknown of a feed only items are of interest.
    mutating func startInWrapper(_ key: ElementKey, _ attributes: SAXAttributes) -> Frame {
        if key.isCore, key.name == .item || key.name == .entry { return beginItem(attributes) }
        return .wrapper
    }

    mutating func startInImage(_ key: ElementKey) -> Frame {
        key.isCore && key.name == .url ? collect(.imageURL) : .skip
    }

    mutating func startInSkip(_ key: ElementKey, _ frame: Frame) -> Frame {
        switch (frame, key.name) {
        case (.skipHours, .hour): collect(.skipHour)
        case (.skipDays, .day): collect(.skipDay)
        default: .skip
        }
    }

    /// An element that means the same in a feed and in an item, or nil where it is none.
    mutating func startShared(_ key: ElementKey, _ attributes: SAXAttributes) -> Frame? {
        switch key.vocabulary {
        case .rss, .atom: return startSharedCore(key, attributes)
        case .dublinCore, .dublinCoreTerms:
            switch key.name {
            case .title: return collect(.title, .untyped, rank: 2)
            case .description, .abstract: return collect(.description, .untyped, rank: 2)
            case .creator, .author: return collect(.creator, .untyped)
            case .subject: return collect(.category, .untyped)
            case .language: return collect(.language, rank: 2)
            case .date, .issued: return collect(.published, rank: 2)
            case .created, .available: return collect(.published, rank: 1)
            case .modified: return collect(.updated, rank: 2)
            case .identifier: return isInItem ? collect(.id, rank: 1) : .skip
            default: return .skip
            }
        case .itunes:
            switch key.name {
            case .title: return collect(.title, .untyped, rank: 1)
            case .summary: return collect(.description, .untyped, rank: 1)
            case .author: return collect(.creator, .untyped, rank: 1)
            case .subtitle:
                return isInItem ? .skip : collect(.description, .untyped, rank: 0)
            // `<itunes:link rel="image">` is from before the element `itunes:image`.
            case .image, .link:
                if let address = attributes.value(named: "href") ?? attributes.value(named: "url"),
                    !isInItem
                {
                    setImage(appendURL(address), rank: 1)
                }
                return .skip
            case .category:
                if let text = attributes.value(named: "text") { addCategory(text) }
                return isInItem ? .item : .channel
            default: return .skip
            }
        case .feedburner:
            return key.name == .origlink && isInItem ? collect(.origLink) : .skip
        default: return nil
        }
    }

    private mutating func startSharedCore(
        _ key: ElementKey,
        _ attributes: SAXAttributes
    ) -> Frame? {
        switch key.name {
        case .title: collect(.title, textKind(key, attributes), rank: rank(of: key))
        case .link: startLink(attributes)
        case .id: collect(.id, rank: rank(of: key))
        case .author: startAuthor(key)
        case .category: startCategory(key, attributes)
        case .language: collect(.language)
        case .pubdate, .published: collect(.published, rank: rank(of: key))
        case .issued: collect(.published, rank: 2)
        case .created, .date: collect(.published, rank: 1)
        case .updated, .modified: collect(.updated, rank: rank(of: key))
        default: nil
        }
    }

    /// How much an element of RSS or Atom counts: in RSS less if it is of Atom.
    func rank(of key: ElementKey) -> UInt8 { key.vocabulary == .atom && !isAtom ? 2 : 3 }

    /// How a text of RSS or Atom is written.
    func textKind(_ key: ElementKey, _ attributes: SAXAttributes) -> TextKind {
        let type = attributes.value(named: "type")
        let mode = attributes.value(named: "mode")
        if let mode, mode.equalsIgnoringCase("base64") {
            return type?.equalsIgnoringCase("text/plain") == true ? .base64Plain : .base64
        }
        if key.vocabulary == .rss, type == nil, mode == nil { return isAtom ? .plain : .untyped }
        guard let type else {
            if let mode, mode.equalsIgnoringCase("escaped") { return .untyped }
            return key.vocabulary == .rss && !isAtom ? .untyped : .plain
        }
        if type.isEmpty || type.equalsIgnoringCase("text") { return .plain }
        if type.equalsIgnoringCase("xhtml") || type.equalsIgnoringCase("application/xhtml+xml") {
            return mode?.equalsIgnoringCase("escaped") == true ? .html : .xhtml
        }
        if type.equalsIgnoringCase("html") || type.equalsIgnoringCase("text/html") {
            return .html
        }
        return mediaTextKind(type, mode)
    }

    private func mediaTextKind(_ type: Bytes, _ mode: Bytes?) -> TextKind {
        if type.hasPrefixIgnoringCase("text/") { return .plain }
        let isXML =
            type.count > 4
            && (type.from(type.count - 4).equalsIgnoringCase("+xml")
                || type.from(type.count - 4).equalsIgnoringCase("/xml"))
        if isXML || feed.format == .atom03 { return .plain }
        // Media types in words we do not know are a mistake, not base64 of something.
        return type.firstOffset(of: UInt8(ascii: "/")) == nil ? .plain : .base64
    }

    /// Whether the feed is one of Atom's.
    var isAtom: Bool {
        feed.format == .atom || feed.format == .atom03 || feed.format == .atom10
    }
}
