internal import Dispatch
internal import FeedModel
package import Logging
internal import QueueExecution
package import WatchCore

// How to read this file: `tick` starts what is due, `collect` gathers what the transport has
// finished, `settle` sends a batch through the pipeline and takes the reports home. All of it runs
// on one queue; the pipeline itself runs beside it, one batch at a time, so that transfers go on
// while a batch is worked on and gather in the next.

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

    private let mode: Mode
    private let clock: any Clock
    private let store: any Store
    private let pipeline: PollPipeline
    private let log: PollLog
    private let notify: @Sendable (Notice) -> Void
    private var transport: (any Transport)?
    private var plan: WatchPlan
    private var schedule: PollSchedule
    private var states: [FeedID: FeedState] = [:]
    private var batch = TransferBatch()
    private var isSettling = false
    private var settlingSince: Duration = .zero
    private var isStopping = false
    private var timer: (any DispatchSourceTimer)?
    /// When the watcher last made progress, by uptime: for the watchdog.
    private var lastTick: Duration = .zero
    private var idleWaiters: [CheckedContinuation<Void, Never>] = []

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
        let now = clock.now()
        adoptFeeds(now: now)
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
        return clock.now() - next < limit || clock.uptime() - lastTick < limit
    }

    // MARK: Starting polls

    private func adoptFeeds(now: Timestamp) {
        for feed in plan.configuration.feeds {
            var state = states[feed.id] ?? FeedState(id: feed.id, url: feed.url, nextPoll: now)
            if state.url != feed.url {
                state.url = feed.url
                state.validators = Validators()
                state.validatorsURL = nil
                state.bodyHash = 0
                state.nextPoll = now
            }
            // A clock that was set back, or a shorter interval, must not leave a feed unpolled.
            let interval = feed.interval ?? plan.configuration.watch.interval
            let latest = now + max(interval * 2, PollPolicy.retryAfterCeiling)
            if state.failures == 0 { state.nextPoll = min(state.nextPoll, now + interval * 2) }
            state.nextPoll = min(state.nextPoll, latest)
            states[feed.id] = state
            if mode == .once, state.nextPoll > now { continue }
            schedule.add(feed.id, host: URLRedaction.host(of: feed.url), due: state.nextPoll)
        }
    }

    private var room: Int {
        let limits = plan.configuration.limits
        guard batch.bytes < TransferBatch.backlogLimit else { return 0 }
        return limits.connections - schedule.inFlight
    }

    private func tick() {
        guard !isStopping else { return }
        lastTick = clock.uptime()
        let now = clock.now()
        if room > 0 {
            let started = schedule.take(now: now, room: room)
            let requests = started.compactMap { feed -> PollRequest? in
                guard let settings = plan.settings(of: feed), let state = states[feed] else {
                    return nil
                }
                return plan.policy.request(for: settings, state: state)
            }
            if !requests.isEmpty, let transport {
                Task { await transport.start(requests) }
            }
        }
        settleIfDue()
        armTimer(now: now)
        if mode == .once, !isSettling, batch.isEmpty, schedule.isEmptyOfWork { finishOnce() }
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
        if room > 0, let next = schedule.nextWakeUp { wait = max(next - now, .zero) }
        if !isSettling, let since = batch.since {
            let left = max(since + TransferBatch.timeLimit - clock.uptime(), .zero)
            wait = min(wait ?? left, left)
        }
        guard let wait else { return timer.schedule(deadline: .distantFuture) }
        // Far times are rounded up to whole seconds: one wake-up for many feeds.
        let milliseconds = max(1, wait.wholeMilliseconds + 1)
        let rounded = milliseconds > 2_000 ? (milliseconds + 999) / 1_000 * 1_000 : milliseconds
        timer.schedule(
            deadline: .now() + .milliseconds(Int(min(rounded, 3_600_000))),
            leeway: rounded > 2_000 ? .milliseconds(500) : .nanoseconds(0)
        )
    }

    // MARK: Working on what came

    private func collect(_ results: [TransferResult]) {
        guard !isStopping else { return }
        batch.append(results, at: clock.uptime())
        for result in results { schedule.transferred(result.feed) }
        tick()
    }

    private func settleIfDue() {
        guard !isSettling, !batch.isEmpty else { return }
        guard batch.isFull(at: clock.uptime()) || schedule.inFlight == 0 else { return }
        isSettling = true
        settlingSince = clock.uptime()
        let results = batch.take()
        Task { await settle(results) }
    }

    private func settle(_ results: [TransferResult]) async {
        let plan = plan
        let feeds = results.map(\.feed)
        var known: [FeedID: FeedState] = [:]
        for feed in feeds { known[feed] = states[feed] }
        do {
            let settled = try await pipeline.process(
                results,
                states: known,
                plan: plan,
                now: clock.now()
            )
            takeHome(settled)
        } catch {
            postpone(feeds, error)
        }
        isSettling = false
        for waiter in idleWaiters { waiter.resume() }
        idleWaiters = []
        tick()
    }

    private func takeHome(_ batch: BatchReport) {
        let now = clock.now()
        for report in batch.polls {
            var state = report.state
            if let current = states[state.id], current.url != state.url {
                state = current  // the address changed while the poll was under way
            }
            states[state.id] = state
            log.write(report)
            if case .failed(let failure) = report.outcome, let wait = failure.retryAfter,
                failure.reason == .rateLimited
            {
                schedule.hold(host: URLRedaction.host(of: state.url), until: now + wait)
            }
            again(state)
        }
        notify(.stored(lines: batch.lines))
    }

    private func postpone(_ feeds: [FeedID], _ error: StoreError) {
        log.storeFailed(error)
        for feed in feeds {
            guard let state = states[feed] else { continue }
            let postponed = plan.policy.notStored(state, now: clock.now())
            states[feed] = postponed
            again(postponed)
        }
        if error.isFatal || mode == .once { notify(.storeFailed(error)) }
    }

    private func again(_ state: FeedState) {
        switch mode {
        case .daemon: schedule.finished(state.id, next: state.nextPoll)
        case .once: schedule.remove(state.id)
        }
    }
}
