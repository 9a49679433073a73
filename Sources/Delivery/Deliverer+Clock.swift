internal import FeedModel
internal import WatchCore

/// What the deliverer knows of the civil clock, by which promises are due.
struct ClockState {
    /// Both clocks when they were last looked at.
    var last: (uptime: Duration, civil: Timestamp)?
    /// By how much the clock was set back without that being made up for yet.
    var setBack: Duration = .zero
    /// Whether that is being made up for.
    var isBusy = false
}

/// A clock that was set back makes nobody wait: what was due in ten minutes stays so.
extension Deliverer {
    /// Differences below this are no setting: both clocks are not read at once.
    private static let noticed: Duration = .seconds(1)

    /// Finds out whether the clock was set back since the last run.
    func lookAtClockFirst() async throws(StoreError) {
        let latest = try await setup.outbox.latestMoment()
        let now = setup.clock.now()
        clockState.last = (setup.clock.uptime(), now)
        guard latest - now > Deliverer.noticed else { return }
        try await setup.outbox.hasten(by: latest - now, now: now)
    }

    /// Finds out whether the clock was set back since it was last looked at.
    func lookAtClock() {
        let (now, uptime) = (setup.clock.now(), setup.clock.uptime())
        if let last = clockState.last {
            let setBack = last.civil + (uptime - last.uptime) - now
            if setBack > Deliverer.noticed { clockState.setBack += setBack }
        }
        clockState.last = (uptime, now)
        guard clockState.setBack > .zero, !clockState.isBusy else { return }
        clockState.isBusy = true
        Task { await makeUp(for: clockState.setBack) }
    }

    private func makeUp(for setBack: Duration) async {
        do throws(StoreError) {
            try await setup.outbox.hasten(by: setBack, now: setup.clock.now())
            clockState.setBack -= setBack
            for id in hooks.keys {
                hooks[id]?.due = nil
                pumpHook(id)
            }
        } catch {
            outboxFailed(error)
        }
        clockState.isBusy = false
    }
}
