/// All words that any topic looks for, found by hash.
///
/// A word's number stands for one set of forms; what leaves it belongs to is the matcher's affair.
final class Lexicon: Sendable {
    /// A further meaning of the same form.
    struct Link: Sendable {
        var word: UInt32
        var check: UInt32
        var next: UInt32
    }

    /// Conditions that a token must meet beside its folded form.
    enum Check {
        static let none: UInt32 = 0
        /// All letters are capitals.
        static let capitals: UInt32 = 1
        /// All letters but the last are capitals.
        static let capitalsAndEnding: UInt32 = 2
        /// From here on: the token is exactly the text with the number above this one.
        static let firstText: UInt32 = 3
        /// From here on: what follows the stem is one of the endings with the number above this one.
        static let firstEndings: UInt32 = 0x8000_0000
    }

    /// Numbers from here on are indices of links, below they are words without a check.
    static let firstLink: UInt32 = 0x8000_0000

    /// Whole words.
    let forms: KeyTable
    /// The beginnings of words that take endings.
    let stems: StemTable
    /// Beginnings of words.
    let prefixes: KeyTable
    /// How words of ASCII begin.
    let starts: WordStarts
    /// The first two scalars of beginnings, with an index into `prefixLengths`.
    let prefixStarts: KeyTable
    /// The lengths of beginnings that start alike, a bit each.
    let prefixLengths: [UInt64]
    /// Runs of ideographs: state and scalar to state.
    let transitions: KeyTable
    /// The value of each state.
    let terminals: [UInt32]
    /// The BMP ideographs that begin a run, a bit each.
    let firstIdeographs: [UInt64]
    /// Words that share a form with others, or have a check.
    let links: [Link]
    /// Words that must stand as written.
    let exactTexts: [String]

    init(_ builder: LexiconBuilder) {
        forms = builder.forms
        stems = builder.stems
        prefixes = builder.prefixes
        starts = builder.starts
        prefixStarts = builder.prefixStarts
        prefixLengths = builder.prefixLengths
        transitions = builder.transitions
        terminals = builder.terminals
        firstIdeographs = builder.firstIdeographs
        links = builder.links
        exactTexts = builder.exactTexts
    }

    /// Calls `body` with what tells of most words that nobody looks for.
    @inline(__always)
    func withFilter<Result>(_ body: (WordFilter) -> Result) -> Result {
        forms.filter.withView { forms in
            stems.bases.filter.withView { bases in
                prefixStarts.filter.withView { prefixes in
                    starts.withView { starts in
                        body(
                            WordFilter(
                                starts: starts,
                                forms: forms,
                                bases: bases,
                                lengths: stems.lengths,
                                prefixes: prefixes
                            )
                        )
                    }
                }
            }
        }
    }

    /// Whether a run may begin with this scalar.
    @inline(__always)
    func mayBeginRun(_ scalar: UInt32) -> Bool {
        scalar > 0xFFFF || firstIdeographs[Int(scalar >> 6)] >> UInt64(scalar & 63) & 1 != 0
    }
}

/// Tells words that a lexicon certainly lacks; valid as long as its owner lends it.
struct WordFilter {
    /// How words of ASCII begin.
    let starts: WordStarts.View
    fileprivate let forms: KeyFilter.View
    fileprivate let bases: KeyFilter.View
    fileprivate let lengths: UInt64
    fileprivate let prefixes: KeyFilter.View

    /// False where nothing in the lexicon is met by the word.
    @inline(__always)
    func mayHold(_ word: WordState) -> Bool {
        forms.mayContain(WordHash.key(word.hash))
            || StemTable.mayHold(word.hash, word.tail, word.count, lengths, bases)
            || prefixes.mayContain(WordHash.key(word.startHash))
    }
}

/// Collects the words of a lexicon.
struct LexiconBuilder {
    /// The longest beginning that is looked for; longer ones are cut.
    static let longestPrefix = 63

    fileprivate(set) var forms = KeyTable()
    fileprivate(set) var stems: StemTable
    fileprivate(set) var prefixes = KeyTable()
    fileprivate(set) var starts = WordStarts()
    fileprivate(set) var prefixStarts = KeyTable()
    fileprivate(set) var prefixLengths: [UInt64] = []
    fileprivate(set) var transitions = KeyTable()
    fileprivate(set) var terminals: [UInt32] = [KeyTable.absent]
    fileprivate(set) var firstIdeographs = [UInt64](repeating: 0, count: 1_024)
    fileprivate(set) var links: [Lexicon.Link] = []
    fileprivate(set) var exactTexts: [String] = []

    init(expectedStems: Int = 0) {
        stems = StemTable(capacity: expectedStems)
    }

    /// Adds a stem with its endings.
    mutating func addStem(_ stem: Stem, word: UInt32) {
        let hash = WordHash.adding(stem.base, to: WordHash.seed)
        let check = Lexicon.Check.firstEndings + stems.number(of: stem.endings)
        let old = stems.bases.find(StemTable.key(hash))
        starts.add(stem.base, endings: stem.endings.all)
        guard let value = join(old, word: word, check: check) else { return }
        stems.add(hash, value)
    }

    /// Adds a form of a word.
    mutating func addForm(
        _ scalars: [UInt32],
        word: UInt32,
        check: UInt32 = Lexicon.Check.none
    ) {
        let key = WordHash.key(WordHash.adding(scalars, to: WordHash.seed))
        starts.add(scalars)
        let old = forms.find(key)
        guard let value = join(old, word: word, check: check) else { return }
        forms.set(key, to: value)
    }

    /// Adds a beginning of two scalars or more.
    mutating func addPrefix(
        _ scalars: [UInt32],
        word: UInt32,
        check: UInt32 = Lexicon.Check.none
    ) {
        let scalars = scalars.prefix(LexiconBuilder.longestPrefix)
        starts.add(beginning: scalars)
        let key = WordHash.key(WordHash.adding(scalars, to: WordHash.seed))
        guard let value = join(prefixes.find(key), word: word, check: check) else { return }
        prefixes.set(key, to: value)
        let start = WordHash.key(WordHash.adding(scalars.prefix(2), to: WordHash.seed))
        var index = prefixStarts.find(start)
        if index == KeyTable.absent {
            index = UInt32(prefixLengths.count)
            prefixLengths.append(0)
            prefixStarts.set(start, to: index)
        }
        prefixLengths[Int(index)] |= 1 << UInt64(scalars.count)
    }

    /// Adds a run of ideographs.
    mutating func addRun(_ scalars: [UInt32], word: UInt32) {
        var state: UInt32 = 0
        for scalar in scalars {
            let key = WordHash.key(state, scalar)
            var next = transitions.find(key)
            if next == KeyTable.absent {
                next = UInt32(terminals.count)
                terminals.append(KeyTable.absent)
                transitions.set(key, to: next)
            }
            state = next
        }
        if let first = scalars.first, first <= 0xFFFF {
            firstIdeographs[Int(first >> 6)] |= 1 << UInt64(first & 63)
        }
        if let value = join(terminals[Int(state)], word: word, check: 0) {
            terminals[Int(state)] = value
        }
    }

    /// The check that a token stands as written; up to the `*`, where the text ends in one.
    mutating func addExactText(_ text: String) -> UInt32 {
        exactTexts.append(text)
        return Lexicon.Check.firstText + UInt32(exactTexts.count - 1)
    }

    /// The value that stands for what `old` stands for and the word; nil where that is `old`.
    private mutating func join(_ old: UInt32, word: UInt32, check: UInt32) -> UInt32? {
        if old == KeyTable.absent, check == Lexicon.Check.none { return word }
        if old == word, check == Lexicon.Check.none { return nil }
        var next = old
        if old < Lexicon.firstLink {
            links.append(Lexicon.Link(word: old, check: 0, next: KeyTable.absent))
            next = Lexicon.firstLink + UInt32(links.count - 1)
        } else if old != KeyTable.absent {
            var value = old
            while value != KeyTable.absent {
                let link = links[Int(value - Lexicon.firstLink)]
                if link.word == word, link.check == check { return nil }
                value = link.next
            }
        }
        links.append(Lexicon.Link(word: word, check: check, next: next))
        return Lexicon.firstLink + UInt32(links.count - 1)
    }
}
