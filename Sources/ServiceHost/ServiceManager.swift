internal import CPosix
internal import Glibc

/// The service manager that started the process, if one did (sd_notify(3), without libsystemd).
///
/// Nothing here fails: a manager that is absent or does not answer must not stop the daemon.
package struct ServiceManager: Sendable {
    /// How often the daemon must show that it makes progress, half of the manager's limit; nil:
    /// the manager does not watch.
    package let watchdogInterval: Duration?
    /// Where the manager listens: a path, or `@` and an abstract name; nil: nowhere.
    private let address: String?

    /// The manager that `environment` tells of.
    ///
    /// `processID` is the own one: a watchdog that is set for another process is not ours.
    package init(environment: ProcessEnvironment, processID: Int32 = getpid()) {
        // Newer managers may give addresses of other kinds (`vsock:`).
        address = environment["NOTIFY_SOCKET"].flatMap {
            $0.hasPrefix("/") || $0.hasPrefix("@") ? $0 : nil
        }
        let isOurs = environment["WATCHDOG_PID"].map { $0 == String(processID) } ?? true
        let limit = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
        watchdogInterval =
            isOurs && limit > 0 && address != nil ? .microseconds(limit) / 2 : nil
    }

    /// Whether there is a manager to tell.
    package var isPresent: Bool { address != nil }

    /// Says that the daemon is up, or that a reload has ended, whichever way.
    package func ready(status: String) {
        send(["READY=1", "STATUS=" + oneLine(status)], mayWait: true)
    }

    /// Says that a reload has begun; `ready` must follow.
    package func reloading() {
        let (seconds, attoseconds) = SystemClock().uptime().components
        let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        send(["RELOADING=1", "MONOTONIC_USEC=\(microseconds)"], mayWait: true)
    }

    /// Says that the daemon is going down.
    package func stopping(status: String) {
        send(["STOPPING=1", "STATUS=" + oneLine(status)], mayWait: true)
    }

    /// Says in a line what the daemon is at, for `systemctl status`.
    package func status(_ status: String) {
        send(["STATUS=" + oneLine(status)], mayWait: false)
    }

    /// Shows that the daemon makes progress.
    ///
    /// To be called from the loop that does the work, at least every `watchdogInterval`.
    package func watchdog() { send(["WATCHDOG=1"], mayWait: false) }

    /// A newline would begin another assignment.
    private func oneLine(_ text: String) -> String {
        var line = ""
        for scalar in text.unicodeScalars {
            line.unicodeScalars.append(scalar.properties.generalCategory == .control ? " " : scalar)
        }
        return line
    }

    /// Sends one datagram.
    ///
    /// What must arrive may wait a little for room in the manager's queue; what comes again soon
    /// anyway does not.
    private func send(_ assignments: [String], mayWait: Bool) {
        guard let address else { return }
        let socket = cposix_local_socket(Int32(SOCK_DGRAM.rawValue))
        guard socket >= 0 else { return }
        defer { close(socket) }
        guard address.withCString({ cposix_local_connect(socket, $0) }) == 0 else { return }
        let message = Array(assignments.joined(separator: "\n").utf8)
        for _ in 0..<2 {
            let sent = Glibc.send(socket, message, message.count, Int32(MSG_NOSIGNAL))
            guard sent < 0, errno == EAGAIN, mayWait else { return }
            var room = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
            poll(&room, 1, 2_000)
        }
    }
}
