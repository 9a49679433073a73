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
        /// How many polls have made room for another of the same host, one after the other.
        var turn = 0

        var hasWaiting: Bool { firstWaiting < waiting.count }

        mutating func takeWaiting() -> FeedID? {
            guard hasWaiting else { return nil }
            defer {
                firstWaiting += 1
                // A host with more feeds than its spacing allows never runs empty.
                if firstWaiting == waiting.count || firstWaiting >= 256 {
                    waiting.removeFirst(firstWaiting)
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
        /// The host it belongs to as soon as its poll has ended.
        var nextHost: String?
        var phase: Phase
    }

    /// So many polls of a host may follow each other before others have their turn.
    private static let turnLimit = 16
    /// How far a host is put forward while it has its turn.
    private static let turnLead: Duration = .seconds(10)

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

    /// Adds a feed, or gives a known one another host and time.
    ///
    /// A feed that is being polled keeps its time, and moves to the other host after the poll.
    package mutating func add(_ feed: FeedID, host: String, due time: Timestamp) {
        switch feeds[feed]?.phase {
        case nil, .idle:
            feeds[feed] = Feed(host: host, phase: .idle(due: time))
            due.insert(Due(time: time, feed: feed))
        case .waiting where feeds[feed]?.host != host:
            feeds[feed]?.host = host
            wait(feed, at: host, now: time)
            if let known = hosts[host] { queue(host, at: max(known.notBefore, time)) }
        case .waiting:
            return
        case .inFlight, .settling:
            feeds[feed]?.nextHost = host
        }
    }

    /// The feeds of a host that are not being polled.
    package func restingFeeds(ofHost host: String) -> [FeedID] {
        feeds.compactMap { id, feed in
            switch feed.phase {
            case .idle, .waiting: feed.host == host ? id : nil
            case .inFlight, .settling: nil
            }
        }
    }

    /// Moves all that is planned back by `time`: the civil clock was set back by as much.
    package mutating func moveBack(by time: Duration) {
        var moved = Heap<Due>()
        for (id, feed) in feeds {
            guard case .idle(let planned) = feed.phase else { continue }
            feeds[id]?.phase = .idle(due: planned - time)
            moved.insert(Due(time: planned - time, feed: id))
        }
        due = moved
        var movedHosts = Heap<HostReady>()
        for entry in ready.unordered {
            movedHosts.insert(HostReady(time: entry.time - time, host: entry.host))
        }
        ready = movedHosts
        for (name, host) in hosts { hosts[name]?.notBefore = host.notBefore - time }
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
            wait(next.feed, at: feed.host, now: now)
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
        feeds[feed] = Feed(host: known.nextHost ?? known.host, phase: .idle(due: next))
        due.insert(Due(time: next, feed: feed))
    }

    /// Nothing of `host` is started before `moment` (the server asked for it).
    package mutating func hold(host: String, until moment: Timestamp) {
        let known = hosts[host] ?? Host(notBefore: moment)
        hosts[host] = known
        hosts[host]?.notBefore = max(known.notBefore, moment)
    }

    /// When a resting feed may be asked for something beside its polls, at `host`, at the soonest;
    /// nil: not before other requests have ended.
    ///
    /// Whatever is due at that host comes first.
    package func spareTime(of feed: FeedID, host name: String, now: Timestamp) -> Timestamp? {
        guard case .idle? = feeds[feed]?.phase else { return nil }
        guard let host = hosts[name] else { return now }
        guard host.notBefore <= now else { return host.notBefore }
        return !host.hasWaiting && host.inFlight < connectionsPerHost ? now : nil
    }

    /// Lets a resting feed be asked for something beside its polls, at `host`: it counts as in
    /// flight there until `finished`.
    ///
    /// False: not now (`spareTime`).
    package mutating func takeSpare(_ feed: FeedID, host name: String, now: Timestamp) -> Bool {
        guard spareTime(of: feed, host: name, now: now) == now, let known = feeds[feed] else {
            return false
        }
        var host = hosts[name] ?? Host(notBefore: now)
        host.inFlight += 1
        host.notBefore = now + hostSpacing
        hosts[name] = host
        inFlight += 1
        feeds[feed] = Feed(host: name, nextHost: known.nextHost ?? known.host, phase: .inFlight)
        return true
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

    private mutating func wait(_ feed: FeedID, at host: String, now: Timestamp) {
        hosts[host, default: Host(notBefore: now)].waiting.append(feed)
    }

    private mutating func serve(
        _ name: String,
        now: Timestamp,
        room: Int,
        into started: inout [FeedID]
    ) {
        // Taken out while it is changed: its queue is not copied.
        guard var host = hosts.removeValue(forKey: name) else { return }
        defer { hosts[name] = host }
        while host.hasWaiting, host.inFlight < connectionsPerHost {
            if host.notBefore > now || started.count >= room {
                if !host.isQueued {
                    host.isQueued = true
                    ready.insert(HostReady(time: max(host.notBefore, now), host: name))
                }
                return
            }
            guard let feed = host.takeWaiting() else { return }
            guard let known = feeds[feed], case .waiting = known.phase, known.host == name else {
                continue  // taken out, or moved to another host since
            }
            feeds[feed]?.phase = .inFlight
            host.inFlight += 1
            host.notBefore = now + hostSpacing
            inFlight += 1
            started.append(feed)
        }
    }

    private mutating func leave(host name: String) {
        inFlight -= 1
        hosts[name]?.inFlight -= 1
        guard let host = hosts[name], host.hasWaiting else { return }
        // Its connection is at hand, where another host's would have to be made.
        if hostSpacing == .zero, host.turn < PollSchedule.turnLimit {
            hosts[name]?.turn += 1
            queue(name, at: host.notBefore - PollSchedule.turnLead)
        } else {
            hosts[name]?.turn = 0
            queue(name, at: host.notBefore)
        }
    }

    private mutating func queue(_ name: String, at time: Timestamp) {
        guard hosts[name]?.isQueued == false else { return }
        hosts[name]?.isQueued = true
        ready.insert(HostReady(time: time, host: name))
    }
}
