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
    /// When there is something to be told; nil: at once, or there is nothing.
    var due: Timestamp?
    /// Whether the last attempt failed.
    var isFailing = false
    /// Whether the hook was taken out of the configuration while it was being told.
    var isRemoved = false
    /// Why it is told nothing for now.
    var pause: HookPause?
    /// When it took the last messages (uptime), as many as its rate looks back on.
    var told: [Duration] = []
    /// An outcome that the outbox could not take yet: it is noted before anything else is told,
    /// or a record would be told twice.
    var unnoted: DeliveryNote?

    /// The pump of a hook with nothing under way.
    init(settings: HookSettings) { self.settings = settings }

    /// When the next message may go by the hook's rate (uptime); nil: at once.
    func nextByRate(_ uptime: Duration) -> Duration? {
        guard let rate = settings.rate, left(uptime) == 0 else { return nil }
        return told[told.count - rate.messages] + rate.period
    }

    /// How many more messages the hook's rate leaves; nil: it has none.
    func left(_ uptime: Duration) -> Int? {
        guard let rate = settings.rate else { return nil }
        return max(0, rate.messages - told.count { $0 + rate.period > uptime })
    }

    /// Remembers that a message was taken.
    mutating func count(_ uptime: Duration) {
        guard let rate = settings.rate else { return told = [] }
        told = told.suffix(rate.messages - 1) + [uptime]
    }
}

extension Deliverer {
    /// Lets every hook look for new promises, but for those whose oldest waits for its time.
    func lookForDeliveries() {
        for id in hooks.keys { pumpHook(id) }
    }

    /// Starts the pump of a hook, or lets the running one go round once more.
    func pumpHook(_ id: HookID) {
        // Also of a paused hook, an outcome may wait to be noted.
        guard !isStopping, fatal == nil, let pump = hooks[id], !pump.isRemoved,
            pump.pause == nil || pump.unnoted != nil
        else { return }
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
        guard let pump = hooks[id] else { return false }
        return !isStopping && !isEnding && fatal == nil && !pump.isRemoved && pump.pause == nil
    }

    /// Tells the hook what it is to be told next, if that is due; false: nothing to do for now.
    private func tellNext(_ id: HookID) async throws(StoreError) -> Bool {
        if let note = hooks[id]?.unnoted {
            try await self.note(note)
            hooks[id]?.unnoted = nil
        }
        guard mayTell(id), let next = try await setup.outbox.nextDelivery(to: id),
            let pump = hooks[id]
        else { return false }
        if let due = waitingTime(of: next.delivery, due: next.due, pump) {
            hooks[id]?.due = due
            return false
        }
        let group = try await group(around: next.delivery, pump)
        guard mayTell(id), let settings = hooks[id]?.settings else { return false }
        guard let result = await tell(group, settings), let note = note(of: result, group) else {
            return false
        }
        hooks[id]?.unnoted = note
        try await self.note(note)
        hooks[id]?.unnoted = nil
        return true
    }

    /// Until when the oldest promise has to wait; nil: it is told now.
    private func waitingTime(
        of delivery: Delivery,
        due: Timestamp,
        _ pump: HookPump
    ) -> Timestamp? {
        let now = setup.clock.now()
        if due > now, !setup.policy.isImpossible(due: due, now: now) { return due }
        guard delivery.attempts == 0 else { return nil }
        if delivery.group == nil, let wait = pump.settings.group, !isHurrying {
            let ready = delivery.created + wait
            // Later than that only if the clock was ahead when the promise was made.
            if ready > now, ready <= now + wait { return ready }
        }
        let uptime = setup.clock.uptime()
        return pump.nextByRate(uptime).map { now + ($0 - uptime) }
    }

    /// What is told together with the oldest promise.
    ///
    /// Who belongs together is stored before anybody is told. A hook with a rate is told
    /// everything that waits in the last message that its rate leaves.
    private func group(
        around delivery: Delivery,
        _ pump: HookPump
    ) async throws(StoreError) -> DeliveryGroup {
        let alone = DeliveryGroup(delivery)
        let outbox = setup.outbox
        if let name = delivery.group {
            let bound = try await outbox.deliveries(
                to: delivery.hook,
                of: delivery.stream,
                in: name,
                limit: setup.groupLimit
            )
            return DeliveryGroup(bound, id: name) ?? alone
        }
        let isGrouped = pump.settings.group != nil
        guard delivery.attempts == 0, isGrouped || pump.left(setup.clock.uptime()) == 1 else {
            return alone
        }
        let loose = try await outbox.deliveries(
            to: delivery.hook,
            of: delivery.stream,
            in: nil,
            limit: setup.groupLimit
        )
        guard isGrouped || loose.count > 1 else { return alone }
        let name = DeliveryGroup.id(of: loose)
        try await outbox.bind(loose, into: name)
        return DeliveryGroup(loose, id: name) ?? alone
    }

    /// One attempt; nil: it was not made.
    private func tell(_ group: DeliveryGroup, _ settings: HookSettings) async -> HookResult? {
        let message = HookMessage(group)
        guard case .exec = settings.channel else {
            return await teller.send(message, to: settings, now: setup.clock.now())
        }
        await takeSlot()
        defer { freeSlot() }
        guard mayTell(settings.id), let program = teller.program(settings, message) else {
            return nil
        }
        programs[settings.id] = program
        let result = await program.run()
        programs[settings.id] = nil
        return result
    }

    /// What became of an attempt; nil: it was ended by ourselves and does not count.
    private func note(of result: HookResult, _ group: DeliveryGroup) -> DeliveryNote? {
        guard result.ending != .cancelled else { return nil }
        let (hook, now) = (group.hook, setup.clock.now())
        hooks[hook]?.isFailing = !result.isDelivered
        guard !result.isDelivered else {
            hooks[hook]?.count(setup.clock.uptime())
            setup.report(.delivered(hook, id: group.id, attempts: group.attempts + 1))
            return DeliveryNote(group, .delivered)
        }
        let failure = result.failure
        let outcome = setup.policy.outcome(after: failure, of: group, now: now)
        var note = DeliveryNote(group, outcome)
        note.output = HookEnvironment.printable(failure.output, limit: Deliverer.keptOutput)
        switch outcome {
        case _ where failure.kind == .gone:
            note.outcome = .retry(at: now, message: failure.message)
            pause(hook, failure, &note)
        case .delivered:
            break
        case .retry(let at, let message):
            setup.report(.attemptFailed(hook, id: group.id, message: message, retryAt: at))
        case .dead(let message):
            note.events = [deadEvent(group, message, now)]
            setup.report(.dead(hook, group.stream, id: group.id, message: message))
        }
        return note
    }

    private func deadEvent(
        _ group: DeliveryGroup,
        _ message: String,
        _ now: Timestamp
    ) -> LogDraft {
        let count = group.deliveries.count
        let what = group.isGroup ? "group \(group.id) of \(count) records" : "record \(group.id)"
        let event = EventRecord(
            .deliveryDead,
            time: now,
            hook: group.hook,
            message: "\(what): \(message)"
        )
        // Nobody is told that telling of an event failed: two dead hooks would never end it.
        return event.draft(hooks: group.stream == .events ? [] : eventHooks(except: group.hook))
    }

    /// The hooks that are told of events, but for the one it happened to.
    func eventHooks(except hook: HookID) -> [HookID] {
        hooks.values.filter { pump in
            !pump.isRemoved && pump.settings.id != hook && pump.settings.subjects.contains(.feed)
        }
        .map(\.settings.id).sorted()
    }

    /// Notes what became of an attempt, together with all others that wait for the same.
    ///
    /// Returns when it is durable. One transaction and one sync serve all hooks that came to an
    /// end while the one before was under way.
    private func note(_ note: DeliveryNote) async throws(StoreError) {
        let result = await withCheckedContinuation { continuation in
            waitingNotes.append((note, continuation))
            guard !isNoting else { return }
            isNoting = true
            Task { await noteAll() }
        }
        try result.get()
    }

    private func noteAll() async {
        while !waitingNotes.isEmpty {
            let batch = waitingNotes
            waitingNotes = []
            var result = Result<Void, StoreError>.success(())
            do throws(StoreError) {
                try await setup.outbox.note(batch.map(\.note))
                if batch.contains(where: { !$0.note.events.isEmpty }) { pumpLogs() }
            } catch {
                result = .failure(error)
            }
            for (_, continuation) in batch { continuation.resume(returning: result) }
        }
        isNoting = false
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
