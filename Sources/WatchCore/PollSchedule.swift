package import FeedModel
internal import HeapModule

/// Which feeds are due, and which of their hosts may be asked: a state machine told the time.
///
/// A due feed starts when its host has a free place and the host's last start lies the spacing
/// back; else it waits in its host's queue, so a slow or busy host delays no other host.
package struct PollSchedule: Sendable {
    private struct Due: Comparable, Sendable {
        var time: Timestamp
        var feed: FeedID

        static func < (left: Due, right: Due) -> Bool {
            (left.time, left.feed) < (right.time, right.feed)
        }
    }

    private struct HostReady: Comparable, Sendable {
        var time: Timestamp
        var host: String

        static func < (left: HostReady, right: HostReady) -> Bool {
            (left.time, left.host) < (right.time, right.host)
        }
    }

    private struct Host: Sendable {
        var notBefore: Timestamp
        var inFlight = 0
        var waiting: [FeedID] = []
        var firstWaiting = 0
        /// Whether the host stands in the heap of hosts to be served.
        var isQueued = false

        var hasWaiting: Bool { firstWaiting < waiting.count }

        mutating func takeWaiting() -> FeedID? {
            guard hasWaiting else { return nil }
            defer {
                firstWaiting += 1
                if firstWaiting == waiting.count {
                    waiting.removeAll(keepingCapacity: true)
                    firstWaiting = 0
                }
            }
            return waiting[firstWaiting]
        }
    }

    private enum Phase: Sendable {
        case idle(due: Timestamp)
        case waiting
        case inFlight
        case settling
    }

    private struct Feed: Sendable {
        var host: String
        var phase: Phase
    }

    private let connectionsPerHost: Int
    private let hostSpacing: Duration
    private var feeds: [FeedID: Feed] = [:]
    private var hosts: [String: Host] = [:]
    private var due = Heap<Due>()
    private var ready = Heap<HostReady>()

    /// How many transfers are in flight.
    package private(set) var inFlight = 0
    /// How many transfers have ended whose polls are not finished.
    package private(set) var settling = 0

    /// A schedule without feeds.
    package init(connectionsPerHost: Int, hostSpacing: Duration) {
        self.connectionsPerHost = max(1, connectionsPerHost)
        self.hostSpacing = hostSpacing
    }

    /// A schedule without feeds, by the limits of a configuration.
    package init(limits: Limits) {
        self.init(
            connectionsPerHost: limits.connectionsPerHost,
            hostSpacing: limits.hostSpacing
        )
    }

    /// Takes over the feeds among `kept` from a schedule of other limits, hosts as they stand.
    package mutating func adopt(from old: PollSchedule, keeping kept: Set<FeedID>) {
        feeds = old.feeds
        hosts = old.hosts
        due = old.due
        ready = old.ready
        inFlight = old.inFlight
        settling = old.settling
        for feed in Array(feeds.keys) where !kept.contains(feed) { remove(feed) }
    }

    /// How many feeds the schedule holds.
    package var count: Int { feeds.count }

    /// Adds a feed, or gives an idle one another host and time.
    package mutating func add(_ feed: FeedID, host: String, due time: Timestamp) {
        if let known = feeds[feed] {
            switch known.phase {
            case .idle: break
            case .waiting, .inFlight, .settling: return
            }
        }
        feeds[feed] = Feed(host: host, phase: .idle(due: time))
        due.insert(Due(time: time, feed: feed))
    }

    /// Takes a feed out.
    ///
    /// A poll in flight still has to be reported as finished.
    package mutating func remove(_ feed: FeedID) {
        guard let known = feeds.removeValue(forKey: feed) else { return }
        switch known.phase {
        case .inFlight: leave(host: known.host)
        case .settling: settling -= 1
        case .idle, .waiting: break
        }
    }

    /// The feeds to poll now, at most `room`; they count as in flight until `finished`.
    package mutating func take(now: Timestamp, room: Int) -> [FeedID] {
        var started: [FeedID] = []
        while started.count < room, let next = ready.min, next.time <= now {
            ready.removeMin()
            hosts[next.host]?.isQueued = false
            serve(next.host, now: now, room: room, into: &started)
        }
        while let next = due.min, next.time <= now {
            due.removeMin()
            guard let feed = feeds[next.feed], case .idle(due: next.time) = feed.phase else {
                continue  // taken out, or given another time since
            }
            feeds[next.feed]?.phase = .waiting
            var host = hosts[feed.host] ?? Host(notBefore: now)
            host.waiting.append(next.feed)
            hosts[feed.host] = host
            serve(feed.host, now: now, room: room, into: &started)
        }
        return started
    }

    /// The transfer of a poll has ended: its host has a free place.
    ///
    /// The feed is not due again before `finished`.
    package mutating func transferred(_ feed: FeedID) {
        guard let known = feeds[feed], case .inFlight = known.phase else { return }
        feeds[feed]?.phase = .settling
        settling += 1
        leave(host: known.host)
    }

    /// A poll has ended; the feed is due again at `next`.
    package mutating func finished(_ feed: FeedID, next: Timestamp) {
        transferred(feed)
        guard let known = feeds[feed], case .settling = known.phase else { return }
        settling -= 1
        feeds[feed]?.phase = .idle(due: next)
        due.insert(Due(time: next, feed: feed))
    }

    /// Nothing of `host` is started before `moment` (the server asked for it).
    package mutating func hold(host: String, until moment: Timestamp) {
        guard let known = hosts[host] else { return }
        hosts[host]?.notBefore = max(known.notBefore, moment)
    }

    /// When `take` may next have something; nil: not before a poll has ended.
    package var nextWakeUp: Timestamp? {
        switch (due.min?.time, ready.min?.time) {
        case (let due?, let ready?): min(due, ready)
        case (let due?, nil): due
        case (nil, let ready?): ready
        case (nil, nil): nil
        }
    }

    /// Whether the schedule holds no feed: in mode `once` a feed is taken out after its poll.
    package var isEmptyOfWork: Bool { feeds.isEmpty }

    private mutating func serve(
        _ name: String,
        now: Timestamp,
        room: Int,
        into started: inout [FeedID]
    ) {
        guard var host = hosts[name] else { return }
        while host.hasWaiting, host.inFlight < connectionsPerHost {
            if host.notBefore > now || started.count >= room {
                queue(&host, named: name, at: max(host.notBefore, now))
                break
            }
            guard let feed = host.takeWaiting() else { break }
            guard let known = feeds[feed], case .waiting = known.phase, known.host == name else {
                continue  // taken out, or moved to another host since
            }
            feeds[feed]?.phase = .inFlight
            host.inFlight += 1
            host.notBefore = now + hostSpacing
            inFlight += 1
            started.append(feed)
        }
        hosts[name] = host
    }

    private mutating func leave(host name: String) {
        inFlight -= 1
        guard var host = hosts[name] else { return }
        host.inFlight -= 1
        if host.hasWaiting { queue(&host, named: name, at: host.notBefore) }
        hosts[name] = host
    }

    private mutating func queue(_ host: inout Host, named name: String, at time: Timestamp) {
        guard !host.isQueued else { return }
        host.isQueued = true
        ready.insert(HostReady(time: time, host: name))
    }
}
