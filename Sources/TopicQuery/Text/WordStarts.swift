/// Tells by its first four letters most words of ASCII that nobody looks for.
///
/// A bit for each beginning that some word of a lexicon has; a shorter word is a beginning of its
/// own.
struct WordStarts: Sendable {
    /// How many letters are looked at.
    private static let reach = 4
    /// The bits that are not used of a hash: 8 KB are left.
    private static let shift: UInt32 = 16

    private var words = [UInt64](repeating: 0, count: 1 << (32 - shift) / 64)

    /// Adds a word that must stand as it is.
    mutating func add(_ scalars: some Sequence<UInt32>) {
        if let start = WordStarts.start(scalars) { insert(start.bytes) }
    }

    /// Adds the words that `base` makes with each of `endings`.
    mutating func add(_ base: [UInt32], endings: [[UInt32]]) {
        guard base.count < WordStarts.reach else { return add(base) }
        for ending in endings { add(base + ending) }
    }

    /// Adds all words that begin with `scalars`.
    mutating func add(beginning scalars: some Sequence<UInt32>) {
        guard let start = WordStarts.start(scalars) else { return }
        if start.count == 0 {
            for index in words.indices { words[index] = .max }
        } else {
            insert(start.bytes, andLongerFrom: start.count)
        }
    }

    private mutating func insert(_ bytes: UInt32, andLongerFrom count: Int) {
        insert(bytes)
        guard count < WordStarts.reach else { return }
        for letter in Array(0x30...0x39) + Array(0x61...0x7A) as [UInt32] {
            insert(bytes | letter << UInt32(8 * count), andLongerFrom: count + 1)
        }
    }

    private mutating func insert(_ bytes: UInt32) {
        let place = WordStarts.place(bytes)
        words[place >> 6] |= 1 << UInt64(place & 63)
    }

    @inline(__always)
    private static func place(_ bytes: UInt32) -> Int {
        Int((bytes &* 0x9E37_79B1) >> shift)
    }

    /// The first letters of a folded word, the first in the lowest bits; nil where one of them is
    /// beyond ASCII.
    private static func start(_ scalars: some Sequence<UInt32>) -> (bytes: UInt32, count: Int)? {
        var bytes: UInt32 = 0
        var count = 0
        for scalar in scalars.prefix(reach) {
            guard scalar < 0x80 else { return nil }
            bytes |= scalar << UInt32(8 * count)
            count += 1
        }
        return (bytes, count)
    }

    /// Calls `body` with the bits, for a loop that must not count references.
    @inline(__always)
    func withView<Result>(_ body: (View) -> Result) -> Result {
        words.withUnsafeBufferPointer { body(View(words: $0)) }
    }

    /// The bits as memory that somebody else holds.
    struct View {
        fileprivate let words: UnsafeBufferPointer<UInt64>

        /// False where no word has the beginning of the one that stands in `text`, of `length`
        /// ASCII letters and digits, the first in the lowest bits.
        @inline(__always)
        func mayHold(_ text: UInt64, length: Int) -> Bool {
            let letters = UInt32(truncatingIfNeeded: text)
            // A digit has this bit already.
            let folded = letters | 0x2020_2020
            let bytes =
                length >= WordStarts.reach ? folded : folded & ((1 << UInt32(8 * length)) &- 1)
            let place = WordStarts.place(bytes)
            return words[place >> 6] >> UInt64(place & 63) & 1 != 0
        }
    }
}
