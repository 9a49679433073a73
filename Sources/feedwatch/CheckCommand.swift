internal import ArgumentParser
internal import ConfigFile
internal import FeedModel
internal import ServiceHost
internal import WatchCore

/// The command `feedwatch check`.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Reads the configuration, prints every problem, and runs the topic tests.",
        discussion: """
            Reaches no network. Exit status 2 for errors, 1 for failing topic tests (and, with \
            --strict, for warnings), else 0.
            """
    )

    @OptionGroup var options: ConfigOptions

    @Flag(help: "Take warnings for failures.")
    var strict = false

    @Option(
        help: ArgumentHelp(
            "Print the surface forms a term set expands to, and nothing else.",
            valueName: "@set"
        )
    )
    var forms: String?

    @Argument(help: "The configuration file; the same as --config.")
    var file: String?

    func run() throws {
        let environment = ProcessEnvironment.current()
        var options = options
        options.config = file ?? options.config
        let result = options.load(environment)
        if let forms {
            ProblemPrinter(environment).print(result.errors)
            guard result.configuration != nil else { throw CommandFailure(.usage) }
            for line in try FormsReport(forms, in: result.sets).lines { Output.line(line) }
            return
        }
        ProblemPrinter(environment).print(result.problems)
        guard let configuration = result.configuration else { throw CommandFailure(.usage) }
        let failures = TopicTestReport(result, configuration).printFailures()
        let warnings = result.problems.count { $0.severity == .warning }
        Output.line(
            "\(options.path(environment)): \(configuration.feeds.count) feeds,"
                + " \(configuration.topics.count) topics, \(configuration.hooks.count) hooks,"
                + " \(result.tests.count) topic tests, \(failures) failed,"
                + " \(warnings) warnings"
        )
        if failures > 0 || (strict && warnings > 0) { throw CommandFailure(.answerIsNo) }
    }
}

/// The command `feedwatch test`.
struct TestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Runs the topic tests of the configuration."
    )

    @OptionGroup var options: ConfigOptions

    @Option(
        help: ArgumentHelp("Only tests of this topic; may be given again.", valueName: "id")
    )
    var topic: [String] = []

    func run() throws {
        let environment = ProcessEnvironment.current()
        let loaded = try options.loadOrEnd(environment)
        let known = Set(loaded.configuration.topics.map(\.id.rawValue))
        if let unknown = topic.first(where: { !known.contains($0) }) {
            throw CommandFailure(.usage, "--topic: there is no topic '\(unknown)'")
        }
        let report = TopicTestReport(
            loaded.result,
            loaded.configuration,
            topics: topic.isEmpty ? nil : Set(topic)
        )
        let failures = report.printFailures()
        Output.line("\(report.count - failures) passed, \(failures) failed")
        if failures > 0 { throw CommandFailure(.answerIsNo) }
    }
}
