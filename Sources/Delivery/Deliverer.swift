internal import Dispatch
internal import FeedModel
package import QueueExecution
package import WatchCore

/// Brings what the outbox holds to where it belongs: lines to their logs, then records to hooks.
///
/// Each log has one pump, which takes a batch of lines at a time: one write, one sync, one note.
/// Each hook has one pump, which tells one record at a time and in order; a failed one is tried
/// again before later ones, a dead one is passed over. No pump waits for another: a slow or dead
/// hook delays neither the logs nor other hooks, and a full disk under one log does not stop the
/// other.
///
/// After a failed sync nothing more is written, noted or told (`DeliveryReport.fatal`).
package actor Deliverer {
    /// What a deliverer is made of; everything arrives here, nothing is looked up elsewhere.
    package struct Setup: Sendable {
        /// What to bring where.
        package var outbox: any Outbox
        /// The path of each log.
        package var logs: [LogStream: String]
        /// The hooks.
        package var hooks: [HookSettings]
        /// Tells the time.
        package var clock: any Clock
        /// Where hooks' programs run; also their `HOME`.
        package var workingDirectory: String
        /// Tells this boot from others (`currentBootID`); empty: the clocks tell when it began.
        ///
        /// They may tell the same boot apart after the civil clock was set; what that can do is
        /// cut bytes from the end of a log that are neither text nor ours.
        package var bootID: String
        /// Carries what goes to other machines; nil: nothing can.
        package var courier: (any Courier)?
        /// When failed deliveries are tried again.
        package var policy = DeliveryPolicy()
        /// How much is told in one message.
        package var groupLimit = DeliveryGroup.Limit()
        /// How hooks' programs are ended.
        package var patience = HookPatience()
        /// When the logs are rotated.
        package var rotation = LogRotation()
        /// How the logs are written.
        package var disk = DiskCalls.system
        /// Hears what is done, on the deliverer's queue.
        package var report: @Sendable (DeliveryReport) -> Void

        /// A setup with the default policy.
        package init(
            outbox: any Outbox,
            logs: [LogStream: String],
            hooks: [HookSettings],
            clock: any Clock,
            workingDirectory: String,
            bootID: String,
            report: @escaping @Sendable (DeliveryReport) -> Void
        ) {
            self.outbox = outbox
            self.logs = logs
            self.hooks = hooks
            self.clock = clock
            self.workingDirectory = workingDirectory
            self.bootID = bootID
            self.report = report
        }
    }

    /// How often promises to hooks that are paused or gone are looked at.
    static let tidyInterval: Duration = .seconds(600)
    /// How much of what a hook said is kept with a failed delivery.
    static let keptOutput = 4_000
    /// How many hooks' programs run at once.
    static let mostPrograms = 8
    /// About how much is written to a log between two syncs.
    static let batch = ByteCount.mebibytes(1)
    /// The waits before a log that failed is tried again: growing, and short enough that work
    /// goes on within ten seconds of room coming back.
    static let logWaits: [Duration] = [.milliseconds(500), .seconds(1), .seconds(2), .seconds(5)]
    /// The least time between two rotations that nobody asked for, so that followers keep up.
    static let rotationSpacing: Duration = .seconds(2)
    /// The wait before a log is rotated by itself that could not be renamed.
    static let rotationWait: Duration = .seconds(60)
    /// The wait before an outbox that failed is asked again.
    static let outboxWait: Duration = .seconds(2)
    /// The longest time without a look at the clock: it may have been set.
    static let longestSleep: Duration = .seconds(60)
    /// How long the end of all programs may take when the deliverer stops: the time between the
    /// two signals, and the time to give up.
    static let stopWaits: (polite: Duration, last: Duration) = (.milliseconds(1_500), .seconds(2))

    package nonisolated let executor: QueueExecutor
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    let setup: Setup
    private let bootID: String
    let watcher: DescriptorWatcher
    var logs: [LogStream: LogPump] = [:]
    var rotation: LogRotation
    var hooks: [HookID: HookPump] = [:]
    var programs: [HookID: ExecHook] = [:]
    let teller: HookTeller
    /// Outcomes that wait to be noted in one transaction.
    var waitingNotes:
        [(note: DeliveryNote, continuation: CheckedContinuation<Result<Void, StoreError>, Never>)] =
            []
    var isNoting = false
    /// How the clock was found when it was last looked at.
    var clockState = ClockState()
    /// When the pauses are looked at next (uptime).
    var tidyAt: Duration?
    /// Whether records wait for no others any more.
    var isHurrying = false
    var waitingForSlot: [CheckedContinuation<Void, Never>] = []
    var usedSlots = 0
    var quietWaiters: [Int: CheckedContinuation<Void, Never>] = [:]
    var waiterCount = 0
    var fatal: String?
    var isStopping = false
    /// Whether no more programs are started.
    var isEnding = false
    private var hasStarted = false
    private var timer: (any DispatchSourceTimer)?

    /// A deliverer that has not begun.
    package init(_ setup: Setup) {
        self.setup = setup
        rotation = setup.rotation
        let sinceBoot = setup.clock.now() - setup.clock.uptime()
        bootID = setup.bootID.isEmpty ? "since \(sinceBoot.rfc3339Seconds)" : setup.bootID
        executor = QueueExecutor(label: "feedwatch.delivery")
        watcher = DescriptorWatcher(on: executor)
        teller = HookTeller(
            courier: setup.courier,
            workingDirectory: setup.workingDirectory,
            patience: setup.patience,
            watcher: watcher
        )
    }

    /// Opens the logs, finds out what stands in them, mends and notes it, and begins to deliver.
    ///
    /// A full disk is no failure here: the log is held and tried again. Call it once.
    package func start() async throws(DeliveryError) {
        precondition(!hasStarted, "a Deliverer starts once")
        hasStarted = true
        startTimer()
        do throws(StoreError) {
            for (stream, path) in setup.logs {
                let noted = try await setup.outbox.position(of: stream)
                let writer = LogWriter(
                    path: path,
                    noted: noted,
                    bootID: bootID,
                    disk: setup.disk
                )
                logs[stream] = LogPump(writer: writer, noted: noted)
            }
        } catch {
            throw .outbox(error)
        }
        for stream in LogStream.allCases where logs[stream] != nil {
            do {
                try await recover(stream)
            } catch {
                guard error.isTransient else { throw error }
                hold(stream, error)
            }
        }
        for hook in setup.hooks { hooks[hook.id] = HookPump(settings: hook) }
        do throws(StoreError) {
            try await lookAtClockFirst()
            try await tidy()
        } catch {
            guard error.isTransient, !error.isFatal else { throw .outbox(error) }
            outboxFailed(error)
        }
        pumpAll()
    }

    /// Says that something was stored: its lines are appended, then the hooks are told.
    ///
    /// Returns at once; many calls in a row cost no more than one.
    package nonisolated func wake() {
        executor.queue.async { self.assumeIsolated { $0.pumpLogs() } }
    }

    /// Looks at once whether the logs still stand at their paths, and opens them afresh if not.
    package func reopenLogs() async {
        for stream in logs.keys { logs[stream]?.retryAt = nil }
        pumpLogs()
        for stream in LogStream.allCases { await logIdle(stream) }
    }

    /// Puts other hooks in force.
    ///
    /// What was promised to hooks that are gone is kept for a while, and theirs again when they
    /// come back; what waits for the others is looked up afresh.
    package func update(hooks settings: [HookSettings]) async {
        let kept = Set(settings.map(\.id))
        for id in hooks.keys where !kept.contains(id) { hooks[id]?.isRemoved = true }
        for id in hooks.keys where hooks[id]?.isRemoved == true && hooks[id]?.isRunning == false {
            hooks[id] = nil
        }
        for hook in settings {
            if hooks[hook.id] == nil { hooks[hook.id] = HookPump(settings: hook) }
            hooks[hook.id]?.settings = hook
            hooks[hook.id]?.isRemoved = false
        }
        await lookAgain()
    }

    /// Looks afresh at who is told what when: somebody changed it.
    package func lookAgain() async {
        do {
            try await tidy()
        } catch {
            outboxFailed(error)
        }
        for id in hooks.keys { hooks[id]?.due = nil }
        pumpAll()
    }

    /// Returns when every line is in its log and no delivery is due or under way, or when
    /// `deadline` has passed.
    ///
    /// With `hurry`, records wait for no others to be told together.
    package func drain(deadline: Duration, hurry: Bool = false) async {
        if hurry {
            isHurrying = true
            for id in hooks.keys { hooks[id]?.due = nil }
        }
        pumpAll()
        guard !isQuiet else { return }
        waiterCount += 1
        let number = waiterCount
        executor.queue.asyncAfter(deadline: .now() + deadline.dispatch) {
            self.assumeIsolated { $0.quietWaiters.removeValue(forKey: number)?.resume() }
        }
        await withCheckedContinuation { quietWaiters[number] = $0 }
    }

    /// Starts no more programs: what has begun may end, what waits is told after the next start.
    package func startNoMorePrograms() { isEnding = true }

    /// Ends the hooks' programs and closes the logs, within two seconds.
    ///
    /// The append under way is let finish; what was under way with hooks will be told again.
    package func stop() async {
        guard !isStopping else { return }
        isStopping = true
        timer?.cancel()
        timer = nil
        let running = Array(programs.values)
        for program in running { await program.cancel() }
        await setup.courier?.cancelAll()
        let waits = Deliverer.stopWaits
        executor.queue.asyncAfter(deadline: .now() + waits.polite.dispatch) {
            for program in running { program.assumeIsolated { $0.kill() } }
        }
        usedSlots += waitingForSlot.count
        for waiter in waitingForSlot { waiter.resume() }
        waitingForSlot = []
        await drain(deadline: waits.last)
        for pump in logs.values { pump.writer.close() }
    }

    /// How it goes.
    package var health: DeliveryHealth {
        var health = DeliveryHealth()
        for (stream, pump) in logs { health.held[stream] = pump.held }
        health.appendingSince = logs.values.compactMap(\.stepSince).min()
        health.runningHooks = programs.count
        health.failingHooks = hooks.filter { $0.value.isFailing }.map(\.key).sorted()
        health.pausedHooks = hooks.filter { $0.value.pause != nil }.map(\.key).sorted()
        health.fatal = fatal
        return health
    }
}

extension Deliverer {
    private func startTimer() {
        let timer = DispatchSource.makeTimerSource(queue: executor.queue)
        timer.setEventHandler { self.assumeIsolated { $0.timeHasCome() } }
        self.timer = timer
        timer.activate()
    }

    private func timeHasCome() {
        lookAtClock()
        let now = setup.clock.now()
        for (stream, pump) in logs where pump.retryAt != nil && isDue(pump.retryAt) {
            logs[stream]?.retryAt = nil
            pumpLog(stream)
        }
        for (id, pump) in hooks {
            guard let due = pump.due, due <= now else { continue }
            hooks[id]?.due = nil
            pumpHook(id)
        }
        rotateByTime()
        tidyIfDue()
        arm()
    }

    /// Sets the one timer to the next moment at which something is due.
    func arm() {
        lookAtClock()
        let now = setup.clock.now()
        let uptime = setup.clock.uptime()
        var wait = Deliverer.longestSleep
        for retryAt in logs.values.compactMap(\.retryAt) { wait = min(wait, retryAt - uptime) }
        for due in hooks.values.compactMap(\.due) { wait = min(wait, due - now) }
        timer?.schedule(deadline: .now() + max(wait, .milliseconds(1)).dispatch)
    }

    /// Whether that moment of uptime has come; a moment not set has.
    func isDue(_ moment: Duration?) -> Bool {
        guard let moment else { return true }
        return moment <= setup.clock.uptime()
    }

    private func pumpAll() {
        pumpLogs()
        for id in hooks.keys { pumpHook(id) }
    }

    func pumpLogs() {
        for stream in LogStream.allCases { pumpLog(stream) }
    }

    /// Whether no line waits and no delivery is due or under way.
    private var isQuiet: Bool {
        let logsAreQuiet = logs.values.allSatisfy { pump in
            !pump.isRunning && (pump.held == nil || isStopping || fatal != nil)
        }
        let now = setup.clock.now()
        return logsAreQuiet
            && hooks.values.allSatisfy { pump in
                !pump.isRunning && (isStopping || isEnding || pump.due.map { $0 > now } ?? true)
            }
    }

    /// Lets those go on that wait for quiet, if it has come.
    func quietMayHaveCome() {
        guard !quietWaiters.isEmpty, isQuiet else { return }
        let waiters = quietWaiters
        quietWaiters = [:]
        for waiter in waiters.values { waiter.resume() }
    }

    /// Stops everything, as the disk cannot be trusted.
    func fail(_ error: DeliveryError) {
        guard fatal == nil else { return }
        fatal = error.description
        setup.report(.fatal(message: error.description))
    }

    func outboxFailed(_ error: StoreError) {
        if error.isFatal {
            fail(.outbox(error))
        } else {
            setup.report(.outboxFailed(message: error.description))
        }
    }
}

extension Duration {
    /// The same for Dispatch, cut to whole milliseconds.
    var dispatch: DispatchTimeInterval { .milliseconds(Int(clamping: wholeMilliseconds)) }
}
