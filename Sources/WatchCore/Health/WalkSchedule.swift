package import FeedModel

/// Which older pages to ask for: those of feeds whose gaps are being closed, few at once, whose
/// page was due first comes first.
///
/// A page takes its feed's place in the schedule of polls, so that a feed is never asked for two
/// things at once, and its host's spacing and holds apply; whatever is due comes first. Pure: told
/// the time.
package struct WalkSchedule: Sendable {
    /// How many pages are asked for at once, of all feeds.
    package static let pagesAtOnce = 2

    /// The feeds that have older pages to be read.
    private var walkers: Set<FeedID> = []
    /// The feeds in flight that were asked for a page.
    private var inFlight: Set<FeedID> = []
    /// When the next page may be asked for; nil: not before something has ended.
    package private(set) var next: Timestamp?

    /// A schedule without pages.
    package init() {}

    /// Notes whether a feed has pages to be read.
    package mutating func note(_ state: FeedState, limits: Limits) {
        if limits.archivePages > 0, state.walk?.isActive == true {
            walkers.insert(state.id)
        } else {
            walkers.remove(state.id)
        }
    }

    /// Forgets who has pages to be read: all feeds are about to be noted anew.
    package mutating func forget() { walkers = [] }

    /// Whether the feed's next page may be asked for within `patience`.
    package func isNear(_ state: FeedState, now: Timestamp, patience: Duration) -> Bool {
        guard walkers.contains(state.id), let walk = state.walk else { return false }
        return walk.notBefore <= now + patience
    }

    /// Notes that a transfer has ended; whether it was a page that had been asked for.
    package mutating func finished(_ feed: FeedID) -> Bool { inFlight.remove(feed) != nil }

    /// The pages to ask for now; they count as in flight until their feeds are `finished`.
    ///
    /// With `patience`, feeds whose next page takes longer are left out, and taken out of
    /// `schedule`.
    package mutating func take(
        _ states: [FeedID: FeedState],
        plan: WatchPlan,
        schedule: inout PollSchedule,
        patience: Duration? = nil,
        now: Timestamp
    ) -> [PollRequest] {
        var requests: [PollRequest] = []
        next = nil
        guard !walkers.isEmpty else { return [] }
        let order = walkers.compactMap { feed in
            states[feed]?.walk.map { (moment: $0.notBefore, feed: feed) }
        }
        for (moment, feed) in order.sorted(by: { ($0.moment, $0.feed) < ($1.moment, $1.feed) }) {
            guard inFlight.count < WalkSchedule.pagesAtOnce else { return requests }
            guard !inFlight.contains(feed), let settings = plan.settings(of: feed),
                let state = states[feed],
                let request = plan.policy.pageRequest(for: settings, state: state)
            else { continue }
            let host = URLRedaction.host(of: request.url)
            guard let free = schedule.spareTime(of: feed, host: host, now: now) else { continue }
            let due = max(moment, free)
            if due <= now, schedule.takeSpare(feed, host: host, now: now) {
                inFlight.insert(feed)
                requests.append(request)
            } else if let patience, due > now + patience {
                walkers.remove(feed)
                schedule.remove(feed)
            } else {
                next = min(next ?? due, due)
            }
        }
        return requests
    }
}
