/// Whether the encoding that a document is said to be in makes a text of it.
///
/// One byte a character reads anything, so that it decodes says little. What is weighed is stated
/// in docs/parsing.md; a right name must never be doubted, a wrong one may pass.
struct EncodingPlausibility {
    private let sample: Bytes
    private let doubts: EncodingDoubts
    /// How much of a document is looked at.
    private static let sampleSize = 64 << 10
    /// How many bytes beyond ASCII say enough: more than those of a text that is called short.
    private static let enough = 2_048

    /// The encodings to take instead of `named`, the likeliest first; none where it may be right.
    ///
    /// `other`: what else the document is said to be in.
    static func better(
        than named: TextEncoding,
        or other: TextEncoding?,
        for document: Bytes
    ) -> [TextEncoding] {
        guard named != .utf8, !named.isWide,
            let first = document.firstIndex(where: { $0 >= 0x80 })
        else { return [] }
        let start = max(0, first - 64)
        let sample = document.part(start..<min(document.count, start + sampleSize))
        return EncodingPlausibility(sample).better(than: named, or: other, for: document)
    }

    private init(_ sample: Bytes) {
        self.sample = sample
        doubts = EncodingDoubts(sample, enough: EncodingPlausibility.enough)
    }

    private func better(
        than named: TextEncoding,
        or other: TextEncoding?,
        for document: Bytes
    ) -> [TextEncoding] {
        if EncodingPlausibility.cyrillic.contains(named.name) {
            let best = likeliestCyrillic
            guard doubts.highCount >= 6, best.share >= 0.5,
                commonShare(named.name) * 2 <= best.share,
                commonShare(named.name, capitals: true) < best.share
            else { return [] }
            return [EncodingLabels.encoding(best.name)].compactMap { $0 }
        }
        if EncodingPlausibility.latin.contains(named.name) {
            guard isNoLatin else { return [] }
            var names: [TextEncoding] = []
            if let other, !EncodingPlausibility.latin.contains(other.name) { names.append(other) }
            if likeliestCyrillic.share >= 0.5 {
                names += [EncodingLabels.encoding(likeliestCyrillic.name)].compactMap { $0 }
            }
            names += EncodingGuess.guesses(document)
            return names.filter { !EncodingPlausibility.latin.contains($0.name) && $0 != .utf8 }
        }
        guard let shape = doubts.asPairs, shape != named.name, isDoubtful(named.name, shape) else {
            return []
        }
        return [EncodingLabels.encoding(shape)].compactMap { $0 }
    }

    /// Whether most letters beyond ASCII stand in rows of four and more, or all in pairs of
    /// common East Asian characters: no language in Latin letters does that.
    private var isNoLatin: Bool {
        guard doubts.highCount >= 6 else { return false }
        if doubts.highCount >= 8, doubts.asPairs != nil { return true }
        return doubts.countInLongRuns * 2 >= doubts.highCount
            && doubts.runsInWords * 4 <= doubts.runCount
    }

    /// Whether East Asian text that looks like one encoding is hardly in the other that is named.
    private func isDoubtful(_ named: String, _ shape: String) -> Bool {
        switch named {
        case "gb18030":
            if shape == "euc-kr" { return doubts.highCount >= 32 }
            // The letters of Japanese are signs or rare in GBK.
            if shape == "euc-jp" || shape == "shift_jis" { return doubts.highCount >= 8 }
            // The second bytes of Big5 are of ASCII in a third, its first ones in rows that hold
            // signs in GBK.
            let pairs = weighPairs()
            return shape == "big5" && pairs.all >= 8 && pairs.lowSeconds * 5 >= pairs.all
                && pairs.signRows * 10 >= pairs.all
        case "euc-kr": return doubts.highCount >= 16
        case "big5", "euc-jp": return doubts.highCount >= 32 && doubts.isExtendedUnix
        case "shift_jis": return doubts.highCount >= 16 && doubts.isExtendedUnix
        default: return false
        }
    }

    private func weighPairs() -> (all: Int, lowSeconds: Int, signRows: Int) {
        var (all, lowSeconds, signRows) = (0, 0, 0)
        var index = 0
        while index + 1 < sample.count {
            if sample[index] < 0x80 {
                index += 1
                continue
            }
            all += 1
            if sample[index + 1] < 0xA1 { lowSeconds += 1 }
            if (0xA4...0xAF).contains(sample[index]) { signRows += 1 }
            index += 2
        }
        return (all, lowSeconds, signRows)
    }

    /// The share of bytes beyond ASCII that are the commonest small letters of Cyrillic: more than
    /// half of any text that is not in capitals, and less than half of that in any other encoding.
    private func commonShare(_ name: String, capitals: Bool = false) -> Double {
        let table =
            capitals ? EncodingPlausibility.commonCapitals : EncodingPlausibility.commonLetters
        guard let letters = table[name] else { return 0 }
        // Rows of hard blanks, which everything Latin has, are its commonest vowel there.
        if name == "ibm866", doubts.count(0xA0...0xA0) * 5 > doubts.highCount { return 0 }
        let common = letters.reduce(0) { $0 + doubts.count(Int($1)...Int($1)) }
        return Double(common) / Double(max(1, doubts.highCount))
    }

    private var likeliestCyrillic: (name: String, share: Double) {
        var best = (name: "windows-1251", share: commonShare("windows-1251"))
        for name in EncodingPlausibility.cyrillic.dropFirst() {
            let share = commonShare(name)
            if share > best.share { best = (name, share) }
        }
        return best
    }

    /// The bytes of common letters in each encoding of Cyrillic.
    private static let commonLetters = bytes(of: "оеаинтсрвлкіу")
    private static let commonCapitals = bytes(of: "ОЕАИНТСРВЛКІУ")

    private static func bytes(of letters: String) -> [String: [UInt8]] {
        var table: [String: [UInt8]] = [:]
        let letters = Set(letters.unicodeScalars)
        for name in cyrillic {
            guard let encoding = EncodingLabels.encoding(name) else { continue }
            table[name] = (0x80...0xFF).filter { (byte: UInt8) in
                let decoded = [byte].withUnsafeBufferPointer {
                    TextDecoder.decode($0, encoding, strict: true)?.bytes
                }
                let text = decoded.map { String(decoding: $0, as: UTF8.self) } ?? ""
                return text.unicodeScalars.first.map { letters.contains($0) } ?? false
            }
        }
        return table
    }

    private static let cyrillic = [
        "windows-1251", "koi8-r", "koi8-u", "iso-8859-5", "ibm866", "x-mac-cyrillic",
    ]

    private static let latin: Set<String> = [
        "windows-1252", "windows-1250", "windows-1254", "windows-1257", "iso-8859-2", "iso-8859-3",
        "iso-8859-4", "iso-8859-10", "iso-8859-13", "iso-8859-14", "iso-8859-15", "iso-8859-16",
        "macintosh",
    ]
}
