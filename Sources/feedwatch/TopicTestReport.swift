internal import ConfigFile
internal import WatchCore

/// The outcome of the configuration's topic tests.
struct TopicTestReport {
    private let results: [TopicTestResult]

    /// Runs the tests, those of `topics` alone where it is given.
    init(_ result: ConfigResult, _ configuration: Configuration, topics: Set<String>? = nil) {
        let tests = result.tests.filter { topics?.contains($0.topicID) ?? true }
        results = ConfigFile.run(tests: tests, with: configuration.matcher)
    }

    /// How many tests were run.
    var count: Int { results.count }

    /// Prints each failing test with its place, and says how many there are.
    func printFailures(coloured: Bool = false) -> Int {
        let problems = results.compactMap(\.problem)
        for problem in problems { Output.error(problem.rendered(colour: coloured)) }
        return problems.count
    }
}
