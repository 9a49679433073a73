import FeedModel
import Logging
import WatchCore

/// Writes what happens to feeds to the service's own log: one line when a feed begins to fail or
/// recovers, one for each poll when debugging.
struct PollLog: Sendable {
    private let logger: Logger

    /// A log over `logger`.
    init(logger: Logger) { self.logger = logger }

    /// Writes a poll's line, where it is worth one.
    func write(_ report: PollReport) {
        let state = report.state
        if report.isPage { return writePage(report) }
        switch report.outcome {
        case .failed(let failure):
            // A shortage of our own is held against no feed, and wants somebody to act.
            let isOurs = failure.reason == .localShortage
            let level: Logger.Level =
                isOurs ? .error : state.failures == 1 ? .warning : .debug
            logger.log(
                level: level,
                "feed failed",
                metadata: [
                    "feed": "\(state.id)", "reason": "\(failure.reason.rawValue)",
                    "attempt": "\(state.failures)", "message": "\(failure.message)",
                ]
            )
        case .read(let items, let new, let matches):
            logger.log(
                level: matches > 0 ? .info : .debug,
                "feed read",
                metadata: [
                    "feed": "\(state.id)", "items": "\(items)", "new": "\(new)",
                    "matches": "\(matches)",
                    "duration_ms": "\(report.duration.wholeMilliseconds)",
                ]
            )
            for problem in report.problems {
                logger.debug(
                    "document mended",
                    metadata: [
                        "feed": "\(state.id)", "reason": "\(problem.code)",
                        "line": "\(problem.line)", "message": "\(problem.message)",
                    ]
                )
            }
        case .notModified, .unchanged:
            logger.debug(
                "feed unchanged",
                metadata: [
                    "feed": "\(state.id)",
                    "duration_ms": "\(report.duration.wholeMilliseconds)",
                ]
            )
        }
    }

    /// Writes the line of a page of older items, and how the walk ended where it did.
    private func writePage(_ report: PollReport) {
        var metadata: Logger.Metadata = ["feed": "\(report.state.id)"]
        switch report.outcome {
        case .read(let items, let new, let matches):
            metadata["items"] = "\(items)"
            metadata["new"] = "\(new)"
            metadata["matches"] = "\(matches)"
        case .failed(let failure):
            metadata["reason"] = "\(failure.reason.rawValue)"
            metadata["message"] = "\(failure.message)"
        case .notModified, .unchanged:
            break
        }
        logger.debug("older page", metadata: metadata)
        guard let walk = report.state.walk, let end = walk.end else { return }
        logger.log(
            level: end == .closed ? .info : .warning,
            end == .closed ? "gap closed" : "gap not closed",
            metadata: [
                "feed": "\(report.state.id)", "reason": "\(end.word)", "pages": "\(walk.pages)",
                "items": "\(walk.items)", "matches": "\(walk.matches)",
            ]
        )
    }

    /// Writes that a batch could not be stored.
    func storeFailed(_ error: StoreError) {
        logger.error(
            "polls could not be stored and will be made again",
            metadata: ["message": "\(error.message)"]
        )
    }
}
