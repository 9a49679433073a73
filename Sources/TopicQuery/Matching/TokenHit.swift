/// A word of the lexicon at a place in a text.
///
/// Tokens, positions, sentences and paragraphs are counted on from field to field, so that equal
/// numbers mean the same field.
struct TokenHit: Sendable {
    /// The word's number.
    var word: UInt32
    /// The first token.
    var token: Int32
    /// How many tokens it covers.
    var count: Int32
    /// The distance units before it: two a word, one an ideograph.
    var position: Int32
    /// The distance units at its end.
    var positionEnd: Int32
    /// The sentence.
    var sentence: Int32
    /// The paragraph.
    var paragraph: Int32
    /// The first byte.
    var start: Int32
    /// The byte behind the last.
    var end: Int32
}

/// A token as terms are read: with its folded scalars.
struct ScannedToken: Hashable, Sendable {
    /// The folded scalars.
    var scalars: [UInt32]
    /// Whether it is a single Han or kana character.
    var isIdeograph: Bool
    /// Whether it is an ideograph that follows another one without a gap.
    var continuesRun = false
    /// All flags of its scalars.
    var flags: UInt32
    /// How many of its scalars are capitals or digits.
    var capitals: Int
    /// The first byte.
    var start: Int
    /// The byte behind the last.
    var end: Int
    /// The sentence it stands in.
    var sentence: Int
    /// The paragraph it stands in.
    var paragraph: Int
}

/// The word that a scanner is reading.
struct WordState {
    /// The bits that a scalar takes in `tail`: enough for Latin and Cyrillic.
    static let tailBits = 12
    /// The last scalar in `tail`.
    static let tailMask: UInt64 = 1 << 12 - 1

    /// The first byte.
    var start = 0
    /// The byte behind the last letter.
    var end = 0
    /// How many folded scalars there are.
    var count = 0
    /// How many of them are capitals or digits.
    var capitals = 0
    /// All flags of the scalars.
    var flags: UInt32 = 0
    /// The hash so far.
    var hash = WordHash.seed
    /// The hash of the first two scalars.
    var startHash: UInt64 = 0
    /// The hash without the last scalar.
    var hashBefore = WordHash.seed
    /// The last scalar.
    var last: UInt32 = 0
    /// The last five scalars, the low bits of each.
    var tail: UInt64 = 0
    /// Whether full stops were left out: D.P.R.K.
    var isDotted = false

    /// Adds a letter that ends at `next`.
    @inline(__always)
    mutating func add(_ entry: FoldEntry, next: Int) {
        let scalar = entry.value
        hashBefore = hash
        hash = WordHash.adding(scalar, to: hash)
        last = scalar
        tail = WordState.adding(scalar, to: tail)
        count += 1
        if count == 2 { startHash = hash }
        capitals += Int(entry.bits >> 24 & 1)
        flags |= entry.flags
        end = next
    }

    /// A tail with one scalar more.
    @inline(__always)
    static func adding(_ scalar: UInt32, to tail: UInt64) -> UInt64 {
        tail << UInt64(tailBits) | UInt64(scalar) & tailMask
    }

    /// Puts another scalar in the place of the last.
    mutating func replaceLast(by scalar: UInt32, next: Int) {
        hash = WordHash.adding(scalar, to: hashBefore)
        last = scalar
        tail = WordState.adding(scalar, to: tail >> UInt64(WordState.tailBits))
        if count == 2 { startHash = hash }
        end = next
    }
}
