/// Checks bytes for UTF-8.
enum UTF8Check {
    /// The offset of the first byte that is not part of well-formed UTF-8 (Unicode, table 3-7).
    static func firstError(_ bytes: Bytes) -> Int? {
        var index = 0
        let count = bytes.count
        let raw = UnsafeRawBufferPointer(bytes)
        while index < count {
            if index &+ 8 <= count,
                raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080
                    == 0
            {
                index &+= 8
                continue
            }
            let length = sequenceLength(bytes, at: index)
            if length == 0 { return index }
            index &+= length
        }
        return nil
    }

    /// The length of the well-formed sequence at `index`, or 0.
    @inline(__always)
    static func sequenceLength(_ bytes: Bytes, at index: Int) -> Int {
        let first = bytes[index]
        if first < 0x80 { return 1 }
        let rest = bytes.count &- index
        guard first >= 0xC2, first <= 0xF4, rest > 1 else { return 0 }
        let second = bytes[index &+ 1]
        guard second & 0xC0 == 0x80 else { return 0 }
        if first < 0xE0 { return 2 }
        guard rest > 2, bytes[index &+ 2] & 0xC0 == 0x80 else { return 0 }
        if first < 0xF0 {
            if first == 0xE0, second < 0xA0 { return 0 }
            if first == 0xED, second > 0x9F { return 0 }
            return 3
        }
        guard rest > 3, bytes[index &+ 3] & 0xC0 == 0x80 else { return 0 }
        if first == 0xF0, second < 0x90 { return 0 }
        if first == 0xF4, second > 0x8F { return 0 }
        return 4
    }
}
