/// The hash of a word, grown scalar by scalar, so that a stem's hash serves all its endings.
enum WordHash {
    /// The hash of no scalars.
    static let seed: UInt64 = 0x51_7C_C1_B7_27_22_0A_95
    private static let factor: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// The inverse of the factor among 64-bit numbers.
    private static let inverse: UInt64 = 0xF1DE_83E1_9937_733D

    /// The hash without its last scalar.
    @inline(__always)
    static func removing(_ scalar: UInt32, from hash: UInt64) -> UInt64 {
        let mixed = hash &* inverse
        return (mixed >> 5 | mixed << 59) ^ UInt64(scalar)
    }

    /// The hash with one scalar more.
    @inline(__always)
    static func adding(_ scalar: UInt32, to hash: UInt64) -> UInt64 {
        let mixed = hash ^ UInt64(scalar)
        return (mixed << 5 | mixed >> 59) &* factor
    }

    /// The hash of several scalars more.
    static func adding(_ scalars: some Sequence<UInt32>, to hash: UInt64) -> UInt64 {
        scalars.reduce(hash) { adding($1, to: $0) }
    }

    /// The key a finished word is filed under; never zero.
    @inline(__always)
    static func key(_ hash: UInt64) -> UInt64 {
        ((hash ^ hash >> 32) &* factor) | 1
    }

    /// The key of a pair of numbers.
    @inline(__always)
    static func key(_ state: UInt32, _ scalar: UInt32) -> UInt64 {
        key(adding(scalar, to: adding(state, to: seed)))
    }
}

/// A table from 64-bit keys to numbers, with a filter in front: nearly every word of a text is absent.
struct KeyTable: Sendable {
    /// The answer for a key that is absent.
    static let absent = UInt32.max

    private var keys: [UInt64]
    private var values: [UInt32]
    private var filter: [UInt64]
    private var mask: Int
    /// How many keys there are.
    private(set) var count = 0

    init(capacity: Int = 0) {
        var size = 16
        while size * 5 < capacity * 8 { size *= 2 }
        keys = [UInt64](repeating: 0, count: size)
        values = [UInt32](repeating: KeyTable.absent, count: size)
        filter = [UInt64](repeating: 0, count: max(1, size / 8))
        mask = size - 1
    }

    /// False where the key is certainly absent.
    @inline(__always)
    func mayContain(_ key: UInt64) -> Bool {
        filter[filterWord(key)] >> (key >> 32 & 63) & 1 != 0
    }

    /// The value of a key, or `absent`.
    func find(_ key: UInt64) -> UInt32 {
        var slot = Int(truncatingIfNeeded: key >> 20) & mask
        while keys[slot] != 0 {
            if keys[slot] == key { return values[slot] }
            slot = (slot + 1) & mask
        }
        return KeyTable.absent
    }

    /// Files a value, in place of one that is there.
    mutating func set(_ key: UInt64, to value: UInt32) {
        if count * 8 > keys.count * 5 { grow() }
        var slot = Int(truncatingIfNeeded: key >> 20) & mask
        while keys[slot] != 0, keys[slot] != key { slot = (slot + 1) & mask }
        if keys[slot] == 0 {
            count += 1
            filter[filterWord(key)] |= 1 << (key >> 32 & 63)
        }
        keys[slot] = key
        values[slot] = value
    }

    @inline(__always)
    private func filterWord(_ key: UInt64) -> Int {
        Int(truncatingIfNeeded: key >> 40) & (filter.count - 1)
    }

    private mutating func grow() {
        var larger = KeyTable(capacity: keys.count * 2 * 5 / 8)
        for (slot, key) in keys.enumerated() where key != 0 {
            larger.set(key, to: values[slot])
        }
        self = larger
    }
}
