internal import CICU

/// How one scalar's entry is made.
extension FoldTable {
    /// The entry of a scalar; grows `expansions` where it folds to several.
    mutating func makeEntry(_ scalar: UInt32, _ variants: [UInt32: UInt32]) -> FoldEntry {
        if let special = FoldTable.special(scalar) { return special }
        switch scalar {
        case 0x4E00...0x9FFF:
            return FoldEntry(.ideograph, variants[scalar] ?? scalar, flags: FoldEntry.han)
        case 0xAC00...0xD7A3:
            return FoldEntry(.letter, scalar, flags: FoldEntry.hangul)
        case 0xD800...0xF8FF:
            return FoldEntry(.separator, 0)
        default: break
        }
        if cicu_is_ignorable(scalar) != 0 { return FoldEntry(.ignorable, 0) }
        let category = Category(cicu_category(scalar))
        switch category {
        case .mark where FoldTable.isDropped(scalar): return FoldEntry(.mark, scalar)
        case .mark, .letter, .number: break
        case .other: return FoldEntry(.separator, 0)
        }
        return makeLetter(scalar, variants)
    }

    private mutating func makeLetter(
        _ scalar: UInt32,
        _ variants: [UInt32: UInt32]
    ) -> FoldEntry {
        let upper = cicu_is_upper(scalar) != 0
        let lower = cicu_is_lower(scalar) != 0
        let cased = (upper ? FoldEntry.upper : 0) | (lower ? FoldEntry.lower : 0)
        if let folded = FoldTable.foldAlone(scalar) {
            // Variants are Han characters only, which come late.
            let variant = folded < 0x2E80 ? folded : variants[folded] ?? folded
            return FoldTable.plainEntry(variant, cased)
        }
        let folded = FoldTable.fold(scalar).map { folded in
            FoldTable.plainEntry(variants[folded] ?? folded, cased)
        }
        guard let first = folded.first else { return FoldEntry(.ignorable, 0) }
        if folded.count == 1 { return first }
        expansions.append(folded)
        return FoldEntry(.expansion, UInt32(expansions.count - 1))
    }

    /// The entry of a scalar that is folded already.
    private static func plainEntry(_ scalar: UInt32, _ cased: UInt32) -> FoldEntry {
        if isDropped(scalar) { return FoldEntry(.mark, scalar) }
        let script = cicu_script(scalar)
        let category = Category(cicu_category(scalar))
        guard category != .other else { return FoldEntry(.separator, 0) }
        if script == Int32(USCRIPT_HAN.rawValue) {
            return FoldEntry(.ideograph, scalar, flags: FoldEntry.han)
        }
        if script == Int32(USCRIPT_HIRAGANA.rawValue) || script == Int32(USCRIPT_KATAKANA.rawValue)
            || scalar == 0x30FC
        {
            return FoldEntry(.ideograph, scalar)
        }
        var flags = cased
        switch script {
        case Int32(USCRIPT_LATIN.rawValue): flags |= FoldEntry.latin
        case Int32(USCRIPT_CYRILLIC.rawValue): flags |= FoldEntry.cyrillic
        case Int32(USCRIPT_HANGUL.rawValue): flags |= FoldEntry.hangul
        default: break
        }
        // Digits stand in capital abbreviations: G7, F16.
        if category == .number { flags |= FoldEntry.digit | FoldEntry.upper }
        return FoldEntry(.letter, scalar, flags: flags)
    }

    /// What `fold` makes of most scalars, without an array: one scalar that has no diacritics; nil
    /// where there is more to it.
    private static func foldAlone(_ scalar: UInt32) -> UInt32? {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 8) { room in
            guard let start = room.baseAddress, cicu_fold(scalar, start) == 1 else { return nil }
            let folded = start.pointee
            // Only Latin and Cyrillic letters have an extra fold.
            guard folded > 0x052F || extraFolds[folded] == nil else { return nil }
            let script = cicu_script(folded)
            let isPlain =
                script != Int32(USCRIPT_LATIN.rawValue) && script != Int32(USCRIPT_GREEK.rawValue)
            return isPlain ? folded : nil
        }
    }

    /// NFKC, case and diacritics folded away.
    private static func fold(_ scalar: UInt32) -> [UInt32] {
        let mapped = map(scalar, cicu_fold)
        var result: [UInt32] = []
        for folded in mapped {
            if let letters = extraFolds[folded] {
                result += letters
                continue
            }
            let script = cicu_script(folded)
            guard
                script == Int32(USCRIPT_LATIN.rawValue) || script == Int32(USCRIPT_GREEK.rawValue)
            else {
                result.append(folded)
                continue
            }
            for part in map(folded, cicu_decompose) {
                if let letters = extraFolds[part] {
                    result += letters
                } else if !isDropped(part) {
                    result.append(part)
                }
            }
        }
        return result
    }

    private static func map(
        _ scalar: UInt32,
        _ change: (UInt32, UnsafeMutablePointer<UInt32>) -> Int32
    ) -> [UInt32] {
        var out = [UInt32](repeating: 0, count: 8)
        // SAFETY: the array holds the eight scalars the function may write; it keeps no pointer.
        let count = out.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { change(scalar, $0) } ?? 0
        }
        return Array(out.prefix(Int(count)))
    }

    /// Marks that do not part one letter from another: accents, stress, vowel points.
    static func isDropped(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x300...0x36F, 0x483...0x487, 0x591...0x5C7, 0x610...0x61A, 0x64B...0x65F, 0x670,
            0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x20D0...0x20FF, 0x3099, 0x309A, 0xFE20...0xFE2F:
            true
        default: false
        }
    }

    /// Letters that NFKC and case folding leave alone, but readers take for others.
    private static let extraFolds: [UInt32: [UInt32]] = {
        let rows: [(Character, String)] = [
            ("ё", "е"), ("ѐ", "е"), ("ѝ", "и"), ("ґ", "г"), ("ł", "l"), ("đ", "d"), ("ð", "d"),
            ("ø", "o"), ("œ", "oe"), ("æ", "ae"), ("ħ", "h"), ("ı", "i"), ("ŋ", "n"), ("þ", "th"),
            ("ŧ", "t"), ("ŀ", "l"),
        ]
        var folds: [UInt32: [UInt32]] = [:]
        for (from, to) in rows {
            for scalar in from.unicodeScalars {
                folds[scalar.value] = to.unicodeScalars.map(\.value)
            }
        }
        return folds
    }()

    /// Punctuation and composites, which no property of Unicode names.
    private static func special(_ scalar: UInt32) -> FoldEntry? {
        switch scalar {
        case 0x0A, 0x21, 0x23, 0x27, 0x2D, 0x2E, 0x3F, 0xB7, 0x2019, 0x2B9, 0x2BB...0x2BD, 0x2010,
            0x2011, 0x2026, 0x2027, 0x2029, 0x22C5, 0x3002, 0x30FB, 0xFF01, 0xFF07, 0xFF0E, 0xFF1F,
            0xFF61, 0xFF65:
            FoldEntry(.punctuation, scalar)
        case 0x3005, 0x3007: FoldEntry(.ideograph, scalar, flags: FoldEntry.han)
        case 0x1100...0x11FF, 0x1_F1E6...0x1_F1FF: FoldEntry(.composite, scalar)
        default: nil
        }
    }

    /// The general categories, as coarse as needed here.
    private enum Category {
        case letter
        case mark
        case number
        case other

        init(_ code: Int32) {
            self =
                switch code {
                case 1...5: .letter
                case 6...8: .mark
                case 9...11: .number
                default: .other
                }
        }
    }
}
