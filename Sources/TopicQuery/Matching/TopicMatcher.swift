/// All topics' queries, compiled: matches an item against every topic in one pass.
///
/// Immutable; tasks share it, each with its own `Scratch`.
package struct TopicMatcher: Sendable {
    /// The result of compiling.
    package struct Compilation: Sendable {
        /// The matcher; nil where there is an error.
        package var matcher: TopicMatcher?
        /// Errors and warnings.
        package var diagnostics: [QueryDiagnostic]
    }

    /// Room for one match at a time, to be used again; one for each task.
    package struct Scratch {
        var scanner = TextScanner()
        var evaluation = Evaluation()
        var candidates: [Int] = []
        var topicRounds: [Bool] = []

        /// Empty room.
        package init() {}
    }

    /// How many Unicode scalars of a content are looked at.
    package static let longestContent = 20_000
    /// How many Unicode scalars of a title or a summary are looked at; whole articles are shorter.
    package static let longestOther = 200_000

    let program: MatcherProgram

    /// A matcher without topics.
    package init() {
        program = MatcherProgram(
            table: LeafTable(expectedTerms: 0),
            nodes: [],
            topics: [],
            setNodes: [:],
            gates: []
        )
    }

    init(program: MatcherProgram) {
        self.program = program
    }

    /// Compiles topics and the sets they use.
    package static func compile(topics: [TopicSource], sets: [TermSetSource]) -> Compilation {
        let (program, diagnostics) = TopicCompiler.compile(topics: topics, sets: sets)
        return Compilation(matcher: program.map(TopicMatcher.init), diagnostics: diagnostics)
    }

    /// The topics that `item` meets, by index.
    package func match(_ item: ItemText, using scratch: inout Scratch) -> [TopicMatch] {
        guard !program.topics.isEmpty else { return [] }
        // The caller may fill its buffer anew without copying it.
        defer { scratch.scanner.bytes = [] }
        find(in: item, &scratch)
        nominate(&scratch)
        guard !scratch.candidates.isEmpty else { return [] }
        var matches: [TopicMatch] = []
        for topic in scratch.candidates.sorted() {
            if let match = match(topic, item, &scratch) { matches.append(match) }
        }
        return matches
    }

    // MARK: Steps

    /// Reads the fields and files all leaves that occur.
    func find(in item: ItemText, _ scratch: inout Scratch) {
        scratch.evaluation.begin(program)
        scratch.scanner.reset(item.bytes, lexicon: program.lexicon)
        for field in TextField.allCases {
            let range = TopicMatcher.matchedRange(of: field, in: item)
            guard !range.isEmpty else { continue }
            let first = scratch.scanner.hits.count
            scratch.scanner.scan(range)
            resolve(first, field, scratch.scanner.hits, &scratch.evaluation)
        }
    }

    /// The part of a field that is looked at.
    static func matchedRange(of field: TextField, in item: ItemText) -> Range<Int> {
        let range = item.range(of: field).clamped(to: item.bytes.indices)
        let longest = field == .content ? longestContent : longestOther
        guard range.count > longest else { return range }
        var count = 0
        for index in range where item.bytes[index] & 0xC0 != 0x80 {
            if count == longest { return range.lowerBound..<index }
            count += 1
        }
        return range
    }

    /// Makes leaves of the words that were found: phrases need their other words beside them.
    private func resolve(
        _ first: Int,
        _ field: TextField,
        _ hits: [TokenHit],
        _ evaluation: inout Evaluation
    ) {
        for index in first..<max(first, hits.count) {
            let hit = hits[index]
            for registration in program.registrations(of: hit.word) {
                if registration.piece < 0 {
                    evaluation.add(place(registration.leaf, field, from: hit, to: hit))
                } else if let (start, end) = phrase(registration, at: index, first, hits) {
                    evaluation.add(place(registration.leaf, field, from: start, to: end))
                }
            }
        }
    }

    private func place(
        _ leaf: Int32,
        _ field: TextField,
        from first: TokenHit,
        to last: TokenHit
    ) -> Place {
        Place(
            leaf: leaf,
            field: Int32(field.rawValue),
            position: first.position,
            positionEnd: last.positionEnd,
            sentence: first.sentence,
            sentenceEnd: last.sentence,
            paragraph: first.paragraph,
            paragraphEnd: last.paragraph,
            start: first.start,
            end: last.end
        )
    }

    /// The first and last word of a phrase that has one of its words at `index`.
    private func phrase(
        _ registration: Registration,
        at index: Int,
        _ first: Int,
        _ hits: [TokenHit]
    ) -> (TokenHit, TokenHit)? {
        let pieces = program.leaves[Int(registration.leaf)].pieces
        let anchor = Int(registration.piece)
        let hit = hits[index]
        let start = hit.token - pieces[anchor].offset
        guard hit.count == pieces[anchor].length else { return nil }
        var ends = (hit, hit)
        for (number, piece) in pieces.enumerated() where number != anchor {
            let token = start + piece.offset
            let step = number < anchor ? -1 : 1
            var at = index
            var match: TokenHit?
            while match == nil {
                at += step
                guard at >= first, at < hits.count else { return nil }
                let other = hits[at]
                // A run's words start at its characters, so a few may lie beyond.
                if step < 0 ? other.token < token : other.token > token { return nil }
                if other.word == piece.word, other.token == token, other.count == piece.length,
                    other.sentence == hit.sentence
                {
                    match = other
                }
            }
            guard let match else { return nil }
            if number == 0 { ends.0 = match }
            if number == pieces.count - 1 { ends.1 = match }
        }
        return ends
    }

    /// The topics worth looking at.
    private func nominate(_ scratch: inout Scratch) {
        if scratch.topicRounds.count != program.topics.count {
            scratch.topicRounds = [Bool](repeating: false, count: program.topics.count)
        }
        scratch.candidates.removeAll(keepingCapacity: true)
        for topic in program.always { scratch.candidates.append(Int(topic)) }
        for leaf in scratch.evaluation.touched {
            for topic in program.topics(waitingFor: leaf) where !scratch.topicRounds[Int(topic)] {
                scratch.topicRounds[Int(topic)] = true
                scratch.candidates.append(Int(topic))
            }
        }
        for topic in scratch.candidates { scratch.topicRounds[topic] = false }
    }

    private func match(_ number: Int, _ item: ItemText, _ scratch: inout Scratch) -> TopicMatch? {
        let topic = program.topics[number]
        guard holds(topic, item, &scratch.evaluation) else { return nil }
        var collector = HitCollector(program, item)
        collector.collect(topic.query, topic.fields, &scratch.evaluation)
        guard collector.score >= topic.source.minScore else { return nil }
        let report = MatchReport(item, sentenceStarts: scratch.scanner.sentenceStarts)
        return TopicMatch(
            topic: number,
            hits: report.hits(collector.places, program),
            excerpt: report.excerpt(collector.places),
            score: collector.score
        )
    }

    /// Whether a topic's conditions hold, but for the score.
    func holds(_ topic: CompiledTopic, _ item: ItemText, _ evaluation: inout Evaluation) -> Bool {
        guard topic.source.feeds.isEmpty || topic.source.feeds.contains(item.feed),
            evaluation.isTrue(topic.query, topic.fields, item, program)
        else { return false }
        if let exclude = topic.exclude, evaluation.isTrue(exclude, topic.fields, item, program) {
            return false
        }
        return ItemFilter.isInLanguages(topic.source.languages, item)
    }
}
