package import FeedModel

// How to read this file: `run` looks at all feeds' states, as often as it is called, and answers
// with what has to be told and which states that changes. Told the time; no I/O. What was told is
// part of the feeds' states, so that a restart tells nothing twice.

/// Tells of feeds that fail, recover or fall silent; of what they have in common one event.
package struct HealthSweep: Sendable {
    /// What a sweep found.
    package struct Findings: Sendable {
        /// The states that change by what is told.
        package var states: [FeedState] = []
        /// What is told.
        package var events: [EventRecord] = []
    }

    /// From so many feeds and hosts on, their failing together has one cause: our network.
    static let networkFeeds = 5
    static let networkHosts = 3
    /// From so many feeds of one host on, their failing together is told once.
    static let hostFeeds = 3
    /// How long all must fail before it is told.
    static let networkTime: Duration = .seconds(5 * 60)
    /// When a feed that goes on failing is told of again: after a day, then every week.
    static let firstReminder: Duration = .seconds(86_400)
    static let laterReminder: Duration = .seconds(7 * 86_400)

    /// Since when nearly all feeds fail together; nil: they do not.
    private var networkDown: Timestamp?

    /// A sweep that has told nothing.
    package init() {}

    /// Whether nearly all feeds fail together.
    package var isNetworkDown: Bool { networkDown != nil }

    /// Looks at the states of the feeds that are watched.
    package mutating func run(
        _ states: [FeedState],
        failingAfter: Duration,
        now: Timestamp
    ) -> Findings {
        var findings = Findings()
        judgeNetwork(states, now: now, &findings)
        var failing: [String: [FeedState]] = [:]
        var counts: [String: (feeds: Int, failing: Int)] = [:]
        var recovered: [String: [FeedState]] = [:]
        for state in states where state.polls > 0 {
            let host = URLRedaction.host(of: state.address)
            counts[host, default: (0, 0)].feeds += 1
            if state.failures > 0 {
                counts[host]?.failing += 1
                if HealthSweep.isDue(state, failingAfter, now) {
                    failing[host, default: []].append(state)
                }
            } else if state.health.report != .none {
                recovered[host, default: []].append(state)
            } else {
                judgeSilence(state, now: now, &findings)
            }
        }
        for (host, feeds) in failing.sorted(by: { $0.key < $1.key }) where networkDown == nil {
            tellFailing(feeds, of: host, counts[host] ?? (0, 0), now: now, &findings)
        }
        for (host, feeds) in recovered.sorted(by: { $0.key < $1.key }) {
            tellRecovered(feeds, of: host, isWhole: counts[host]?.failing == 0, now: now, &findings)
        }
        return findings
    }

    /// Whether a feed that fails has to be told of now: for the first time, or again.
    private static func isDue(_ state: FeedState, _ time: Duration, _ now: Timestamp) -> Bool {
        guard let since = state.failingSince else { return false }
        guard state.health.report != .none, let told = state.health.reportTime else {
            return now - since >= time
        }
        let wait = told - since < laterReminder ? firstReminder : laterReminder
        return now - told >= wait
    }

    // MARK: Common causes

    private mutating func judgeNetwork(
        _ states: [FeedState],
        now: Timestamp,
        _ findings: inout Findings
    ) {
        let polled = states.filter { $0.polls > 0 }
        let down = polled.filter { $0.failures > 0 && HealthSweep.isOurs($0.reason) }
        let last = polled.compactMap(\.lastSuccess).max()
        let isDown =
            polled.count >= HealthSweep.networkFeeds && down.count * 5 >= polled.count * 4
            && Set(down.map { URLRedaction.host(of: $0.address) }).count
                >= HealthSweep.networkHosts
            && (last.map { now - $0 >= HealthSweep.networkTime } ?? true)
        if isDown, networkDown == nil {
            let since = down.compactMap(\.failingSince).max() ?? now
            networkDown = since
            findings.events.append(
                EventRecord(
                    .networkFailing,
                    time: now,
                    reason: down.first?.reason,
                    message: """
                        \(down.count) of \(polled.count) feeds cannot be reached, the last since \
                        \(since.rfc3339Seconds): our network, most likely
                        """
                )
            )
        } else if !isDown, let ended = networkDown, last.map({ $0 > ended }) ?? false {
            networkDown = nil
            findings.events.append(
                EventRecord(
                    .networkRecovered,
                    time: now,
                    message: "feeds can be reached again after \((now - ended).shortText)"
                )
            )
        }
    }

    /// Whether a failure may be our network's.
    private static func isOurs(_ reason: FailureReason?) -> Bool {
        switch reason {
        case .nameNotResolved, .connectFailed, .timedOut, .transferFailed, .tlsFailed: true
        default: false
        }
    }

    private func tellFailing(
        _ feeds: [FeedState],
        of host: String,
        _ count: (feeds: Int, failing: Int),
        now: Timestamp,
        _ findings: inout Findings
    ) {
        let isHost =
            count.feeds >= HealthSweep.hostFeeds && count.failing == count.feeds
            && feeds.count * 2 >= count.feeds
        if isHost, let first = feeds.first {
            findings.events.append(
                EventRecord(
                    .hostFailing,
                    time: now,
                    reason: first.reason,
                    message: """
                        all \(count.feeds) feeds of \(host) fail, since \
                        \(HealthSweep.since(feeds, now)): \(first.message ?? "")
                        """
                )
            )
        }
        for var state in feeds {
            if !isHost {
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
            state.health.report = isHost ? .host : .feed
            state.health.reportTime = now
            findings.states.append(state)
        }
    }

    private func tellRecovered(
        _ feeds: [FeedState],
        of host: String,
        isWhole: Bool,
        now: Timestamp,
        _ findings: inout Findings
    ) {
        let together = feeds.filter { $0.health.report == .host }
        if !together.isEmpty, isWhole {
            findings.events.append(
                EventRecord(
                    .hostRecovered,
                    time: now,
                    message: "\(together.count) feeds of \(host) work again"
                )
            )
        }
        for var state in feeds {
            if state.health.report == .host, !isWhole { continue }
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
            state.health.report = .none
            state.health.reportTime = nil
            findings.states.append(state)
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
        var state = state
        state.health.isSilenceTold = true
        findings.states.append(state)
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
