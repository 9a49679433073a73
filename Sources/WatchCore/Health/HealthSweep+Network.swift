import FeedModel

/// Judging our own network, by all feeds together.
extension HealthSweep {
    /// Takes from the feeds' states what was told of our network before a restart.
    mutating func recallNetwork(_ states: some Collection<FeedState>) {
        guard !isStarted else { return }
        isStarted = true
        networkDown = states.lazy.compactMap(\.health.outage).min()
        networkUp = states.lazy.compactMap(\.health.outageEnd).max()
    }

    /// Our network is down where nothing has worked for five minutes, and four in five feeds fail,
    /// or all that were polled since anything worked: who polls many feeds slowly would wait for
    /// hours until four in five have failed.
    mutating func judgeNetwork(
        _ states: some Collection<FeedState>,
        now: Timestamp,
        _ findings: inout Findings
    ) {
        var polled = 0
        var last: Timestamp?
        var down: [FeedState] = []
        for state in states where state.polls > 0 {
            if let success = state.lastSuccess { last = max(last ?? success, success) }
            // What failed in the last outage, and was not asked since, says nothing of the next.
            if state.failures > 0, let networkUp, let poll = state.lastPoll, poll <= networkUp {
                continue
            }
            polled += 1
            if state.failures > 0, HealthSweep.isOurs(state.reason) { down.append(state) }
        }
        let began = HealthSweep.began(down, after: last)
        if let since = networkDown {
            guard let last, last > since else {
                // Of one that failed before nothing shows: it may do so for ever.
                return findings.probe(
                    began.isEmpty ? down : began,
                    count: HealthSweep.networkProbes,
                    every: HealthSweep.networkProbe,
                    now: now
                )
            }
            networkDown = nil
            networkUp = now
            tellNetworkUp(states, down, since: since, now: now, &findings)
        } else if last.map({ now - $0 >= HealthSweep.networkTime }) ?? true,
            HealthSweep.areSeveral(down.count * 5 >= polled * 4 ? down : began)
        {
            let since = began.compactMap(\.failingSince).min() ?? now
            networkDown = since
            for state in down { findings.change(state) { $0.outage = since } }
            var event = EventRecord(
                .networkFailing,
                time: now,
                reason: down.first?.reason,
                message: """
                    \(down.count) of \(polled) feeds cannot be reached, and none could \
                    since \(since.rfc3339Seconds): our network, most likely
                    """
            )
            event.counts = [("failing", down.count), ("watched", polled)]
            findings.events.append(event)
        }
    }

    /// Tells that our network works again, and has those polled that failed with it.
    private func tellNetworkUp(
        _ states: some Collection<FeedState>,
        _ down: [FeedState],
        since: Timestamp,
        now: Timestamp,
        _ findings: inout Findings
    ) {
        for state in states where state.health.outage != nil {
            findings.change(state) { $0.outage = nil }
        }
        // Not told of singly before they were polled once more.
        for state in down { findings.change(state) { $0.outageEnd = now } }
        findings.revived = down.filter { $0.failingSince.map { $0 >= since } ?? false }.map(\.id)
        findings.events.append(
            EventRecord(
                .networkRecovered,
                time: now,
                message: "feeds can be reached again after \((now - since).shortText)"
            )
        )
    }

    /// Whether so many feeds of so many hosts hardly fail together without a common cause.
    private static func areSeveral(_ feeds: [FeedState]) -> Bool {
        feeds.count >= networkFeeds
            && Set(feeds.map { URLRedaction.host(of: $0.address) }).count >= networkHosts
    }

    /// Whether a failure may be our network's.
    static func isOurs(_ reason: FailureReason?) -> Bool {
        switch reason {
        case .nameNotResolved, .connectFailed, .timedOut, .transferFailed, .tlsFailed: true
        default: false
        }
    }
}
