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
            for line in try FormsReport(forms, in: result).lines { Output.line(line) }
            return
        }
        ProblemPrinter(environment).print(result.problems)
        let failures = TopicTestReport(result).printFailures()
        let tests = "\(result.tests.count) topic tests, \(failures) failed"
        let warnings = result.problems.count { $0.severity == .warning }
        guard let configuration = result.configuration else {
            Output.error("\(result.errors.count) errors, \(warnings) warnings, \(tests)")
            throw CommandFailure(.usage)
        }
        Output.line(
            "\(options.path(environment)): \(configuration.feeds.count) feeds,"
                + " \(configuration.topics.count) topics, \(configuration.hooks.count) hooks,"
                + " \(tests), \(warnings) warnings"
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

    @OptionGroup var only: TopicOption

    func run() throws {
        let environment = ProcessEnvironment.current()
        let result = options.load(environment)
        ProblemPrinter(environment).print(result.errors)
        // Of a configuration with errors only the sound topics are known.
        if result.configuration != nil {
            try only.check(against: result.topics, mustBeInForce: true)
        }
        let report = TopicTestReport(result, topics: only.names.isEmpty ? nil : Set(only.names))
        let failures = report.printFailures()
        Output.line("\(report.count - failures) passed, \(failures) failed")
        if result.configuration == nil { throw CommandFailure(.usage) }
        if failures > 0 { throw CommandFailure(.answerIsNo) }
    }
}
