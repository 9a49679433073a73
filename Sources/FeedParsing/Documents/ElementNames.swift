/// The vocabularies that feeds are written in.
enum Vocabulary: UInt8, Sendable {
    /// Not one we know.
    case foreign
    /// RSS of any version, or no namespace at all.
    case rss
    /// Atom of any version.
    case atom
    case rdf
    case content
    case dublinCore
    case dublinCoreTerms
    case syndication
    case itunes
    case media
    case feedburner
    case xhtml
    case history
    case thread
    /// Yandex, for which Russian media write their full texts.
    case yandex
    case xml

    /// The vocabulary of a namespace, by its URI without regard to case (feeds differ in it).
    static func of(uri: Bytes) -> Vocabulary {
        if let known = uris[uri.string.lowercased()] { return known }
        // Userland's own feeds had a namespace for each version.
        return uri.hasPrefixIgnoringCase("http://backend.userland.com/rss") ? .rss : .foreign
    }

    /// The vocabulary that an undeclared prefix commonly stands for.
    static func of(prefix: Bytes) -> Vocabulary { prefixes[prefix.string.lowercased()] ?? .foreign }

    private static let uris: [String: Vocabulary] = [
        "": .rss,
        "http://purl.org/rss/1.0/": .rss,
        "http://purl.org/rss/1.0": .rss,
        "http://my.netscape.com/rdf/simple/0.9/": .rss,
        "http://channel.netscape.com/rdf/simple/0.9/": .rss,
        "http://purl.org/net/rss1.1#": .rss,
        "http://purl.org/net/rss1.1": .rss,
        "http://blogs.law.harvard.edu/tech/rss": .rss,
        "http://www.rssboard.org/rss-specification": .rss,
        "http://my.netscape.com/publish/formats/rss-0.91.dtd": .rss,
        "http://my.netscape.com/publish/formats/rss-0.9.dtd": .rss,
        "http://www.w3.org/2005/atom": .atom,
        "https://www.w3.org/2005/atom": .atom,
        "http://www.w3.org/2005/atom/": .atom,
        "http://purl.org/atom/ns#": .atom,
        "http://purl.org/atom/ns": .atom,
        "http://example.com/newformat#": .atom,
        "http://example.com/necho": .atom,
        "http://purl.org/echo/": .atom,
        "http://purl.org/pie/": .atom,
        "uri/of/echo/namespace#": .atom,
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#": .rdf,
        "http://purl.org/rss/1.0/modules/content/": .content,
        "http://purl.org/dc/elements/1.1/": .dublinCore,
        "http://purl.org/dc/elements/1.0/": .dublinCore,
        "http://purl.org/dc/terms/": .dublinCoreTerms,
        "http://purl.org/rss/1.0/modules/syndication/": .syndication,
        "http://www.itunes.com/dtds/podcast-1.0.dtd": .itunes,
        "https://www.itunes.com/dtds/podcast-1.0.dtd": .itunes,
        "http://example.com/dtds/podcast-1.0.dtd": .itunes,
        "http://search.yahoo.com/mrss/": .media,
        "http://search.yahoo.com/mrss": .media,
        "https://search.yahoo.com/mrss/": .media,
        "http://video.search.yahoo.com/mrss": .media,
        "http://video.search.yahoo.com/mrss/": .media,
        "http://rssnamespace.org/feedburner/ext/1.0": .feedburner,
        "http://www.w3.org/1999/xhtml": .xhtml,
        "http://purl.org/syndication/history/1.0": .history,
        "http://purl.org/syndication/thread/1.0": .thread,
        "http://www.w3.org/xml/1998/namespace": .xml,
        "http://news.yandex.ru": .yandex,
        "http://news.yandex.ru/": .yandex,
        "https://news.yandex.ru": .yandex,
        "http://turbo.yandex.ru": .yandex,
        "http://turbo.yandex.ru/": .yandex,
    ]

    private static let prefixes: [String: Vocabulary] = [
        "rss": .rss,
        "atom": .atom,
        "atom10": .atom,
        "rdf": .rdf,
        "content": .content,
        "dc": .dublinCore,
        "dcterms": .dublinCoreTerms,
        "sy": .syndication,
        "itunes": .itunes,
        "media": .media,
        "feedburner": .feedburner,
        "xhtml": .xhtml,
        "body": .xhtml,
        "fh": .history,
        "thr": .thread,
        "yandex": .yandex,
        "turbo": .yandex,
    ]
}

/// The local names we look for, in lower case.
enum LocalName: String, CaseIterable, Sendable {
    case unknown = ""
    case rss, rdf, channel, feed, item, entry, items
    case title, tagline, info, subtitle, description, summary, content, encoded, body, fullitem
    case link, guid, id, about, identifier, comments, enclosure, source, image, logo, icon, url
    case author, contributor, name, email, uri, homepage, creator, publisher, managingeditor
    case webmaster, owner, category, keywords, subject
    case pubdate, lastbuilddate, date, published, issued, created, updated, modified, available
    case language, ttl, skiphours, hour, skipdays, day, updateperiod, updatefrequency
    case updatebase
    case origlink, textinput, cloud, group, thumbnail, div, abstract, player, rights
    case fullText = "full-text"
    case dcterms, docs, generator, copyright, rating, parent, html
}

/// An element's vocabulary and name.
struct ElementKey: Hashable, Sendable {
    /// The vocabulary.
    var vocabulary: Vocabulary
    /// The local name, `unknown` for any we do not look for.
    var name: LocalName

    /// Whether the element is of RSS or Atom itself.
    var isCore: Bool { vocabulary == .rss || vocabulary == .atom }

    /// A key.
    init(vocabulary: Vocabulary, name: LocalName) {
        self.vocabulary = vocabulary
        self.name = name
    }

    /// The key of an element.
    ///
    /// A prefix that is not declared means what it commonly means.
    init(localName: Bytes, prefix: Bytes, uri: Bytes) {
        vocabulary = uri.isEmpty && !prefix.isEmpty ? .of(prefix: prefix) : .of(uri: uri)
        name = LocalName.byText[localName.string.lowercased()] ?? .unknown
    }
}

/// The namespace of a feed's own element, where it is one that nobody knows: what is in it means what
/// it means in RSS or Atom.
struct RootSpace {
    private let uri: [UInt8]
    private let vocabulary: Vocabulary

    /// The namespace of the document's element, if that is a feed's by its name alone.
    init?(_ root: SAXName) {
        let key = ElementKey(localName: root.local, prefix: root.prefix, uri: root.uri)
        guard key.vocabulary == .foreign, root.prefix.isEmpty, key.name == .rss || key.name == .feed
        else { return nil }
        uri = Array(root.uri)
        vocabulary = key.name == .feed ? .atom : .rss
    }

    /// Gives `key` its vocabulary if it is of this namespace.
    func apply(to key: inout ElementKey, uri: Bytes) {
        if key.vocabulary == .foreign, self.uri.elementsEqual(uri) { key.vocabulary = vocabulary }
    }
}

extension LocalName {
    fileprivate static let byText: [String: LocalName] = {
        var names: [String: LocalName] = [:]
        for name in LocalName.allCases where name != .unknown { names[name.rawValue] = name }
        return names
    }()
}
