internal import ArgumentParser
internal import SQLiteStore
internal import ServiceHost
internal import WatchCore

/// The command `feedwatch log`.
struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Looks after match logs.",
        subcommands: [LogVerifyCommand.self]
    )
}

/// The command `feedwatch log verify`.
struct LogVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Checks that a match log is whole.",
        discussion: """
            Every line must be a whole JSON object ended by a newline, the numbers must rise by one \
            from line to line over all the files, oldest first, no record may stand twice, and \
            each line must carry the hash of the line before it (prev). Takes the configuration's \
            log with its rotated files, and holds its beginning and end against the state; or takes \
            the files that are named, in whatever order. Files that gzip has compressed are unpacked. Exit \
            status 0 if the log is whole, 1 if it is damaged, 3 if it cannot be read.
            """
    )

    @OptionGroup var options: ConfigOptions

    @Argument(help: "The files of one log.")
    var files: [String] = []

    func run() throws {
        let logs: [LogFile]
        var witness: LogWitness?
        if files.isEmpty {
            let watch = try options.loadOrEnd(ProcessEnvironment.current()).configuration.watch
            // First the state, then the files: the daemon may write on meanwhile.
            witness = state(of: watch.statePath)
            logs = try LogFile.family(of: watch.logPath)
        } else {
            logs = try files.map { try LogFile(opening: $0) }
        }
        for log in logs where log.isUnreadable {
            Output.error("feedwatch: \(log.path): only gzip can be read, it was left out")
        }
        var verification = LogVerification(witness: witness) {
            Output.line(VisibleText.escape($0))
        }
        for log in LogFile.byAge(logs.filter { !$0.isUnreadable }) {
            try verification.read(log)
        }
        verification.finish()
        Output.line(verification.summary)
        if verification.problems > 0 { throw CommandFailure(.answerIsNo) }
    }

    /// What the state knows of the match log; nil where there is none to be read.
    private func state(of directory: String) -> LogWitness? {
        do {
            return try SQLiteReader(directory: directory).witness(of: .matches)
        } catch {
            Output.error("feedwatch: not held against the state: \(error.message)")
            return nil
        }
    }
}
