/// Filters on what an item says beside its text.
enum ItemFilter {
    /// Whether an item passes a filter.
    static func holds(_ kind: FilterKind, _ pattern: GlobPattern, _ item: ItemText) -> Bool {
        switch kind {
        case .lang: pattern.matches(language: LanguageGuess.language(of: item))
        case .feed: pattern.matches(item.feed)
        case .author: item.authors.contains { pattern.matches($0) }
        case .category: item.categories.contains { pattern.matches($0) }
        case .url: pattern.matches(item.url)
        }
    }

    /// Whether an item is in one of the languages, or in one that nothing tells.
    static func isInLanguages(_ languages: [String], _ item: ItemText) -> Bool {
        if languages.isEmpty { return true }
        let language = LanguageGuess.language(of: item)
        if language.isEmpty { return true }
        return languages.contains { GlobPattern($0).matches(language: language) }
    }
}

/// The language of an item: what it says, else a guess from letters and common words.
enum LanguageGuess {
    /// The language's code, or empty where nothing tells.
    static func language(of item: ItemText) -> String {
        if !item.language.isEmpty { return item.language }
        var counts = Counts()
        for field in TextField.allCases {
            counts.add(item.bytes, item.range(of: field))
            if counts.total > 400 { break }
        }
        return counts.language(item)
    }

    /// Letters by script.
    private struct Counts {
        var total = 0
        var hangul = 0
        var kana = 0
        var han = 0
        var cyrillic = 0
        var ukrainian = 0
        var latin = 0

        mutating func add(_ bytes: [UInt8], _ range: Range<Int>) {
            let range = range.clamped(to: bytes.indices)
            let most = range.prefix(4_000)
            for scalar in String(decoding: bytes[most], as: UTF8.self).unicodeScalars {
                total += 1
                switch scalar.value {
                case 0x41...0x5A, 0x61...0x7A, 0xC0...0x24F: latin += 1
                case 0x456, 0x406, 0x457, 0x407, 0x454, 0x404, 0x491, 0x490:
                    ukrainian += 1
                    cyrillic += 1
                case 0x400...0x4FF: cyrillic += 1
                case 0x3041...0x30FF: kana += 1
                case 0x3400...0x9FFF: han += 1
                case 0xAC00...0xD7A3: hangul += 1
                default: break
                }
            }
        }

        func language(_ item: ItemText) -> String {
            let eastern = hangul + kana + han
            if eastern * 2 >= max(latin, cyrillic), eastern > 0 {
                if hangul * 2 >= eastern { return "ko" }
                return kana * 8 >= eastern ? "ja" : "zh"
            }
            if cyrillic > latin { return ukrainian * 50 > cyrillic ? "uk" : "ru" }
            return latin > 0 ? LanguageGuess.latin(item) : ""
        }
    }

    private static let commonWords: [(language: String, words: Set<String>)] = [
        ("en", words("the of and to in is for with on that from by was has at as its says will")),
        ("de", words("der die das und den von zu mit ist im für auf nicht ein eine des dem sich")),
        ("fr", words("le la les des et du en une dans est pour que sur au aux par qui avec son")),
        ("es", words("el los las del y en que una por con para es se al como su más")),
        ("it", words("il di che la gli del della per con una nel sono dei alla")),
        ("pt", words("o os das dos em para uma com não que por do da ao")),
        ("pl", words("i w na z do się nie że jest od przez dla po")),
    ]

    private static func words(_ list: String) -> Set<String> {
        Set(list.split(separator: " ").map(String.init))
    }

    private static func latin(_ item: ItemText) -> String {
        var scores = [Int](repeating: 0, count: commonWords.count)
        for field in TextField.allCases {
            let range = item.range(of: field).clamped(to: item.bytes.indices).prefix(4_000)
            let text = String(decoding: item.bytes[range], as: UTF8.self).lowercased()
            for word in text.split(whereSeparator: { !$0.isLetter }) {
                for (index, entry) in commonWords.enumerated()
                where entry.words.contains(String(word)) {
                    scores[index] += 1
                }
            }
        }
        guard let best = scores.indices.max(by: { scores[$0] < scores[$1] }), scores[best] > 0
        else {
            return ""
        }
        return commonWords[best].language
    }
}
