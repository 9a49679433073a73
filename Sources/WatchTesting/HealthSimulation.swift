internal import FeedModel
internal import TopicQuery
internal import WatchCore

// How to read this file: `run` is the watcher's loop with the clock as a variable: the schedule
// says which feeds are due, the policy makes the requests, simulated servers answer, the pipeline
// works on the answers, and the sweep looks at all feeds every ten minutes (HealthRun.swift).
// HealthLedger keeps what was planted and compares it with what was told.

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
        while let wakeUp = run.nextWakeUp, wakeUp < end {
            if sweepDue <= wakeUp {
                // It may have somebody asked at once.
                run.sweep(now: sweepDue)
                sweepDue = sweepDue + HealthSimulation.sweepTime
                continue
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
