internal import FeedModel
internal import WatchCore

/// Asking for older pages, to close gaps.
///
/// A page takes its feed's place in the schedule, so that a feed is never asked for two things at
/// once, and its host's spacing and holds apply; whatever is due comes first.
extension Watcher {
    /// How many pages are asked for at once, of all feeds.
    static let pagesAtOnce = 2
    /// How long mode `once` waits for a page.
    private static let patience: Duration = .seconds(10)
    /// When a feed is due that mode `once` keeps for its walk only.
    private static let never = Timestamp(milliseconds: .max / 2)

    /// Notes whether a feed has pages to be read.
    func noteWalk(of state: FeedState) {
        let wantsPages = plan.configuration.limits.archivePages > 0
        if wantsPages, state.walk?.isActive == true {
            walkers.insert(state.id)
        } else {
            walkers.remove(state.id)
        }
    }

    /// Whether mode `once` should wait for the feed's next page.
    func isWalkNear(_ state: FeedState, now: Timestamp) -> Bool {
        guard walkers.contains(state.id), let walk = state.walk else { return false }
        return walk.notBefore <= now + Watcher.patience
    }

    /// The pages to ask for now; they count as in flight until their feeds are finished.
    func takePages(now: Timestamp) -> [PollRequest] {
        var requests: [PollRequest] = []
        nextPage = nil
        guard !walkers.isEmpty else { return [] }
        // Whose page was due first comes first.
        let order = walkers.compactMap { feed in
            states[feed]?.walk.map { (moment: $0.notBefore, feed: feed) }
        }
        for (moment, feed) in order.sorted(by: { ($0.moment, $0.feed) < ($1.moment, $1.feed) }) {
            guard pages.count < Watcher.pagesAtOnce else { return requests }
            guard !pages.contains(feed), let settings = plan.settings(of: feed),
                let state = states[feed],
                let request = plan.policy.pageRequest(for: settings, state: state)
            else { continue }
            let host = URLRedaction.host(of: request.url)
            guard let free = schedule.spareTime(of: feed, host: host, now: now) else { continue }
            let due = max(moment, free)
            if due <= now, schedule.takeSpare(feed, host: host, now: now) {
                pages.insert(feed)
                asked[feed] = settings.url
                requests.append(request)
            } else if mode == .once, due > now + Watcher.patience {
                // The next run goes on with it.
                walkers.remove(feed)
                schedule.remove(feed)
            } else {
                nextPage = min(nextPage ?? due, due)
            }
        }
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
