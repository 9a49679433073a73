package import WatchCore

/// Why records cannot be written or told.
package enum DeliveryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The log cannot be opened, and will not be until somebody changes something: a missing
    /// folder, a permission, something at its place that is no file.
    case logUnusable(path: String, message: String)
    /// The log cannot be written now (full disk, quota, I/O error); nothing is lost, and the
    /// same will be tried again.
    case logHeld(path: String, message: String)
    /// A sync failed: what the kernel holds of the file is unknown, the disk cannot be trusted.
    case syncFailed(path: String, message: String)
    /// The outbox failed.
    case outbox(StoreError)
    /// The outbox has lost lines: it begins behind what the log needs next.
    case linesMissing(path: String, expected: Int64, found: Int64)
    /// The log could not be renamed; it is written as before.
    case notRotated(message: String)
    /// The deliverer was stopped, or stopped itself after a failed sync.
    case stopped

    /// Whether the same may work later by itself.
    package var isTransient: Bool {
        switch self {
        case .logHeld: true
        case .outbox(let error): error.isTransient
        case .logUnusable, .syncFailed, .linesMissing, .notRotated, .stopped: false
        }
    }

    /// Whether the process must end, as the disk can no longer be trusted (exit status 74).
    package var isFatal: Bool {
        switch self {
        case .syncFailed: true
        case .outbox(let error): error.isFatal
        case .logUnusable, .logHeld, .linesMissing, .notRotated, .stopped: false
        }
    }

    package var description: String {
        switch self {
        case .logUnusable(let path, let message), .logHeld(let path, let message):
            "\(path): \(message)"
        case .syncFailed(let path, let message):
            "\(path): \(message); the disk cannot be trusted"
        case .outbox(let error):
            error.description
        case .linesMissing(let path, let expected, let found):
            "\(path): line \(expected) is missing from the outbox, the next is \(found)"
        case .notRotated(let message):
            message
        case .stopped:
            "delivery has been stopped"
        }
    }
}
