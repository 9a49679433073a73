/// A term with all forms it is found in, for people to check.
package struct TermExpansion: Hashable, Sendable {
    /// The term as written.
    package var term: String
    /// The key it stood under.
    package var language: String
    /// The forms of each word; `…` behind one means that the word may go on.
    package var words: [[String]]

    /// The expanded entries of a set and of the sets it names; nil where there is no such set.
    package static func ofSet(_ name: String, in sets: [TermSetSource]) -> [TermExpansion]? {
        var seen: Set<String> = []
        return ofSet(name, in: sets, &seen)
    }

    private static func ofSet(
        _ name: String,
        in sets: [TermSetSource],
        _ seen: inout Set<String>
    ) -> [TermExpansion]? {
        guard let set = sets.first(where: { $0.name == name }) else { return nil }
        guard seen.insert(name).inserted else { return [] }
        var all: [TermExpansion] = []
        for entry in set.entries {
            switch TermReader.readEntry(entry).kind {
            case .term(let term): all.append(of(term))
            case .set(let other): all += ofSet(other, in: sets, &seen) ?? []
            default: break
            }
        }
        return all
    }

    /// A term's expansion.
    static func of(_ term: TermSyntax) -> TermExpansion {
        let tokens = TermTokens.of(term.text)
        let keys = LeafTable.pieceKeys(term, tokens)
        return TermExpansion(
            term: term.written,
            language: term.language,
            words: keys.map(\.forms)
        )
    }
}

/// What a word of the lexicon looks for.
enum WordKey: Hashable {
    case inflected([UInt32], InflectionRule)
    case plain([UInt32])
    case capitals([UInt32], plural: Bool)
    case exact(String)
    case exactPrefix(String)
    case particles([UInt32])
    case prefix([UInt32])
    case run([UInt32])

    /// The key it is filed under.
    var key: UInt64 {
        let (kind, scalars): (UInt32, [UInt32]) =
            switch self {
            case .inflected(let scalars, let rule): (100 + rule.number, scalars)
            case .plain(let scalars): (1, scalars)
            case .capitals(let scalars, let plural): (plural ? 2 : 3, scalars)
            case .exact(let text): (4, text.unicodeScalars.map(\.value))
            case .exactPrefix(let text): (8, text.unicodeScalars.map(\.value))
            case .particles(let scalars): (5, scalars)
            case .prefix(let scalars): (6, scalars)
            case .run(let scalars): (7, scalars)
            }
        return WordHash.key(WordHash.adding(scalars, to: WordHash.adding(kind, to: WordHash.seed)))
    }

    /// The forms as people read them.
    var forms: [String] {
        switch self {
        case .inflected(let scalars, let rule):
            var seen: Set<String> = []
            return rule.stems(of: scalars).flatMap(\.forms).filter { seen.insert($0).inserted }
        case .plain(let scalars), .run(let scalars): return Stem(scalars, .none).forms
        case .capitals(let scalars, let plural):
            let forms = Stem(scalars, .none).forms.map { $0.uppercased() }
            return plural ? forms + forms.map { $0 + "s" } : forms
        case .exact(let text): return [text]
        case .exactPrefix(let text): return [text + "…"]
        case .particles(let scalars): return Stem(scalars, KoreanParticles.endings).forms
        case .prefix(let scalars): return Stem(scalars, .none).forms.map { $0 + "…" }
        }
    }
}
