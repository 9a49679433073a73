/// What the fold table knows of a scalar: the folded scalar, its kind and its flags, in one word.
///
/// Bits 0 to 20 hold the folded scalar (or an index, or the scalar itself, by kind), 21 to 23 the
/// kind, the rest flags.
struct FoldEntry: Equatable, Sendable {
    /// The part a scalar plays in a text.
    enum Kind: UInt32 {
        /// Parts words and means nothing else.
        case separator
        /// A letter or digit of a word.
        case letter
        /// A Han or kana character, a token of its own.
        case ideograph
        /// A combining mark that joins the scalar before it or is dropped.
        case mark
        /// Leaves no trace: soft hyphen, zero-width characters.
        case ignorable
        /// Folds to several scalars; the value is an index.
        case expansion
        /// Punctuation that the scanner looks at; the value is the scalar itself.
        case punctuation
        /// A regional indicator or a conjoining jamo; the value is the scalar itself.
        case composite
    }

    static let upper: UInt32 = 1 << 24
    static let lower: UInt32 = 1 << 25
    static let latin: UInt32 = 1 << 26
    static let cyrillic: UInt32 = 1 << 27
    static let hangul: UInt32 = 1 << 28
    static let digit: UInt32 = 1 << 29
    static let han: UInt32 = 1 << 30
    static let flagMask: UInt32 = 0xFF00_0000

    let bits: UInt32

    init(bits: UInt32) {
        self.bits = bits
    }

    init(_ kind: Kind, _ value: UInt32, flags: UInt32 = 0) {
        bits = (value & 0x1F_FFFF) | kind.rawValue << 21 | flags
    }

    /// The folded scalar, index or scalar, by kind.
    var value: UInt32 { bits & 0x1F_FFFF }
    /// The kind's number, for comparisons that must cost nothing.
    var rawKind: UInt32 { bits >> 21 & 7 }
    /// The kind.
    var kind: Kind { Kind(rawValue: rawKind) ?? .separator }
    /// The flags alone.
    var flags: UInt32 { bits & FoldEntry.flagMask }

    /// Whether any of `flags` is set.
    func has(_ flags: UInt32) -> Bool { bits & flags != 0 }
}
