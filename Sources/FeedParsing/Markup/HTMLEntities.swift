/// The named character references of HTML, by name.
struct HTMLEntities: Sendable {
    /// What a name stands for.
    struct Reference: Sendable {
        /// The first scalar.
        var first: UInt32
        /// The second scalar, or 0.
        var second: UInt32
        /// Whether HTML also takes the name without a semicolon.
        var isLegacy: Bool
    }

    private struct Entry {
        var hash: UInt32
        var start: Int32
        var count: Int32
        var reference: Reference
    }

    /// The one table; filled at first use.
    static let shared = HTMLEntities()

    /// The length of the longest name.
    static let longestName = 31

    // An open hash table: indexes of `entries` from 1, 0 for an empty slot.
    private var slots: [UInt16]
    private var entries: [Entry] = []

    private init() {
        slots = Array(repeating: 0, count: 8192)
        entries.reserveCapacity(2300)
        let list = HTMLEntities.list
        var start = 0
        while start < list.count {
            var end = start
            while end < list.count, !list[end].isASCIISpace { end += 1 }
            if end > start { add(list, start..<end) }
            start = end + 1
        }
    }

    private static var list: Bytes {
        Bytes(
            start: HTMLEntityNames.list.utf8Start,
            count: HTMLEntityNames.list.utf8CodeUnitCount
        )
    }

    private mutating func add(_ list: Bytes, _ range: Range<Int>) {
        guard let equals = list.firstOffset(of: UInt8(ascii: "="), from: range.lowerBound) else {
            return
        }
        var reference = Reference(first: 0, second: 0, isLegacy: false)
        for byte in list[(equals + 1)..<range.upperBound] {
            switch byte {
            case UInt8(ascii: "!"):
                reference.isLegacy = true
            case UInt8(ascii: "+"):
                swap(&reference.first, &reference.second)
            default:
                let digit = byte.isASCIIDigit ? byte - 0x30 : byte - 0x41 + 10
                reference.first = reference.first << 4 | UInt32(digit)
            }
        }
        if reference.second != 0 { swap(&reference.first, &reference.second) }
        let name = list.part(range.lowerBound..<equals)
        let hash = HTMLEntities.hash(name)
        entries.append(
            Entry(
                hash: hash,
                start: Int32(range.lowerBound),
                count: Int32(name.count),
                reference: reference
            )
        )
        var slot = Int(hash) & (slots.count - 1)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = UInt16(entries.count)
    }

    private static func hash(_ name: Bytes) -> UInt32 {
        var hash: UInt32 = 2_166_136_261
        for byte in name { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return hash ^ (hash >> 15)
    }

    /// What `name`, without ampersand and semicolon, stands for.
    func reference(named name: Bytes) -> Reference? {
        let hash = HTMLEntities.hash(name)
        var slot = Int(hash) & (slots.count &- 1)
        while slots[slot] != 0 {
            let entry = entries[Int(slots[slot]) &- 1]
            if entry.hash == hash, Int(entry.count) == name.count,
                name.elementsEqual(
                    HTMLEntities.list[Int(entry.start)..<Int(entry.start + entry.count)]
                )
            {
                return entry.reference
            }
            slot = (slot &+ 1) & (slots.count &- 1)
        }
        return nil
    }
}

extension HTMLEntities {
    /// A character reference found in text.
    struct Found {
        /// The first scalar.
        var first: UInt32
        /// The second scalar, or 0.
        var second: UInt32 = 0
        /// The number of bytes it takes in the text, from the ampersand on.
        var length: Int
    }

    /// Reads the character reference that starts at `text[index]`, an ampersand.
    ///
    /// Numbers 128 to 159 mean windows-1252, as in browsers; numbers that are no scalar mean
    /// U+FFFD. Old names count without semicolon where no letter or digit follows.
    static func read(_ text: Bytes, at index: Int) -> Found? {
        let start = index &+ 1
        guard start < text.count else { return nil }
        if text[start] == UInt8(ascii: "#") { return readNumber(text, at: index) }
        var end = start
        let limit = min(text.count, start &+ longestName &+ 1)
        while end < limit, text[end].isASCIILetter || text[end].isASCIIDigit { end &+= 1 }
        guard end > start else { return nil }
        let isClosed = end < text.count && text[end] == UInt8(ascii: ";")
        let name = text.part(start..<end)
        if isClosed {
            if name.equals("amp") { return Found(first: 0x26, length: 5) }
            if name.equals("nbsp") { return Found(first: 0xA0, length: 6) }
        }
        guard let known = shared.reference(named: name), isClosed || known.isLegacy else {
            return nil
        }
        // `?a=1&copy=2` is a query, not a copyright sign (the HTML standard's rule for attributes).
        if !isClosed, end < text.count, text[end] == UInt8(ascii: "=") { return nil }
        return Found(
            first: known.first,
            second: known.second,
            length: end &- index &+ (isClosed ? 1 : 0)
        )
    }

    private static func readNumber(_ text: Bytes, at index: Int) -> Found? {
        var position = index &+ 2
        var isHexadecimal = false
        if position < text.count, text[position] | 0x20 == UInt8(ascii: "x") {
            isHexadecimal = true
            position &+= 1
        }
        let firstDigit = position
        var value: UInt32 = 0
        while position < text.count {
            let byte = text[position]
            var digit: UInt32
            if byte.isASCIIDigit {
                digit = UInt32(byte &- 0x30)
            } else if isHexadecimal, (byte | 0x20) &- 0x61 < 6 {
                digit = UInt32((byte | 0x20) &- 0x61) &+ 10
            } else {
                break
            }
            digit = min(digit, 15)
            // Held above the last scalar, so that a long number cannot wrap round.
            value = min(value &* (isHexadecimal ? 16 : 10) &+ digit, 0x11_0000)
            position &+= 1
        }
        guard position > firstDigit else { return nil }
        if position < text.count, text[position] == UInt8(ascii: ";") { position &+= 1 }
        return Found(first: scalar(forNumber: value), length: position &- index)
    }

    /// The scalar that a numeric reference means.
    static func scalar(forNumber value: UInt32) -> UInt32 {
        if value >= 0x80, value < 0xA0 { return windows1252[Int(value) - 0x80] }
        if value == 0 || value > 0x10_FFFF || (value >= 0xD800 && value < 0xE000) { return 0xFFFD }
        return value
    }

    /// What windows-1252 has at 128 to 159 (the HTML standard, "numeric character reference end
    /// state").
    static let windows1252: [UInt32] = [
        0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0x8D, 0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013,
        0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
    ]
}
