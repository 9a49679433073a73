internal import FeedModel
internal import WatchCore

/// A simulation under way.
struct HealthRun {
    var world: SimulatedWorld
    var plan: WatchPlan
    private var schedule: PollSchedule
    private var walks = WalkSchedule()
    private(set) var states: [FeedID: FeedState] = [:]
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

    /// When there is something to ask for again.
    var nextWakeUp: Timestamp? {
        [schedule.nextWakeUp, walks.next].compactMap { $0 }.min()
    }

    /// Asks for what is due: feeds, then older pages.
    mutating func poll(now: Timestamp) async throws {
        var results: [TransferResult] = []
        var losses: [SimulatedLoss] = []
        for feed in schedule.take(now: now, room: .max) {
            guard let settings = plan.settings(of: feed), let state = states[feed] else { continue }
            let request = plan.policy.request(for: settings, state: state)
            let (number, result) = world.answer(request, now: now)
            results.append(result)
            let lost = world.sources[number].lost
            if !lost.isEmpty {
                let hadGap = state.health.hasGap
                losses.append(SimulatedLoss(feed: number, stories: lost, hadGap: hadGap))
            }
        }
        for request in walks.take(states, plan: plan, schedule: &schedule, now: now) {
            var (_, result) = world.answer(request, now: now)
            result.isPage = walks.finished(request.feed)
            results.append(result)
        }
        guard !results.isEmpty else { return }
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
        walks.note(report.state, limits: plan.configuration.limits)
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
            losses: [],
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
