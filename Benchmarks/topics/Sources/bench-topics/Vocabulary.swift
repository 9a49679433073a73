import TopicQuery

/// Words that are the same in every run, in the scripts that topics are written in.
struct Vocabulary {
    /// The scripts, in the order in which terms take turns.
    enum Script: Int, CaseIterable {
        case latin
        case cyrillic
        case hangul
        case han

        /// The key of a term set.
        var language: String { ["en", "ru", "ko", "zh"][rawValue] }
    }

    private var state: UInt64 = 88_172_645_463_325_252

    /// A number below a limit.
    mutating func number(below limit: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state >> 11) % limit
    }

    /// A word of a script.
    mutating func word(_ script: Script) -> String {
        switch script {
        case .latin: syllables(["bcdfgklmnprstv", "aeiou"], 2...4) + letter("nrst")
        case .cyrillic: syllables(["бвгдзклмнпрст", "аеиоу"], 2...3) + cyrillicEnd()
        case .hangul: scalars(0xAC00, 11_172, 2...4)
        case .han: scalars(0x4E00, 20_000, 2...4)
        }
    }

    /// A text of words of a list, of at least so many bytes.
    mutating func text(_ words: [String], bytes: Int, blanks: Bool = true) -> String {
        var text = ""
        while text.utf8.count < bytes {
            text += words[number(below: words.count)]
            let stop = number(below: 12) == 0
            text += blanks ? (stop ? ". " : " ") : (stop ? "。" : "")
        }
        return text
    }

    private mutating func letter(_ letters: String) -> String {
        let all = Array(letters)
        return String(all[number(below: all.count)])
    }

    private mutating func syllables(_ letters: [String], _ count: ClosedRange<Int>) -> String {
        var word = ""
        for _ in 0..<count.lowerBound + number(below: count.count) {
            for choice in letters { word += letter(choice) }
        }
        return word
    }

    private mutating func cyrillicEnd() -> String {
        let ends = ["ск", "ский", "ия", "а", "ец", "анин", "ь", "т"]
        return ends[number(below: ends.count)]
    }

    private mutating func scalars(
        _ first: UInt32,
        _ span: Int,
        _ count: ClosedRange<Int>
    ) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<count.lowerBound + number(below: count.count) {
            let scalar = Unicode.Scalar(first + UInt32(number(below: span)))
            if let scalar { text.append(scalar) }
        }
        return String(text)
    }
}

/// A configuration of many topics.
struct ManyTopics {
    /// The topics.
    var topics: [TopicSource] = []
    /// Their sets, one for every second topic.
    var sets: [TermSetSource] = []

    /// So many topics with so many terms in all; the first ten also look for one of `common`.
    ///
    /// Every second topic names its terms in its query, the others in a set.
    init(topics count: Int, terms: Int, common: [String], _ vocabulary: inout Vocabulary) {
        let each = terms / count
        for number in 0..<count {
            let words = (0..<each).map { index -> (String, Vocabulary.Script) in
                let script = Vocabulary.Script(rawValue: (number + index) % 4) ?? .latin
                let word = vocabulary.word(script)
                guard index % 5 == 4, script != .han else { return (word, script) }
                return (word + " " + vocabulary.word(script), script)
            }
            var query = "@set-\(number)"
            if number % 2 == 0 {
                query = words.map { "\"\($0.0)\"" }.joined(separator: " OR ")
            } else {
                let entries = words.map { TermEntry(text: $0.0, language: $0.1.language) }
                sets.append(TermSetSource(name: "set-\(number)", entries: entries))
            }
            if number < 10 { query += " OR \(common[number])" }
            topics.append(TopicSource(id: "topic-\(number)", query: query))
        }
    }

    /// The same as a configuration file.
    var toml: String {
        var text = "[watch]\ncontact = \"mailto:bench@example.org\"\nstate = \"/nonexistent\"\n"
        for set in sets {
            text += "[terms.\(set.name)]\n"
            for script in Vocabulary.Script.allCases {
                let entries = set.entries.filter { $0.language == script.language }
                guard !entries.isEmpty else { continue }
                let list = entries.map { "\"\($0.text)\"" }.joined(separator: ", ")
                text += "\(script.language) = [\(list)]\n"
            }
        }
        for topic in topics {
            text += "[[topic]]\nid = \"\(topic.id)\"\nquery = '''\(topic.query)'''\n"
            text += "[[topic.test]]\ntext = \"nothing of the kind\"\nmatch = false\n"
        }
        return text
    }
}
