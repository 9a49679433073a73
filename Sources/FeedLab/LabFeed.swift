/// The validators that a feed's server sends.
package enum LabValidators: String, Hashable, Sendable, Codable, CaseIterable {
    /// None: each poll gets the document.
    case none
    /// A strong ETag.
    case strong
    /// A weak ETag.
    case weak
    /// Last-Modified.
    case date
    /// A strong ETag and Last-Modified.
    case both

    /// Whether an ETag is among them.
    var hasTag: Bool { self == .strong || self == .weak || self == .both }
    /// Whether Last-Modified is among them.
    var hasDate: Bool { self == .date || self == .both }
}

/// A feed of the lab.
package struct LabFeed: Sendable {
    /// Its name.
    package let id: String
    /// Its path on the server.
    package let path: String
    /// What is wrong with it; nil: nothing.
    package var fault: LabFault?
    /// How its older items are paged; nil: its document shows all.
    package var paging: LabPaging?
    /// Its validators.
    let validators: LabValidators
    /// Whether it is sent as gzip to those who accept that.
    let isGzipped: Bool
    /// `Content-Type`.
    let contentType: String
    /// Its document; empty for a feed that is nothing but a fault.
    let document: FeedDocument
    /// Items published by call, newest first.
    private(set) var published: [[UInt8]] = []

    /// A feed with a document.
    init(
        id: String,
        path: String,
        document: FeedDocument,
        contentType: String? = nil,
        validators: LabValidators = .both,
        isGzipped: Bool = false,
        fault: LabFault? = nil
    ) {
        self.id = id
        self.path = path
        self.document = document
        self.contentType = contentType ?? document.format.mediaType
        self.validators = validators
        self.isGzipped = isGzipped
        self.fault = fault
    }

    /// A feed made of these items, newest first.
    package init(
        id: String,
        path: String,
        format: FeedFormat = .rss20,
        title: String = "A feed of the lab",
        items: [LabItem] = [],
        validators: LabValidators = .both,
        isGzipped: Bool = false,
        fault: LabFault? = nil,
        paging: LabPaging? = nil
    ) {
        self.init(
            id: id,
            path: path,
            document: FeedDocument(format: format, title: title),
            validators: validators,
            isGzipped: isGzipped,
            fault: fault
        )
        self.paging = paging
        for item in items.reversed() { publish(item) }
    }

    /// Puts an item on top.
    mutating func publish(_ item: LabItem) {
        let text = document.format.render(item, inASCII: !document.isUTF8)
        published.insert(Array(text.utf8), at: 0)
    }

    /// Takes away the oldest of the items that were published by call.
    package mutating func dropOldest(_ count: Int) { published.removeLast(count) }

    /// The items to show, newest first.
    func shown(steps: Set<String>, elapsed: Duration) -> [[UInt8]] {
        published
            + document.items
            .filter { $0.isPublished(steps: steps, elapsed: elapsed) }
            .map(\.bytes)
    }

    /// How many items come after the start: the edition's number, from which the date follows.
    func edition(steps: Set<String>, elapsed: Duration) -> Int {
        published.count
            + document.items.count {
                ($0.step != nil || $0.after > .zero)
                    && $0.isPublished(steps: steps, elapsed: elapsed)
            }
    }
}
