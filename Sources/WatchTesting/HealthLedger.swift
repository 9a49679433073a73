internal import FeedModel
internal import WatchCore

// How to read this file: `init` writes down what is planted, `take` compares each event and match
// with it. What no plant explains is a false alarm.

/// What was planted, what was told of it, and what was told without cause.
struct HealthLedger {
    var plants: [HealthPlant] = []
    /// Events without cause, by kind.
    private(set) var falseAlarms: [String: Int] = [:]
    /// The first of them, for people.
    private(set) var examples: [String] = []
    /// Events by kind.
    private(set) var events: [String: Int] = [:]
    /// Feeds told of singly while their host or our network was out of reach.
    private(set) var singleEvents = 0
    /// Feeds told of that were out of reach by chance, twice in a row or more.
    private(set) var chanceFailures = 0
    /// Losses while a gap stood that had been told.
    var continuedGaps = 0
    /// Gaps told where just a whole window was new.
    private(set) var unclearGaps = 0
    /// Matches of items that are no news, or meet no topic.
    private(set) var wrongMatches = 0
    /// Losses that were not told, as older pages hold them and one was told that day.
    var quietGaps = 0
    /// What was lost of a feed since a walk through its older pages last ended.
    var openLosses: [Int: [Range<Int>]] = [:]
    /// When a gap of a feed was last told.
    var gapTold: [Int: Timestamp] = [:]
    /// The feeds that lost more while older pages were read.
    var doubted: Set<Int> = []
    /// The feeds whose walk is about just a whole window.
    private var unclear: Set<Int> = []
    private var byFeed: [Int: [Int]] = [:]
    let outages: [SimulatedOutage]

    /// A ledger of what a world is going to do.
    ///
    /// A feed that fails is asked again after `retry`.
    init(_ world: SimulatedWorld, retry: Duration) {
        outages = world.outages
        for source in world.sources {
            for kind in source.trouble.plants {
                let isEnd = kind == .recovered
                var from = isEnd ? source.turnEnd : source.turn
                if source.trouble.isLie {
                    // It does no harm before it hides something.
                    let hidden = source.stories.first { $0.appears > from }
                    guard let hidden else { continue }
                    from = hidden.appears
                }
                var plant = HealthPlant(kind, feed: source.number, from: from, retry: retry)
                // Of two or three items nobody can say that most of a window has changed.
                let shown = source.stories.count { $0.appears <= from }
                if kind.event == "feed.flood", shown < 4 { plant.due = nil }
                add(plant)
            }
        }
        for outage in outages {
            if outage.host != nil {
                add(HealthPlant(.hostFailing, host: outage.host, from: outage.from, retry: retry))
                add(HealthPlant(.hostRecovered, host: outage.host, from: outage.until))
            } else if outage.until - outage.from > .seconds(600) {
                add(HealthPlant(.networkFailing, from: outage.from))
                add(HealthPlant(.networkRecovered, from: outage.until))
            }
        }
    }

    mutating func add(_ plant: HealthPlant) {
        if let feed = plant.feed { byFeed[feed, default: []].append(plants.count) }
        plants.append(plant)
    }

    /// Takes the lines of a batch or a sweep, and what the batch showed to be lost.
    mutating func take(
        _ lines: [LogDraft],
        losses: [SimulatedLoss],
        in world: inout SimulatedWorld,
        now: Timestamp
    ) {
        var gapsTold: Set<Int> = []
        for line in lines {
            if line.stream == .matches {
                takeMatch(line, in: &world)
            } else {
                let event = HealthLedger.text(of: "event", in: line)
                events[event, default: 0] += 1
                let feed = line.feed.flatMap { Int($0.rawValue.dropFirst()) }
                if event == "feed.gap", let feed { gapTold[feed] = now }
                if event == "feed.gap", let feed, losses.contains(where: { $0.feed == feed }) {
                    gapsTold.insert(feed)
                } else {
                    takeEvent(event, line, feed: feed, in: world, now: now)
                }
                if let feed, event == "feed.gap_closed" || event == "feed.gap_open" {
                    takeEnd(event, of: feed, in: &world)
                }
            }
        }
        for loss in losses {
            take(loss, isTold: gapsTold.contains(loss.feed), in: &world, now: now)
        }
    }

    private mutating func takeMatch(_ line: LogDraft, in world: inout SimulatedWorld) {
        guard let token = SimulatedToken.find(in: line.tail) else {
            wrongMatches += 1
            return
        }
        guard world.sources[token.feed].stories.indices.contains(token.story) else {
            wrongMatches += 1
            return
        }
        world.sources[token.feed].stories[token.story].announced += 1
        let story = world.sources[token.feed].stories[token.story]
        if !story.isMatch && !story.becomesMatch || story.isBaseline && story.edited == nil {
            wrongMatches += 1
        }
    }

    private mutating func takeEvent(
        _ event: String,
        _ line: LogDraft,
        feed: Int?,
        in world: SimulatedWorld,
        now: Timestamp
    ) {
        let message = HealthLedger.text(of: "message", in: line)
        let candidates =
            feed.map { byFeed[$0] ?? [] } ?? plants.indices.filter { plants[$0].feed == nil }
        var isKnown = false
        for index in candidates where plants[index].kind.event == event {
            let plant = plants[index]
            guard plant.from <= now, plant.host.map(message.contains) ?? true else { continue }
            isKnown = true
            if plant.told == nil { plants[index].told = now }
        }
        if isKnown || isExplained(event, feed: feed, in: world, now: now) { return }
        falseAlarms[event, default: 0] += 1
        if examples.count < 40 {
            let source = feed.map { world.sources[$0] }
            let name = source.map { "\($0.temper) \($0.trouble) \($0.style)" } ?? ""
            examples.append("\(now.rfc3339Seconds) \(event) \(feed ?? -1) \(name): \(message)")
        }
    }

    /// Whether an event follows from something else that was planted.
    private mutating func isExplained(
        _ event: String,
        feed: Int?,
        in world: SimulatedWorld,
        now: Timestamp
    ) -> Bool {
        switch event {
        case "feed.failing":
            // That it is gone was told; what follows are reminders.
            if let feed, world.sources[feed].trouble == .goesAway { return true }
            let host = feed.map { world.sources[$0].host }
            let isCommon = outages.contains { outage in
                (outage.host == nil || outage.host == host) && outage.from <= now
                    && now < outage.until + .seconds(8 * 3_600)
            }
            if isCommon { singleEvents += 1 }
            // It was out of reach, if only by chance.
            let isChance = !isCommon && (feed.map { world.sources[$0].misses >= 2 } ?? false)
            if isChance { chanceFailures += 1 }
            return isCommon || isChance
        // Told of recovery is whoever was told of failure or silence.
        case "feed.recovered": return true
        case "feed.silent":
            // A server that lies has nothing new for those who believe it.
            return feed.map { world.sources[$0].trouble.isLie } ?? false
        case "feed.gap":
            // Just a whole window is new: nobody can tell that nothing came before it.
            let isUnclear = feed.map { world.sources[$0].hasTurnedOver } ?? false
            if isUnclear { unclearGaps += 1 }
            if isUnclear, let feed { unclear.insert(feed) }
            return isUnclear
        case "feed.gap_closed", "feed.gap_open":
            return feed.map { unclear.remove($0) != nil || doubted.contains($0) } ?? false
        default: return false
        }
    }

    /// The value of a key of a record, as far as it holds no quotes.
    private static func text(of key: String, in line: LogDraft) -> String {
        let record = String(decoding: line.tail, as: UTF8.self)
        guard let range = record.firstRange(of: "\"\(key)\":\"") else { return "" }
        return String(record[range.upperBound...].prefix { $0 != "\"" })
    }
}

extension SimulatedTrouble {
    /// What it plants.
    var plants: [HealthPlant.Kind] {
        switch self {
        case .fallsSilent: [.silence]
        case .goesAway: [.gone]
        case .isParked: [.parked]
        case .isMissing: [.missing]
        case .losesName: [.nameless]
        case .renames, .renamesAlways: [.renamed]
        case .relinks: [.relinked]
        case .migrates: [.migrated]
        case .republishes: [.republished]
        case .lies: [.lying]
        case .liesWithTags: [.lyingWithTags]
        case .moves: [.moved]
        case .fails, .limits: [.failing, .recovered]
        // Lost items are noted as they are lost.
        case .floods, .floodsUnderPin, .floodsOverPages, .floodsOverArchives,
            .floodsOverSlowPages, .floodsPastPages, .floodsOverNoPages, .floodsInCircles,
            .floodsTooDeep:
            []
        case .none, .edits, .reorders, .pins, .datesEarly, .redates, .bulletins, .tracks,
            .secures, .stumbles:
            []
        }
    }
}
