internal import FeedModel
internal import WatchCore

// How to read this file: `run` drives the real schedule and policy through four weeks. The clock
// is a loop variable; a poll finds the items published since the last one. All rules see the same
// feeds, and are tuned to the same number of requests while they are judged.

/// Four weeks of polling in virtual time: two to learn, two to judge.
package struct PollSimulation: Sendable {
    /// When to poll a feed again.
    package enum Rule: String, Sendable, CaseIterable {
        /// After the same time.
        case fixed = "fixed interval"
        /// After the mean time between two of its items.
        case meanGap = "mean gap between items"
        /// By the square root of its mean rate.
        case squareRoot = "square root of the mean rate"
        /// Ours.
        case learned = "**threshold on waiting, rates learned**"
        /// Ours, told the rates that the feeds publish at.
        case known = "threshold on waiting, true rates"
    }

    /// What came of it.
    package struct Outcome: Sendable {
        /// Requests a feed and day while judged.
        package var requests = 0.0
        /// The mean time from publication to discovery, in minutes.
        package var mean = 0.0
        /// The time within which half of the items were found.
        package var median = 0.0
        /// The time within which nine of ten were found.
        package var ninth = 0.0
    }

    /// How many days the rules learn, and how many they are judged.
    package static let phase = 14
    /// How many days of items lie before the first poll.
    private static let past = 20
    private static let start = Timestamp(seconds: 1_750_032_000)  // a Monday, midnight
    private static let windowSize = 20

    private let feeds: [SimulatedFeed]

    /// A simulation of so many feeds.
    package init(feeds count: Int, seed: UInt64 = 1) {
        var random = SeededRandom(seed: seed)
        let start = PollSimulation.start - .seconds(PollSimulation.past * 86_400)
        let length = PollSimulation.past + 2 * PollSimulation.phase
        feeds = (0..<count).map { _ in
            SimulatedFeed(start: start, length: length, random: &random)
        }
    }

    /// The outcome of a rule that makes `requests` a feed and day, within `tolerance` of them.
    package func outcome(
        of rule: Rule,
        requests: Double,
        tolerance: Double = 0.01
    ) -> Outcome {
        var factor = 1_440 / requests
        var outcome = Outcome()
        for _ in 0..<8 {
            outcome = run(rule, minutes: factor)
            let ratio = outcome.requests / requests
            if abs(ratio - 1) <= tolerance { break }
            factor *= ratio
        }
        return outcome
    }

    /// Runs a rule at a mean interval of so many minutes.
    private func run(_ rule: Rule, minutes: Double) -> Outcome {
        var watch = WatchSettings()
        watch.meanInterval = .milliseconds(Int64(minutes * 60_000))
        if rule == .fixed { watch.interval = .fixed(watch.meanInterval) }
        let limits = Limits()
        var schedule = PollSchedule(connectionsPerHost: 1, hostSpacing: .zero)
        var policy = PollPolicy(watch: watch, limits: limits)
        let begin = PollSimulation.start
        let judged = begin + .seconds(PollSimulation.phase * 86_400)
        let end = judged + .seconds(PollSimulation.phase * 86_400)
        var settings: [FeedSettings] = []
        var states: [FeedState] = []
        var numbers: [FeedID: Int] = [:]
        for number in feeds.indices {
            let id = FeedID("f\(number)")
            let feed = FeedSettings(id: id, url: "http://h\(number).example/feed")
            settings.append(feed)
            // Started over an hour, not all in one second.
            let first = begin + .seconds(number * 3_600 / feeds.count)
            states.append(FeedState(id: id, url: feed.url, nextPoll: first))
            numbers[id] = number
            schedule.add(id, host: "h\(number).example", due: first)
        }
        var next = [Int](repeating: 0, count: feeds.count)
        var polls = 0
        var delays: [Double] = []
        var paceDue = begin + .seconds(3_600)
        while let now = schedule.nextWakeUp, now < end {
            if now >= paceDue {
                policy = paced(rule, watch: watch, limits: limits, states: states)
                paceDue = now + .seconds(3_600)
            }
            for id in schedule.take(now: now, room: .max) {
                guard let number = numbers[id] else { continue }
                if now >= judged { polls += 1 }
                let items = feeds[number].items
                let from = next[number]
                while next[number] < items.count, items[next[number]] <= now {
                    let item = items[next[number]]
                    if item >= judged { delays.append(minutesBetween(item, now)) }
                    next[number] += 1
                }
                states[number] = polled(
                    states[number],
                    settings: settings[number],
                    items: items,
                    new: from..<next[number],
                    policy: policy,
                    now: now
                )
                override(&states[number], rule, feeds[number], policy, minutes, now: now)
                schedule.finished(id, next: states[number].nextPoll)
            }
        }
        let days = Double(PollSimulation.phase * feeds.count)
        return PollSimulation.summary(of: delays, requests: Double(polls) / days)
    }

    /// The pace by what is known of the feeds now.
    private func paced(
        _ rule: Rule,
        watch: WatchSettings,
        limits: Limits,
        states: [FeedState]
    ) -> PollPolicy {
        let demands =
            rule == .known
            ? feeds.map { Rhythm(hours: $0.hours, days: $0.days).demand }
            : states.map { $0.cadence.rhythm.demand }
        let pace = PollPace(
            demands: demands,
            mean: watch.meanInterval,
            shortest: limits.minInterval,
            longest: limits.maxInterval
        )
        return PollPolicy(watch: watch, limits: limits, pace: pace)
    }

    /// The state after a poll that found the items at the indices `new`.
    private func polled(
        _ state: FeedState,
        settings: FeedSettings,
        items: [Timestamp],
        new: Range<Int>,
        policy: PollPolicy,
        now: Timestamp
    ) -> FeedState {
        var answer = PollAnswer()
        if new.isEmpty {
            answer.isNotModified = true
        } else {
            // A document shows its last items only.
            let shown = new.suffix(PollSimulation.windowSize)
            answer.findings = PollFindings(
                sighting: Sighting(
                    dates: shown.map { items[$0] },
                    window: PollSimulation.windowSize
                ),
                wishes: PollWishes(),
                new: state.lastSuccess == nil ? 0 : shown.count,
                matches: 0
            )
        }
        return policy.succeeded(state, settings: settings, answer: answer, now: now)
    }

    /// Puts the time of a rule that is not ours in the place of the policy's.
    private func override(
        _ state: inout FeedState,
        _ rule: Rule,
        _ feed: SimulatedFeed,
        _ policy: PollPolicy,
        _ minutes: Double,
        now: Timestamp
    ) {
        let perDay = state.cadence.itemsPerDay
        let limits = Limits()
        func after(_ minutes: Double) -> Timestamp {
            let wait = Duration.milliseconds(Int64(min(minutes, 10_000) * 60_000))
            return now + min(max(wait, limits.minInterval), limits.maxInterval)
        }
        switch rule {
        case .fixed, .learned: break
        case .meanGap: state.nextPoll = after(minutes / 30 * 1_440 / perDay)
        case .squareRoot: state.nextPoll = after(minutes * 3 / perDay.squareRoot())
        case .known:
            let rhythm = Rhythm(hours: feed.hours, days: feed.days)
            state.nextPoll = max(
                rhythm.due(
                    after: now,
                    threshold: policy.pace.threshold,
                    longest: limits.maxInterval
                ),
                now + limits.minInterval
            )
        }
    }

    private func minutesBetween(_ start: Timestamp, _ end: Timestamp) -> Double {
        Double(end.milliseconds - start.milliseconds) / 60_000
    }

    private static func summary(of delays: [Double], requests: Double) -> Outcome {
        let sorted = delays.sorted()
        guard !sorted.isEmpty else { return Outcome(requests: requests) }
        return Outcome(
            requests: requests,
            mean: sorted.reduce(0, +) / Double(sorted.count),
            median: sorted[sorted.count / 2],
            ninth: sorted[sorted.count * 9 / 10]
        )
    }
}
