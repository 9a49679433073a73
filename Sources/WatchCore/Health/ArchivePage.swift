package import FeedModel

/// A page of older items, as far as a walk goes by it.
package struct ArchivePage: Hashable, Sendable {
    /// The address that gave it, after redirects.
    package var url: String
    /// The address of the page before it; nil: it names none.
    package var link: String?
    /// Its items, in document order.
    package var items: [WindowItem]
    /// The hash of its bytes.
    package var bodyHash: UInt64
    /// Whether it was cut off: some of its items are missing.
    package var isCut = false

    /// A page.
    package init(url: String, link: String?, items: [WindowItem], bodyHash: UInt64 = 0) {
        self.url = url
        self.link = link
        self.items = items
        self.bodyHash = bodyHash
    }

    /// The address of the page with what is older than `feed` shows: the archive before it
    /// (RFC 5005, section 4), which never changes, else the next page (section 3, JSON Feed);
    /// where the document names none, what the answer's `Link` fields say.
    package static func link(of feed: ParsedFeed, _ response: HTTPResponse) -> String? {
        let archive = feed.links.first { link in
            asciiEqualIgnoringCase(feed.string(link.rel), archiveRelation)
        }
        if let link = feed.stringIfPresent(archive?.href ?? feed.nextURL) { return link }
        let fields = LinkField.links(of: response).filter { $0.anchor == nil }
        let field =
            fields.first { $0.relations.contains(archiveRelation) }
            ?? fields.first { $0.relations.contains("next") }
        return field?.url(at: response.url)
    }

    private static let archiveRelation = "prev-archive"

    /// When an item says that it was published, or last changed.
    static func date(of item: ParsedItem) -> Timestamp? {
        item.published.believed ?? item.updated.believed
    }
}
