import FlyingFox
import FoundationEssentials

/// A feed's document at one moment, as the server sends it.
struct Representation: Sendable {
    /// The document.
    let body: [UInt8]
    /// `Content-Type`.
    let contentType: String
    /// `Content-Encoding`; nil: none.
    let contentEncoding: String?
    /// `ETag`; nil: none.
    let entityTag: String?
    /// `Last-Modified`; nil: none.
    let lastModified: String?

    /// The document that a feed shows now, for a client that accepts gzip or does not.
    init(
        of feed: LabFeed,
        page: Int? = nil,
        steps: Set<String>,
        elapsed: Duration,
        acceptsGzip: Bool
    ) {
        let cut = feed.cut(feed.shown(steps: steps, elapsed: elapsed), page: page)
        let relation = feed.paging?.relation ?? "next"
        let plain = feed.document.render(cut.items, link: cut.link.map { (relation, $0) })
        let packed = feed.isGzipped && acceptsGzip ? Gzip.compress(plain) : nil
        body = packed ?? plain
        contentType = feed.contentType
        contentEncoding = packed == nil ? nil : "gzip"
        if feed.validators.hasTag {
            // Two codings of a document are two representations and may not share a strong tag.
            let opaque = "\"\(Self.fingerprint(plain))\(packed == nil ? "" : "-gzip")\""
            entityTag = feed.validators == .weak ? "W/\(opaque)" : opaque
        } else {
            entityTag = nil
        }
        if feed.validators.hasDate {
            let edition = feed.edition(steps: steps, elapsed: elapsed)
            lastModified = LabDates.mail(LabDates.noon + 60 * edition)
        } else {
            lastModified = nil
        }
    }

    /// Whether the request holds what was sent with this document, byte for byte.
    ///
    /// Stricter than HTTP asks: a client that rewrites a validator, or sends one that it was not
    /// given, gets the whole document and is found out.
    func isKnown(to request: HTTPRequest) -> Bool {
        let tag = request.headers[HTTPHeader("If-None-Match")]
        let date = request.headers[HTTPHeader("If-Modified-Since")]
        guard tag != nil || date != nil else { return false }
        return (tag == nil || tag == entityTag) && (date == nil || date == lastModified)
    }

    /// The header fields of the answer.
    var headers: HTTPHeaders {
        var headers = HTTPHeaders()
        headers[.contentType] = contentType
        headers[.contentEncoding] = contentEncoding
        headers[.eTag] = entityTag
        headers[.lastModified] = lastModified
        if contentEncoding != nil { headers[HTTPHeader("Vary")] = "Accept-Encoding" }
        return headers
    }

    /// The answer: the document, or 304 where the client has it.
    func response(to request: HTTPRequest, isConditional: Bool = true) -> HTTPResponse {
        guard isConditional, isKnown(to: request) else {
            return HTTPResponse(statusCode: .ok, headers: headers, body: HTTPBodySequence(body))
        }
        var headers = headers
        // The length that the document would have (RFC 9110, 8.6); the server would write 0.
        headers[.contentLength] = "\(body.count)"
        return HTTPResponse(statusCode: .notModified, headers: headers)
    }

    /// FNV-1a over the bytes, as 16 hexadecimal digits.
    private static func fingerprint(_ bytes: [UInt8]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension HTTPBodySequence {
    /// A body that is sent in one write.
    init(_ bytes: [UInt8]) {
        self.init(data: Data(bytes), suggestedBufferSize: Swift.max(bytes.count, 1))
    }
}
