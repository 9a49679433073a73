internal import ArgumentParser
internal import Daemon
internal import Delivery
internal import FeedModel
internal import ServiceHost
internal import WatchCore

/// The command `feedwatch hook`.
struct HookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hook",
        abstract: "Tries hooks.",
        subcommands: [HookTestCommand.self]
    )
}

/// The command `feedwatch hook test`.
struct HookTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Sends a sample match through one hook and prints what happened.",
        discussion: """
            The daemon need not run, and hears nothing of it; nothing is stored. Run it as the \
            daemon's user. Exit status 0 if the hook took the sample, 1 if not.
            """
    )

    @OptionGroup var options: ConfigOptions

    @Flag(help: "Print JSON.")
    var json = false

    @Argument(help: ArgumentHelp("The hook's 'id'.", valueName: "id"))
    var id: String

    func run() async throws {
        let environment = ProcessEnvironment.current()
        let configuration = try options.loadOrEnd(environment).configuration
        guard let hook = configuration.hooks.first(where: { $0.id.rawValue == id }) else {
            throw CommandFailure(.usage, "the configuration has no hook '\(id)'")
        }
        let trial = await HookTrial.run(
            hook,
            configuration: configuration,
            version: Version.current
        )
        let report = HookTrialReport(hook: hook, trial: trial)
        if json {
            Output.bytes(report.json)
        } else {
            for line in report.lines { Output.line(line) }
        }
        if !trial.result.isDelivered { throw CommandFailure(.answerIsNo) }
    }
}
