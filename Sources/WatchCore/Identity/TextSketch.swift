import TopicQuery

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

    /// A sketch of the pairs of words in a summary and a content: 16 bins; 0: no text.
    static func ofText(
        _ summary: UnsafeRawBufferPointer,
        _ content: UnsafeRawBufferPointer
    ) -> UInt64 {
        var bins: [16 of UInt32] = .init(repeating: .max)
        addPairs(of: UnsafeRawBufferPointer(rebasing: summary.prefix(reach)), to: &bins)
        let left = max(0, reach - summary.count)
        addPairs(of: UnsafeRawBufferPointer(rebasing: content.prefix(left)), to: &bins)
        return packed(bins, count: 16)
    }

    private static func addPairs(
        of bytes: UnsafeRawBufferPointer,
        to bins: inout [16 of UInt32]
    ) {
        var before: UInt32 = 0
        forEachWord(in: bytes) { word in
            put(spread(before &* 31 &+ word), into: &bins)
            before = word
        }
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
        kinds.withUnsafeBufferPointer { kinds in
            var index = 0
            while index < bytes.count {
                // Where 64 bytes are ASCII all of their words are found at once. Eight bytes can
                // be loaded from each.
                if index &+ 72 <= bytes.count, let letters = ASCIIWord.letters(bytes, from: index) {
                    index &+= readBlock(bytes, from: index, letters, body)
                    continue
                }
                // Else one after the other, to the end of as many bytes.
                let end = min(index &+ 64, bytes.count)
                while index < end {
                    let start = index
                    index &+= 1
                    guard kinds[Int(bytes[start])] != Kind.other else { continue }
                    while index < bytes.count, kinds[Int(bytes[index])] == Kind.letter {
                        index &+= 1
                    }
                    body(hash(of: bytes, from: start, to: index))
                }
            }
        }
    }

    /// Hashes the words in 64 bytes of ASCII whose letters and digits are `letters`; answers how
    /// many bytes are done with: what comes up to the end may go on.
    @inline(__always)
    private static func readBlock(
        _ bytes: UnsafeRawBufferPointer,
        from base: Int,
        _ letters: UInt64,
        _ body: (UInt32) -> Void
    ) -> Int {
        var rest = letters
        while rest != 0 {
            let start = rest.trailingZeroBitCount
            let length = (~(rest >> UInt64(start))).trailingZeroBitCount
            let end = start &+ length
            guard end < 64 else {
                guard start == 0 else { return start }
                // As long as that few words are.
                var after = base &+ 64
                kinds.withUnsafeBufferPointer { kinds in
                    while after < bytes.count, kinds[Int(bytes[after])] == Kind.letter {
                        after &+= 1
                    }
                }
                body(hash(of: bytes, from: base, to: after))
                return after &- base
            }
            if length < 8 {
                let part = bytes.loadUnaligned(
                    fromByteOffset: base &+ start,
                    as: UInt64.self
                )
                body(hash(ofShort: UInt64(littleEndian: part), length: length))
            } else {
                body(hash(of: bytes, from: base &+ start, to: base &+ end))
            }
            rest &= ~0 << UInt64(end)
        }
        return 64
    }

    /// A hash of a word, without regard to ASCII case; eight bytes at a time.
    @inline(__always)
    private static func hash(
        of bytes: UnsafeRawBufferPointer,
        from start: Int,
        to end: Int
    ) -> UInt32 {
        let factor: UInt64 = 0x9E37_79B9_7F4A_7C15
        let lower: UInt64 = 0x2020_2020_2020_2020
        var hash: UInt64 = 0
        var index = start
        while index &+ 8 <= end {
            let part = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            hash = (hash ^ (UInt64(littleEndian: part) | lower)) &* factor
            hash ^= hash >> 29
            index &+= 8
        }
        var rest: UInt64 = 0
        while index < end {
            rest = rest << 8 | UInt64(bytes[index])
            index &+= 1
        }
        hash = (hash ^ (rest | lower)) &* factor
        return UInt32(truncatingIfNeeded: hash >> 32) | 1
    }

    /// The hash of a word of less than eight letters, the first in the lowest bits of `part`.
    @inline(__always)
    private static func hash(ofShort part: UInt64, length: Int) -> UInt32 {
        let letters = part.byteSwapped >> UInt64(64 &- 8 &* length)
        let hash = (letters | 0x2020_2020_2020_2020) &* 0x9E37_79B9_7F4A_7C15
        return UInt32(truncatingIfNeeded: hash >> 32) | 1
    }

    private enum Kind {
        /// Parts words.
        static let other: UInt8 = 0
        /// Letters and digits of ASCII, and all of an alphabet beyond.
        static let letter: UInt8 = 1
        /// The first byte of a kana, an ideograph or a syllable: a word of its own.
        static let word: UInt8 = 2
    }

    private static let kinds: [UInt8] = (0...255).map { byte in
        switch UInt8(byte) {
        case 0xE3...0xEF: Kind.word
        case 0x80..., 0x30...0x39, 0x41...0x5A, 0x61...0x7A: Kind.letter
        default: Kind.other
        }
    }

    @inline(__always)
    private static func spread(_ hash: UInt32) -> UInt32 {
        var hash = hash
        hash = (hash ^ (hash >> 16)) &* 0x7FEB_352D
        hash = (hash ^ (hash >> 15)) &* 0x846C_A68B
        return hash ^ (hash >> 16)
    }
}
