internal import FeedModel
internal import WatchCore

// How to read this file: a source is one feed's server, with the truth of what it published.
// `answer` is what it says to a request; SimulatedSource+Items.swift writes the items, and
// SimulatedSource+Pages.swift gives the older ones.

/// A simulated feed: what it publishes, how it behaves, and what became of each item.
struct SimulatedSource {
    /// An item, as its author means it.
    struct Story {
        /// When the feed first shows it.
        var appears: Timestamp
        /// Whether it meets the topic from the first on.
        var isMatch: Bool
        /// When it is edited.
        var edited: Timestamp?
        /// Whether the edit makes it meet the topic.
        var becomesMatch = false
        /// Whether a document that was delivered showed it.
        var wasShown = false
        /// Whether it was there before the first poll.
        var isBaseline = false
        /// Whether it left the feed before it was shown there.
        var wasLost = false
        /// Whether it did, and that was told.
        var wasToldMissed = false
        /// How often it was announced.
        var announced = 0
    }

    /// How its items are written.
    struct Style {
        /// The most items that a document shows.
        var window: Int
        /// 0: identifiers; 1: the link is the identifier; 2: none.
        var identifiers: Int
        /// How many words an item's text has.
        var words: Int
        var hasDates: Bool
    }

    let number: Int
    let temper: SimulatedTemper
    let trouble: SimulatedTrouble
    let host: String
    let style: Style
    /// How it gives older items; nil: it does not.
    let pages: SimulatedPages?
    let settings: FeedSettings
    /// When the trouble begins.
    let turn: Timestamp
    /// When the trouble ends, where it does.
    let turnEnd: Timestamp
    var stories: [Story]
    /// When it is edited, in order.
    private let edits: [Timestamp]
    private(set) var published = 0
    private var editsMade = 0
    private var tag = ""
    /// How many stories are shown or lost.
    private(set) var delivered: Int?
    /// Whether the last document showed nothing of the one before.
    private(set) var hasTurnedOver = false
    /// The stories that the last answer showed to be lost.
    private(set) var lost: Range<Int> = 0..<0
    /// How many requests in a row did not arrive.
    private(set) var misses = 0
    var cache: [Int: SimulatedItem] = [:]
    /// When the first of its pages was asked for, of this day's.
    var pagesAsked: Timestamp?

    /// A source that publishes from `start` on for so many days.
    init(
        number: Int,
        temper: SimulatedTemper,
        trouble: SimulatedTrouble,
        host: String,
        start: Timestamp,
        watched: Timestamp,
        days: Int,
        random: inout SeededRandom
    ) {
        self.number = number
        self.temper = temper
        self.trouble = trouble
        self.host = host
        let window = [10, 15, 20, 30, 50][Int(random.unit() * 5)]
        style = Style(
            window: temper == .wire ? 40 : window,
            identifiers: trouble.needsIdentifiers ? 0 : [0, 0, 0, 1, 2][Int(random.unit() * 5)],
            words: [45, 45, 45, 12, 0][Int(random.unit() * 5)],
            hasDates: random.unit() < 0.85 || trouble.needsDates
        )
        pages = SimulatedPages(trouble, isLucky: random.unit() < 0.4)
        settings = FeedSettings(id: FeedID("f\(number)"), url: "http://\(host)/feed\(number)")
        let watchedDays = days - Int((watched - start).wholeMilliseconds / 86_400_000)
        turn = watched + .seconds(Int64(Double(watchedDays) * (0.5 + random.unit() / 10) * 86_400))
        switch trouble {
        case .stumbles: turnEnd = turn + .seconds(20 * 60)
        case .fails: turnEnd = turn + .seconds(Int64(8 + random.unit() * 12) * 3_600)
        case .limits: turnEnd = turn + .seconds(12 * 3_600)
        default: turnEnd = turn
        }
        var times = temper.times(from: start, days: days, random: &random)
        if trouble.isFlood {
            // A window and a half; three where the rest is on more than one page.
            let count = style.window * (pages?.isPlanted ?? false ? 6 : 3) / 2
            for part in 0..<3 {
                let begin = turn + .seconds(Int64(part * 3 * 86_400))
                for _ in 0..<count {
                    // Where pages are to hold them or not, all at once: no poll comes between.
                    let length = pages?.isPlanted ?? false ? 1_000.0 : 600_000
                    times.append(begin + .milliseconds(Int64(random.unit() * length)))
                }
            }
            times.sort()
        }
        if trouble.endsPublishing { times.removeAll { [turn] in $0 >= turn } }
        stories = times.map { Story(appears: $0, isMatch: random.unit() < 0.1) }
        if trouble == .edits {
            SimulatedSource.plantEdits(in: &stories, window: style.window, random: &random)
        }
        edits = stories.compactMap(\.edited).sorted()
    }

    /// Edits of items that stay in the window for long enough to be seen.
    private static func plantEdits(
        in stories: inout [Story],
        window: Int,
        random: inout SeededRandom
    ) {
        for index in stories.indices where random.unit() < 0.3 {
            let moment = stories[index].appears + .seconds(Int64(1 + random.unit() * 5) * 3_600)
            let leaves = index + window
            if leaves < stories.count, stories[leaves].appears < moment + .seconds(30 * 3_600) {
                continue
            }
            stories[index].edited = moment
            stories[index].becomesMatch = !stories[index].isMatch && random.unit() < 0.3
        }
    }

    // MARK: Answers

    /// Notes that a request did not arrive.
    mutating func miss() {
        lost = 0..<0
        misses += 1
    }

    /// The result of a request.
    mutating func answer(_ request: PollRequest, now: Timestamp) -> TransferResult {
        lost = 0..<0
        misses = 0
        while published < stories.count, stories[published].appears <= now { published += 1 }
        while editsMade < edits.count, edits[editsMade] <= now { editsMade += 1 }
        if let refusal = refusal(now: now) { return result(refusal) }
        if let page = page(request.url, now: now) { return result(page) }
        var response = HTTPResponse(status: 200, url: request.url)
        if trouble == .moves, now >= turn {
            response.url = "https://moved.\(host)/feed\(number)"
            if request.url != response.url {
                response.hops = [RedirectHop(status: 301, url: response.url)]
            }
        }
        let isLying = (trouble == .lies || trouble == .liesWithTags) && now >= turn
        if !isLying || trouble != .lies { tag = presentTag(now: now) }
        response.headers = [HeaderField(name: "ETag", value: tag)]
        if let known = request.validators.etag, isLying || known == tag {
            response.status = 304
            response.headers = [HeaderField(name: "ETag", value: known)]
            return result(.success(response))
        }
        note(now: now)
        response.body = document(now: now, published: published)
        return result(.success(response))
    }

    private func result(_ outcome: Result<HTTPResponse, TransportFailure>) -> TransferResult {
        TransferResult(feed: settings.id, outcome: outcome, duration: .milliseconds(200))
    }

    /// Whether its server gives no feed.
    func isRefusing(now: Timestamp) -> Bool { refusal(now: now) != nil }

    /// The answer of a server that gives no feed; nil: it does.
    private func refusal(now: Timestamp) -> Result<HTTPResponse, TransportFailure>? {
        func status(
            _ status: Int,
            _ headers: [HeaderField] = [],
            body: [UInt8] = []
        )
            -> Result<HTTPResponse, TransportFailure>
        {
            .success(HTTPResponse(status: status, headers: headers, body: body, url: settings.url))
        }
        guard now >= turn else { return nil }
        switch trouble {
        case .goesAway: return status(410)
        case .isMissing: return status(404)
        case .isParked: return status(200, body: SimulatedDocument.page)
        case .losesName:
            return .failure(
                TransportFailure(reason: .nameNotResolved, message: "no such host: \(host)")
            )
        case .fails where now < turnEnd, .stumbles where now < turnEnd: return status(503)
        case .limits where now < turnEnd:
            return status(429, [HeaderField(name: "Retry-After", value: "3000")])
        default: return nil
        }
    }

    /// What marks the present document.
    private func presentTag(now: Timestamp) -> String {
        var phase = now >= turn ? 1 : 0
        if trouble == .republishes, now >= turn + SimulatedSource.archiveTime { phase = 2 }
        let nonce = trouble.isRestless ? now.milliseconds / 14_400_000 : 0
        return "\"\(published)-\(editsMade)-\(phase)-\(nonce)\""
    }

    /// Notes what the document of now shows, and what it can show no more.
    private mutating func note(now: Timestamp) {
        let first = max(0, published - style.window)
        hasTurnedOver = delivered.map { $0 <= first } ?? false
        if let delivered {
            lost = delivered..<max(delivered, first)
            for index in lost { stories[index].wasLost = true }
        } else {
            for index in 0..<published { stories[index].isBaseline = true }
        }
        for index in max(first, delivered ?? 0)..<published { stories[index].wasShown = true }
        delivered = published
    }
}

extension SimulatedTrouble {
    /// Whether nothing is published after it begins.
    var endsPublishing: Bool {
        switch self {
        case .fallsSilent, .goesAway, .isParked, .isMissing, .losesName: true
        default: false
        }
    }

    /// Whether it is one of identifiers.
    var needsIdentifiers: Bool {
        switch self {
        case .renames, .renamesAlways, .migrates, .bulletins: true
        default: false
        }
    }

    /// Whether it is one of dates.
    var needsDates: Bool {
        switch self {
        case .redates, .datesEarly, .republishes, .bulletins: true
        default: false
        }
    }
}
