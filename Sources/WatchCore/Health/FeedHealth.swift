package import FeedModel

// How to read this file: what is remembered of how a feed behaves, beside whether its last poll
// worked. `Desk` notes what each poll shows; `HealthSweep` looks at all feeds and tells.

/// What is remembered of a feed's ways: its pauses, its gaps, whether its 304 can be believed, and
/// what was told of it.
package struct FeedHealth: Hashable, Sendable {
    /// What was told of a feed that fails.
    package enum Report: UInt8, Sendable {
        /// Nothing.
        case none = 0
        /// That this feed fails.
        case feed = 1
        /// That all feeds of its host fail.
        case host = 2
    }

    /// The longest pauses between new items, one for each day that brought any, oldest first, in
    /// minutes.
    package internal(set) var pauses: [UInt32] = []
    /// The day (since 1970) of the last of `pauses`; 0: none.
    var pauseDay: UInt32 = 0
    /// Since when nothing new came, as far as was watched; nil: not watched yet.
    package internal(set) var quietSince: Timestamp?
    /// Whether the present pause was not watched from its start.
    var isInterrupted = false
    /// Whether the last document had nothing in common with the one before.
    package internal(set) var hasGap = false
    /// When an event last told of churn.
    var floodTold: Timestamp?
    /// How many polls in a row were answered with 304.
    package internal(set) var notModified: UInt32 = 0
    /// When the last 304 came.
    var lastNotModified: Timestamp?
    /// When a whole document last came.
    var lastDocument: Timestamp?
    /// What the server said of falsely, it seems, that it still holds: it is asked with this once
    /// more; nil: there is no such suspicion.
    package internal(set) var probe: Validators?
    /// How often a 304 turned out to be false.
    var falseAnswers: UInt8 = 0
    /// Since when the server's 304 is not believed; nil: it is.
    package internal(set) var distrustedSince: Timestamp?
    /// What was told of its failing.
    package internal(set) var report = Report.none
    /// When it was last told that it fails.
    package internal(set) var reportTime: Timestamp?
    /// Since when it works, or its documents are damaged, as they now do.
    package internal(set) var standingSince: Timestamp?
    /// Since when our network is down, as was told while this feed failed with it; nil: it is not.
    var outage: Timestamp?
    /// When the last such outage ended, as was told while this feed still failed.
    var outageEnd: Timestamp?
    /// Whether it was told that the feed is silent.
    package internal(set) var isSilenceTold = false

    /// Nothing remembered.
    package init() {}

    // MARK: Settings

    /// The most pauses that are kept, and the fewest that silence is judged by.
    static let pauseLimit = 32
    static let pauseMinimum = 6
    /// How often a feed may be called silent that is not, in a year.
    package static let falseAlarmsPerYear = 0.1
    /// After so many 304 in a row, and so long without a document, a whole one is asked for.
    static let auditAnswers: UInt32 = 8
    static let auditTime: Duration = .seconds(86_400)
    /// The shortest time between two polls of an automatic feed whose 304 is not believed: each
    /// costs its server the whole document.
    static let wholePace: Duration = .seconds(10 * 60)
    /// How long a server that answered 304 falsely is not believed.
    static let distrustTime: Duration = .seconds(30 * 86_400)

    // MARK: What polls show

    /// Notes that a poll worked, `before` the state it found; polls are meant to be `interval`
    /// apart.
    package mutating func noteSuccess(before: FeedState, interval: Duration, now: Timestamp) {
        if before.failures > 0 || before.lastSuccess == nil { standingSince = now }
        guard quietSince != nil else {
            quietSince = now
            isInterrupted = true
            return
        }
        guard let last = before.lastSuccess else { return }
        // Nobody watched for a long time: the pause cannot be measured.
        if now - last > max(interval * 4, .seconds(12 * 3_600)) {
            quietSince = now
            isInterrupted = true
        }
    }

    /// Notes that new items came; what was learned of their pauses grows.
    package mutating func noteArrival(now: Timestamp) {
        if let since = quietSince, !isInterrupted {
            let pause = UInt32(clamping: (now - since).wholeMilliseconds / 60_000)
            let day = UInt32(clamping: now.milliseconds / 86_400_000)
            if day == pauseDay, let last = pauses.indices.last {
                pauses[last] = max(pauses[last], pause)
            } else {
                pauses.append(pause)
                pauseDay = day
                if pauses.count > FeedHealth.pauseLimit { pauses.removeFirst() }
            }
        }
        quietSince = now
        isInterrupted = false
    }

    // MARK: Silence

    /// How long a pause may be before the feed is called silent; nil: too little is known.
    ///
    /// The daily longest pauses are taken for draws of one distribution whose tail is no heavier
    /// than an exponential one: after n pauses of the sum S the next is longer than t with the
    /// probability (1 + t/S)^-n. As real tails are heavier, a third of the false alarms is aimed
    /// at. Regular feeds get less time: the mean and twelve times the spread, which counts as at
    /// least a quarter of the mean. In no case less than one and a half times the longest pause.
    ///
    /// | pauses, days | silent after |
    /// | --- | --- |
    /// | 32 of 1 | 4 days |
    /// | 32, exponential, mean 2 | 20 days |
    /// | 6 of 1 | 4 days |
    package var silenceLimit: Duration? {
        guard pauses.count >= FeedHealth.pauseMinimum else { return nil }
        let count = Double(pauses.count)
        let values = pauses.map { Double(max(1, $0)) }
        let sum = values.reduce(0, +)
        let mean = sum / count
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
        let pausesPerYear = min(365, 365 * 1_440 / mean)
        let alarm = FeedHealth.falseAlarmsPerYear / 3 / pausesPerYear
        let tail = sum * (FeedHealth.root(1 / alarm, pauses.count) - 1)
        let regular = mean + 12 * max(variance.squareRoot(), mean / 4)
        let limit = max(min(tail, regular), (values.max() ?? mean) * 1.5)
        return .seconds(Int64(limit * 60))
    }

    /// The nth root, by Newton's method: the core has no mathematical library.
    private static func root(_ value: Double, _ degree: Int) -> Double {
        var low = 1.0
        var high = max(1, value)
        for _ in 0..<64 {
            let middle = (low + high) / 2
            var power = 1.0
            for _ in 0..<degree where power <= value { power *= middle }
            if power > value { high = middle } else { low = middle }
        }
        return high
    }

    /// The longest pause that is usual; nil: too little is known.
    package var longestPause: Duration? {
        guard pauses.count >= FeedHealth.pauseMinimum, let longest = pauses.max() else {
            return nil
        }
        return .seconds(Int64(longest) * 60)
    }

    /// Whether the feed has been without news for longer than chance allows.
    package func isSilent(at now: Timestamp) -> Bool {
        // The limit costs more than to see that it is far.
        guard let quietSince, let longestPause, now - quietSince > longestPause,
            let silenceLimit
        else { return false }
        return now - quietSince > silenceLimit
    }

    /// Whether the present pause is longer than any that is remembered.
    package func isQuiet(at now: Timestamp) -> Bool {
        guard let quietSince, let longestPause else { return false }
        return now - quietSince > longestPause
    }

    // MARK: False 304

    /// Whether a poll at `now` asks for the whole document although validators are known.
    package func wantsWhole(at now: Timestamp) -> Bool {
        if let distrustedSince, now - distrustedSince < FeedHealth.distrustTime { return true }
        guard notModified >= FeedHealth.auditAnswers else { return false }
        return lastDocument.map { now - $0 >= FeedHealth.auditTime } ?? true
    }

    /// Whether the server's 304 is not believed at `now`.
    package func distrusts304(at now: Timestamp) -> Bool {
        distrustedSince.map { now - $0 < FeedHealth.distrustTime } ?? false
    }

    /// When its 304 was believed again, or will be; nil: it always was.
    var distrustEnd: Timestamp? { distrustedSince.map { $0 + FeedHealth.distrustTime } }

    /// Whether documents of this feed, and not only of its host, showed that 304 was false.
    package var isProvenFalse: Bool { falseAnswers > 0 }

    /// Takes the server's 304 for false from now on, as those to other feeds of its host are.
    package mutating func distrust(now: Timestamp) { distrustedSince = now }

    /// Notes a 304; true where it is false, and that is told for the first time.
    @discardableResult
    package mutating func noteNotModified(now: Timestamp) -> Bool {
        notModified = min(notModified, .max - 1) + 1
        lastNotModified = now
        guard probe != nil else { return false }
        // Said of validators whose document has changed since, as we saw.
        probe = nil
        return noteFalseAnswer(now: now)
    }

    /// Notes a document, and whether it `proves` that the last 304 was false; true where this is
    /// told for the first time.
    @discardableResult
    package mutating func noteDocument(proves: Bool, now: Timestamp) -> Bool {
        notModified = 0
        lastDocument = now
        probe = nil
        return proves && noteFalseAnswer(now: now)
    }

    /// Notes that the document of these validators has changed, and that the server may have
    /// denied it.
    mutating func suspect(_ validators: Validators) { probe = validators }

    private mutating func noteFalseAnswer(now: Timestamp) -> Bool {
        falseAnswers = min(falseAnswers, .max - 1) + 1
        guard !distrusts304(at: now) else { return false }
        distrustedSince = now
        return true
    }
}
