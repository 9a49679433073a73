internal import FeedModel
internal import WatchCore

/// The state of the pump of one hook.
struct HookPump {
    /// The hook.
    var settings: HookSettings
    /// Whether the pump runs.
    var isRunning = false
    /// Whether there may be more to tell than the running pump has seen.
    var again = false
    /// When the oldest promise is due; nil: at once, or there is none.
    var due: Timestamp?
    /// Whether the hook was taken out of the configuration while its program ran.
    var isRemoved = false
    /// An outcome that the outbox could not take yet: it is noted before anything else is told,
    /// or a record would be told twice.
    var unnoted: (outcome: DeliveryOutcome, delivery: Delivery)?

    /// The pump of a hook with nothing under way.
    init(settings: HookSettings) { self.settings = settings }
}

extension Deliverer {
    /// Lets every hook look for new promises, but for those whose oldest waits for its time.
    func lookForDeliveries() {
        for id in hooks.keys { pumpHook(id) }
    }

    /// Starts the pump of a hook, or lets the running one go round once more.
    func pumpHook(_ id: HookID) {
        guard !isStopping, fatal == nil, let pump = hooks[id], !pump.isRemoved else { return }
        guard !pump.isRunning else {
            hooks[id]?.again = true
            return
        }
        guard pump.due.map({ $0 <= setup.clock.now() }) ?? true else { return }
        hooks[id]?.isRunning = true
        hooks[id]?.due = nil
        Task { await runHook(id) }
    }

    private func runHook(_ id: HookID) async {
        do throws(StoreError) {
            repeat {
                hooks[id]?.again = false
                while try await tellNext(id) {}
            } while hooks[id]?.again == true && hooks[id]?.due == nil && mayTell(id)
        } catch {
            outboxFailed(error)
            hooks[id]?.due = setup.clock.now() + Deliverer.outboxWait
        }
        hooks[id]?.isRunning = false
        if hooks[id]?.isRemoved == true { hooks[id] = nil }
        arm()
        quietMayHaveCome()
    }

    private func mayTell(_ id: HookID) -> Bool {
        !isStopping && !isEnding && fatal == nil && hooks[id]?.isRemoved == false
    }

    /// Tells the hook its oldest promise, if it is due; false: nothing to do for now.
    private func tellNext(_ id: HookID) async throws(StoreError) -> Bool {
        if let (outcome, delivery) = hooks[id]?.unnoted {
            try await setup.outbox.note(outcome, of: delivery)
            hooks[id]?.unnoted = nil
        }
        guard mayTell(id), let next = try await setup.outbox.nextDelivery(to: id) else {
            return false
        }
        let now = setup.clock.now()
        // No wait is that long: the clock was ahead when the time was set.
        let isImpossible = next.due > now + setup.policy.longestWait * 2
        guard next.due <= now || isImpossible else {
            hooks[id]?.due = next.due
            return false
        }
        await takeSlot()
        defer { freeSlot() }
        guard mayTell(id), let settings = hooks[id]?.settings else { return false }
        let result = await run(settings, next.delivery)
        guard let outcome = outcome(of: result, next.delivery) else { return false }
        hooks[id]?.unnoted = (outcome, next.delivery)
        try await setup.outbox.note(outcome, of: next.delivery)
        hooks[id]?.unnoted = nil
        return true
    }

    private func run(_ settings: HookSettings, _ delivery: Delivery) async -> HookResult {
        let environment = HookEnvironment(of: delivery, home: setup.workingDirectory)
        let command = HookCommand(
            command: settings.command,
            environment: environment.entries,
            directory: setup.workingDirectory,
            input: delivery.record + [LineReader.newline],
            timeLimit: settings.timeLimit
        )
        let program = ExecHook(command, watcher: watcher, patience: setup.patience)
        programs[settings.id] = program
        let result = await program.run()
        programs[settings.id] = nil
        return result
    }

    /// What became of an attempt; nil: it was ended by ourselves and does not count.
    private func outcome(of result: HookResult, _ delivery: Delivery) -> DeliveryOutcome? {
        guard result.ending != .cancelled else { return nil }
        let hook = delivery.hook
        let attempts = delivery.attempts + 1
        guard !result.isDelivered else {
            setup.report(.delivered(hook, id: delivery.id, attempts: attempts))
            return .delivered
        }
        let outcome = setup.policy.outcome(
            afterFailure: result.message,
            of: delivery,
            now: setup.clock.now()
        )
        switch outcome {
        case .delivered:
            break
        case .retry(let at, let message):
            setup.report(.attemptFailed(hook, id: delivery.id, message: message, retryAt: at))
        case .dead(let message):
            setup.report(.dead(hook, delivery.stream, id: delivery.id, message: message))
        }
        return outcome
    }

    /// Waits for leave to run a program.
    private func takeSlot() async {
        if usedSlots < Deliverer.mostPrograms || isStopping {
            usedSlots += 1
        } else {
            // Whoever frees a slot hands it over, so the number does not change.
            await withCheckedContinuation { waitingForSlot.append($0) }
        }
    }

    private func freeSlot() {
        if waitingForSlot.isEmpty {
            usedSlots -= 1
        } else {
            waitingForSlot.removeFirst().resume()
        }
    }
}
