extension EncodingDoubts {
    /// The encodings that `guess`, the detector's name in lower case, comes to, the likeliest first.
    ///
    /// A language that the document names decides for short texts, unless the text is of another
    /// script.
    static func settle(
        _ guess: String,
        _ sample: Bytes,
        _ language: EncodingLanguage?
    ) -> [String] {
        let doubts = EncodingDoubts(sample)
        let settled = doubts.settle(guess)
        let name = settled.flatMap { EncodingLabels.encoding($0)?.name }
        guard let language, !(name.map(language.fits) ?? false), doubts.mayBe(language),
            doubts.isShort || settled == nil
        else { return settled.map { [$0] } ?? [] }
        return doubts.candidates(language) + (settled.map { [$0] } ?? [])
    }

    /// Whether the text may be of a language: words in Latin letters have few that are beyond
    /// ASCII, all others have nothing else.
    private func mayBe(_ language: EncodingLanguage) -> Bool {
        if isLatin(language) { return longestRun < 4 }
        switch language.encodings.first?.description {
        case "shift_jis", "big5", "gb18030":
            // Letters of ASCII are halves of characters here; but quotes and dashes are English.
            return !hasOnlyTypography
        default: return runsInWords * 2 <= runCount
        }
    }

    /// Whether nothing but the quotes, dashes and dots of windows-1252 is beyond ASCII.
    private var hasOnlyTypography: Bool {
        count(0x80...0xFF) == count(0x91...0x97) + count(0x85...0x85)
    }

    private func isLatin(_ language: EncodingLanguage) -> Bool {
        ["windows-1250", "windows-1252", "windows-1254", "windows-1257", "windows-1258"]
            .contains(language.encodings.first?.description)
    }

    /// The encodings of a language, the one whose letters these are first.
    private func candidates(_ language: EncodingLanguage) -> [String] {
        let names = language.encodings.map(\.description)
        let first: String? =
            switch names.first {
            case "windows-1250": asLatin("windows-1250")
            case "windows-1252": isMacRoman ? "macintosh" : "windows-1252"
            case "windows-1251":
                count(0xE0...0xFF) >= count(0xC0...0xDF) ? "windows-1251" : "koi8-r"
            case "shift_jis": isExtendedUnix ? "euc-jp" : "shift_jis"
            default: names.first
            }
        return (first.map { [$0] } ?? []) + names
    }
}
