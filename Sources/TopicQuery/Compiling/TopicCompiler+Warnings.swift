/// What is allowed but probably not meant.
extension TopicCompiler {
    /// More terms than this are not compared with one another.
    static let mostCompared = 20_000

    /// Adds the warnings about sets that nothing refers to.
    mutating func warnUnusedSets() {
        for number in sets.indices where !usedSets.contains(number) {
            warn("W202", "term set @\(sets[number].name) is not used", 0..<0, .termSet(number))
        }
    }

    /// Adds the warnings about entries of sets that need no compiled program.
    mutating func warnSets() {
        for (number, set) in sets.enumerated() {
            for (index, entry) in set.entries.enumerated() {
                let whole = 0..<entry.text.unicodeScalars.count
                let place = QueryPlace.entry(set: number, entry: index)
                if set.notIn.isEmpty { warnIfShort(entry.text, whole, place) }
                warnIfMixed(entry.text, whole, place)
            }
            for (index, entry) in set.notIn.enumerated() {
                let whole = 0..<entry.text.unicodeScalars.count
                warnIfMixed(entry.text, whole, .notIn(set: number, entry: index))
            }
        }
    }

    /// Adds such warnings about the terms of a query.
    mutating func warnTerms(
        _ syntax: QuerySyntax,
        _ place: QueryPlace,
        isGuarded: Bool
    ) {
        if case .term(let term) = syntax.kind {
            if !isGuarded { warnIfShort(term.text, syntax.range, place) }
            warnIfMixed(term.text, syntax.range, place)
        }
        var isGuarded = isGuarded
        if case .proximity(let proximity, _) = syntax.kind, proximity.isNegated { isGuarded = true }
        if case .not = syntax.kind { isGuarded = true }
        for child in syntax.children { warnTerms(child, place, isGuarded: isGuarded) }
    }

    /// Adds a warning.
    mutating func warn(
        _ code: String,
        _ message: String,
        _ range: Range<Int>,
        _ place: QueryPlace,
        help: String? = nil
    ) {
        let problem = QueryProblem(code: code, message: message, help: help, range: range)
        diagnostics.append(problem.diagnostic(at: place))
    }

    private mutating func warnIfShort(_ text: String, _ range: Range<Int>, _ place: QueryPlace) {
        guard text.unicodeScalars.count <= 2,
            text.unicodeScalars.contains(where: { $0.value > 0x1100 })
        else { return }
        let tokens = TermTokens.of(text)
        guard tokens.count == 1, tokens[0].scalars.count == 1 else { return }
        warn(
            "W203",
            "one-character term without not_in",
            range,
            place,
            help: "name the words it may not be part of: not_in, or NOT IN"
        )
    }

    /// Whether a word has Latin and Cyrillic letters; W204 has told so.
    private static func isMixed(_ text: String) -> Bool {
        guard text.utf8.contains(where: { $0 >= 0xD0 && $0 <= 0xD4 }) else { return false }
        let both = FoldEntry.latin | FoldEntry.cyrillic
        return TermTokens.of(text).contains { $0.flags & both == both }
    }

    private mutating func warnIfMixed(_ text: String, _ range: Range<Int>, _ place: QueryPlace) {
        guard text.utf8.contains(where: { $0 >= 0xD0 && $0 <= 0xD4 }) else { return }
        let both = FoldEntry.latin | FoldEntry.cyrillic
        let bytes = Array(text.utf8)
        for token in TermTokens.of(text) where token.flags & both == both {
            let word = String(decoding: bytes[token.start..<token.end], as: UTF8.self)
            let letters = word.unicodeScalars.map { FoldTable.shared.entry(of: $0.value) }
            let latin = letters.filter { $0.has(FoldEntry.latin) }.count
            let isLatin = latin * 2 > letters.count
            let odd = isLatin ? FoldEntry.cyrillic : FoldEntry.latin
            let stray = zip(word.unicodeScalars, letters).first { $1.has(odd) }?.0
            let name = isLatin ? "Cyrillic" : "Latin"
            warn(
                "W204",
                "word mixes Latin and Cyrillic letters (\(stray.map(String.init) ?? "") in \"\(word)\")",
                range,
                place,
                help: "the \(name) letter only looks like the other one; type it anew"
            )
        }
    }

    /// Adds the warnings that need to know which terms find which.
    mutating func warn(queries: [QuerySyntax?], with program: MatcherProgram) {
        guard program.leaves.count <= TopicCompiler.mostCompared else { return }
        let matcher = TopicMatcher(program: program)
        var scratch = TopicMatcher.Scratch()
        for number in sets.indices { warnContained(number, matcher, &scratch) }
        for (number, query) in queries.enumerated() {
            if let query { warnNegated(query, .query(topic: number), matcher, &scratch) }
        }
    }

    /// The leaves that occur in a text.
    private func leaves(
        in text: String,
        _ matcher: TopicMatcher,
        _ scratch: inout TopicMatcher.Scratch
    ) -> [Int] {
        matcher.find(in: ItemText(title: text), &scratch)
        return scratch.evaluation.touched
    }

    private mutating func warnContained(
        _ number: Int,
        _ matcher: TopicMatcher,
        _ scratch: inout TopicMatcher.Scratch
    ) {
        let set = sets[number]
        var entryOfLeaf: [String: [Int: Int]] = [:]
        var leafOfEntry: [Int: Int] = [:]
        var terms: [Int: TermSyntax] = [:]
        for (index, entry) in set.entries.enumerated() {
            // What a beginning finds is more than what its own text shows.
            guard case .term(let term) = TermReader.readEntry(entry).kind,
                !TopicCompiler.isMixed(term.text)
            else { continue }
            let leaf = table.leaf(for: term)
            if !term.isPrefix {
                leafOfEntry[index] = leaf
                terms[index] = term
            }
            if entryOfLeaf[entry.language]?[leaf] == nil {
                entryOfLeaf[entry.language, default: [:]][leaf] = index
            }
        }
        for (index, entry) in set.entries.enumerated() {
            guard let own = leafOfEntry[index] else { continue }
            let others = entryOfLeaf[entry.language] ?? [:]
            let other =
                others[own].flatMap { $0 == index ? nil : $0 }
                ?? leaves(in: entry.text, matcher, &scratch)
                .compactMap { $0 == own ? nil : others[$0] }.min()
            guard let other else { continue }
            // Of two entries that contain one another, the one that finds less can go.
            if let its = leafOfEntry[other], its != own,
                leaves(in: set.entries[other].text, matcher, &scratch).contains(own),
                let term = terms[index], let otherTerm = terms[other]
            {
                let mine = share(of: otherTerm, foundBy: own, matcher, &scratch)
                let theirs = share(of: term, foundBy: its, matcher, &scratch)
                if mine > theirs || (mine == theirs && other > index) { continue }
            }
            warn(
                "W205",
                "\(entry.text) is contained in another entry of the set: \(set.entries[other].text)",
                0..<entry.text.unicodeScalars.count,
                .entry(set: number, entry: index),
                help: "leave it out: \(set.entries[other].text) finds it already"
            )
        }
    }

    /// Which share of a term's forms a leaf finds: солдат finds more of солдаты than that of it.
    private func share(
        of term: TermSyntax,
        foundBy leaf: Int,
        _ matcher: TopicMatcher,
        _ scratch: inout TopicMatcher.Scratch
    ) -> Double {
        let words = TermExpansion.of(term).words
        var found = 0
        var all = 0
        for (index, forms) in words.enumerated() {
            var text = words.map { $0.first ?? "" }
            for form in forms {
                text[index] = form
                all += 1
                let isFound = leaves(in: text.joined(separator: " "), matcher, &scratch)
                    .contains(leaf)
                if isFound { found += 1 }
            }
        }
        return all > 0 ? Double(found) / Double(all) : 0
    }

    private mutating func warnNegated(
        _ syntax: QuerySyntax,
        _ place: QueryPlace,
        _ matcher: TopicMatcher,
        _ scratch: inout TopicMatcher.Scratch
    ) {
        if case .all(let children) = syntax.kind {
            let wanted = children.filter { !$0.isNegative }.flatMap { leaves(of: $0, matcher) }
            for child in children {
                guard case .not(let inner) = child.kind else { continue }
                warnNegated(inner, Set(wanted), child.range, place, matcher, &scratch)
            }
        }
        for child in syntax.children { warnNegated(child, place, matcher, &scratch) }
    }

    private mutating func warnNegated(
        _ inner: QuerySyntax,
        _ wanted: Set<Int>,
        _ range: Range<Int>,
        _ place: QueryPlace,
        _ matcher: TopicMatcher,
        _ scratch: inout TopicMatcher.Scratch
    ) {
        var terms: [TermSyntax] = []
        switch inner.kind {
        case .term(let term): terms = [term]
        case .any(let children):
            terms = children.compactMap {
                if case .term(let term) = $0.kind { term } else { nil }
            }
        default: break
        }
        // Where all that is asked for is left out, W207 says so, and NOT IN would not help.
        for term in terms
        where !wanted.contains(table.leaf(for: term))
            && leaves(in: term.text, matcher, &scratch).contains(where: wanted.contains)
        {
            let mark = term.isExact ? "=" : ""
            let text = "\(mark)\"\(term.text)\(term.isPrefix ? "*" : "")\""
            warn(
                "W206",
                "NOT with a term of the same set leaves out whole items",
                range,
                place,
                help: "NOT IN leaves out the place only: … NOT IN \(text)"
            )
        }
    }

    private mutating func leaves(of syntax: QuerySyntax, _ matcher: TopicMatcher) -> [Int] {
        switch syntax.kind {
        case .term(let term): [table.leaf(for: term)]
        case .set(let name): matcher.program.setNodes[name].flatMap { gates[$0].leaves } ?? []
        default: syntax.children.flatMap { leaves(of: $0, matcher) }
        }
    }
}
