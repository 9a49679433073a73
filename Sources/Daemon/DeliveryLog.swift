import Delivery
import FeedModel
import Logging

/// Writes what becomes of deliveries to the service's own log.
struct DeliveryLog: Sendable {
    /// The log.
    let logger: Logger

    /// Writes a report's line.
    func write(_ report: DeliveryReport) {
        switch report {
        case .appended(let stream, let count):
            logger.debug("lines appended", metadata: ["stage": "\(stream)", "count": "\(count)"])
        case .rotated, .notRotated, .disturbed, .dropped, .notDropped:
            writeFile(report)
        case .delivered(let hook, let id, let attempts):
            logger.debug(
                "hook told",
                metadata: ["hook": "\(hook)", "id": "\(id)", "attempt": "\(attempts)"]
            )
        case .attemptFailed(let hook, let id, let message, let retryAt):
            logger.warning(
                "hook failed, will be tried again",
                metadata: [
                    "hook": "\(hook)", "id": "\(id)", "message": "\(message)",
                    "retry_at": "\(retryAt.rfc3339)",
                ]
            )
        case .dead(let hook, _, let id, let message):
            logger.error(
                "delivery given up",
                metadata: ["hook": "\(hook)", "id": "\(id)", "message": "\(message)"]
            )
        case .disabled(let hook, let message):
            logger.error(
                "hook is gone, told nothing more",
                metadata: ["hook": "\(hook)", "message": "\(message)"]
            )
        case .enabled(let hook):
            logger.notice("hook is told again", metadata: ["hook": "\(hook)"])
        case .abandoned(let hook, let count, let message):
            logger.error(
                "deliveries given up",
                metadata: ["hook": "\(hook)", "count": "\(count)", "message": "\(message)"]
            )
        case .logHeld(let stream, let message):
            logger.error(
                "log cannot be written, all is kept",
                metadata: ["stage": "\(stream)", "message": "\(message)"]
            )
        case .logResumed(let stream):
            logger.notice("log can be written again", metadata: ["stage": "\(stream)"])
        case .outboxFailed(let message):
            logger.error("outbox failed, will be asked again", metadata: ["message": "\(message)"])
        case .fatal(let message):
            logger.critical("the disk cannot be trusted", metadata: ["message": "\(message)"])
        }
    }

    /// Writes the line of a report on the files of a log.
    private func writeFile(_ report: DeliveryReport) {
        switch report {
        case .rotated(let stream, let path):
            logger.info("log rotated", metadata: ["stage": "\(stream)", "path": "\(path)"])
        case .notRotated(let stream, let message):
            logger.error(
                "log could not be rotated, it is written on",
                metadata: ["stage": "\(stream)", "message": "\(message)"]
            )
        case .disturbed(let stream, let message):
            logger.warning(
                "somebody changed the log",
                metadata: ["stage": "\(stream)", "message": "\(message)"]
            )
        case .dropped(let stream, let path):
            logger.info("rotated log dropped", metadata: ["stage": "\(stream)", "path": "\(path)"])
        case .notDropped(let stream, let message):
            logger.warning(
                "rotated log not dropped",
                metadata: ["stage": "\(stream)", "message": "\(message)"]
            )
        default:
            break
        }
    }
}
