internal import FeedModel
internal import WatchCore

/// Working on what came.
extension Watcher {
    func collect(_ results: [TransferResult]) {
        guard !isStopping else { return }
        let fresh = results.compactMap { result -> TransferResult? in
            var result = result
            result.isPage = walks.finished(result.feed)
            schedule.transferred(result.feed)
            suspects.remove(result.feed)
            let address = asked.removeValue(forKey: result.feed)
            guard let state = states[result.feed], address == state.url else {
                // The address was changed while the old one was being asked.
                schedule.finished(result.feed, next: clock.now())
                return nil
            }
            return result
        }
        batch.append(fresh, at: clock.uptime())
        tick()
    }

    func settleIfDue() {
        guard !isSettling, !batch.isEmpty else { return }
        guard batch.isFull(at: clock.uptime()) || schedule.inFlight == 0 else { return }
        isSettling = true
        settlingSince = clock.uptime()
        let results = batch.take()
        Task { await settle(results) }
    }

    /// Sends a batch through the pipeline until it is stored.
    ///
    /// While the store fails for a time, the batch is kept and tried again, and no server is
    /// asked in vain. A batch that cannot be stored as a whole is stored feed by feed, so that one
    /// feed's trouble does not touch another.
    private func settle(_ results: [TransferResult]) async {
        var states: [FeedID: FeedState] = [:]
        for result in results { states[result.feed] = self.states[result.feed] }
        var parts = [results]
        while let part = parts.popLast() {
            do {
                try await process(part, states)
                isStoreFailing = false
            } catch {
                log.storeFailed(error)
                if error.isFatal {
                    notify(.storeFailed(error))
                    break
                } else if !error.isTransient, part.count > 1 {
                    parts.append(contentsOf: part.map { [$0] })
                } else if mode == .once {
                    notify(.storeFailed(error))
                    break
                } else if error.isTransient {
                    isStoreFailing = true
                    guard await waitForStore() else { break }
                    parts.append(part)
                } else {
                    postpone(part)
                }
            }
        }
        isStoreFailing = false
        isSettling = false
        for waiter in idleWaiters { waiter.resume() }
        idleWaiters = []
        tick()
    }

    private func process(
        _ results: [TransferResult],
        _ known: [FeedID: FeedState]
    ) async throws(StoreError) {
        let settled = try await pipeline.process(
            results,
            states: known,
            plan: plan,
            now: clock.now()
        )
        let held = takeHome(settled)
        guard !held.isEmpty else { return }
        // What a server asked for outlives a restart.
        _ = try await store.commit(held.map { PollCommit(feed: $0) }, records: [])
    }

    /// Waits a little before the store is asked again; false: the watcher stops.
    private func waitForStore() async -> Bool {
        for _ in 0..<50 {
            guard !isStopping else { return false }
            // The daemon lives, and says so.
            settlingSince = clock.uptime()
            do { try await Task.sleep(for: .milliseconds(100)) } catch { return false }
        }
        return !isStopping
    }

    /// Takes the reports home; the states of the feeds that wait as their server asks.
    private func takeHome(_ batch: BatchReport) -> [FeedState] {
        let now = clock.now()
        var held: [FeedState] = []
        for report in batch.polls {
            log.write(report)
            pollCounts.add(report)
            if let moment = report.state.hostHeldUntil, moment > now,
                let address = states[report.state.id]?.address
            {
                held += hold(URLRedaction.host(of: address), until: moment)
            }
            if let asked = report.hold { held += hold(asked.host, until: asked.until) }
            if let current = states[report.state.id], current.url != report.state.url {
                again(current)  // the address changed while the poll was under way
            } else {
                let before = states.updateValue(report.state, forKey: report.state.id)?.address
                noteWalk(of: report.state)
                if before != report.state.address {
                    let host = URLRedaction.host(of: report.state.address)
                    schedule.add(report.state.id, host: host, due: report.state.nextPoll)
                }
                again(report.state)
            }
        }
        pollCounts.add(batch.events)
        notify(.stored(lines: batch.lines))
        return held
    }

    /// Leaves a host alone until `moment`; the states of its other feeds that this changes.
    private func hold(_ host: String, until moment: Timestamp) -> [FeedState] {
        schedule.hold(host: host, until: moment)
        return schedule.restingFeeds(ofHost: host).compactMap { feed in
            if mode == .once { schedule.remove(feed) }
            guard var state = states[feed], state.nextPoll < moment else { return nil }
            state.nextPoll = moment
            states[feed] = state
            if mode == .daemon { schedule.add(feed, host: host, due: moment) }
            return state
        }
    }

    private func postpone(_ results: [TransferResult]) {
        for result in results {
            guard let state = states[result.feed], let settings = plan.settings(of: result.feed)
            else { continue }
            var postponed = plan.policy.notStored(state, settings: settings, now: clock.now())
            if let walk = state.walk {
                let next = postponed.nextPoll
                postponed.walk?.notBefore = max(walk.notBefore, next)
            }
            states[result.feed] = postponed
            again(postponed)
        }
    }
}
