/// Finds the places of a string's characters in the file it was written in.
///
/// A string of TOML may hold escapes, leave out its first line break and trim lines that end in a
/// backslash: what stands at an offset of the value can stand anywhere in the file.
struct StringLiteralMap {
    private let file: SourceFile
    /// The offsets in the file at which each scalar of the value starts and ends.
    private var pieces: [Range<Int>] = []
    /// Where the text ends: the closing quotation mark.
    private var end = 0

    /// A map of the string that starts at a position; nil if that cannot be read as `value`.
    init?(_ value: String, at start: SourcePosition, in file: SourceFile) {
        self.file = file
        var scanner = Scanner(bytes: file.bytes, offset: file.offset(of: start))
        guard scanner.open() else { return nil }
        for scalar in value.unicodeScalars {
            guard let piece = scanner.next(), piece.scalar == scalar.value else { return nil }
            pieces.append(piece.range)
        }
        // Blanks after a last backslash are part of nothing.
        end = pieces.last?.upperBound ?? scanner.offset
    }

    /// The place of some scalars of the value.
    ///
    /// An empty range, or one at the end, is the place between two characters.
    func span(of range: Range<Int>) -> SourceSpan {
        let lower = min(max(range.lowerBound, 0), pieces.count)
        let upper = min(max(range.upperBound, lower), pieces.count)
        let start = lower < pieces.count ? pieces[lower].lowerBound : end
        let stop = upper > lower ? pieces[upper - 1].upperBound : start
        return SourceSpan(start: file.position(of: start), end: file.position(of: stop))
    }
}

/// Walks through a string as TOML 1.0 writes it.
///
/// The string is known to be right.
private struct Scanner {
    let bytes: [UInt8]
    var offset: Int
    private var isLiteral = false
    private var isLong = false

    init(bytes: [UInt8], offset: Int) {
        self.bytes = bytes
        self.offset = offset
    }

    /// Goes to the first character; false where no string starts.
    mutating func open() -> Bool {
        guard let quote = byte(at: 0), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
        else { return false }
        isLiteral = quote == UInt8(ascii: "'")
        isLong = byte(at: 1) == quote && byte(at: 2) == quote
        offset += isLong ? 3 : 1
        if isLong, let length = lineBreak() { offset += length }
        return true
    }

    /// The next scalar of the value, with the bytes it is written with.
    mutating func next() -> (scalar: UInt32, range: Range<Int>)? {
        if !isLiteral { skipTrimmedLines() }
        let start = offset
        guard let first = byte(at: 0) else { return nil }
        if isLong, let length = lineBreak() {
            offset += length
            return (0x0A, start..<offset)
        }
        if !isLiteral, first == UInt8(ascii: "\\") {
            guard let scalar = escape() else { return nil }
            return (scalar, start..<offset)
        }
        offset += 1
        var scalar = UInt32(first)
        if first >= 0xC0 {
            scalar = UInt32(first) & (first >= 0xF0 ? 0x07 : first >= 0xE0 ? 0x0F : 0x1F)
            while let byte = byte(at: 0), byte & 0xC0 == 0x80 {
                scalar = scalar << 6 | UInt32(byte & 0x3F)
                offset += 1
            }
        }
        return (scalar, start..<offset)
    }

    /// A backslash at the end of a line takes all white space up to the next character with it.
    private mutating func skipTrimmedLines() {
        while isLong, byte(at: 0) == UInt8(ascii: "\\") {
            let start = offset
            offset += 1
            skipBlanks()
            guard lineBreak() != nil else {
                offset = start
                return
            }
            while true {
                skipBlanks()
                guard let length = lineBreak() else { break }
                offset += length
            }
        }
    }

    private mutating func skipBlanks() {
        while byte(at: 0) == 0x20 || byte(at: 0) == 0x09 { offset += 1 }
    }

    private mutating func escape() -> UInt32? {
        defer { offset += 1 }
        offset += 1
        switch byte(at: 0) {
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "\""): return 0x22
        case UInt8(ascii: "\\"): return 0x5C
        case UInt8(ascii: "u"): return hexadecimal(4)
        case UInt8(ascii: "U"): return hexadecimal(8)
        default: return nil
        }
    }

    private mutating func hexadecimal(_ count: Int) -> UInt32? {
        guard offset + count < bytes.count else { return nil }
        let digits = bytes[(offset + 1)...(offset + count)]
        offset += count
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    private func lineBreak() -> Int? {
        if byte(at: 0) == 0x0A { return 1 }
        return byte(at: 0) == 0x0D && byte(at: 1) == 0x0A ? 2 : nil
    }

    private func byte(at distance: Int) -> UInt8? {
        offset + distance < bytes.count ? bytes[offset + distance] : nil
    }
}
