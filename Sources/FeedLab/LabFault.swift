/// A way in which a server or its document can be wrong.
package enum LabFault: Hashable, Sendable {
    /// An error status with a short page; seconds for `Retry-After` where given.
    case status(Int, retryAfter: Int? = nil)
    /// A redirect to a path or address.
    case redirect(Int, to: String)
    /// The right answer, late.
    case delay(Duration)
    /// The request is read and never answered.
    case silence
    /// The start of the right answer, this many bytes, and then nothing.
    case stall(after: Int)
    /// The start of the right answer, this many bytes of all that were announced, and the end.
    case cut(after: Int)
    /// The right body under another `Content-Length`; the connection ends after it.
    case length(Int)
    /// This many bytes, ten times a second.
    case drip(Int)
    /// A feed whose items never end.
    case endless
    /// A page for people, as portals of guest networks answer.
    case htmlPage
    /// Bytes that are no XML.
    case garbage
    /// A document type of entities that multiply (billion laughs).
    case doctypeBomb
    /// A short gzip body that unpacks to 64 MiB.
    case gzipBomb
    /// A gzip body that ends in the middle, under the right `Content-Length`.
    case cutGzip
    /// A 200 without a body.
    case empty
    /// 304 for whatever is asked, also without validators.
    case stale304
    /// The right answer, always whole: validators are sent and then ignored.
    case unconditional
}

extension LabFault {
    /// A fault as the site file and `POST /lab/fault` write it: `status 503 retry-after 2`,
    /// `redirect 301 /new.xml`, `delay 2s`, `silence`, `stall 500`, `endless`, `html`, ….
    package init(text: String) throws(LabError) {
        let words = text.split(separator: " ").map(String.init)
        if words.count == 1, let fault = Self.simple[text] {
            self = fault
            return
        }
        let number = words.count > 1 ? Int(words[1]) : nil
        switch (words.first ?? "", words.count, number) {
        case ("status", 2, let code?): self = .status(code)
        case ("status", 4, let code?) where words[2] == "retry-after":
            guard let seconds = Int(words[3]) else { throw .badFault(text) }
            self = .status(code, retryAfter: seconds)
        case ("redirect", 3, let code?): self = .redirect(code, to: words[2])
        case ("stall", 2, let count?): self = .stall(after: count)
        case ("cut", 2, let count?): self = .cut(after: count)
        case ("length", 2, let count?): self = .length(count)
        case ("drip", 2, let count?) where count > 0: self = .drip(count)
        case ("delay", 2, _):
            guard let duration = Duration(labText: words[1]) else { throw .badFault(text) }
            self = .delay(duration)
        default: throw .badFault(text)
        }
    }

    private static let simple: [String: LabFault] = [
        "silence": .silence, "endless": .endless, "html": .htmlPage, "garbage": .garbage,
        "doctype-bomb": .doctypeBomb, "gzip-bomb": .gzipBomb, "cut-gzip": .cutGzip,
        "empty": .empty, "stale-304": .stale304, "unconditional": .unconditional,
    ]
}
