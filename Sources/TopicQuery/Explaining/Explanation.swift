/// Why a node of a query holds in an item, or does not.
package struct Explanation: Hashable, Sendable {
    /// The term, set, operator or filter, as it is written.
    package var label: String
    /// Whether it holds.
    package var holds: Bool
    /// The words behind it; for operators the first of the places they joined.
    package var hits: [TopicHit]
    /// How many words or places there are, where `hits` holds only the first.
    package var hitCount: Int?
    /// What was missing, or left out.
    package var note: String?
    /// The operands.
    package var children: [Explanation]

    /// The tree, a line a node, indented.
    package var lines: [String] {
        var line = (holds ? "✓ " : "✗ ") + label
        let words = hits.prefix(6).map { hit in
            "“\(Explanation.shortened(hit.text))” (\(hit.field.name) \(hit.start))"
        }
        if !words.isEmpty {
            line += ": " + words.joined(separator: ", ")
            let count = hitCount ?? hits.count
            if count > words.count { line += ", … (\(count) in all)" }
        }
        if let note { line += (words.isEmpty ? ": " : "; ") + note }
        return [line] + children.flatMap(\.lines).map { "  " + $0 }
    }

    /// A long text with its middle left out.
    static func shortened(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard scalars.count > 160 else { return text }
        return String(scalars.prefix(100)) + " … " + String(scalars.suffix(50))
    }
}

/// Why an item meets a topic, or does not.
package struct TopicExplanation: Hashable, Sendable {
    /// The topic's index.
    package var topic: Int
    /// Whether it is met.
    package var isMatch: Bool
    /// The query.
    package var query: Explanation
    /// What must not hold, if anything.
    package var exclude: Explanation?
    /// The score, whether met or not.
    package var score: Int
    /// What else kept it from being met: language, feed, score.
    package var reasons: [String]

    /// All of it for people, a line each.
    package var lines: [String] {
        var lines = query.lines
        if let exclude { lines += ["exclude:"] + exclude.lines.map { "  " + $0 } }
        lines.append("score \(score)")
        return lines + reasons
    }
}

extension TopicMatcher {
    /// Why `item` meets the topic at an index, or does not; nil where there is no such topic.
    package func explain(
        _ item: ItemText,
        topic number: Int,
        using scratch: inout Scratch
    ) -> TopicExplanation? {
        guard program.topics.indices.contains(number) else { return nil }
        let topic = program.topics[number]
        find(in: item, &scratch)
        defer { scratch.scanner.bytes = [] }
        var explainer = Explainer(
            program: program,
            item: item,
            report: MatchReport(item, sentenceStarts: scratch.scanner.sentenceStarts),
            evaluation: scratch.evaluation
        )
        let query = explainer.explain(topic.query, topic.fields)
        let exclude = topic.exclude.map { explainer.explain($0, topic.fields) }
        var collector = HitCollector(program, item)
        if query.holds { collector.collect(topic.query, topic.fields, &explainer.evaluation) }
        var reasons: [String] = []
        if exclude?.holds == true { reasons.append("left out by exclude") }
        if !ItemFilter.isInLanguages(topic.source.languages, item) {
            let language = LanguageGuess.language(of: item)
            reasons.append(
                "language \(language) is not among \(topic.source.languages.joined(separator: ", "))"
            )
        }
        if !topic.source.feeds.isEmpty, !topic.source.feeds.contains(item.feed) {
            reasons.append("feed \(item.feed) is not among the topic's")
        }
        if query.holds, collector.score < topic.source.minScore {
            reasons.append("score \(collector.score) is below min_score \(topic.source.minScore)")
        }
        return TopicExplanation(
            topic: number,
            isMatch: query.holds && reasons.isEmpty,
            query: query,
            exclude: exclude,
            score: collector.score,
            reasons: reasons
        )
    }
}
