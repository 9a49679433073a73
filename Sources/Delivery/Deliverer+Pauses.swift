internal import FeedModel
internal import WatchCore

extension Deliverer {
    /// Keeps the promises to hooks that left the configuration, gives them back to those that
    /// returned, and gives up what has waited too long.
    func tidy() async throws(StoreError) {
        tidyAt = setup.clock.uptime() + Deliverer.tidyInterval
        let now = setup.clock.now()
        var pauses = try await setup.outbox.pauses()
        for hook in try await setup.outbox.openPromises(before: nil).keys
        where !isConfigured(hook) && pauses[hook] == nil {
            let pause = HookPause(.removed, since: now)
            try await setup.outbox.setPause(pause, of: hook)
            pauses[hook] = pause
        }
        for (hook, pause) in pauses where isConfigured(hook) {
            let isHere = pause.reason == .gone && pause.target == hooks[hook]?.settings.target
            guard !isHere else { continue }
            try await setup.outbox.setPause(nil, of: hook)
            pauses[hook] = nil
        }
        for hook in hooks.keys where hooks[hook]?.pause != pauses[hook] {
            if pauses[hook] == nil { setup.report(.enabled(hook)) }
            hooks[hook]?.pause = pauses[hook]
        }
        for (hook, pause) in pauses { try await giveUp(hook, pause, now) }
    }

    /// Does so in the background, every few minutes.
    func tidyIfDue() {
        guard let moment = tidyAt, moment <= setup.clock.uptime(), fatal == nil, !isStopping else {
            return
        }
        tidyAt = nil
        Task {
            do throws(StoreError) {
                try await tidy()
            } catch {
                outboxFailed(error)
                tidyAt = setup.clock.uptime() + Deliverer.tidyInterval
            }
        }
    }

    private func isConfigured(_ hook: HookID) -> Bool {
        hooks[hook].map { !$0.isRemoved } ?? false
    }

    private func giveUp(
        _ hook: HookID,
        _ pause: HookPause,
        _ now: Timestamp
    ) async throws(StoreError) {
        guard let moment = setup.policy.givenUp(ofPausedSince: pause.since, now: now) else {
            return
        }
        let outbox = setup.outbox
        let count = try await outbox.openPromises(before: moment)[hook] ?? 0
        if count > 0 {
            let why =
                switch pause.reason {
                case .removed: "the hook is no longer in the configuration"
                case .gone: "the hook is gone (status 410)"
                }
            let event = EventRecord(
                .deliveryDead,
                time: now,
                hook: hook,
                message: "\(count) record\(count == 1 ? "" : "s"): \(why)"
            )
            try await outbox.giveUp(
                hook,
                before: moment,
                message: why,
                events: [event.draft(hooks: eventHooks(except: hook))]
            )
            setup.report(.abandoned(hook, count: count, message: why))
            pumpLogs()
        }
        if pause.reason == .removed, try await outbox.openPromises(before: nil)[hook] == nil {
            try await outbox.setPause(nil, of: hook)
        }
    }

    /// Lets a hook be told nothing more, as it said that it is gone.
    func pause(_ hook: HookID, _ failure: DeliveryFailure, _ note: inout DeliveryNote) {
        let now = setup.clock.now()
        let pause = HookPause(.gone, since: now, target: hooks[hook]?.settings.target ?? 0)
        note.pause = pause
        let event = EventRecord(
            .hookDisabled,
            time: now,
            hook: hook,
            reason: .gone,
            message: """
                \(failure.message); told nothing more until its address is changed, or until \
                'feedwatch deliveries retry'
                """
        )
        note.events = [event.draft(hooks: eventHooks(except: hook))]
        hooks[hook]?.pause = pause
        setup.report(.disabled(hook, message: failure.message))
    }
}
