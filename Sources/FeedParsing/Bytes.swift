internal import Glibc

/// A view of bytes in memory that somebody else owns for the length of a call.
typealias Bytes = UnsafeBufferPointer<UInt8>

extension UnsafeBufferPointer where Element == UInt8 {
    /// A part of the view.
    @inline(__always)
    func part(_ range: Range<Int>) -> Bytes { Bytes(rebasing: self[range]) }

    /// The part from `start` to the end.
    @inline(__always)
    func from(_ start: Int) -> Bytes { Bytes(rebasing: self[start...]) }

    /// The view without ASCII white space at its ends.
    var trimmed: Bytes {
        var start = 0
        var end = count
        while start < end, self[start].isASCIISpace { start &+= 1 }
        while end > start, self[end &- 1].isASCIISpace { end &-= 1 }
        return part(start..<end)
    }

    /// The bytes without any `byte` at their end.
    func withoutTail(of byte: UInt8) -> Bytes {
        var end = count
        while end > 0, self[end &- 1] == byte { end &-= 1 }
        return part(0..<end)
    }

    /// Whether the bytes are those of `text`.
    func equals(_ text: StaticString) -> Bool {
        count == text.utf8CodeUnitCount && hasPrefix(text)
    }

    /// Whether the bytes start with those of `text`.
    func hasPrefix(_ text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        guard count >= length else { return false }
        let start = text.utf8Start
        for index in 0..<length where self[index] != start[index] { return false }
        return true
    }

    /// Whether the bytes are those of `text`, which is in lower case, but for ASCII case.
    func equalsIgnoringCase(_ text: StaticString) -> Bool {
        count == text.utf8CodeUnitCount && hasPrefixIgnoringCase(text)
    }

    /// Whether the bytes start with those of `text`, which is in lower case, but for ASCII case.
    func hasPrefixIgnoringCase(_ text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        guard count >= length else { return false }
        let start = text.utf8Start
        for index in 0..<length where self[index].asciiLowercased != start[index] { return false }
        return true
    }

    /// The offset of the first `byte` at or behind `start`.
    func firstOffset(of byte: UInt8, from start: Int = 0) -> Int? {
        guard let base = baseAddress, start < count else { return nil }
        // Most searches end within a few bytes; the others are worth the call.
        var index = start
        let near = Swift.min(count, start &+ 16)
        while index < near {
            if base[index] == byte { return index }
            index &+= 1
        }
        guard index < count, let found = memchr(base + index, Int32(byte), count &- index) else {
            return nil
        }
        return found - UnsafeMutableRawPointer(mutating: UnsafeRawPointer(base))
    }

    /// The offset of the first occurrence of `text` at or behind `start`.
    func firstOffset(of text: StaticString, from start: Int = 0) -> Int? {
        guard text.utf8CodeUnitCount > 0 else { return start }
        var index = start
        while let found = firstOffset(of: text.utf8Start[0], from: index) {
            if from(found).hasPrefix(text) { return found }
            index = found &+ 1
        }
        return nil
    }

    /// As `firstOffset(of:from:)`, without regard to ASCII case; `text` is in lower case.
    func firstOffsetIgnoringCase(of text: StaticString, from start: Int = 0) -> Int? {
        guard text.utf8CodeUnitCount > 0 else { return start }
        let first = text.utf8Start[0]
        var index = start
        while index < count {
            if self[index].asciiLowercased == first, from(index).hasPrefixIgnoringCase(text) {
                return index
            }
            index &+= 1
        }
        return nil
    }

    /// Where the run of ASCII ends that `start` is in: the first byte beyond it, or the end.
    func endOfASCII(from start: Int) -> Int {
        var index = start
        let raw = UnsafeRawBufferPointer(self)
        while index &+ 8 <= count,
            raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
        {
            index &+= 8
        }
        while index < count, self[index] < 0x80 { index &+= 1 }
        return index
    }

    /// The whole number the bytes are, without sign, or nil.
    var decimal: Int? {
        guard !isEmpty, count <= 18 else { return nil }
        var value = 0
        for byte in self {
            guard byte.isASCIIDigit else { return nil }
            value = value &* 10 &+ Int(byte &- 0x30)
        }
        return value
    }

    /// The text, wrong bytes as U+FFFD.
    var string: String { String(decoding: self, as: UTF8.self) }
}

extension UInt8 {
    /// Whether this is white space of XML, or a form feed.
    @inline(__always)
    var isASCIISpace: Bool { self == 0x20 || (self >= 0x09 && self <= 0x0D && self != 0x0B) }

    /// Whether this is one of 0 to 9.
    @inline(__always)
    var isASCIIDigit: Bool { self &- 0x30 < 10 }

    /// Whether this is a letter of ASCII.
    @inline(__always)
    var isASCIILetter: Bool { (self | 0x20) &- 0x61 < 26 }

    /// The lower-case form of an ASCII letter, any other byte as it is.
    @inline(__always)
    var asciiLowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }
}

extension Array where Element == UInt8 {
    /// Appends a scalar in UTF-8; what is no scalar comes out as U+FFFD.
    mutating func append(scalar: UInt32) {
        let value = Unicode.Scalar(scalar) ?? "\u{FFFD}"
        append(contentsOf: UTF8.encode(value) ?? UTF8.encodedReplacementCharacter)
    }

    /// Appends the bytes of a literal.
    mutating func append(text: StaticString) {
        append(contentsOf: Bytes(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
