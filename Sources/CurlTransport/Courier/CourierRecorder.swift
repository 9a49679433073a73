import FeedModel
import WatchCore

/// What the receiver of a message says, as libcurl's callbacks tell it.
struct CourierRecorder {
    /// How much of an answer is kept.
    private static let keptBody = ByteCount.kibibytes(16).bytes
    /// How much of an answer is read.
    private static let longestBody = ByteCount.mebibytes(1).bytes
    /// The longest header, or the longest talk of a mail server.
    private static let longestHeader = ByteCount.kibibytes(64).bytes

    /// The status of the last header; 0 before the first.
    private(set) var status = 0
    /// Whether the header of the final answer has ended.
    private(set) var isHeaderComplete = false
    /// The value of `Retry-After`.
    private(set) var retryAfter: String?
    /// The value of `Location`.
    private(set) var location: String?
    /// The beginning of the body.
    private(set) var body: [UInt8] = []
    /// The last line of the header, or the last that the mail server said.
    private(set) var lastLine = ""
    /// The last line by which the mail server refused something; empty: none.
    private(set) var refusal = ""
    private var bodyBytes = 0
    private var headerBytes = 0

    /// Takes a piece of the body; false: the transfer is to be stopped.
    mutating func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bodyBytes += bytes.count
        if body.count < Self.keptBody {
            body.append(contentsOf: bytes.prefix(Self.keptBody - body.count))
        }
        return bodyBytes <= Self.longestBody
    }

    /// Takes a line of the header, or one that the mail server said; false: the transfer is to be
    /// stopped.
    mutating func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Bool {
        headerBytes += bytes.count
        guard headerBytes <= Self.longestHeader else { return false }
        let line = WireText.decode(bytes.filter { $0 >= 0x20 || $0 == 0x09 })
        // Where a connection is used once, the server's goodbye (221) comes behind its word on the
        // letter.
        if !line.isEmpty, status != 0 || !line.hasPrefix("221") { lastLine = line }
        if status == 0, line.hasPrefix("4") || line.hasPrefix("5") { refusal = line }
        // Behind the body come trailers, which are no part of the answer.
        guard !isHeaderComplete else { return true }
        if line.hasPrefix("HTTP/") {
            status = Int(line.drop { $0 != " " }.dropFirst().prefix(3)) ?? 0
            retryAfter = nil
            location = nil
        } else if line.isEmpty {
            isHeaderComplete = status >= 200
        } else if let colon = line.firstIndex(of: ":") {
            let name = String(line[..<colon])
            let value = String(line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" })
            if asciiEqualIgnoringCase(name, "retry-after") { retryAfter = value }
            if asciiEqualIgnoringCase(name, "location") { location = value }
        }
        return true
    }
}
