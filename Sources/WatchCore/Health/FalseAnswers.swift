package import FeedModel

/// Learns which hosts say falsely that nothing has changed: what two of their feeds have proved
/// is believed of all the others.
///
/// That a host was found out is part of its feeds' states: it is told once, over restarts too.
package enum FalseAnswers {
    /// So many feeds of a host prove it.
    static let provingFeeds = 2

    /// The states that change by what is found at `now`, and what is told.
    package static func judge(
        _ states: [FeedState],
        now: Timestamp
    ) -> (states: [FeedState], events: [EventRecord]) {
        // Nearly always there is nothing to look at.
        let proving = states.filter { $0.health.distrusts304(at: now) }
        guard proving.count >= provingFeeds else { return ([], []) }
        var found: (states: [FeedState], events: [EventRecord]) = ([], [])
        let hosts = Dictionary(grouping: proving) { URLRedaction.host(of: $0.address) }
            .filter { $0.value.count { $0.health.isProvenFalse } >= provingFeeds }
        guard !hosts.isEmpty else { return found }
        let others = Dictionary(
            grouping: states.filter { state in
                !state.health.distrusts304(at: now) && state.validators != Validators()
                    && hosts[URLRedaction.host(of: state.address)] != nil
            }
        ) { URLRedaction.host(of: $0.address) }
        for (host, liars) in hosts.sorted(by: { $0.key < $1.key }) {
            // Who was taken to lie before is believed again, until others are found out anew.
            let rest = (others[host] ?? []).filter { state in
                guard let end = state.health.distrustEnd else { return true }
                let anew = liars.count { liar in
                    liar.health.isProvenFalse
                        && liar.health.distrustedSince.map { $0 > end } ?? false
                }
                return anew >= provingFeeds
            }
            guard !rest.isEmpty else { continue }
            for var state in rest {
                state.health.distrust(now: now)
                found.states.append(state)
            }
            // Feeds that came to a host which was told of join in silence.
            guard liars.allSatisfy(\.health.isProvenFalse) else { continue }
            var event = EventRecord(
                .hostStale304,
                time: now,
                message: """
                    \(host) answered for \(liars.count) of its feeds that nothing had changed, \
                    and it had: whole documents are asked for of its \(rest.count) others, too
                    """
            )
            event.tell(host: host, feeds: liars + rest)
            found.events.append(event)
        }
        return found
    }
}
