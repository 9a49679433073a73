package import FeedModel
internal import Glibc
internal import WatchCore

/// The clocks of the kernel: the only place that reads the time.
package struct SystemClock: WatchCore.Clock {
    /// A clock.
    package init() {}

    package func now() -> Timestamp {
        let time = read(CLOCK_REALTIME)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    package func uptime() -> Duration {
        // The clock of dispatch timers and of the service manager's MONOTONIC_USEC.
        let time = read(CLOCK_MONOTONIC)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    private func read(_ clock: clockid_t) -> timespec {
        var time = timespec()
        let result = clock_gettime(clock, &time)
        precondition(result == 0, "clock_gettime(2) does not know a clock that Linux always has")
        return time
    }
}
