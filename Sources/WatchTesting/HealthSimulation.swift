internal import FeedModel
internal import TopicQuery
internal import WatchCore

// How to read this file: `run` is the watcher's loop with the clock as a variable: the schedule
// says which feeds are due, the policy makes the requests, simulated servers answer, the pipeline
// works on the answers, and the sweep looks at all feeds every ten minutes. HealthLedger keeps
// what was planted and compares it with what was told.

/// Months of watching in virtual time: feeds of every temper, with every trouble.
package struct HealthSimulation: Sendable {
    /// How often all feeds are looked at together; the daemon does it every minute.
    static let sweepTime: Duration = .seconds(600)
    /// How often the pace of automatic feeds is set.
    private static let paceTime: Duration = .seconds(6 * 3_600)
    /// How many days of items lie before the first poll.
    private static let past = 20
    private static let start = Timestamp(seconds: 1_750_032_000)  // a Monday, midnight
    /// So many requests of a thousand come to nothing.
    private static let noise = 0.003

    private let feeds: Int
    private let days: Int
    private let seed: UInt64
    private let watch: WatchSettings

    /// A simulation of so many feeds over so many days, polled on average every `meanInterval`.
    package init(
        feeds: Int,
        days: Int,
        seed: UInt64 = 1,
        meanInterval: Duration = .seconds(900)
    ) {
        self.feeds = feeds
        self.days = days
        self.seed = seed
        var watch = WatchSettings()
        watch.meanInterval = meanInterval
        self.watch = watch
    }

    /// Runs it; throws only what a port throws, and those of the simulation throw nothing.
    package func run() async throws -> HealthReport {
        guard
            let matcher = TopicMatcher.compile(
                topics: [TopicSource(id: "kursk", query: "kursk")],
                sets: []
            ).matcher
        else { throw StoreError(message: "the topic does not compile") }
        var configuration = Configuration(matcher: matcher)
        configuration.watch = watch
        configuration.topics = [TopicSettings(id: TopicID("kursk"), title: "Kursk")]
        var run = HealthRun(
            world: SimulatedWorld(
                feeds: feeds,
                start: HealthSimulation.start - .seconds(HealthSimulation.past * 86_400),
                watched: HealthSimulation.start,
                days: HealthSimulation.past + days,
                noise: HealthSimulation.noise,
                seed: seed
            ),
            configuration: configuration,
            start: HealthSimulation.start
        )
        let end = HealthSimulation.start + .seconds(days * 86_400)
        var sweepDue = HealthSimulation.start
        var paceDue = HealthSimulation.start + HealthSimulation.paceTime
        while let wakeUp = run.schedule.nextWakeUp, wakeUp < end {
            while sweepDue <= wakeUp {
                run.sweep(now: sweepDue)
                sweepDue = sweepDue + HealthSimulation.sweepTime
            }
            // What is due within half a minute goes in one batch.
            let now = Timestamp(milliseconds: (wakeUp.milliseconds + 29_999) / 30_000 * 30_000)
            if now >= paceDue {
                run.plan.setPace(by: run.states)
                paceDue = now + HealthSimulation.paceTime
            }
            try await run.poll(now: now)
        }
        return run.report(now: end)
    }
}

/// A simulation under way.
struct HealthRun {
    var world: SimulatedWorld
    var plan: WatchPlan
    var schedule: PollSchedule
    var states: [FeedID: FeedState] = [:]
    private var ledger: HealthLedger
    private var sweep = HealthSweep()
    private let store = SimulatedStore()
    private let pipeline: PollPipeline
    private let start: Timestamp
    private var counts = PollCounts()

    /// A run that has polled nothing.
    init(world: SimulatedWorld, configuration: Configuration, start: Timestamp) {
        self.world = world
        self.start = start
        var configuration = configuration
        configuration.feeds = world.sources.map(\.settings)
        plan = WatchPlan(configuration)
        ledger = HealthLedger(world, retry: configuration.watch.meanInterval)
        pipeline = PollPipeline(reader: SimulatedReader(), store: store)
        schedule = PollSchedule(limits: configuration.limits)
        for (number, feed) in configuration.feeds.enumerated() {
            // Started over an hour, not all in one second.
            let first = start + .seconds(number * 3_600 / configuration.feeds.count)
            states[feed.id] = FeedState(id: feed.id, url: feed.url, nextPoll: first)
            schedule.add(feed.id, host: URLRedaction.host(of: feed.url), due: first)
        }
    }

    /// Polls what is due.
    mutating func poll(now: Timestamp) async throws {
        let due = schedule.take(now: now, room: .max)
        guard !due.isEmpty else { return }
        var results: [TransferResult] = []
        var losses: [Int: (lost: Range<Int>, hadGap: Bool)] = [:]
        for feed in due {
            guard let settings = plan.settings(of: feed), let state = states[feed] else { continue }
            let request = plan.policy.request(for: settings, state: state)
            let (number, result) = world.answer(request, now: now)
            results.append(result)
            let lost = world.sources[number].lost
            if !lost.isEmpty { losses[number] = (lost, state.health.hasGap) }
        }
        let batch = try await pipeline.process(results, states: states, plan: plan, now: now)
        for report in batch.polls {
            counts.add(report)
            takeHome(report, now: now)
        }
        guard batch.lines > 0 || !losses.isEmpty else { return }
        let lines = await store.takeLines()
        ledger.take(lines, losses: losses, in: &world, now: now)
    }

    private mutating func takeHome(_ report: PollReport, now: Timestamp) {
        let before = states.updateValue(report.state, forKey: report.state.id)
        if let moment = report.state.hostHeldUntil, moment > now, let address = before?.address {
            let host = URLRedaction.host(of: address)
            schedule.hold(host: host, until: moment)
            for feed in schedule.restingFeeds(ofHost: host) {
                guard let state = states[feed], state.nextPoll < moment else { continue }
                states[feed]?.nextPoll = moment
                schedule.add(feed, host: host, due: moment)
            }
        }
        if before?.address != report.state.address {
            let host = URLRedaction.host(of: report.state.address)
            schedule.add(report.state.id, host: host, due: report.state.nextPoll)
        }
        schedule.finished(report.state.id, next: report.state.nextPoll)
    }

    /// Looks at all feeds together.
    mutating func sweep(now: Timestamp) {
        let findings = sweep.run(
            plan.configuration.feeds.compactMap { states[$0.id] },
            failingAfter: plan.configuration.health.failingAfter,
            now: now
        )
        for state in findings.states { states[state.id]?.health = state.health }
        for feed in findings.revived {
            guard let state = states[feed] else { continue }
            let due = max(now, state.notBefore ?? now, state.hostHeldUntil ?? now)
            guard due < state.nextPoll else { continue }
            states[feed]?.nextPoll = due
            schedule.add(feed, host: URLRedaction.host(of: state.address), due: due)
        }
        guard !findings.events.isEmpty else { return }
        ledger.take(
            findings.events.map { $0.draft(hooks: []) },
            losses: [:],
            in: &world,
            now: now
        )
    }

    /// What came of it.
    func report(now: Timestamp) -> HealthReport {
        HealthReport(
            ledger: ledger,
            world: world,
            states: states,
            counts: counts,
            days: Double((now - start).wholeMilliseconds) / 86_400_000,
            now: now
        )
    }
}
