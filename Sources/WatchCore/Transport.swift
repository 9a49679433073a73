package import FeedModel

/// A response's validators, byte for byte as the server sent them.
package struct Validators: Hashable, Sendable {
    /// The `ETag` value, weak mark and quotes included.
    package var etag: String?
    /// The `Last-Modified` value.
    package var lastModified: String?

    /// Validators.
    package init(etag: String? = nil, lastModified: String? = nil) {
        self.etag = etag
        self.lastModified = lastModified
    }
}

/// One request to make: a poll of a feed.
package struct PollRequest: Sendable {
    /// The feed.
    package var feed: FeedID
    /// The address.
    package var url: String
    /// What to send in `If-None-Match` and `If-Modified-Since`.
    package var validators = Validators()
    /// The address that gave the validators (`HTTPResponse.url`): they are sent there only.
    ///
    /// Nil: to the host of `url` only.
    package var validatorsURL: String?
    /// The feed's own headers.
    ///
    /// Where there are any, no redirect to another host is followed, as libcurl would take them
    /// along (docs/hardening.md).
    package var headers: [RequestHeader] = []
    /// What else the feed asks for.
    package var options = FetchOptions()
    /// Whether `TransferResult.trace` is wanted.
    package var isTraced = false

    /// A request without validators and headers.
    package init(feed: FeedID, url: String) {
        self.feed = feed
        self.url = url
    }
}

/// A header field of a response.
package struct HeaderField: Hashable, Sendable {
    /// The name as sent.
    package var name: String
    /// The value without outer white space.
    package var value: String

    /// A field.
    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// One redirect that was followed.
package struct RedirectHop: Hashable, Sendable {
    /// The status that asked for it.
    package var status: Int
    /// Where it led, absolute.
    package var url: String

    /// A hop.
    package init(status: Int, url: String) {
        self.status = status
        self.url = url
    }
}

/// A whole response: the last of its redirects.
package struct HTTPResponse: Sendable {
    /// The status code.
    package var status: Int
    /// The header fields in order.
    package var headers: [HeaderField]
    /// The body after decompression, whole.
    package var body: [UInt8]
    /// The body as it was sent, where it was packed with gzip and is small; else empty.
    package var packed: [UInt8] = []
    /// The address that gave it, after redirects.
    package var url: String
    /// The redirects on the way.
    package var hops: [RedirectHop]
    /// Whoever counts the memory of large bodies learns by this when the body is let go of: it is
    /// held as long as the response is.
    package var lease: BodyLease?

    /// A response.
    package init(
        status: Int,
        headers: [HeaderField] = [],
        body: [UInt8] = [],
        url: String,
        hops: [RedirectHop] = []
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.url = url
        self.hops = hops
    }

    /// The first value of the field `name`; names compare without regard to ASCII case.
    package func header(_ name: String) -> String? {
        headers.first { asciiEqualIgnoringCase($0.name, name) }?.value
    }
}

/// Tells, when it goes, that a body is needed no more.
package final class BodyLease: Sendable {
    private let release: @Sendable () -> Void

    /// A lease whose end calls `release`, on any thread.
    package init(release: @escaping @Sendable () -> Void) { self.release = release }

    deinit { release() }
}

/// Whether two strings are equal but for the case of ASCII letters.
package func asciiEqualIgnoringCase(_ left: String, _ right: String) -> Bool {
    let left = left.utf8
    let right = right.utf8
    guard left.count == right.count else { return false }
    return zip(left, right).allSatisfy { pair in
        pair.0 == pair.1
            || (pair.0 | 0x20 == pair.1 | 0x20 && (0x61...0x7A).contains(pair.0 | 0x20))
    }
}

/// A transfer that brought no whole response.
package struct TransportFailure: Error, Hashable, Sendable {
    /// Why, as one of a bounded list.
    package var reason: FailureReason
    /// Why, for people; holds no secret.
    package var message: String

    /// A failure.
    package init(reason: FailureReason, message: String) {
        self.reason = reason
        self.message = message
    }
}

/// A finished transfer.
package struct TransferResult: Sendable {
    /// The feed.
    package var feed: FeedID
    /// A whole response, or why there is none.
    package var outcome: Result<HTTPResponse, TransportFailure>
    /// How long the transfer took.
    package var duration: Duration
    /// What was said on the wire, hop by hop, where the request asked for it.
    package var trace: [HopTrace] = []
    /// Whether it was no poll but a page of older items that was asked for (`ArchiveWalk`).
    package var isPage = false

    /// A result.
    package init(
        feed: FeedID,
        outcome: Result<HTTPResponse, TransportFailure>,
        duration: Duration = .zero
    ) {
        self.feed = feed
        self.outcome = outcome
        self.duration = duration
    }
}

/// Carries out requests.
///
/// Results go, a turn's worth at a time, to the handler the adapter was made with; each request
/// started gives exactly one result, also when it is cancelled.
package protocol Transport: Sendable {
    /// Starts transfers.
    func start(_ requests: [PollRequest]) async
    /// Ends all transfers; each results in `FailureReason.cancelled`.
    func cancelAll() async
}

/// Tells the time.
///
/// Only adapters hold one; decisions are told the time.
package protocol Clock: Sendable {
    /// The civil time.
    func now() -> Timestamp
    /// Time since an arbitrary fixed moment, never set back.
    func uptime() -> Duration
}

/// Reads documents.
package protocol DocumentReader: Sendable {
    /// Reads one document; never fails but by saying that it is no feed.
    func read(_ document: [UInt8], hints: DocumentHints) -> DocumentReading
    /// Appends the plain text of `text` to `output`: white space collapsed, the ends trimmed,
    /// paragraphs parted by U+2029 and everything else by one blank.
    func appendPlainText(of text: ParsedText, in feed: ParsedFeed, to output: inout [UInt8])
}
