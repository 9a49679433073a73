internal import ArgumentParser
internal import FeedModel
internal import SQLiteStore
internal import ServiceHost
internal import WatchCore

/// The command `feedwatch status`.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows one line a feed, worst first, then totals.",
        discussion: """
            Reads the state directory; the daemon need not run. Exit status 1 if any feed is
            failing (gone, blocked, no feed) or silent.
            """
    )

    @OptionGroup var options: ConfigOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let environment = ProcessEnvironment.current()
        let configuration = try options.loadOrEnd(environment).configuration
        let state: StateSnapshot
        do {
            state = try SQLiteReader(directory: configuration.watch.statePath).snapshot()
        } catch {
            throw CommandFailure(.failed, error.message)
        }
        let report = StatusReport(
            configuration: configuration,
            state: state,
            now: SystemClock().now()
        )
        if json {
            Output.bytes(report.json)
        } else {
            Output.line(
                report.text(coloured: Output.isColoured(refused: environment.refusesColour))
            )
        }
        if report.isAnyBad { throw CommandFailure(.answerIsNo) }
    }
}
