internal import ArgumentParser
internal import CPosix
internal import Daemon
internal import FeedModel
internal import Glibc
internal import Logging
internal import ServiceHost
internal import WatchCore

/// The command `feedwatch run`.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Watches the feeds, in the foreground."
    )

    @OptionGroup var options: ConfigOptions

    @Flag(help: "Poll every feed that is due once, deliver, and exit.")
    var once = false

    @Flag(help: "Print what would match, and write nothing: no state, no log, no hooks.")
    var dryRun = false

    @Flag(help: "With --dry-run, print records as they would stand in the log.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "How much is logged on standard error: debug, info, warning or error.",
            valueName: "level"
        )
    )
    var logLevel: LogLevel = .info

    func validate() throws {
        if json, !dryRun { throw ValidationError("--json goes with --dry-run.") }
    }

    func run() async throws {
        // Until the daemon listens to them, they must not end it: logrotate may send one early.
        signal(SIGHUP, SIG_IGN)
        signal(SIGUSR1, SIG_IGN)
        // State and logs are nobody else's to read, whatever mask the shell has.
        umask(umask(0o077) | 0o027)
        let environment = ProcessEnvironment.current()
        let logger = logger(environment)
        let loaded = try options.loadOrEnd(
            environment,
            status: .badConfiguration,
            warnings: true
        )
        ProcessEnvironment.forgetPrivateValues()
        let daemonOptions = DaemonOptions(
            configuration: loaded.configuration,
            load: { [options] in options.load(environment) },
            environment: environment,
            once: once,
            version: Version.current,
            logger: logger
        )
        // A connection takes one or, while its name is looked up, a few.
        let connections = Int64(daemonOptions.configuration.limits.connections)
        _ = fw_want_descriptors(connections * 3 + 256)
        let exit: DaemonExit
        if dryRun {
            exit = await DryRun.run(daemonOptions, show: shower(environment))
        } else {
            exit = await Daemon(daemonOptions).run()
        }
        switch exit {
        case .done: return
        case .interrupted where once: throw CommandFailure(.interrupted)
        case .interrupted: return
        case .failed(let message): throw CommandFailure(.failed, message)
        case .diskFailed(let message): throw CommandFailure(.diskFailed, message)
        }
    }

    private func logger(_ environment: ProcessEnvironment) -> Logger {
        var logger = Logger(label: "feedwatch") { _ in
            JournalLogHandler(form: LogForm(for: STDERR_FILENO, environment: environment))
        }
        logger.logLevel = logLevel.level
        return logger
    }

    private func shower(_ environment: ProcessEnvironment) -> @Sendable (LogDraft) -> Void {
        let isRaw = json
        let formatter = MatchFormatter(
            isColoured: Output.isColoured(refused: environment.refusesColour)
        )
        return { draft in
            let line = draft.line(seq: 0)
            if isRaw {
                Output.bytes(line)
            } else if let match = MatchLine(line.dropLast()) {
                Output.line(formatter.text(of: match))
            }
        }
    }
}

/// The levels that can be chosen on the command line.
enum LogLevel: String, ExpressibleByArgument, CaseIterable {
    case debug
    case info
    case warning
    case error

    /// The level of the log library.
    var level: Logger.Level {
        switch self {
        case .debug: .debug
        case .info: .info
        case .warning: .warning
        case .error: .error
        }
    }
}
