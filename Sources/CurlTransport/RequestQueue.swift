import WatchCore

/// The requests that wait for their turn, parted by host.
///
/// Hosts take turns, so that one with many feeds delays no other. A host that let the last request
/// run into a time limit is *suspect*: all suspects together get a quarter of the places, so that
/// stalled servers and dead names never take them all.
struct RequestQueue {
    /// The requests of one host.
    final class Lane {
        /// The host and port.
        let authority: String
        fileprivate var waiting = FIFO<Entry>()
        fileprivate var active = 0
        fileprivate var isReady = false
        fileprivate var isSuspect = false
        fileprivate var isMultiplexed = false

        fileprivate init(authority: String) { self.authority = authority }
    }

    /// A request and where it leads.
    struct Entry {
        /// The request.
        let request: PollRequest
        /// Its address.
        let address: WebAddress
    }

    /// A request that has a place.
    struct Ticket {
        /// The request.
        let request: PollRequest
        /// Its address.
        let address: WebAddress
        fileprivate let lane: Lane
        fileprivate let isSuspect: Bool
    }

    /// What a finished request has taught about its host.
    struct Lesson {
        /// Whether it ran into a time limit; nil: unknown.
        var isSlow: Bool?
        /// Whether its connection carries several requests at once.
        var isMultiplexed = false
    }

    /// How many requests may run at once over one connection that carries several.
    private static let streamsPerHost = 32

    private var lanes: [String: Lane] = [:]
    private var trusted = FIFO<Lane>()
    private var suspects = FIFO<Lane>()
    private var places: Int
    private var placesPerHost: Int
    private var active = 0
    private var activeSuspects = 0

    /// An empty queue.
    init(limits: Limits) {
        places = max(1, limits.connections)
        placesPerHost = max(1, limits.connectionsPerHost)
    }

    /// Lets other limits hold from now on.
    mutating func update(limits: Limits) {
        places = max(1, limits.connections)
        placesPerHost = max(1, limits.connectionsPerHost)
        for lane in lanes.values { queueIfReady(lane) }
    }

    /// Adds a request to those of its host.
    mutating func add(_ request: PollRequest, at address: WebAddress) {
        let authority = address.authority
        let lane: Lane
        if let known = lanes[authority] {
            lane = known
        } else {
            lane = Lane(authority: authority)
            lanes[authority] = lane
        }
        lane.waiting.append(Entry(request: request, address: address))
        queueIfReady(lane)
    }

    /// Gives the next request a place, if there is one.
    mutating func next() -> Ticket? {
        guard active < places else { return nil }
        if let ticket = next(suspect: false) { return ticket }
        return activeSuspects < max(1, places / 4) ? next(suspect: true) : nil
    }

    /// Gives a place back, with what was learnt of the host.
    mutating func finish(_ ticket: Ticket, _ lesson: Lesson) {
        let lane = ticket.lane
        active -= 1
        if ticket.isSuspect { activeSuspects -= 1 }
        lane.active -= 1
        if let isSlow = lesson.isSlow { lane.isSuspect = isSlow }
        if lesson.isMultiplexed { lane.isMultiplexed = true }
        queueIfReady(lane)
        let isIdle = lane.active == 0 && lane.waiting.isEmpty
        if isIdle && !lane.isSuspect && !lane.isMultiplexed { lanes[lane.authority] = nil }
    }

    /// Takes out all requests that have no place yet.
    mutating func removeWaiting() -> [Entry] {
        var entries: [Entry] = []
        for lane in lanes.values {
            while let entry = lane.waiting.popFirst() { entries.append(entry) }
            lane.isReady = false
        }
        trusted = FIFO()
        suspects = FIFO()
        return entries
    }

    private mutating func next(suspect isSuspect: Bool) -> Ticket? {
        while let lane = isSuspect ? suspects.popFirst() : trusted.popFirst() {
            lane.isReady = false
            // A host may have turned suspect, or back, while it was queued.
            guard lane.isSuspect == isSuspect else {
                queueIfReady(lane)
                continue
            }
            guard hasPlace(lane), let entry = lane.waiting.popFirst() else { continue }
            lane.active += 1
            active += 1
            if isSuspect { activeSuspects += 1 }
            queueIfReady(lane)
            return Ticket(
                request: entry.request,
                address: entry.address,
                lane: lane,
                isSuspect: isSuspect
            )
        }
        return nil
    }

    private func hasPlace(_ lane: Lane) -> Bool {
        let limit =
            lane.isMultiplexed ? max(placesPerHost, Self.streamsPerHost) : placesPerHost
        return lane.active < limit
    }

    private mutating func queueIfReady(_ lane: Lane) {
        guard !lane.isReady, !lane.waiting.isEmpty, hasPlace(lane) else { return }
        lane.isReady = true
        if lane.isSuspect { suspects.append(lane) } else { trusted.append(lane) }
    }
}

/// A queue whose both ends take constant time.
struct FIFO<Element> {
    private var elements: [Element?] = []
    private var head = 0

    /// Whether there is nothing in it.
    var isEmpty: Bool { head == elements.count }

    /// What stands at the front.
    var first: Element? { head < elements.count ? elements[head] : nil }

    /// Adds to the end.
    mutating func append(_ element: Element) { elements.append(element) }

    /// Takes from the front.
    mutating func popFirst() -> Element? {
        guard head < elements.count else { return nil }
        let element = elements[head].take()
        head += 1
        if head == elements.count {
            elements.removeAll(keepingCapacity: head <= 64)
            head = 0
        } else if head > 64 && head * 2 > elements.count {
            elements.removeFirst(head)
            head = 0
        }
        return element
    }
}
