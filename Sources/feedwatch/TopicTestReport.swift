internal import ConfigFile
internal import ServiceHost
internal import TopicQuery

/// The outcome of the configuration's topic tests.
struct TopicTestReport {
    private let results: [TopicTestResult]
    private let matcher: TopicMatcher

    /// Runs the tests, those of `topics` alone where it is given.
    ///
    /// Where a configuration has errors, the tests of its sound topics are run.
    init(_ result: ConfigResult, topics: Set<String>? = nil) {
        matcher = result.matcher ?? TopicMatcher()
        let tests = result.tests.filter { topics?.contains($0.topicID) ?? true }
        results = ConfigFile.run(tests: tests, with: matcher)
    }

    /// How many tests were run.
    var count: Int { results.count }

    /// Prints each failing test with its place and why it did or did not match, and says how
    /// many there are.
    func printFailures(coloured: Bool = false) -> Int {
        var scratch = TopicMatcher.Scratch()
        var failures = 0
        for result in results {
            guard let problem = result.problem else { continue }
            failures += 1
            Output.error(problem.rendered(colour: coloured))
            let test = result.test
            let explanation = matcher.explain(test.item, topic: test.topic, using: &scratch)
            for line in explanation?.lines ?? [] {
                Output.error("        " + VisibleText.escape(line))
            }
        }
        return failures
    }
}
