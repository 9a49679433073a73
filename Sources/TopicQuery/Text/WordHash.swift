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

/// Two bits for each key in one of many words: most keys that a table lacks are told by one look.
struct KeyFilter: Sendable {
    fileprivate var words: [UInt64]

    fileprivate init(count: Int) { words = [UInt64](repeating: 0, count: count) }

    /// The bits of a key within its word.
    @inline(__always)
    private static func bits(_ key: UInt64) -> UInt64 {
        1 << (key >> 32 & 63) | 1 << (key >> 26 & 63)
    }

    @inline(__always)
    private static func place(_ key: UInt64, _ count: Int) -> Int {
        Int(truncatingIfNeeded: key >> 40) & (count - 1)
    }

    fileprivate mutating func insert(_ key: UInt64) {
        words[KeyFilter.place(key, words.count)] |= KeyFilter.bits(key)
    }

    /// False where the key is certainly absent.
    @inline(__always)
    func mayContain(_ key: UInt64) -> Bool {
        let bits = KeyFilter.bits(key)
        return words[KeyFilter.place(key, words.count)] & bits == bits
    }

    /// A view for a loop that must not count references, valid within `body`.
    @inline(__always)
    func withView<Result>(_ body: (View) -> Result) -> Result {
        words.withUnsafeBufferPointer { body(View(words: $0)) }
    }

    /// The filter as memory that somebody else holds.
    struct View {
        fileprivate let words: UnsafeBufferPointer<UInt64>

        /// False where the key is certainly absent.
        @inline(__always)
        func mayContain(_ key: UInt64) -> Bool {
            let bits = KeyFilter.bits(key)
            return words[KeyFilter.place(key, words.count)] & bits == bits
        }
    }
}

/// A table from 64-bit keys to numbers, with a filter in front: nearly every word of a text is absent.
struct KeyTable: Sendable {
    /// The answer for a key that is absent.
    static let absent = UInt32.max

    private var keys: [UInt64]
    private var values: [UInt32]
    /// What tells of most absent keys.
    private(set) var filter: KeyFilter
    private var mask: Int
    /// How many keys there are.
    private(set) var count = 0

    init(capacity: Int = 0) {
        var size = 16
        while size * 5 < capacity * 8 { size *= 2 }
        keys = [UInt64](repeating: 0, count: size)
        values = [UInt32](repeating: KeyTable.absent, count: size)
        filter = KeyFilter(count: size / 4)
        mask = size - 1
    }

    /// A table of keys alone.
    init(_ keys: [UInt64]) {
        self.init(capacity: keys.count)
        for key in keys { set(key, to: 0) }
    }

    /// False where the key is certainly absent.
    @inline(__always)
    func mayContain(_ key: UInt64) -> Bool { filter.mayContain(key) }

    /// Whether there is such a key.
    func has(_ key: UInt64) -> Bool { mayContain(key) && find(key) != KeyTable.absent }

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
            filter.insert(key)
        }
        keys[slot] = key
        values[slot] = value
    }

    private mutating func grow() {
        var larger = KeyTable(capacity: keys.count * 2 * 5 / 8)
        for (slot, key) in keys.enumerated() where key != 0 {
            larger.set(key, to: values[slot])
        }
        self = larger
    }
}
