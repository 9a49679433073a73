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
            failing (gone, blocked, no feed) or silent, or if something keeps the running daemon \
            from its work, such as a full disk.
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
            obstacle: obstacle(environment, configuration),
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

    /// What keeps the running daemon from its work; nil: nothing, or none that may be asked.
    private func obstacle(
        _ environment: ProcessEnvironment,
        _ configuration: Configuration
    ) -> String? {
        do {
            let answer = try ControlClient.ask(
                paths: environment.controlPaths(statePath: configuration.watch.statePath),
                request: .ping,
                timeout: .seconds(2)
            )
            return answer.done ? nil : answer.message
        } catch .timedOut {
            return "it does not answer"
        } catch {
            return nil
        }
    }
}
