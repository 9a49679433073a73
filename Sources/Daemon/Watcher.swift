internal import Dispatch
internal import FeedModel
package import Logging
internal import QueueExecution
package import WatchCore

// How to read this file: `tick` starts what is due, `collect` gathers what the transport has
// finished, `settle` sends a batch through the pipeline and takes the reports home (both in
// Watcher+Settling.swift). All of it runs on one queue; the pipeline itself runs beside it, one
// batch at a time, so that transfers go on while a batch is worked on and gather in the next.

/// Owns the schedule and the feeds' states: decides when to poll, and what to do with what came.
package actor Watcher {
    /// How the watcher runs.
    package enum Mode: Sendable {
        /// Until it is stopped.
        case daemon
        /// Each feed that is due at the start is polled once.
        case once
    }

    /// What the watcher tells the composition root.
    package enum Notice: Sendable {
        /// A batch was stored; so many lines wait for the log.
        case stored(lines: Int)
        /// All polls of mode `once` are done.
        case finished
        /// The store failed for good: the daemon must stop.
        case storeFailed(StoreError)
    }

    private nonisolated let executor = QueueExecutor(label: "feedwatch.watch")
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    /// The longest time without a look at the clock.
    private static let longestSleep: Duration = .seconds(30)
    /// How long the pace of automatic feeds holds.
    private static let paceTime: Duration = .seconds(300)

    let mode: Mode
    let clock: any Clock
    let store: any Store
    let pipeline: PollPipeline
    let log: PollLog
    let notify: @Sendable (Notice) -> Void
    private var transport: (any Transport)?
    var plan: WatchPlan
    var schedule: PollSchedule
    var states: [FeedID: FeedState] = [:]
    var batch = TransferBatch()
    var isSettling = false
    var settlingSince: Duration = .zero
    var isStopping = false
    private var timer: (any DispatchSourceTimer)?
    /// Whether a batch waits for the store to work again: nothing more is polled meanwhile.
    var isStoreFailing = false
    /// The addresses that feeds in flight were asked at.
    var asked: [FeedID: String] = [:]
    /// Those of them whose last poll failed.
    var suspects: Set<FeedID> = []
    /// The older pages to be read.
    var walks = WalkSchedule()
    /// When the watcher last looked around, by both clocks.
    private var lastTick: (uptime: Duration, civil: Timestamp)?
    /// When the pace of automatic feeds was set, by uptime.
    private var paceSet: Duration = .zero
    var idleWaiters: [CheckedContinuation<Void, Never>] = []
    /// What was told of all feeds together.
    var healthSweep = HealthSweep()
    /// What polls brought since the start.
    var pollCounts = PollCounts()

    /// A watcher over its ports; `attach` gives it the transport, `start` sets it going.
    package init(
        mode: Mode,
        plan: WatchPlan,
        clock: any Clock,
        store: any Store,
        pipeline: PollPipeline,
        logger: Logger,
        notify: @escaping @Sendable (Notice) -> Void
    ) {
        self.mode = mode
        self.plan = plan
        self.clock = clock
        self.store = store
        self.pipeline = pipeline
        self.notify = notify
        log = PollLog(logger: logger)
        schedule = PollSchedule(limits: plan.configuration.limits)
    }

    /// Gives the watcher its transport, whose results go to `received`.
    package func attach(_ transport: any Transport) { self.transport = transport }

    /// Loads the feeds' states and begins to poll.
    package func start() async throws(StoreError) {
        for state in try await store.feeds() { states[state.id] = state }
        adoptFeeds(now: clock.now())
        let timer = DispatchSource.makeTimerSource(queue: executor.queue)
        timer.setEventHandler { [weak self] in
            self?.assumeIsolated { $0.tick() }
        }
        timer.schedule(deadline: .distantFuture)
        timer.activate()
        self.timer = timer
        tick()
    }

    /// Puts a new configuration in force: feeds come, go and change; what is in flight goes on.
    package func adopt(_ plan: WatchPlan) {
        self.plan = plan
        let wanted = Set(plan.configuration.feeds.map(\.id))
        var schedule = PollSchedule(limits: plan.configuration.limits)
        schedule.adopt(from: self.schedule, keeping: wanted)
        self.schedule = schedule
        adoptFeeds(now: clock.now())
        tick()
    }

    /// Takes a turn's finished transfers.
    ///
    /// Called from the transport's queue.
    package nonisolated func received(_ results: [TransferResult]) {
        executor.queue.async { self.assumeIsolated { $0.collect(results) } }
    }

    /// Starts no more polls, ends the transfers in flight and returns when the batch that is
    /// being worked on is stored.
    package func stop() async {
        isStopping = true
        timer?.cancel()
        timer = nil
        batch = TransferBatch()
        await transport?.cancelAll()
        if isSettling { await withCheckedContinuation { idleWaiters.append($0) } }
    }

    /// The feeds' states, for the status line.
    package var summary: WatchSummary {
        var summary = WatchSummary(feeds: plan.configuration.feeds.count)
        for feed in plan.configuration.feeds {
            guard let state = states[feed.id] else { continue }
            if state.failures > 0 { summary.failing += 1 }
            if state.lastPoll == nil { summary.unpolled += 1 }
            summary.matches += state.matches
        }
        return summary
    }

    /// Whether batches are stored and due feeds started: false if a batch takes longer than
    /// `limit`, or the schedule is overdue by as much although there is room.
    package func isMakingProgress(limit: Duration) -> Bool {
        guard !isStopping else { return true }
        if isSettling, clock.uptime() - settlingSince > limit { return false }
        guard let next = schedule.nextWakeUp, room > 0 else { return true }
        guard let lastTick else { return true }
        return clock.now() - next < limit || clock.uptime() - lastTick.uptime < limit
    }

    // MARK: Starting polls

    private func adoptFeeds(now: Timestamp) {
        walks.forget()
        for feed in plan.configuration.feeds {
            let state = plan.policy.adopted(states[feed.id], settings: feed, now: now)
            states[feed.id] = state
            noteWalk(of: state)
            let host = URLRedaction.host(of: state.address)
            if mode == .once, state.nextPoll > now {
                adoptWalk(state, host: host, now: now)
                continue
            }
            schedule.add(feed.id, host: host, due: state.nextPoll)
            // What a server asked for outlives a restart, for feeds that are new here, too.
            if let moment = state.hostHeldUntil, moment > now {
                schedule.hold(host: host, until: moment)
            }
        }
        setPace()
    }

    /// Shares the requests out anew, by what was learned of the feeds since.
    private func setPace() {
        plan.setPace(by: states)
        paceSet = clock.uptime()
    }

    /// How many more polls may be started.
    ///
    /// Feeds that failed the last time take no place from the others: the transport keeps to the
    /// limit of connections, and lets those wait whose hosts do not answer.
    private var room: Int {
        guard !isStoreFailing, batch.bytes < TransferBatch.backlogLimit else { return 0 }
        let limit = plan.configuration.limits.connections
        return min(
            limit - (schedule.inFlight - suspects.count),
            limit * 4 - schedule.inFlight
        )
    }

    func tick() {
        guard !isStopping else { return }
        let now = clock.now()
        followClock(now)
        if clock.uptime() - paceSet >= Watcher.paceTime { setPace() }
        if room > 0 {
            let started = schedule.take(now: now, room: room)
            var requests = started.compactMap { feed -> PollRequest? in
                guard let settings = plan.settings(of: feed), let state = states[feed] else {
                    return nil
                }
                asked[feed] = settings.url
                if state.failures > 0 { suspects.insert(feed) }
                return plan.policy.request(for: settings, state: state)
            }
            if room > 0 { requests += takePages(now: now) }
            if !requests.isEmpty, let transport {
                Task { await transport.start(requests) }
            }
        }
        settleIfDue()
        armTimer(now: now)
        if mode == .once, !isSettling, batch.isEmpty, schedule.isEmptyOfWork { finishOnce() }
    }

    /// Takes along all that is planned when the civil clock was set back, so that no feed waits
    /// until the old time has come again.
    private func followClock(_ now: Timestamp) {
        let uptime = clock.uptime()
        defer { lastTick = (uptime, now) }
        guard let lastTick else { return }
        let lost = (uptime - lastTick.uptime) - (now - lastTick.civil)
        guard lost > .seconds(5) else { return }
        schedule.moveBack(by: lost)
        states = states.mapValues { $0.movedBack(by: lost) }
    }

    private func finishOnce() {
        isStopping = true
        timer?.cancel()
        timer = nil
        notify(.finished)
    }

    /// One timer: the next due feed or waiting host, or the time at which a batch is full enough.
    private func armTimer(now: Timestamp) {
        guard let timer, !isStopping else { return }
        var wait: Duration?
        if room > 0 {
            let moments = [schedule.nextWakeUp, walks.next].compactMap { $0 }
            if let next = moments.min() { wait = max(next - now, .zero) }
        }
        if !isSettling, let since = batch.since {
            let left = max(since + TransferBatch.timeLimit - clock.uptime(), .zero)
            wait = min(wait ?? left, left)
        }
        // Not too long without a look at the clock: it may have been set.
        let limited = min(wait ?? Watcher.longestSleep, Watcher.longestSleep)
        // Far times are rounded up to whole seconds: one wake-up for many feeds.
        let milliseconds = max(1, limited.wholeMilliseconds + 1)
        let rounded = milliseconds > 2_000 ? (milliseconds + 999) / 1_000 * 1_000 : milliseconds
        timer.schedule(
            deadline: .now() + .milliseconds(Int(rounded)),
            leeway: rounded > 2_000 ? .milliseconds(500) : .nanoseconds(0)
        )
    }
}
