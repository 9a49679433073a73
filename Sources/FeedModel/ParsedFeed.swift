// What a document claims, untrusted. One buffer holds all text of a document; fields are spans of
// it, so that a parsed feed costs one growing array and no string. Text becomes `String` only
// where it is printed or stored as such.

/// A stretch of a parsed feed's text buffer.
///
/// An absent field is an empty span.
package struct TextSpan: Hashable, Sendable {
    /// The offset of the first byte.
    package var start: UInt32
    /// The number of bytes.
    package var count: UInt32

    /// A stretch of `count` bytes from `start`.
    package init(start: Int, count: Int) {
        self.start = UInt32(start)
        self.count = UInt32(count)
    }

    /// The absent field.
    package static let none = TextSpan(start: 0, count: 0)

    /// Whether the field is absent or empty.
    package var isEmpty: Bool { count == 0 }

    /// The span as offsets into the buffer.
    package var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
}

/// A body of text as the feed gave it: plain, or HTML that still has to be read.
package struct ParsedText: Hashable, Sendable {
    /// The text or markup, decoded from XML.
    package var span: TextSpan
    /// Whether the span is HTML.
    package var isMarkup: Bool
    /// The address that relative references in the markup start from; empty: the item's address.
    package var base: TextSpan

    /// A text.
    package init(span: TextSpan = .none, isMarkup: Bool = false, base: TextSpan = .none) {
        self.span = span
        self.isMarkup = isMarkup
        self.base = base
    }

    /// The absent text.
    package static let none = ParsedText()

    /// Whether the text is absent or empty.
    package var isEmpty: Bool { span.isEmpty }
}

/// The kind and version of a feed document.
package enum FeedFormat: String, Sendable, CaseIterable {
    case rss090 = "rss-0.90"
    case rss091 = "rss-0.91"
    case rss092 = "rss-0.92"
    case rss093 = "rss-0.93"
    case rss094 = "rss-0.94"
    case rss10 = "rss-1.0"
    case rss11 = "rss-1.1"
    case rss20 = "rss-2.0"
    case rss = "rss"
    case atom03 = "atom-0.3"
    case atom10 = "atom-1.0"
    case atom = "atom"
    case jsonFeed10 = "json-feed-1.0"
    case jsonFeed11 = "json-feed-1.1"
}

/// A person or organisation named as author.
package struct ParsedPerson: Hashable, Sendable {
    /// The name, plain.
    package var name: TextSpan
    /// The e-mail address.
    package var email: TextSpan
    /// The home page.
    package var url: TextSpan

    /// A person.
    package init(name: TextSpan = .none, email: TextSpan = .none, url: TextSpan = .none) {
        self.name = name
        self.email = email
        self.url = url
    }
}

/// A typed link of a feed or item.
package struct ParsedLink: Hashable, Sendable {
    /// The relation (RFC 8288), `alternate` where none was given.
    package var rel: TextSpan
    /// The target, absolute.
    package var href: TextSpan
    /// The media type.
    package var type: TextSpan

    /// A link.
    package init(rel: TextSpan, href: TextSpan, type: TextSpan = .none) {
        self.rel = rel
        self.href = href
        self.type = type
    }
}

/// A file attached to an item.
package struct ParsedEnclosure: Hashable, Sendable {
    /// The file's address, absolute.
    package var url: TextSpan
    /// The media type.
    package var type: TextSpan
    /// The announced size in bytes.
    package var length: Int64?

    /// An enclosure.
    package init(url: TextSpan, type: TextSpan = .none, length: Int64? = nil) {
        self.url = url
        self.type = type
        self.length = length
    }
}

/// The feed an item was taken from, as the item says.
package struct ParsedSource: Hashable, Sendable {
    /// The feed's title, plain.
    package var title: TextSpan
    /// The feed's address.
    package var url: TextSpan
    /// The feed's identifier.
    package var id: TextSpan

    /// A source.
    package init(title: TextSpan = .none, url: TextSpan = .none, id: TextSpan = .none) {
        self.title = title
        self.url = url
        self.id = id
    }
}

/// A date as a feed wrote it.
package struct ParsedDate: Hashable, Sendable {
    /// The text in the document.
    package var text: TextSpan
    /// The moment it names, or nil where it could not be read.
    package var timestamp: Timestamp?

    /// A date.
    package init(text: TextSpan = .none, timestamp: Timestamp? = nil) {
        self.text = text
        self.timestamp = timestamp
    }

    /// The absent date.
    package static let none = ParsedDate()
}

/// An item as its document presents it.
package struct ParsedItem: Sendable {
    /// The identifier exactly as written, but for outer white space.
    package var id = TextSpan.none
    /// Whether the identifier is said to be an address (RSS guid).
    package var idIsPermalink = false
    /// The item's address, absolute.
    package var url = TextSpan.none
    /// The title, plain.
    package var title = TextSpan.none
    /// The summary as given.
    package var summary = ParsedText.none
    /// The full content as given.
    package var content = ParsedText.none
    /// When the item says it was published.
    package var published = ParsedDate.none
    /// When the item says it was last changed.
    package var updated = ParsedDate.none
    /// The language in scope (BCP 47).
    package var language = TextSpan.none
    /// The authors.
    package var authors: [ParsedPerson] = []
    /// The categories, plain.
    package var categories: [TextSpan] = []
    /// The attached files.
    package var enclosures: [ParsedEnclosure] = []
    /// The feed the item was taken from.
    package var source: ParsedSource?
    /// The address of the comments page.
    package var commentsURL = TextSpan.none
    /// All typed links.
    package var links: [ParsedLink] = []
    /// The line of the document on which the item starts.
    package var line = 0

    /// An item without any field.
    package init() {}
}

/// Something wrong with a document that did not keep it from being read.
package struct ParseProblem: Hashable, Sendable {
    /// A stable code: `xml-…`, `encoding-…`, `entity-…`, `bad-date`, `missing-id`, ….
    package var code: String
    /// The line of the document, from 1; 0 where no line can be named.
    package var line: Int
    /// The same for people.
    package var message: String

    /// A problem.
    package init(code: String, line: Int, message: String) {
        self.code = code
        self.line = line
        self.message = message
    }
}

/// A feed document, read.
package struct ParsedFeed: Sendable {
    /// All text of the document's fields, UTF-8; the spans point here.
    package var bytes: [UInt8] = []
    /// The format.
    package var format: FeedFormat
    /// The encoding the document was read in, by its WHATWG name in lower case.
    package var encoding = "utf-8"
    /// The feed's identifier.
    package var id = TextSpan.none
    /// The feed's title, plain.
    package var title = TextSpan.none
    /// The feed's description, plain.
    package var description = TextSpan.none
    /// The address of the site.
    package var url = TextSpan.none
    /// The feed's own address as it says.
    package var selfURL = TextSpan.none
    /// WebSub hubs.
    package var hubURLs: [TextSpan] = []
    /// The next page (RFC 5005, JSON Feed).
    package var nextURL = TextSpan.none
    /// The language (BCP 47).
    package var language = TextSpan.none
    /// When the feed says it was published.
    package var published = ParsedDate.none
    /// When the feed says it last changed.
    package var updated = ParsedDate.none
    /// RSS `ttl`.
    package var ttlMinutes: Int?
    /// The update period the syndication module announces, in seconds.
    package var updateHintSeconds: Int?
    /// When these periods are counted from.
    package var updateBase: Timestamp?
    /// RSS `skipHours`, 0 to 23.
    package var skipHours: [Int] = []
    /// RSS `skipDays`, English names as written.
    package var skipDays: [TextSpan] = []
    /// The feed's image.
    package var image = TextSpan.none
    /// The authors.
    package var authors: [ParsedPerson] = []
    /// The categories, plain.
    package var categories: [TextSpan] = []
    /// All typed links.
    package var links: [ParsedLink] = []
    /// The items in document order: the feed's window.
    package var items: [ParsedItem] = []
    /// Whether the document ends within its last item: that item is not what its author wrote.
    package var endsInItem = false
    /// What was wrong.
    package var problems: [ParseProblem] = []

    /// A feed without any field.
    package init(format: FeedFormat) { self.format = format }

    /// The text of a span.
    package func string(_ span: TextSpan) -> String {
        bytes.withUnsafeBufferPointer { buffer in
            String(decoding: UnsafeBufferPointer(rebasing: buffer[span.range]), as: UTF8.self)
        }
    }

    /// The text of a span, or nil where it is empty.
    package func stringIfPresent(_ span: TextSpan) -> String? {
        span.isEmpty ? nil : string(span)
    }
}

/// What is known of a document beside its bytes.
package struct DocumentHints: Sendable {
    /// The document's address after redirects.
    package var url: String?
    /// The HTTP `Content-Type`.
    package var contentType: String?
    /// The HTTP `Content-Location`.
    package var contentLocation: String?
    /// The HTTP `Content-Language`.
    package var contentLanguage: String?

    /// Hints.
    package init(
        url: String? = nil,
        contentType: String? = nil,
        contentLocation: String? = nil,
        contentLanguage: String? = nil
    ) {
        self.url = url
        self.contentType = contentType
        self.contentLocation = contentLocation
        self.contentLanguage = contentLanguage
    }
}

/// The outcome of reading a document.
package enum DocumentReading: Sendable {
    /// A feed.
    case feed(ParsedFeed)
    /// No feed: why, for people, and the feeds that an HTML page announces.
    case notAFeed(message: String, announced: [AnnouncedFeed])
}

/// A feed that an HTML page names.
package struct AnnouncedFeed: Hashable, Sendable {
    /// The feed's address, absolute where the page's address is known.
    package var url: String
    /// The title given with it.
    package var title: String?
    /// The media type given with it.
    package var type: String?

    /// An announcement.
    package init(url: String, title: String? = nil, type: String? = nil) {
        self.url = url
        self.title = title
        self.type = type
    }
}
