package import FeedModel
package import WatchCore

/// What the deliverer has done, to be logged.
package enum DeliveryReport: Hashable, Sendable {
    /// So many lines are in the log and durable.
    case appended(LogStream, count: Int)
    /// The log was renamed to this path, and a new one begun.
    case rotated(LogStream, to: String)
    /// The log could not be renamed; it is written on, and that is tried again.
    case notRotated(LogStream, message: String)
    /// Somebody took the log away or cut it, as far as can be seen.
    case disturbed(LogStream, message: String)
    /// A rotated file was dropped, as so many are not to be kept.
    case dropped(LogStream, path: String)
    /// A rotated file could not be dropped.
    case notDropped(LogStream, message: String)
    /// A hook took a record, which took so many attempts.
    case delivered(HookID, id: String, attempts: Int)
    /// An attempt failed and will be made again.
    case attemptFailed(HookID, id: String, message: String, retryAt: Timestamp)
    /// A promise to tell a record of that log was given up.
    case dead(HookID, LogStream, id: String, message: String)
    /// A hook said that it is gone: it is told nothing until somebody acts.
    case disabled(HookID, message: String)
    /// A hook that was gone is told again.
    case enabled(HookID)
    /// So many promises to a hook that was paused for too long were given up.
    case abandoned(HookID, count: Int, message: String)
    /// The log cannot be written at present; all is kept and will be tried again.
    case logHeld(LogStream, message: String)
    /// The log can be written again.
    case logResumed(LogStream)
    /// The outbox failed a hook's pump; it will be tried again.
    case outboxFailed(message: String)
    /// The disk cannot be trusted: nothing more is written or told. The process must end with
    /// status 74.
    case fatal(message: String)
}

/// How the deliverer is doing.
package struct DeliveryHealth: Hashable, Sendable {
    /// Why a log cannot be written at present.
    package var held: [LogStream: String] = [:]
    /// Since when (uptime) the append step that runs now has been running; nil: none runs.
    package var appendingSince: Duration?
    /// How many hooks' programs run now.
    package var runningHooks = 0
    /// The hooks whose last attempt failed.
    package var failingHooks: [HookID] = []
    /// The hooks that are told nothing, as they said that they are gone.
    package var pausedHooks: [HookID] = []
    /// Why everything stopped; nil: it did not.
    package var fatal: String?

    /// All is well.
    package init() {}
}
