internal import FeedModel
internal import WatchCore

/// Asking for older pages, to close gaps: `WalkSchedule` says when.
extension Watcher {
    /// How long mode `once` waits for a page.
    private static let patience: Duration = .seconds(10)
    /// When a feed is due that mode `once` keeps for its walk only.
    private static let never = Timestamp(milliseconds: .max / 2)

    /// Notes whether a feed has pages to be read.
    func noteWalk(of state: FeedState) {
        walks.note(state, limits: plan.configuration.limits)
    }

    /// Whether mode `once` should wait for the feed's next page.
    func isWalkNear(_ state: FeedState, now: Timestamp) -> Bool {
        walks.isNear(state, now: now, patience: Watcher.patience)
    }

    /// The pages to ask for now; what mode `once` would have to wait for is left to the next run.
    func takePages(now: Timestamp) -> [PollRequest] {
        let requests = walks.take(
            states,
            plan: plan,
            schedule: &schedule,
            patience: mode == .once ? Watcher.patience : nil,
            now: now
        )
        for request in requests { asked[request.feed] = plan.settings(of: request.feed)?.url }
        return requests
    }

    /// Plans the next request of a feed after one that has ended.
    func again(_ state: FeedState) {
        switch mode {
        case .daemon:
            schedule.finished(state.id, next: state.nextPoll)
        case .once where isWalkNear(state, now: clock.now()):
            schedule.finished(state.id, next: Watcher.never)
        case .once:
            schedule.remove(state.id)
        }
    }

    /// Lets mode `once` go on with walks of earlier runs, of feeds that are not due.
    func adoptWalk(_ state: FeedState, host: String, now: Timestamp) {
        guard mode == .once, isWalkNear(state, now: now) else { return }
        schedule.add(state.id, host: host, due: Watcher.never)
    }
}
