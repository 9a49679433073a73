/// A term or phrase, compiled: the words that must stand in a row.
struct Leaf: Sendable {
    /// A word or a run of ideographs.
    struct Piece: Hashable, Sendable {
        /// The number in the lexicon.
        var word: UInt32
        /// Tokens from the start of the term.
        var offset: Int32
        /// How many tokens it covers.
        var length: Int32
    }

    /// The term as written.
    var written: String
    /// All pieces, where there are several.
    var pieces: [Piece]
    /// A guess at how often it occurs; for choosing what to wait for.
    var cost: Int
}

/// Says that a word of the lexicon is (part of) a leaf.
struct Registration: Sendable {
    /// The leaf.
    var leaf: Int32
    /// Which of its pieces the word is; -1 where it is the whole leaf.
    var piece: Int32
}

/// Compiles terms to leaves; equal terms to the same leaf.
struct LeafTable {
    private(set) var leaves: [Leaf] = []
    private(set) var lexicon: LexiconBuilder
    /// Words and what they belong to, in the order in which they came.
    private(set) var registrations: [(word: UInt32, of: Registration)] = []
    /// How many words there are.
    private(set) var wordCount: UInt32 = 0
    // By 64-bit hashes, which are as good as the keys themselves and a tenth of their size.
    private var leafNumbers: KeyTable
    private var wordNumbers: KeyTable
    private var tokenizer = TermTokens()

    init(expectedTerms: Int) {
        lexicon = LexiconBuilder(expectedStems: expectedTerms)
        leafNumbers = KeyTable(capacity: expectedTerms)
        wordNumbers = KeyTable(capacity: expectedTerms)
        leaves.reserveCapacity(expectedTerms)
        registrations.reserveCapacity(expectedTerms)
    }

    /// Gives up what only finds terms again that were compiled before; no term may follow.
    mutating func forgetKeys() {
        leafNumbers = KeyTable()
        wordNumbers = KeyTable()
    }

    /// The number of a term's leaf.
    mutating func leaf(for term: TermSyntax) -> Int {
        let tokens = tokenizer.tokens(of: term.text)
        let isCyrillic = tokens.contains { $0.flags & FoldEntry.cyrillic != 0 }
        let rule = InflectionRule(language: term.language, isCyrillic: isCyrillic)
        var hash = WordHash.adding(rule.number, to: WordHash.seed)
        for scalar in term.text.unicodeScalars { hash = WordHash.adding(scalar.value, to: hash) }
        hash = WordHash.adding((term.isExact ? 1 : 0) | (term.isPrefix ? 2 : 0), to: hash)
        let key = WordHash.key(hash)
        let known = leafNumbers.find(key)
        if known != KeyTable.absent { return Int(known) }
        let number = leaves.count
        leafNumbers.set(key, to: UInt32(number))
        add(term, tokens, rule, number)
        return number
    }

    private mutating func add(
        _ term: TermSyntax,
        _ tokens: [ScannedToken],
        _ rule: InflectionRule,
        _ number: Int
    ) {
        var pieces: [Leaf.Piece] = []
        var sizes: [Int] = []
        var offset: Int32 = 0
        let groups = TermForms.groups(tokens)
        for (group, key) in zip(groups, LeafTable.pieceKeys(term, tokens)) {
            let word = self.number(of: key)
            let length = Int32(group.count)
            pieces.append(Leaf.Piece(word: word, offset: offset, length: length))
            sizes.append(
                tokens[group].reduce(0) { $0 + $1.scalars.count * ($1.isIdeograph ? 3 : 1) }
            )
            offset += length
        }
        register(pieces, sizes, number)
        let size = sizes.max() ?? 1
        leaves.append(
            Leaf(
                written: term.written,
                pieces: pieces.count > 1 ? pieces : [],
                cost: size <= 2 ? 30 : size <= 4 ? 8 : pieces.count > 1 ? 1 : 3
            )
        )
        if pieces.count > 1, !term.isExact, !term.isPrefix {
            addJoined(term.text, tokens, rule, number)
        }
    }

    /// What each word, and each run of ideographs, of a term looks for.
    static func pieceKeys(_ term: TermSyntax, _ tokens: [ScannedToken]) -> [WordKey] {
        let isCyrillic = tokens.contains { $0.flags & FoldEntry.cyrillic != 0 }
        let rule = InflectionRule(language: term.language, isCyrillic: isCyrillic)
        let isCaseExact = term.isExact && TermForms.hasCapital(term.text)
        let bytes = isCaseExact ? Array(term.text.utf8) : []
        return TermForms.groups(tokens).map { group in
            let token = tokens[group.lowerBound]
            if token.isIdeograph { return .run(tokens[group].flatMap(\.scalars)) }
            if isCaseExact {
                let text = String(decoding: bytes[token.start..<token.end], as: UTF8.self)
                let isOpen = term.isPrefix && group.upperBound == tokens.count
                return isOpen ? .exactPrefix(text) : .exact(text)
            }
            return wordKey(token, term, rule, isLast: group.upperBound == tokens.count)
        }
    }

    /// The longest piece says that the others are worth looking for.
    private mutating func register(_ pieces: [Leaf.Piece], _ sizes: [Int], _ number: Int) {
        guard let anchor = sizes.indices.max(by: { sizes[$0] < sizes[$1] }) else { return }
        let piece: Int32 = pieces.count > 1 ? Int32(anchor) : -1
        let registration = Registration(leaf: Int32(number), piece: piece)
        registrations.append((pieces[anchor].word, registration))
    }

    /// A phrase of letters is also found written together: #northkorea, 북한노동자; and whatever a
    /// hyphen joins: F16 for F-16, email for e-mail.
    private mutating func addJoined(
        _ text: String,
        _ tokens: [ScannedToken],
        _ rule: InflectionRule,
        _ number: Int
    ) {
        guard 2...4 ~= tokens.count, tokens.allSatisfy({ !$0.isIdeograph }) else { return }
        let isHyphenated = LeafTable.isHyphenated(text, tokens)
        guard
            isHyphenated
                || tokens.allSatisfy({
                    $0.scalars.count > 1 || $0.flags & FoldEntry.hangul != 0
                })
        else { return }
        var joined = tokens[0]
        joined.scalars = tokens.flatMap(\.scalars)
        joined.flags = tokens.reduce(0) { $0 | $1.flags }
        let letters = FoldEntry.latin | FoldEntry.cyrillic
        guard
            joined.scalars.count >= 5 || joined.flags & FoldEntry.hangul != 0
                || isHyphenated && joined.scalars.count >= 3 && joined.flags & letters != 0
        else { return }
        joined.capitals = 0
        let term = TermSyntax(text: "")
        let word = self.number(of: LeafTable.wordKey(joined, term, rule, isLast: true))
        registrations.append((word, Registration(leaf: Int32(number), piece: -1)))
    }

    /// Whether nothing but a hyphen stands between a term's words.
    private static func isHyphenated(_ text: String, _ tokens: [ScannedToken]) -> Bool {
        let bytes = Array(text.utf8)
        return zip(tokens, tokens.dropFirst()).allSatisfy { first, next in
            next.start == first.end + 1 && bytes[first.end] == UInt8(ascii: "-")
        }
    }

    private static func wordKey(
        _ token: ScannedToken,
        _ term: TermSyntax,
        _ rule: InflectionRule,
        isLast: Bool
    ) -> WordKey {
        let scalars = token.scalars
        if token.flags & FoldEntry.hangul != 0 {
            if term.isExact || scalars.count == 1 { return .particles(scalars) }
            return .prefix(scalars)
        }
        if term.isPrefix, isLast { return .prefix(scalars) }
        if term.isExact { return .plain(scalars) }
        let isAllCapitals = token.capitals == scalars.count
        if isAllCapitals, 2...3 ~= scalars.count, token.flags & FoldEntry.digit == 0,
            token.flags & (FoldEntry.latin | FoldEntry.cyrillic) != 0
        {
            return .capitals(scalars, plural: token.flags & FoldEntry.latin != 0)
        }
        if token.capitals > 1, token.flags & FoldEntry.cyrillic != 0 { return .plain(scalars) }
        let letters = FoldEntry.latin | FoldEntry.cyrillic
        if token.flags & letters == 0 || token.flags & FoldEntry.digit != 0 {
            return .plain(scalars)
        }
        let suiting = rule.suiting(isCyrillic: token.flags & FoldEntry.cyrillic != 0)
        return .inflected(scalars, isLast ? suiting : suiting.ofAttribute)
    }

    private mutating func number(of key: WordKey) -> UInt32 {
        let known = wordNumbers.find(key.key)
        if known != KeyTable.absent { return known }
        let number = wordCount
        wordNumbers.set(key.key, to: number)
        wordCount += 1
        switch key {
        case .plain(let scalars):
            lexicon.addForm(scalars, word: number)
        case .inflected(let scalars, let rule):
            for stem in rule.stems(of: scalars) { lexicon.addStem(stem, word: number) }
        case .particles(let scalars):
            for ending in KoreanParticles.endings.all {
                lexicon.addForm(scalars + ending, word: number)
            }
        case .capitals(let scalars, let plural):
            lexicon.addForm(scalars, word: number, check: Lexicon.Check.capitals)
            if plural {
                let longer = scalars + [0x73]
                lexicon.addForm(longer, word: number, check: Lexicon.Check.capitalsAndEnding)
            }
        case .exact(let text):
            let scalars = TermTokens.of(text).flatMap(\.scalars)
            lexicon.addForm(scalars, word: number, check: lexicon.addExactText(text))
        case .exactPrefix(let text):
            let scalars = TermTokens.of(text).flatMap(\.scalars)
            lexicon.addPrefix(scalars, word: number, check: lexicon.addExactText(text + "*"))
        case .prefix(let scalars):
            lexicon.addPrefix(scalars, word: number)
        case .run(let scalars):
            lexicon.addRun(scalars, word: number)
        }
        return number
    }
}

/// What terms are cut into.
enum TermForms {
    /// The tokens of each piece: a word, or ideographs in a row.
    static func groups(_ tokens: [ScannedToken]) -> [Range<Int>] {
        var groups: [Range<Int>] = []
        for (index, token) in tokens.enumerated() {
            if token.continuesRun, let last = groups.last {
                groups[groups.count - 1] = last.lowerBound..<index + 1
            } else {
                groups.append(index..<index + 1)
            }
        }
        return groups
    }

    /// Whether a text has a capital letter.
    static func hasCapital(_ text: String) -> Bool {
        text.unicodeScalars.contains { FoldTable.shared.entry(of: $0.value).isCapitalLetter }
    }
}

extension FoldEntry {
    /// Whether it is a capital, and not a digit that passes for one.
    var isCapitalLetter: Bool { has(FoldEntry.upper) && !has(FoldEntry.digit) }
}
