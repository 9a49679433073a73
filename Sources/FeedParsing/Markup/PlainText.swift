// Markup or plain text to what a reader sees, in one pass over the bytes.
//
// `append` and `replaceTail` are the entrances. `PlainTextWriter` holds the output and what is
// known of the white space before the next visible byte; `PlainTextScanner` (its own file) walks
// the input. Output never outgrows the room reserved here: see `room(for:)`.

/// Turns markup or plain text into what a reader sees.
enum PlainText {
    /// How much output `count` bytes of input can give.
    ///
    /// What grows most are a control of two bytes that means a character of three (`&#150;`), and
    /// an empty line, which becomes U+2029: half as much again.
    private static func room(for count: Int) -> Int { count &+ count / 2 &+ 64 }

    /// Appends what a reader sees of `text` to `output`.
    ///
    /// White space is collapsed, the ends trimmed, Unicode in form NFC. Paragraphs are parted by
    /// U+2029 where asked for, by a blank otherwise.
    static func append(
        _ text: Bytes,
        isMarkup: Bool,
        paragraphs: Bool,
        to output: inout [UInt8]
    ) {
        guard !text.isEmpty else { return }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: room(for: text.count)) { room in
            guard let start = room.baseAddress else { return }
            var writer = PlainTextWriter(room: room, start: start, paragraphs: paragraphs)
            PlainTextScanner.scan(text, isMarkup: isMarkup, into: &writer)
            let seen = Bytes(start: start, count: writer.count)
            if writer.mayNeedNormalizing, UnicodeNormalizer.appendNormalized(seen, to: &output) {
                return
            }
            output.append(contentsOf: seen)
        }
    }

    /// Replaces the bytes of `buffer` from `start` on by what a reader sees of them.
    static func replaceTail(of buffer: inout [UInt8], from start: Int, isMarkup: Bool) {
        guard buffer.count > start else { return }
        let capacity = room(for: buffer.count &- start)
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: capacity) { room in
            guard let base = room.baseAddress else { return }
            var writer = PlainTextWriter(room: room, start: base, paragraphs: false)
            buffer.withUnsafeBufferPointer {
                PlainTextScanner.scan($0.from(start), isMarkup: isMarkup, into: &writer)
            }
            buffer.removeLast(buffer.count &- start)
            let seen = Bytes(start: base, count: writer.count)
            if writer.mayNeedNormalizing, UnicodeNormalizer.appendNormalized(seen, to: &buffer) {
                return
            }
            buffer.append(contentsOf: seen)
        }
    }
}

/// The output of a pass: visible bytes, with at most one separator between them.
struct PlainTextWriter {
    /// What stands between the last visible byte and the next.
    enum Separator: UInt8, Comparable {
        case none
        case blank
        case lineBreak
        case paragraph

        static func < (left: Separator, right: Separator) -> Bool {
            left.rawValue < right.rawValue
        }
    }

    private let start: UnsafeMutablePointer<UInt8>
    private let end: UnsafeMutablePointer<UInt8>
    private var next: UnsafeMutablePointer<UInt8>
    private let paragraphs: Bool
    private var pending = Separator.none
    /// Whether something was written that form NFC may change.
    var mayNeedNormalizing: Bool { hasComposing && !isExcessive }
    private var hasComposing = false
    private var isExcessive = false
    private var composingEnd: UnsafeMutablePointer<UInt8>?
    private var composingCount = 0
    /// The longest run of scalars that are put in order.
    ///
    /// ICU takes time with the square of the length of a run of combining marks, and no language
    /// has more than a few.
    private static let composingLimit = 1_024

    /// A writer into memory of sufficient size, which starts at `start`.
    init(
        room: UnsafeMutableBufferPointer<UInt8>,
        start: UnsafeMutablePointer<UInt8>,
        paragraphs: Bool
    ) {
        self.start = start
        next = start
        end = start + room.count
        self.paragraphs = paragraphs
    }

    /// The number of bytes written.
    var count: Int { next - start }

    /// Notes that something parts what was written from what comes.
    @inline(__always)
    mutating func separate(_ separator: Separator) {
        if separator > pending { pending = separator }
    }

    /// Notes a `br`: two of them part paragraphs.
    mutating func breakLine() { separate(pending == .lineBreak ? .paragraph : .lineBreak) }

    /// Notes that a scalar of `length` bytes comes that form NFC may change.
    mutating func noteComposing(_ length: Int) {
        composingCount = composingEnd == next ? composingCount &+ 1 : 1
        composingEnd = next + length
        if composingCount <= PlainTextWriter.composingLimit {
            hasComposing = true
        } else {
            isExcessive = true
        }
    }

    /// Writes the separator that is due before a visible byte.
    @inline(__always)
    mutating func flushSeparator() {
        if pending != .none { writeSeparator() }
    }

    private mutating func writeSeparator() {
        let isParagraph = pending == .paragraph
        pending = .none
        guard next > start else { return }
        assert(end - next >= 3, "plain text outgrew its room")
        if isParagraph, paragraphs {
            next[0] = 0xE2
            next[1] = 0x80
            next[2] = 0xA9
            next += 3
        } else {
            next[0] = 0x20
            next += 1
        }
    }

    /// Writes a byte behind `flushSeparator()`.
    @inline(__always)
    mutating func put(_ byte: UInt8) {
        assert(next < end, "plain text outgrew its room")
        next.pointee = byte
        next += 1
    }

    /// Writes a run of bytes behind `flushSeparator()`.
    @inline(__always)
    mutating func put(_ bytes: Bytes) {
        guard let first = bytes.baseAddress else { return }
        assert(end - next >= bytes.count, "plain text outgrew its room")
        next.update(from: first, count: bytes.count)
        next += bytes.count
    }

    /// Writes a scalar as text of a page, so white space and controls as such.
    mutating func write(scalar: UInt32) {
        switch scalar {
        case 0x09...0x0D, 0x20, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F,
            0x205F, 0x3000:
            separate(.blank)
        case 0...0x1F, 0x7F...0x9F, 0xFEFF:
            return
        case 0..<0x80:
            flushSeparator()
            put(UInt8(scalar))
        default:
            flushSeparator()
            // What form NFC may change starts at U+0300; dashes and quotes are the usual case.
            if scalar >= 0x300, !(0x2010...0x2027).contains(scalar), scalar != 0x20AC {
                noteComposing(scalar < 0x800 ? 2 : scalar < 0x1_0000 ? 3 : 4)
            }
            guard let value = Unicode.Scalar(scalar), let bytes = UTF8.encode(value) else { return }
            for byte in bytes { put(byte) }
        }
    }
}
