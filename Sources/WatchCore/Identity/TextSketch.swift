/// Small sketches of texts, from which the likeness of two texts can be told without either.
///
/// One-permutation hashing (Li, Owen, Zhang: "One Permutation Hashing", 2012): the features of a
/// text fall into bins by their hash, and of each bin the four lowest bits of the least hash are
/// kept. The share of bins that agree estimates the share of features that two texts have in
/// common (Jaccard).
enum TextSketch {
    /// The most bytes of a text that are looked at.
    static let reach = 1_024
    private static let prime: UInt32 = 0x0100_0193

    /// A sketch of the pairs of words in `bytes`: 16 bins; 0: no text.
    static func ofText(_ bytes: [UnsafeRawBufferPointer]) -> UInt64 {
        var bins: [16 of UInt32] = .init(repeating: .max)
        var left = reach
        for part in bytes where left > 0 {
            var before: UInt32 = 0
            forEachWord(in: UnsafeRawBufferPointer(rebasing: part.prefix(left))) { word in
                put(spread(before &* 31 &+ word), into: &bins)
                before = word
            }
            left -= part.count
        }
        return packed(bins, count: 16)
    }

    /// A sketch of the words of a title: 8 bins; 0: no words.
    static func ofTitle(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var bins: [16 of UInt32] = .init(repeating: .max)
        forEachWord(in: UnsafeRawBufferPointer(rebasing: bytes.prefix(reach))) { word in
            let hash = spread(word)
            let bin = Int(hash >> 29)
            bins[bin] = min(bins[bin], hash << 3)
        }
        return UInt32(truncatingIfNeeded: packed(bins, count: 8))
    }

    /// A hash of the numbers in a title, in order; 0: none.
    static func ofNumbers(_ bytes: UnsafeRawBufferPointer) -> UInt16 {
        var hash: UInt32 = 0
        var isInside = false
        for byte in bytes.prefix(reach) {
            let isDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            if isDigit || isInside { hash = (hash ^ UInt32(isDigit ? byte : 1)) &* prime }
            isInside = isDigit
        }
        return hash == 0 ? 0 : max(1, UInt16(truncatingIfNeeded: spread(hash)))
    }

    /// Whether two texts have at least two in five pairs of words in common, by their sketches;
    /// short ones at least half.
    static func areAlike(_ left: UInt64, _ right: UInt64) -> Bool {
        let (equal, filled) = compare(left, right, bins: 16)
        guard filled >= 4 else { return false }
        return filled >= 12 ? equal * 5 >= filled * 2 : equal * 2 >= filled
    }

    /// Whether two titles have at least half of their words in common, by their sketches.
    static func areAlike(titles left: UInt32, _ right: UInt32) -> Bool {
        let (equal, filled) = compare(UInt64(left), UInt64(right), bins: 8)
        return filled >= 2 && equal * 2 >= filled
    }

    private static func compare(
        _ left: UInt64,
        _ right: UInt64,
        bins: Int
    ) -> (equal: Int, filled: Int) {
        var equal = 0
        var filled = 0
        for bin in 0..<bins {
            let one = (left >> UInt64(bin * 4)) & 0xF
            let other = (right >> UInt64(bin * 4)) & 0xF
            guard one != 0 || other != 0 else { continue }
            filled += 1
            if one == other { equal += 1 }
        }
        return (equal, filled)
    }

    private static func put(_ hash: UInt32, into bins: inout [16 of UInt32]) {
        let bin = Int(hash >> 28)
        bins[bin] = min(bins[bin], hash << 4)
    }

    /// Four bits a bin: 1 to 15, or 0 for an empty one.
    private static func packed(_ bins: [16 of UInt32], count: Int) -> UInt64 {
        var sketch: UInt64 = 0
        for bin in 0..<count where bins[bin] != .max {
            sketch |= UInt64(1 + spread(bins[bin]) % 15) << UInt64(bin * 4)
        }
        return sketch
    }

    /// Calls `body` with a hash of each word: a run of letters and digits of ASCII or of an
    /// alphabet, or a single character of the scripts that part no words.
    @inline(__always)
    private static func forEachWord(
        in bytes: UnsafeRawBufferPointer,
        _ body: (UInt32) -> Void
    ) {
        var hash: UInt32 = 0
        for byte in bytes {
            if byte >= 0xE3 && byte < 0xF0 {
                // The first byte of a kana, an ideograph or a syllable: a word of its own.
                if hash != 0 { body(hash) }
                hash = UInt32(byte) &* prime
            } else if isWord(byte) {
                hash = ((hash == 0 ? 0x811C_9DC5 : hash) ^ UInt32(byte | 0x20)) &* prime
            } else if hash != 0 {
                body(hash)
                hash = 0
            }
        }
        if hash != 0 { body(hash) }
    }

    /// Whether a byte belongs to a word: letters and digits of ASCII, and all of an alphabet beyond.
    @inline(__always)
    private static func isWord(_ byte: UInt8) -> Bool {
        byte >= 0x80 || (byte | 0x20) &- 97 < 26 || byte &- 48 < 10
    }

    @inline(__always)
    private static func spread(_ hash: UInt32) -> UInt32 {
        var hash = hash
        hash = (hash ^ (hash >> 16)) &* 0x7FEB_352D
        hash = (hash ^ (hash >> 15)) &* 0x846C_A68B
        return hash ^ (hash >> 16)
    }
}
