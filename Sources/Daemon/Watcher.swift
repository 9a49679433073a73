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

    /// The longest time without a look at the clock.
    private static let longestSleep: Duration = .seconds(30)

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
    /// Whether a batch waits for the store to work again: nothing more is polled meanwhile.
    private var isStoreFailing = false
    /// The addresses that feeds in flight were asked at.
    private var asked: [FeedID: String] = [:]
    /// Those of them whose last poll failed.
    private var suspects: Set<FeedID> = []
    /// When the watcher last looked around, by both clocks.
    private var lastTick: (uptime: Duration, civil: Timestamp)?
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

    private func tick() {
        guard !isStopping else { return }
        let now = clock.now()
        followClock(now)
        if room > 0 {
            let started = schedule.take(now: now, room: room)
            let requests = started.compactMap { feed -> PollRequest? in
                guard let settings = plan.settings(of: feed), let state = states[feed] else {
                    return nil
                }
                asked[feed] = settings.url
                if state.failures > 0 { suspects.insert(feed) }
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

    /// Takes along all that is planned when the civil clock was set back, so that no feed waits
    /// until the old time has come again.
    private func followClock(_ now: Timestamp) {
        let uptime = clock.uptime()
        defer { lastTick = (uptime, now) }
        guard let lastTick else { return }
        let lost = (uptime - lastTick.uptime) - (now - lastTick.civil)
        guard lost > .seconds(5) else { return }
        schedule.moveBack(by: lost)
        for (feed, state) in states { states[feed]?.nextPoll = state.nextPoll - lost }
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

    // MARK: Working on what came

    private func collect(_ results: [TransferResult]) {
        guard !isStopping else { return }
        let fresh = results.filter { result in
            schedule.transferred(result.feed)
            suspects.remove(result.feed)
            let address = asked.removeValue(forKey: result.feed)
            guard let state = states[result.feed], address == state.url else {
                // The address was changed while the old one was being asked.
                schedule.finished(result.feed, next: clock.now())
                return false
            }
            return true
        }
        batch.append(fresh, at: clock.uptime())
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

    /// Sends a batch through the pipeline until it is stored.
    ///
    /// While the store fails for a time, the batch is kept and tried again, and no server is
    /// asked in vain. A batch that cannot be stored as a whole is stored feed by feed, so that one
    /// feed's trouble does not touch another.
    private func settle(_ results: [TransferResult]) async {
        var states: [FeedID: FeedState] = [:]
        for result in results { states[result.feed] = self.states[result.feed] }
        var parts = [results]
        while let part = parts.popLast() {
            do {
                try await process(part, states)
                isStoreFailing = false
            } catch {
                log.storeFailed(error)
                if error.isFatal {
                    notify(.storeFailed(error))
                    break
                } else if !error.isTransient, part.count > 1 {
                    parts.append(contentsOf: part.map { [$0] })
                } else if mode == .once {
                    notify(.storeFailed(error))
                    break
                } else if error.isTransient {
                    isStoreFailing = true
                    guard await waitForStore() else { break }
                    parts.append(part)
                } else {
                    postpone(part)
                }
            }
        }
        isStoreFailing = false
        isSettling = false
        for waiter in idleWaiters { waiter.resume() }
        idleWaiters = []
        tick()
    }

    private func process(
        _ results: [TransferResult],
        _ known: [FeedID: FeedState]
    ) async throws(StoreError) {
        let settled = try await pipeline.process(
            results,
            states: known,
            plan: plan,
            now: clock.now()
        )
        let held = takeHome(settled)
        guard !held.isEmpty else { return }
        // What a server asked for outlives a restart.
        _ = try await store.commit(held.map { PollCommit(feed: $0) }, records: [])
    }

    /// Waits a little before the store is asked again; false: the watcher stops.
    private func waitForStore() async -> Bool {
        for _ in 0..<50 {
            guard !isStopping else { return false }
            // The daemon lives, and says so.
            settlingSince = clock.uptime()
            do { try await Task.sleep(for: .milliseconds(100)) } catch { return false }
        }
        return !isStopping
    }

    /// Takes the reports home; the states of the feeds that wait as their server asks.
    private func takeHome(_ batch: BatchReport) -> [FeedState] {
        let now = clock.now()
        var held: [FeedState] = []
        for report in batch.polls {
            log.write(report)
            if case .failed(let failure) = report.outcome, failure.reason == .rateLimited,
                let wait = failure.retryAfter
            {
                held += hold(URLRedaction.host(of: report.state.url), until: now + wait)
            }
            if let current = states[report.state.id], current.url != report.state.url {
                again(current)  // the address changed while the poll was under way
            } else {
                states[report.state.id] = report.state
                again(report.state)
            }
        }
        notify(.stored(lines: batch.lines))
        return held
    }

    /// Leaves a host alone until `moment`; the states of its other feeds that this changes.
    private func hold(_ host: String, until moment: Timestamp) -> [FeedState] {
        schedule.hold(host: host, until: moment)
        return schedule.restingFeeds(ofHost: host).compactMap { feed in
            if mode == .once { schedule.remove(feed) }
            guard var state = states[feed], state.nextPoll < moment else { return nil }
            state.nextPoll = moment
            states[feed] = state
            if mode == .daemon { schedule.add(feed, host: host, due: moment) }
            return state
        }
    }

    private func postpone(_ results: [TransferResult]) {
        for result in results {
            guard let state = states[result.feed], let settings = plan.settings(of: result.feed)
            else { continue }
            let postponed = plan.policy.notStored(state, settings: settings, now: clock.now())
            states[result.feed] = postponed
            again(postponed)
        }
    }

    private func again(_ state: FeedState) {
        switch mode {
        case .daemon: schedule.finished(state.id, next: state.nextPoll)
        case .once: schedule.remove(state.id)
        }
    }
}
