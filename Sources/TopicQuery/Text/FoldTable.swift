internal import CICU

/// How each scalar is folded: NFKC and case folding of ICU, and what topics ask beyond it.
///
/// Filled once, when first used. Scalars behind the table (plane 2 and up) are ideographs or nothing.
struct FoldTable: Sendable {
    /// The table, made at first use.
    static let shared = FoldTable()
    /// The first scalar behind the table.
    static let limit = 0x1_FC00

    /// One entry a scalar.
    private(set) var entries: [UInt32]
    /// What scalars of kind `expansion` become.
    var expansions: [[FoldEntry]] = []
    /// What a folded scalar and a mark behind it become, where that is another folded scalar.
    private(set) var compositions: [UInt64: UInt32] = [:]

    private init() {
        entries = [UInt32](repeating: 0, count: FoldTable.limit)
        let variants = FoldTable.readVariants()
        for scalar in 0..<UInt32(FoldTable.limit) {
            entries[Int(scalar)] = makeEntry(scalar, variants).bits
        }
        fillCompositions()
    }

    /// How a scalar is folded.
    func entry(of scalar: UInt32) -> FoldEntry {
        if scalar < FoldTable.limit { return FoldEntry(bits: entries[Int(scalar)]) }
        return FoldTable.entryBehindTable(scalar)
    }

    /// How a scalar that the table does not reach is folded.
    static func entryBehindTable(_ scalar: UInt32) -> FoldEntry {
        switch scalar {
        case 0x2_0000..<0x3_FFFE: FoldEntry(.ideograph, scalar, flags: FoldEntry.han)
        case 0xE_0000..<0xE_1000: FoldEntry(.ignorable, 0)
        default: FoldEntry(.separator, 0)
        }
    }

    /// The folded scalar for `base` followed by `mark`, or nil where the mark is dropped.
    func composite(of base: UInt32, and mark: UInt32) -> UInt32? {
        compositions[UInt64(base) << 32 | UInt64(mark)]
    }

    /// Traditional ideographs to simplified ones.
    private static func readVariants() -> [UInt32: UInt32] {
        var variants: [UInt32: UInt32] = [:]
        var first: UInt32?
        for scalar in HanVariants.pairs.unicodeScalars where scalar.value > 0x7F {
            if let traditional = first {
                variants[traditional] = scalar.value
                first = nil
            } else {
                first = scalar.value
            }
        }
        return variants
    }

    /// The marks that part a Cyrillic letter or a kana from another one; all others are dropped.
    private mutating func fillCompositions() {
        for (marks, bases) in FoldTable.composingRanges {
            for mark in marks {
                for base in bases {
                    let composite = cicu_compose(base, mark)
                    guard composite > 0 else { continue }
                    let folded = entry(of: UInt32(composite))
                    guard folded.value != base else { continue }
                    compositions[UInt64(base) << 32 | UInt64(mark)] = folded.value
                }
            }
        }
    }

    private static let composingRanges: [([UInt32], ClosedRange<UInt32>)] = [
        ([0x300, 0x301, 0x306, 0x308], 0x0430...0x0459),
        ([0x3099, 0x309A], 0x3041...0x30FF),
    ]
}
