internal import FeedModel
package import WatchCore

/// Looking at all feeds together.
extension Watcher {
    /// Tells of feeds that fail, recover or fall silent, and stores that it was told in the same
    /// transaction.
    ///
    /// Never beside a batch: both write the feeds' states.
    package func sweepHealth() async {
        guard !isSettling, !isStopping || mode == .once else { return }
        isSettling = true
        settlingSince = clock.uptime()
        var sweep = healthSweep
        let findings = sweep.run(
            plan.configuration.feeds.lazy.compactMap { [states] in states[$0.id] },
            failingAfter: plan.configuration.health.failingAfter,
            now: clock.now()
        )
        do {
            if !findings.events.isEmpty || !findings.states.isEmpty {
                let receipt = try await store.commit(
                    findings.states.map { PollCommit(feed: $0) },
                    records: findings.events.map { $0.draft(hooks: plan.eventHooks) }
                )
                for state in findings.states { states[state.id]?.health = state.health }
                pollCounts.add(findings.events.map(\.kind))
                notify(.stored(lines: receipt.lines))
            }
            healthSweep = sweep
            try await judgeAnswers()
            revive(findings.revived, now: clock.now())
        } catch {
            // Nothing was told: it is with the next sweep.
            log.storeFailed(error)
        }
        isSettling = false
        for waiter in idleWaiters { waiter.resume() }
        idleWaiters = []
        if mode == .daemon { tick() }
    }

    /// Polls feeds now that would wait after failures whose cause has gone; not before their server
    /// asks.
    private func revive(_ feeds: [FeedID], now: Timestamp) {
        guard mode == .daemon else { return }
        for feed in feeds {
            guard let state = states[feed] else { continue }
            let due = max(now, state.notBefore ?? now, state.hostHeldUntil ?? now)
            guard due < state.nextPoll else { continue }
            states[feed]?.nextPoll = due
            schedule.add(feed, host: URLRedaction.host(of: state.address), due: due)
        }
    }

    /// Tells of hosts whose 304 cannot be believed, and notes it of all their feeds.
    private func judgeAnswers() async throws(StoreError) {
        let feeds = plan.configuration.feeds.compactMap { states[$0.id] }
        let found = FalseAnswers.judge(feeds, now: clock.now())
        guard !found.states.isEmpty else { return }
        let receipt = try await store.commit(
            found.states.map { PollCommit(feed: $0) },
            records: found.events.map { $0.draft(hooks: plan.eventHooks) }
        )
        for state in found.states { states[state.id]?.health = state.health }
        pollCounts.add(found.events.map(\.kind))
        notify(.stored(lines: receipt.lines))
    }

    /// How the feeds stand, and what polls brought so far.
    package var health: HealthSummary {
        let now = clock.now()
        var conditions: [FeedCondition: Int] = [:]
        for feed in plan.configuration.feeds {
            conditions[FeedCondition(of: states[feed.id], at: now), default: 0] += 1
        }
        return HealthSummary(
            counts: pollCounts,
            conditions: conditions,
            isNetworkDown: healthSweep.isNetworkDown
        )
    }
}
