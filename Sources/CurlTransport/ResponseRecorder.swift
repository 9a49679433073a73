import FeedModel
import WatchCore

/// What a response's header says and what its body holds, as libcurl's callbacks tell it.
///
/// Keeps the fields of the last header only, in one buffer that is reused, and makes strings of
/// them at the end. The body is gathered in the array it is handed over in.
struct ResponseRecorder {
    /// Why the recorder has stopped a transfer.
    enum Stop {
        /// The header is larger than `headerSizeLimit`.
        case header
        /// The document is larger than the configuration allows.
        case document
        /// The document was packed to do harm.
        case bomb
        /// The budget for large bodies is used up.
        case memory
        /// Enough of a body that nobody reads.
        case unusedBody
    }

    /// A field: a place in `HeaderName.kept`, and where the value stands in the buffer.
    private struct Field {
        var name: Int
        var value: Range<Int>
    }

    /// The most header bytes of one request, interim responses included.
    static let headerSizeLimit = ByteCount.kibibytes(256)
    /// The most bytes that are read of a body nobody wants, so that its connection lives on.
    private static let unusedBodyLimit = 64 << 10
    /// So many times its size a document may be once it is unpacked; markup reaches 50.
    private static let packingLimit = 200
    /// So much that has come may not have been counted yet: libcurl's buffer.
    private static let uncounted = 16 << 10
    /// So often libcurl may read in vain, and once more for each 64 bytes that have come: what it
    /// steps over, such as the extensions of chunks, must come to an end as well.
    private static let vainReadLimit = 200
    /// The most that is set aside on the word of a `Content-Length`.
    private static let reservationLimit = 1 << 20

    /// The status of the last header; 0 before the first.
    private(set) var status = 0
    /// Whether the header of the final response has ended.
    private(set) var isHeaderComplete = false
    /// Whether two `Content-Length` fields disagree.
    private(set) var hasTwoLengths = false
    /// Whether there is a `Content-Length` that is no number.
    private(set) var hasUnreadableLength = false
    /// Why the transfer was stopped from here, if it was.
    private(set) var stop: Stop?
    /// The body after decompression, if the status is one that brings a document.
    private(set) var body: [UInt8] = []

    private let budget: BodyBudget
    /// What the body has of the budget.
    private var share = 0
    private var hasReservation = false
    private var documentLimit = 0
    private var headerBytes = 0
    private var unusedBytes = 0
    private var vainReads = 0
    private var received = 0
    /// Whether other answers come on the same connection: reading in vain then means nothing.
    private var isMultiplexed = false
    /// Whether the body is gathered as gzip, to be unpacked as a whole.
    private(set) var isPacked = false
    /// The body as it was sent, once it is unpacked, unless it is large.
    private var packed: [UInt8] = []
    /// Whether there is less on the wire than comes of it, or more.
    private(set) var isEncoded = false
    private var isLastFieldKept = false
    private var fields: [Field] = []
    private var text: [UInt8] = []

    /// A recorder whose body is paid for by `budget`.
    init(budget: BodyBudget) { self.budget = budget }

    /// Forgets everything but a reservation, and expects a new response.
    mutating func reset(documentLimit: Int) {
        self.documentLimit = documentLimit
        if !hasReservation { giveBackShare() }
        status = 0
        isHeaderComplete = false
        hasTwoLengths = false
        hasUnreadableLength = false
        stop = nil
        body = []
        headerBytes = 0
        unusedBytes = 0
        vainReads = 0
        received = 0
        isEncoded = false
        isPacked = false
        packed = []
        forgetFields()
    }

    /// Whether the status is one that brings a document.
    var isDocument: Bool { status == 200 || status == 203 || status == 226 }

    /// The first value of a field by its place in `HeaderName.kept`.
    func value(at name: Int) -> ArraySlice<UInt8>? {
        fields.first { $0.name == name }.map { text[$0.value] }
    }

    /// The size that the header announces; nil if it announces none, or none that can be read.
    var contentLength: Int? { value(at: HeaderName.contentLength).flatMap(Self.length) }

    /// The fields kept, in order.
    func headers() -> [HeaderField] {
        fields.map { field in
            HeaderField(
                name: HeaderName.text(at: field.name),
                value: WireText.decode(text[field.value])
            )
        }
    }

    /// Reserves room for the largest document; false: not now.
    mutating func reserve(document: ByteCount) -> Bool {
        giveBackShare()
        hasReservation = budget.reserve(document: document)
        if hasReservation { share = document.bytes }
        return hasReservation
    }

    /// Gives back all that the body has of the budget.
    mutating func giveBackShare() {
        budget.giveBack(share)
        share = 0
        hasReservation = false
    }

    /// Hands over what the body was made of; empty where it came as it is, or is large.
    mutating func takePacked() -> [UInt8] {
        defer { packed = [] }
        return packed
    }

    /// Hands the body over, and how much of the budget goes with it.
    mutating func takeBody() -> (body: [UInt8], leased: Int) {
        let leased = share == 0 ? 0 : body.count
        budget.giveBack(share - leased)
        share = 0
        hasReservation = false
        defer { body = [] }
        return (body, leased)
    }

    // MARK: What libcurl's callbacks tell

    /// Takes a header line; false: the transfer is to be stopped.
    mutating func takeHeader(_ line: UnsafeRawBufferPointer) -> Bool {
        headerBytes += line.count
        if headerBytes > Self.headerSizeLimit.bytes {
            stop = .header
            return false
        }
        // Behind the body come trailers, which say nothing about it that we could trust.
        if isHeaderComplete { return true }
        guard let first = line.first else { return true }
        if first == UInt8(ascii: "\r") || first == UInt8(ascii: "\n") {
            return endHeader()
        }
        if first == UInt8(ascii: " ") || first == UInt8(ascii: "\t") {
            unfold(line)
        } else if line.starts(with: "HTTP/".utf8) {
            forgetFields()
            status = Self.status(in: line)
            isMultiplexed = line.starts(with: "HTTP/2".utf8)
        } else {
            takeField(line)
        }
        return true
    }

    /// Takes a piece of the body; false: the transfer is to be stopped.
    mutating func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard isDocument else {
            unusedBytes += bytes.count
            if unusedBytes > Self.unusedBodyLimit { stop = .unusedBody }
            return stop == nil
        }
        guard bytes.count <= documentLimit - body.count else {
            stop = .document
            body = []
            return false
        }
        guard mayTake(body.count + bytes.count) else {
            stop = .memory
            body = []
            return false
        }
        body.append(contentsOf: bytes)
        return true
    }

    /// Pays for a body of `count` bytes in all; false: that is too much for now.
    private mutating func mayTake(_ count: Int) -> Bool {
        guard count > BodyBudget.smallBody.bytes, !hasReservation, count > share else {
            return true
        }
        guard budget.take(count - share) else { return false }
        share = count
        return true
    }

    /// Puts the document in the place of the gzip that came; false: it is damaged, or `stop` says
    /// why there is none.
    mutating func unpack(with unpacker: GzipUnpacker) -> Bool {
        let packed = body
        body = []
        switch unpacker.unpack(packed, limit: documentLimit, mayTake: { mayTake($0) }) {
        case .unpacked(let document):
            body = document
            if packed.count <= BodyBudget.smallBody.bytes { self.packed = packed }
            return true
        case .tooLarge: stop = .document
        case .bomb: stop = .bomb
        case .noMemory: stop = .memory
        case .damaged: break
        }
        return false
    }

    /// Whether the body is large enough to ask how much has come over the wire.
    var isWorthWeighing: Bool {
        isEncoded && body.count > Self.packingLimit * Self.uncounted
    }

    /// Weighs the body against the `received` bytes it was made of; false: the transfer is to be
    /// stopped.
    mutating func weigh(received: Int) -> Bool {
        guard Self.isBomb(body.count, received: received) else { return true }
        stop = .bomb
        body = []
        return false
    }

    /// Whether `count` bytes are more than `received` bytes unpack to in good faith.
    static func isBomb(_ count: Int, received: Int) -> Bool {
        count > packingLimit * (received + uncounted)
    }

    /// Takes note that libcurl has read, of `received` bytes in all; false: the transfer is to be
    /// stopped.
    mutating func takeRead(received: Int) -> Bool {
        if received == self.received, !isMultiplexed { vainReads += 1 }
        self.received = received
        guard received > documentLimit || vainReads > Self.vainReadLimit + received / 64 else {
            return true
        }
        stop = .document
        body = []
        return false
    }

    private mutating func endHeader() -> Bool {
        // 1xx: the real header follows; 101 is the last, though nobody asked for it.
        guard status >= 200 || status == 101 else { return true }
        isHeaderComplete = true
        let isCoded = value(at: HeaderName.contentEncoding) != nil
        isPacked = isDocument && isGzip && CurlLibrary.canLeavePacked
        isEncoded = isCoded || value(at: HeaderName.transferEncoding) != nil
        // Room that is reserved is touched only as it fills; growing step by step would copy.
        if isDocument && hasReservation { body.reserveCapacity(documentLimit) }
        // How the transfer is coded goes before a length (RFC 9112, section 6.3).
        guard isDocument, value(at: HeaderName.transferEncoding) == nil,
            let announced = value(at: HeaderName.contentLength)
        else { return true }
        guard let length = Self.length(announced) else {
            hasUnreadableLength = true
            return true
        }
        if length > documentLimit {
            stop = .document
            return false
        }
        // Markup shrinks to about a quarter.
        let size = isCoded && !isPacked ? length * 4 : length
        body.reserveCapacity(min(size, Self.reservationLimit))
        return true
    }

    /// Whether the body is gzip and nothing else, at most in chunks.
    private var isGzip: Bool {
        let codings = fields.filter { $0.name == HeaderName.contentEncoding }
        let transfers = fields.filter { $0.name == HeaderName.transferEncoding }
        func has(_ field: Field, _ word: StaticString) -> Bool {
            let value = text[field.value]
            return value.count == word.utf8CodeUnitCount
                && value.elementsEqual(word.withUTF8Buffer { Array($0) }) { $0 | 0x20 == $1 }
        }
        return codings.count == 1 && has(codings[0], "gzip")
            && (transfers.isEmpty || transfers.count == 1 && has(transfers[0], "chunked"))
    }

    private mutating func takeField(_ line: UnsafeRawBufferPointer) {
        isLastFieldKept = false
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")),
            let name = HeaderName.place(of: UnsafeRawBufferPointer(rebasing: line[..<colon]))
        else { return }
        let value = Self.trimmed(line[(colon + 1)...])
        if name == HeaderName.contentLength, let first = contentLength {
            if first != Self.length(value) { hasTwoLengths = true }
            return
        }
        fields.append(Field(name: name, value: text.count..<(text.count + value.count)))
        text.append(contentsOf: value)
        isLastFieldKept = true
    }

    /// Continues the last field, if it is kept; RFC 9112, section 5.2, has the fold replaced by
    /// blanks.
    private mutating func unfold(_ line: UnsafeRawBufferPointer) {
        guard isLastFieldKept, let last = fields.indices.last else { return }
        text.append(UInt8(ascii: " "))
        text.append(contentsOf: Self.trimmed(line[...]))
        fields[last].value = fields[last].value.lowerBound..<text.count
    }

    private mutating func forgetFields() {
        isLastFieldKept = false
        fields.removeAll(keepingCapacity: true)
        text.removeAll(keepingCapacity: true)
    }

    // MARK: Reading bytes

    private static func trimmed(
        _ bytes: Slice<UnsafeRawBufferPointer>
    ) -> Slice<UnsafeRawBufferPointer> {
        var rest = bytes
        while let first = rest.first, first <= 0x20 { rest.removeFirst() }
        while let last = rest.last, last <= 0x20 { rest.removeLast() }
        return rest
    }

    /// The number in a status line such as `HTTP/1.1 200 OK`; 0 if there is none.
    private static func status(in line: UnsafeRawBufferPointer) -> Int {
        guard let blank = line.firstIndex(of: UInt8(ascii: " ")) else { return 0 }
        return number(line[(blank + 1)...].prefix(3)) ?? 0
    }

    /// A `Content-Length`: a number, or the same number several times (RFC 9112, section 6.3); nil
    /// if it is none.
    ///
    /// One that no machine can hold is the largest there is.
    private static func length(_ value: some BidirectionalCollection<UInt8>) -> Int? {
        var lengths = value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
            .map { part -> Int? in
                let digits = part.drop { $0 <= 0x20 }
                    .reversed().drop { $0 <= 0x20 }.reversed().drop { $0 == UInt8(ascii: "0") }
                let isPadded = digits.count < part.count
                if digits.isEmpty { return isPadded && part.contains(UInt8(ascii: "0")) ? 0 : nil }
                let isNumber = digits.allSatisfy { (0x30...0x39).contains($0) }
                return isNumber ? number(digits) ?? Int.max : nil
            }
        let first = lengths.removeFirst()
        return lengths.allSatisfy { $0 == first } ? first : nil
    }

    /// A decimal number without sign; nil if there is anything else.
    private static func number(_ digits: some Collection<UInt8>) -> Int? {
        guard !digits.isEmpty, digits.count <= 18 else { return nil }
        var number = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            number = number * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return number
    }
}
