/// Reads a term's marks, in queries and lists.
enum TermReader {
    /// A term from its text; problems have an empty range.
    static func read(
        _ text: String,
        isExact: Bool,
        mayBeMarked: Bool
    ) -> (TermSyntax, [QueryProblem]) {
        var problems: [QueryProblem] = []
        var term = TermSyntax(text: text, isExact: isExact)
        if mayBeMarked, term.text.utf8.first == UInt8(ascii: "=") {
            term.isExact = true
            term.text.removeFirst()
        }
        if term.text.utf8.last == UInt8(ascii: "*") {
            term.isPrefix = true
            term.text.unicodeScalars.removeLast()
        }
        if term.text.utf8.contains(UInt8(ascii: "*"))
            || term.isPrefix && lettersAtEnd(of: term.text) < 3
        {
            let isEastern = term.text.unicodeScalars.contains { $0.value >= 0x2E80 }
            problems.append(
                QueryProblem(
                    code: "E115",
                    message:
                        "* needs at least three letters before it and may only stand at the end",
                    help: isEastern
                        ? "without * it finds longer words too"
                        : "write a longer stem, or the spellings with OR",
                    range: 0..<0
                )
            )
        }
        if !TermTokens.hasAny(term.text) {
            problems.append(
                QueryProblem(
                    code: "E117",
                    message: "nothing left to search for after normalisation",
                    help: "a term needs a letter, a digit or a flag",
                    range: 0..<0
                )
            )
        }
        return (term, problems)
    }

    /// A list item: a term, a phrase without quotes, or the name of another set.
    static func readEntry(_ entry: TermEntry) -> (kind: QuerySyntax.Kind, problems: [QueryProblem])
    {
        var text = Substring(entry.text)
        while let first = text.unicodeScalars.first, QueryLexer.isSpace(first) {
            text.unicodeScalars.removeFirst()
        }
        while let last = text.unicodeScalars.last, QueryLexer.isSpace(last) {
            text.unicodeScalars.removeLast()
        }
        if text.utf8.first == UInt8(ascii: "@") {
            return (.set(String(text.dropFirst())), [])
        }
        var isExact = false
        if text.utf8.first == UInt8(ascii: "=") {
            isExact = true
            text.unicodeScalars.removeFirst()
        }
        // A quote that stands alone begins nothing and ends nothing.
        if text.unicodeScalars.dropFirst().first != nil, let first = text.unicodeScalars.first,
            let last = text.unicodeScalars.last, QueryLexer.isQuote(first),
            QueryLexer.isQuote(last)
        {
            text.unicodeScalars.removeFirst()
            text.unicodeScalars.removeLast()
        }
        let (term, problems) = read(String(text), isExact: isExact, mayBeMarked: false)
        var tagged = term
        tagged.language = entry.language
        return (.term(tagged), problems)
    }

    private static func lettersAtEnd(of text: String) -> Int {
        text.unicodeScalars.reversed().prefix { $0.properties.isAlphabetic }.count
    }
}

/// Cuts terms into tokens, as texts are cut.
struct TermTokens {
    private var scanner = TextScanner()

    /// All tokens of a text.
    mutating func tokens(of text: String) -> [ScannedToken] {
        scanner.reset(Array(text.utf8), lexicon: nil)
        scanner.scan(0..<scanner.bytes.count)
        return scanner.tokens
    }

    /// All tokens of a text.
    static func of(_ text: String) -> [ScannedToken] {
        var tokenizer = TermTokens()
        return tokenizer.tokens(of: text)
    }

    /// Whether a text has a token, as far as its scalars tell one by one.
    static func hasAny(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        let isPlain = scalars.contains { scalar in
            switch FoldTable.shared.entry(of: scalar.value).kind {
            case .letter, .ideograph: true
            case .separator, .mark, .ignorable, .expansion, .punctuation, .composite: false
            }
        }
        return isPlain || !of(text).isEmpty
    }
}

/// Suggestions for misspelled names.
enum Spelling {
    /// The name that is nearest, if one is near enough to be meant.
    static func nearest(to word: String, among names: some Sequence<String>) -> String? {
        let limit = max(1, min(3, word.count / 2))
        var best: (name: String, distance: Int)?
        for name in names {
            let distance = distance(Array(word), Array(name))
            if distance <= limit, distance < best?.distance ?? Int.max { best = (name, distance) }
        }
        return best?.name
    }

    /// The number of letters to add, drop, change or swap.
    private static func distance(_ first: [Character], _ second: [Character]) -> Int {
        guard abs(first.count - second.count) <= 3 else { return Int.max }
        var beforeLast: [Int] = []
        var last = Array(0...second.count)
        for row in 0..<first.count {
            var current = [row + 1]
            for column in 0..<second.count {
                let change = last[column] + (first[row] == second[column] ? 0 : 1)
                var best = min(change, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, first[row] == second[column - 1],
                    first[row - 1] == second[column]
                {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            beforeLast = last
            last = current
        }
        return last[second.count]
    }
}
