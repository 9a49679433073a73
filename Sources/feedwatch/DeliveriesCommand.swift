internal import ArgumentParser
internal import FeedModel
internal import SQLiteStore
internal import ServiceHost
internal import WatchCore

/// The command `feedwatch deliveries`.
struct DeliveriesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliveries",
        abstract: "Shows what hooks have not been told yet, and what was given up; replays it.",
        discussion: "The daemon need not run: without it, the state directory is used.",
        subcommands: [
            DeliveriesListCommand.self, DeliveriesShowCommand.self, DeliveriesRetryCommand.self,
            DeliveriesDropCommand.self,
        ],
        defaultSubcommand: DeliveriesListCommand.self
    )
}

/// The command `feedwatch deliveries list`.
struct DeliveriesListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists pending and dead deliveries, oldest first."
    )

    @OptionGroup var options: ConfigOptions

    @Option(
        name: [.customShort("n"), .long],
        help: ArgumentHelp("How many of each kind to show.", valueName: "count")
    )
    var lines = 100

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard lines > 0 else { throw ValidationError("-n wants a number above 0.") }
    }

    func run() throws {
        let environment = ProcessEnvironment.current()
        let configuration = try options.loadOrEnd(environment).configuration
        let statePath = configuration.watch.statePath
        let now = SystemClock().now()
        var records: [DeliveryRecord] = []
        var pauses: [HookID: HookPause] = [:]
        var counts = DeliveryCounts()
        do throws(StoreError) {
            let reader = try SQLiteReader(directory: statePath)
            for state in [DeliveryState.pending, .dead] {
                records += try reader.deliveries(in: state, limit: lines)
            }
            let snapshot = try reader.snapshot()
            pauses = snapshot.pauses
            for hook in snapshot.deliveries.values {
                counts.pending += hook.pending
                counts.dead += hook.dead
            }
        } catch {
            throw CommandFailure(.failed, error.message)
        }
        let report = DeliveriesReport(
            records: records,
            of: configuration.hooks,
            pauses: pauses,
            now: now
        )
        if json {
            Output.bytes(report.json(withRecords: false, counts: counts))
        } else {
            for line in report.table { Output.line(line) }
            let isAll = records.count == counts.pending + counts.dead
            Output.line(
                "\(counts.pending) pending, \(counts.dead) dead"
                    + (isAll ? "" : "; the oldest are shown, -n shows more")
            )
        }
    }
}

/// The command `feedwatch deliveries show`.
struct DeliveriesShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows the deliveries of a record, one for each hook.",
        discussion: "Kept ones too. Exit status 1 if there is none."
    )

    @OptionGroup var options: ConfigOptions

    @Flag(help: "Print JSON.")
    var json = false

    @Argument(help: ArgumentHelp("The 'id' of the record or of its group.", valueName: "id"))
    var id: String

    func run() throws {
        let environment = ProcessEnvironment.current()
        let configuration = try options.loadOrEnd(environment).configuration
        let statePath = configuration.watch.statePath
        var records: [DeliveryRecord] = []
        var pauses: [HookID: HookPause] = [:]
        do throws(StoreError) {
            let reader = try SQLiteReader(directory: statePath)
            records = try reader.deliveries(of: id)
            pauses = try reader.snapshot().pauses
        } catch {
            throw CommandFailure(.failed, error.message)
        }
        guard !records.isEmpty else {
            throw CommandFailure(.answerIsNo, "there is no delivery of a record or group '\(id)'")
        }
        let report = DeliveriesReport(
            records: records,
            of: configuration.hooks,
            pauses: pauses,
            now: SystemClock().now()
        )
        if json {
            Output.bytes(report.json(withRecords: true))
        } else {
            for line in report.details { Output.line(line) }
        }
    }
}
