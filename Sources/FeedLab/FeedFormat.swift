/// The dialects that the lab writes.
package enum FeedFormat: String, CaseIterable, Sendable {
    /// RSS 2.0.
    case rss20
    /// RSS 0.91, which knows neither ids nor dates of items.
    case rss091
    /// RSS 1.0, an RDF document.
    case rss10
    /// Atom 1.0.
    case atom
    /// JSON Feed 1.1, of items that are made, not of a file.
    case json

    /// The dialects of XML.
    package static var markup: [FeedFormat] { [.rss20, .rss091, .rss10, .atom] }
}

extension FeedFormat {
    /// The dialect of a document, by its first bytes.
    init(head: [UInt8]) {
        if head.firstRange(of: Array("<rdf:RDF".utf8)) != nil {
            self = .rss10
        } else if head.firstRange(of: Array("<feed".utf8)) != nil {
            self = .atom
        } else if head.firstRange(of: Array("version=\"0.91\"".utf8)) != nil {
            self = .rss091
        } else {
            self = .rss20
        }
    }

    /// What servers call documents of this dialect.
    var mediaType: String {
        switch self {
        case .rss20, .rss091: "application/rss+xml; charset=utf-8"
        case .rss10: "application/rdf+xml; charset=utf-8"
        case .atom: "application/atom+xml; charset=utf-8"
        case .json: "application/feed+json"
        }
    }

    /// An item in this dialect; `inASCII` for a document that is not UTF-8.
    func render(_ item: LabItem, inASCII: Bool) -> String {
        let id = Markup.escape(item.id, inASCII: inASCII)
        let title = Markup.escape(item.title, inASCII: inASCII)
        let summary = Markup.escape(item.summary, inASCII: inASCII)
        let link = Markup.escape(item.link, inASCII: inASCII)
        switch self {
        case .rss20:
            return """
                <item><title>\(title)</title><link>\(link)</link>\
                <guid isPermaLink="false">\(id)</guid>\
                <pubDate>\(LabDates.mail(item.published))</pubDate>\
                <description>\(summary)</description></item>
                """
        case .rss091:
            return """
                <item><title>\(title)</title><link>\(link)</link>\
                <description>\(summary)</description></item>
                """
        case .rss10:
            return """
                <item rdf:about="\(id)"><title>\(title)</title><link>\(link)</link>\
                <dc:date>\(LabDates.internet(item.published))</dc:date>\
                <description>\(summary)</description></item>
                """
        case .atom:
            return """
                <entry><id>\(id)</id><title>\(title)</title><link href="\(link)"/>\
                <updated>\(LabDates.internet(item.published))</updated>\
                <summary>\(summary)</summary></entry>
                """
        case .json:
            return """
                {"id":\(Markup.json(item.id)),"title":\(Markup.json(item.title)),\
                "url":\(Markup.json(item.link)),\
                "date_published":"\(LabDates.internet(item.published))",\
                "content_html":\(Markup.json(item.summary))}
                """
        }
    }

    /// What stands before the items of a document of this dialect.
    func head(title name: String) -> String {
        let title = Markup.escape(name, inASCII: false)
        let xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
        switch self {
        case .rss20, .rss091:
            let version = self == .rss20 ? "2.0" : "0.91"
            return xml + """
                <rss version="\(version)"><channel><title>\(title)</title>\
                <link>https://lab.example/</link><description>Made by the lab</description>

                """
        case .rss10:
            return xml + """
                <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" \
                xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">\
                <channel rdf:about="https://lab.example/"><title>\(title)</title>\
                <link>https://lab.example/</link><description>Made by the lab</description>\
                </channel>

                """
        case .atom:
            return xml + """
                <feed xmlns="http://www.w3.org/2005/Atom"><id>https://lab.example/</id>\
                <title>\(title)</title><updated>\(LabDates.internet(LabDates.noon))</updated>

                """
        case .json:
            return """
                {"version":"https://jsonfeed.org/version/1.1","title":\(Markup.json(name))
                """
        }
    }

    /// What stands after the items of a document of this dialect.
    var tail: String {
        switch self {
        case .rss20, .rss091: "</channel></rss>\n"
        case .rss10: "</rdf:RDF>\n"
        case .atom: "</feed>\n"
        case .json: "]}\n"
        }
    }

    /// What stands between the head, with its links, and the first item.
    var opening: String { self == .json ? ",\"items\":[\n" : "" }

    /// What stands between two items.
    var separator: String { self == .json ? "," : "" }

    /// A link to another page.
    func link(_ relation: String, _ address: String) -> String {
        let escaped = Markup.escape(address, inASCII: false)
        switch self {
        case .rss20, .rss091, .rss10:
            return """
                <a:link xmlns:a="http://www.w3.org/2005/Atom" rel="\(relation)" href="\(escaped)"/>

                """
        case .atom: return "<link rel=\"\(relation)\" href=\"\(escaped)\"/>\n"
        case .json: return ",\"next_url\":\(Markup.json(address))"
        }
    }
}
