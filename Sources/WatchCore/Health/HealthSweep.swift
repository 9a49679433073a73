package import FeedModel

// How to read this file: `run` looks at all feeds' states, as often as it is called, and answers
// with what has to be told and which states that changes. Told the time; no I/O. What was told is
// part of the feeds' states, that of our network too, so that a restart tells nothing twice.
// HealthSweep+Network.swift judges our own network.

/// Tells of feeds that fail, recover or fall silent; of what they have in common one event.
package struct HealthSweep: Sendable {
    /// What a sweep found.
    package struct Findings: Sendable {
        /// The states that change by what is told.
        package private(set) var states: [FeedState] = []
        /// Where they are among `states`.
        private var places: [FeedID: Int] = [:]
        /// What is told.
        package var events: [EventRecord] = []
        /// Feeds to be polled again now: what kept them from working has gone.
        package var revived: [FeedID] = []

        /// Has `count` of `feeds` polled, of as many hosts, if none was for so long: each waits
        /// longer the longer it fails, and so would the news that they work again.
        ///
        /// Only where the server was not reached: what it answers is its own matter.
        mutating func probe(
            _ feeds: [FeedState],
            count: Int,
            every pause: Duration,
            now: Timestamp
        ) {
            let unreached = feeds.filter { HealthSweep.isOurs($0.reason) }
            guard unreached.count == feeds.count, let last = unreached.compactMap(\.lastPoll).max(),
                now - last >= pause
            else { return }
            var hosts: Set<String> = []
            for feed in unreached.sorted(by: { ($0.lastPoll ?? last) < ($1.lastPoll ?? last) })
            where hosts.count < count {
                guard hosts.insert(URLRedaction.host(of: feed.address)).inserted else { continue }
                revived.append(feed.id)
            }
        }

        /// Changes what was told of a feed, beside what this sweep has changed already.
        mutating func change(
            _ state: FeedState,
            _ change: (inout FeedHealth) -> Void
        ) {
            let place = places[state.id] ?? states.endIndex
            if place == states.endIndex { states.append(state) }
            places[state.id] = place
            change(&states[place].health)
        }

        /// Notes that nothing of a feed's failing is told any more.
        mutating func forget(_ state: FeedState) {
            change(state) {
                $0.report = .none
                $0.reportTime = nil
            }
        }
    }

    /// From so many feeds and hosts on, their failing together has one cause: our network.
    static let networkFeeds = 5
    static let networkHosts = 3
    /// From so many feeds of one host on, their failing together is told once.
    static let hostFeeds = 3
    /// After so many failures in a row a feed is told of.
    static let provenFailures = 2
    /// How long all must fail before it is told.
    static let networkTime: Duration = .seconds(5 * 60)
    /// When a feed that goes on failing is told of again: after a day, then every week.
    static let firstReminder: Duration = .seconds(86_400)
    static let laterReminder: Duration = .seconds(7 * 86_400)
    /// How often some of many feeds that fail together are asked, so that the end of it shows: three
    /// where our network failed, as one may have died meanwhile, and one of a host.
    static let networkProbes = 3
    static let networkProbe: Duration = .seconds(5 * 60)
    static let hostProbe: Duration = .seconds(3_600)

    /// Since when nearly all feeds fail together; nil: they do not.
    var networkDown: Timestamp?
    /// When they last stopped to.
    var networkUp: Timestamp?
    /// Whether both are known: after a start the feeds' states say.
    var isStarted = false

    /// A sweep that has told nothing.
    package init() {}

    /// Whether nearly all feeds fail together.
    package var isNetworkDown: Bool { networkDown != nil }

    /// The feeds of one host that were polled.
    private struct Host {
        var feeds = 0
        /// Those whose last poll failed.
        var failing: [FeedState] = []
        /// Those of them that have to be told of.
        var due: [FeedState] = []
        /// Those that work again, and were told of.
        var recovered: [FeedState] = []
        /// When one of them last worked.
        var lastSuccess: Timestamp?

        mutating func take(_ state: FeedState, isDue: Bool) {
            feeds += 1
            if let success = state.lastSuccess {
                lastSuccess = max(lastSuccess ?? success, success)
            }
            if state.failures > 0 {
                failing.append(state)
                if isDue { due.append(state) }
            } else if state.health.report != .none {
                recovered.append(state)
            }
        }

        /// Whether the host is to blame: all of its feeds fail, or all that were polled since one
        /// of them last worked and did work before.
        var isDown: Bool {
            guard feeds >= HealthSweep.hostFeeds else { return false }
            return failing.count == feeds
                || HealthSweep.began(failing, after: lastSuccess).count >= HealthSweep.hostFeeds
        }
    }

    /// Looks at the states of the feeds that are watched.
    package mutating func run(
        _ states: some Collection<FeedState>,
        failingAfter: Duration,
        now: Timestamp
    ) -> Findings {
        var findings = Findings()
        recallNetwork(states)
        judgeNetwork(states, now: now, &findings)
        var hosts: [String: Host] = [:]
        for state in states where state.polls > 0 {
            let name = URLRedaction.host(of: state.address)
            let isDue = isDue(state, failingAfter, now)
            hosts[name, default: Host()].take(state, isDue: isDue)
            if state.failures == 0, state.health.report == .none {
                judgeSilence(state, now: now, &findings)
            }
        }
        for (name, host) in hosts.sorted(by: { $0.key < $1.key }) {
            if networkDown == nil, !host.due.isEmpty {
                tellFailing(host, name, now: now, &findings)
            }
            if !host.recovered.isEmpty {
                tellRecovered(host, name, now: now, &findings)
            } else if networkDown == nil,
                host.failing.contains(where: { $0.health.report == .host })
            {
                findings.probe(host.failing, count: 1, every: HealthSweep.hostProbe, now: now)
            }
        }
        return findings
    }

    /// Whether a feed that fails has to be told of now: for the first time, or again.
    ///
    /// Not where only our network's failure is known of it.
    private func isDue(_ state: FeedState, _ time: Duration, _ now: Timestamp) -> Bool {
        guard let since = state.failingSince else { return false }
        if let networkUp, let poll = state.lastPoll, poll <= networkUp { return false }
        guard state.health.report != .none, let told = state.health.reportTime else {
            // A single poll that comes to nothing is told by the next that does.
            return now - since >= time && state.failures >= HealthSweep.provenFailures
        }
        let isFirst = told - since < HealthSweep.firstReminder && !HealthSweep.isGone(state)
        return now - told >= (isFirst ? HealthSweep.firstReminder : HealthSweep.laterReminder)
    }

    /// Whether it was told already that a feed is gone for good, by the poll that proved it.
    private static func isGone(_ state: FeedState) -> Bool {
        state.goneLooks >= PollPolicy.goneProof
    }

    // MARK: Common causes

    /// The failing feeds that worked until `moment`.
    static func began(_ failing: [FeedState], after moment: Timestamp?) -> [FeedState] {
        guard let moment else { return failing }
        return failing.filter { $0.failingSince.map { $0 > moment } ?? false }
    }

    private func tellFailing(
        _ host: Host,
        _ name: String,
        now: Timestamp,
        _ findings: inout Findings
    ) {
        let wasTold = host.failing.contains { $0.health.report == .host }
        let isReminder = host.due.contains { $0.health.report == .host }
        let isHost = host.isDown
        if isHost, !wasTold || isReminder, let first = host.due.first {
            var event = EventRecord(
                .hostFailing,
                time: now,
                reason: first.reason,
                message: """
                    \(host.failing.count) of \(host.feeds) feeds of \(name) fail, and none \
                    worked since \(HealthSweep.since(host.failing, now)): \
                    \(first.message ?? "")
                    """
            )
            event.tell(host: name, feeds: host.failing)
            event.counts = [("failing", host.failing.count), ("watched", host.feeds)]
            findings.events.append(event)
        }
        // Told with the host are those, too, that have not failed for long enough by themselves.
        for state in isHost ? host.failing : host.due {
            let isKnown = state.health.report == .none && HealthSweep.isGone(state)
            if !isHost, !isKnown {
                let again = state.health.report == .none ? "" : "still "
                findings.events.append(
                    EventRecord(
                        .feedFailing,
                        time: now,
                        feed: state.id,
                        reason: state.reason,
                        message: """
                            \(again)fails since \(HealthSweep.since([state], now)), \
                            \(state.failures) times: \(state.message ?? "")
                            """
                    )
                )
            }
            let report: FeedHealth.Report = isHost ? .host : .feed
            // What is not told anew keeps the time of its next reminder.
            if isHost, wasTold, !isReminder, state.health.report == .host { continue }
            findings.change(state) {
                $0.report = report
                $0.reportTime = now
            }
        }
    }

    /// Tells of feeds that work again; of those that were told with their host once the others
    /// were polled, too: these are looked at at once, and told of singly where they still fail.
    private func tellRecovered(
        _ host: Host,
        _ name: String,
        now: Timestamp,
        _ findings: inout Findings
    ) {
        let together = host.recovered.filter { $0.health.report == .host }
        let left = host.failing.filter { $0.health.report == .host }
        let back = together.compactMap(\.lastSuccess).min() ?? now
        let waiting = left.filter { $0.lastPoll.map { $0 < back } ?? true }
        if !together.isEmpty, waiting.isEmpty {
            var event = EventRecord(
                .hostRecovered,
                time: now,
                message: "\(together.count) feeds of \(name) work again"
            )
            event.tell(host: name, feeds: together)
            findings.events.append(event)
            for state in left { findings.forget(state) }
        } else if !together.isEmpty {
            findings.revived += waiting.map(\.id)
        }
        for state in host.recovered {
            if state.health.report == .host, !waiting.isEmpty { continue }
            if state.health.report == .feed {
                let told = state.health.reportTime.map { ", told of \($0.rfc3339Seconds)" } ?? ""
                findings.events.append(
                    EventRecord(
                        .feedRecovered,
                        time: now,
                        feed: state.id,
                        message: "works again\(told)"
                    )
                )
            }
            findings.forget(state)
        }
    }

    private static func since(_ feeds: [FeedState], _ now: Timestamp) -> String {
        (feeds.compactMap(\.failingSince).min() ?? now).rfc3339Seconds
    }

    // MARK: Silence

    private func judgeSilence(
        _ state: FeedState,
        now: Timestamp,
        _ findings: inout Findings
    ) {
        guard !state.health.isSilenceTold, state.health.isSilent(at: now),
            let since = state.health.quietSince, let longest = state.health.longestPause
        else { return }
        findings.events.append(
            EventRecord(
                .feedSilent,
                time: now,
                feed: state.id,
                message: """
                    nothing new since \(since.rfc3339Seconds); its longest pause of late was \
                    \(longest.shortText)
                    """
            )
        )
        findings.change(state) { $0.isSilenceTold = true }
    }
}

extension Duration {
    /// The duration in its largest whole unit, for people: `3d`, `5h`, `10m`, `7s`.
    package var shortText: String {
        let seconds = max(0, wholeMilliseconds / 1_000)
        switch seconds {
        case ..<60: return "\(seconds)s"
        case ..<3_600: return "\(seconds / 60)m"
        case ..<86_400: return "\(seconds / 3_600)h"
        default: return "\(seconds / 86_400)d"
        }
    }
}
