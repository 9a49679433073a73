package import TopicQuery

/// A `[[topic.test]]`: a text, and whether the topic is to match it.
package struct TopicTest: Sendable {
    /// The topic, by its index in the configuration.
    package var topic = 0
    /// The topic's name.
    package var topicID = ""
    /// A text for the first of the topic's fields that the test gives nothing for.
    package var text: String?
    /// The title.
    package var title: String?
    /// The summary.
    package var summary: String?
    /// The content.
    package var content: String?
    /// The language (BCP 47); nil: the topic's first, if it names any.
    package var language: String?
    /// Whether the topic is to match.
    package var isMatchExpected = true
    /// Words of the text that must be among the places that match.
    package var hits: [String] = []
    /// The item to match.
    package var item = ItemText()
    /// Where the test stands, as a problem without a message.
    package var place: ConfigProblem

    /// A test of nothing.
    init(place: ConfigProblem) { self.place = place }
}

extension TopicTest {
    /// Ties the test to its topic.
    mutating func resolve(topic index: Int, _ source: TopicSource) {
        topic = index
        topicID = source.id
        item = source.item(
            text: text,
            title: title,
            summary: summary,
            content: content,
            language: language
        )
    }
}

/// What came of a `[[topic.test]]`.
package struct TopicTestResult: Sendable {
    /// The test.
    package var test: TopicTest
    /// The match; nil: the topic did not match.
    package var match: TopicMatch?
    /// The words of `hits` that are not among the places.
    package var missingHits: [String]

    /// Whether the topic did what the test expects.
    package var passed: Bool { (match != nil) == test.isMatchExpected && missingHits.isEmpty }

    /// The failure with the place of the test; nil: the test passed.
    package var problem: ConfigProblem? {
        guard !passed else { return nil }
        var problem = test.place
        let topic = "the topic \(test.topicID)"
        if let match, !test.isMatchExpected {
            problem.message = "\(topic) matches, and must not"
            let words = match.hits.map { "\($0.text) (\($0.term))" }
            problem.hint = words.isEmpty ? nil : "found: " + words.joined(separator: ", ")
        } else if match == nil {
            problem.message = "\(topic) does not match, and must"
        } else {
            problem.message = "\(topic) matches, but not at: " + missingHits.joined(separator: ", ")
        }
        return problem
    }
}

extension ConfigFile {
    /// Runs topic tests with the configuration's matcher, in their order.
    package static func run(
        tests: some Sequence<TopicTest>,
        with matcher: TopicMatcher
    ) -> [TopicTestResult] {
        var scratch = TopicMatcher.Scratch()
        return tests.map { test in
            let match = matcher.match(test.item, using: &scratch).first { $0.topic == test.topic }
            let missing = test.hits.filter { word in
                !(match?.hits.contains { $0.text.contains(word) } ?? false)
            }
            return TopicTestResult(
                test: test,
                match: match,
                missingHits: match == nil ? [] : missing
            )
        }
    }
}
