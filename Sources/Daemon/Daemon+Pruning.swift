internal import FeedModel
internal import Logging
internal import SQLiteStore
internal import ServiceHost
internal import WatchCore

/// When what is old is dropped from the state.
struct PruneClock {
    /// How often it is.
    private static let time: Duration = .seconds(3_600)
    /// How often it is looked whether the state has grown beyond its limit.
    private static let limitTime: Duration = .seconds(60)

    /// When it was done last, by uptime.
    var last: Duration
    /// Whether the state was larger than its limit even then.
    var wasTooLarge = false

    /// The first time soon after the start: a daemon may be restarted more often than hourly.
    init(start: Duration) { last = start - PruneClock.time + PruneClock.limitTime }

    /// Whether it is time, whatever the size of the state.
    func isDue(_ now: Duration) -> Bool { now - last > PruneClock.time }

    /// Whether it is time if the state has grown beyond its limit; what did not help a moment ago
    /// would not help now.
    func isDueIfTooLarge(_ now: Duration) -> Bool {
        !wasTooLarge && now - last > PruneClock.limitTime
    }
}

extension Daemon {
    /// What is younger is never pruned, whatever the limit.
    private static let recentTime: Duration = .seconds(86_400)

    /// Whether it is time to drop what is old.
    func isPruneDue(_ store: SQLiteStore) async throws(StoreError) -> Bool {
        let now = clock.uptime()
        if pruning.isDue(now) { return true }
        guard pruning.isDueIfTooLarge(now) else { return false }
        return try await store.excess(over: plan.configuration.watch.stateLimit) != nil
    }

    /// Drops what is old, and what is oldest of a state that is larger than its limit.
    func prune(_ store: SQLiteStore, steps: Int) async {
        let (now, watch) = (clock.now(), plan.configuration.watch)
        let retention = StateRetention(
            history: now - watch.history,
            recent: now - Daemon.recentTime,
            limit: watch.stateLimit
        )
        do {
            // Small steps, so that polls are stored between them.
            for _ in 0..<steps {
                guard try await store.prune(retention) else { break }
                await Task.yield()
            }
            let excess = try await store.excess(over: watch.stateLimit)
            pruning.wasTooLarge = excess != nil
            if let excess {
                logger.warning(
                    "the state is larger than its limit",
                    metadata: ["message": "\(excess) more; what is recent or needed is not dropped"]
                )
            }
        } catch {
            logger.error("history was not pruned", metadata: ["message": "\(error.message)"])
        }
    }
}
