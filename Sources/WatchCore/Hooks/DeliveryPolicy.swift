package import FeedModel

/// Decides when a failed delivery is tried again, and when it is given up.
///
/// The wait doubles with each attempt, from `firstWait` to `longestWait`, and is then moved by up
/// to a fifth either way, by a hash of hook, record and attempt: reproducible, yet many promises
/// that failed together do not return together. The last attempt falls on the end of `lifetime`,
/// counted from the promise; a promise that waited all that time behind others, or for the daemon
/// to run, still gets `leastAttempts`.
///
/// With the defaults (before the shift):
///
/// | attempts made | next wait | since the promise |
/// | --- | --- | --- |
/// | 1 | 5 s | 5 s |
/// | 2 | 10 s | 15 s |
/// | 3 | 20 s | 35 s |
/// | 6 | 2 min 40 s | 5 min 15 s |
/// | 9 | 21 min 20 s | 43 min |
/// | 12 | 2 h 51 min | 5 h 41 min |
/// | 13 and more | 4 h | 9 h 41 min, then 4 h more each |
/// | 29 | to the end | 72 h, the last attempt |
/// | 30 | dead | |
package struct DeliveryPolicy: Hashable, Sendable {
    /// The wait after the first failed attempt.
    package var firstWait: Duration = .seconds(5)
    /// The longest wait.
    package var longestWait: Duration = .seconds(4 * 3_600)
    /// How long a promise is kept up.
    package var lifetime: Duration = .seconds(3 * 86_400)
    /// How many attempts every promise gets, however old it is.
    package var leastAttempts = 3
    /// How many attempts one gets that the hook refuses while it takes others: about ten minutes.
    package var refusedAttempts = 8
    /// The longest time that a hook may ask to wait.
    package var longestObedience: Duration = .seconds(86_400)

    /// The defaults.
    package init() {}

    /// What becomes of `group`, whose attempt has just failed at `now`.
    ///
    /// A receiver that asked to wait is given that time, `longestObedience` at most.
    package func outcome(
        after failure: DeliveryFailure,
        of group: DeliveryGroup,
        now: Timestamp
    ) -> DeliveryOutcome {
        let attempts = group.attempts + 1
        let end = group.created + lifetime
        let isOver = failure.kind == .refused && attempts >= refusedAttempts
        guard !isOver, now < end || attempts < leastAttempts else {
            return .dead(message: failure.message)
        }
        var next = now + wait(afterAttempts: attempts, hook: group.hook, id: group.id)
        if let asked = failure.retryAfter {
            next = max(next, now + min(asked, longestObedience))
        }
        return .retry(at: now < end ? min(next, end) : next, message: failure.message)
    }

    /// Whether a promise that is due at `due` is so only because the clock was ahead when that was
    /// noted.
    package func isImpossible(due: Timestamp, now: Timestamp) -> Bool {
        due > now + max(longestWait * 2, longestObedience + .seconds(3_600))
    }

    /// From when on the promises of a hook that is paused since `since` are given up, those made
    /// after that moment excepted; nil: not yet.
    package func givenUp(ofPausedSince since: Timestamp, now: Timestamp) -> Timestamp? {
        since + lifetime <= now ? now - lifetime : nil
    }

    /// How long to wait when `attempts` attempts have failed, the shift included.
    package func wait(afterAttempts attempts: Int, hook: HookID, id: String) -> Duration {
        let doublings = max(0, attempts - 1)
        var wait = firstWait
        for _ in 0..<doublings where wait < longestWait { wait *= 2 }
        wait = min(wait, longestWait)
        let hash = ContentHash.of(id, seed: ContentHash.of(hook.rawValue, seed: UInt64(attempts)))
        let share = Int64(hash % 4_001) - 2_000
        return wait + .milliseconds(wait.wholeMilliseconds * share / 10_000)
    }
}
