internal import FeedModel
internal import WatchCore

/// All simulated servers, and the network between them and us.
struct SimulatedWorld {
    var sources: [SimulatedSource] = []
    /// What is out of reach when.
    private(set) var outages: [SimulatedOutage] = []
    private var random: SeededRandom
    private let noise: Double
    private var hostOutages: [String: SimulatedOutage] = [:]
    private var networkOutages: [SimulatedOutage] = []
    /// The feeds that worked before, and were asked in vain since an outage of our network began.
    private var askedInVain: [Timestamp: Set<Int>] = [:]
    /// When these were enough to know of the outage, by its beginning.
    private(set) var noticeable: [Timestamp: Timestamp] = [:]

    /// So many feeds: each temper with each trouble in turn; every tenth of a host that it shares
    /// with four others.
    init(
        feeds: Int,
        start: Timestamp,
        watched: Timestamp,
        days: Int,
        noise: Double,
        seed: UInt64
    ) {
        random = SeededRandom(seed: seed)
        self.noise = noise
        let troubles = SimulatedTrouble.allCases
        let tempers = SimulatedTemper.allCases
        let shared = feeds / 10
        for number in 0..<feeds {
            let isShared = number < shared
            let trouble = isShared ? .none : troubles[(number - shared) % troubles.count]
            let turn = isShared ? number : (number - shared) / troubles.count
            sources.append(
                SimulatedSource(
                    number: number,
                    temper: tempers[turn % tempers.count],
                    trouble: trouble,
                    host: isShared ? "shared\(number / 5).example" : "h\(number).example",
                    start: start,
                    watched: watched,
                    days: days,
                    random: &random
                )
            )
        }
        let end = start + .seconds(days * 86_400)
        let span = (end - watched).wholeMilliseconds
        for group in 0..<shared / 5 {
            let from = watched + .milliseconds(Int64(Double(span) * (0.3 + random.unit() * 0.5)))
            let outage = SimulatedOutage(
                host: "shared\(group).example",
                from: from,
                until: from + .seconds(Int64(8 + random.unit() * 12) * 3_600)
            )
            hostOutages[outage.host ?? ""] = outage
            outages.append(outage)
        }
        for (share, length) in [(0.25, 40 * 60), (0.45, 4 * 60), (0.75, 5 * 3_600)] {
            let from = watched + .milliseconds(Int64(Double(span) * share))
            networkOutages.append(
                SimulatedOutage(host: nil, from: from, until: from + .seconds(length))
            )
        }
        outages += networkOutages
    }

    /// Whose request it is, and what comes of it.
    mutating func answer(_ request: PollRequest, now: Timestamp) -> (Int, TransferResult) {
        guard let number = Int(request.feed.rawValue.dropFirst()) else {
            preconditionFailure("a simulated feed is called f and its number")
        }
        let outage = networkOutages.first { $0.from <= now && now < $0.until }
        if let outage { note(outage, number, now: now) }
        let isDown =
            outage != nil
            || hostOutages[sources[number].host].map { $0.from <= now && now < $0.until } ?? false
        if isDown || random.unit() < noise {
            sources[number].miss()
            let reason: FailureReason = isDown ? .connectFailed : .timedOut
            let failure = TransportFailure(reason: reason, message: "no answer")
            return (number, TransferResult(feed: request.feed, outcome: .failure(failure)))
        }
        return (number, sources[number].answer(request, now: now))
    }

    /// Notes that a feed was asked in an outage of our network.
    private mutating func note(_ outage: SimulatedOutage, _ number: Int, now: Timestamp) {
        guard noticeable[outage.from] == nil, !sources[number].isRefusing(now: now) else { return }
        let feeds = askedInVain[outage.from, default: []].union([number])
        askedInVain[outage.from] = feeds
        let hosts = Set(feeds.map { sources[$0].host })
        // One may have failed by itself just before.
        if feeds.count > 5, hosts.count > 3 { noticeable[outage.from] = now }
    }
}
