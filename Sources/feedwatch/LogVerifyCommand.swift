internal import ArgumentParser
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
            from line to line over all the files, oldest first, and no record may stand twice. \
            Takes the configuration's log with its rotated files, or the files that are named, in \
            whatever order. Exit status 0 if the log is whole, 1 if it is damaged, 3 if it cannot \
            be read.
            """
    )

    @OptionGroup var options: ConfigOptions

    @Argument(help: "The files of one log.")
    var files: [String] = []

    func run() throws {
        let logs: [LogFile]
        if files.isEmpty {
            let path = try options.loadOrEnd(ProcessEnvironment.current())
                .configuration.watch.logPath
            logs = try LogFile.family(of: path)
        } else {
            logs = try files.map { try LogFile(opening: $0) }
        }
        for log in logs where log.isCompressed {
            Output.error("feedwatch: \(log.path) is compressed and was left out")
        }
        var verification = LogVerification { Output.line(VisibleText.escape($0)) }
        for log in LogFile.byAge(logs.filter { !$0.isCompressed }) {
            try verification.read(log)
        }
        Output.line(verification.summary)
        if verification.problems > 0 { throw CommandFailure(.answerIsNo) }
    }
}
