/// The exit statuses of the program (docs/cli.md).
enum ExitStatus: Int32 {
    /// Done.
    case done = 0
    /// Done, and the answer is no: a test failed, a feed is unhealthy.
    case answerIsNo = 1
    /// Wrong usage, configuration or query.
    case usage = 2
    /// Could not finish: I/O, permissions.
    case failed = 3
    /// `run`: the disk cannot be trusted (EX_IOERR).
    case diskFailed = 74
    /// `run`: the configuration cannot be started with (EX_CONFIG).
    case badConfiguration = 78
    /// Interrupted from the terminal.
    case interrupted = 130
}

/// Ends a command with a status and, where there is something to say, a message.
struct CommandFailure: Error {
    /// The status.
    var status: ExitStatus
    /// What went wrong, for people; nil: it was said already.
    var message: String?

    /// A failure.
    init(_ status: ExitStatus, _ message: String? = nil) {
        self.status = status
        self.message = message
    }
}
