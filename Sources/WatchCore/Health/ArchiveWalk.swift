package import FeedModel

// How to read this file: a walk begins with a gap (`begin`), is told of each page (`read`) or of
// why there was none (`fail`), and says what to ask next (`next`, `notBefore`) or how it ended
// (`end`). Pure: told the time. It is part of the feed's state and stored with the items of each
// page, so that it goes on after a restart where it was.

/// A walk through the older pages of a feed, to find what was missed in a gap.
package struct ArchiveWalk: Hashable, Sendable {
    /// How a walk ended.
    package enum End: UInt8, Sendable, CaseIterable {
        /// A page joined what was known before the gap.
        case closed = 1
        /// The last page named no other.
        case noMorePages = 2
        /// As many pages were read as may be.
        case pageLimit = 3
        /// As many items were read as may be.
        case itemLimit = 4
        /// The walk took too long.
        case timeLimit = 5
        /// A page led to one that was read already.
        case loop = 6
        /// A page was no feed.
        case notAFeed = 7
        /// A page could not be had.
        case failed = 8
        /// A page led to where none may lead: another scheme, from https down to http.
        case refused = 9
        /// All items of a page are older than the gap, and none was known.
        case past = 10
        /// New gaps opened faster than pages could be read.
        case overrun = 11
        /// The configuration wants no pages any more.
        case turnedOff = 12

        /// The word for it, in events and status.
        package var word: String {
            switch self {
            case .closed: "closed"
            case .noMorePages: "no_more_pages"
            case .pageLimit: "page_limit"
            case .itemLimit: "item_limit"
            case .timeLimit: "time_limit"
            case .loop: "loop"
            case .notAFeed: "not_a_feed"
            case .failed: "failed"
            case .refused: "refused"
            case .past: "past"
            case .overrun: "overrun"
            case .turnedOff: "turned_off"
            }
        }
    }

    /// When the last poll before the gap was.
    package internal(set) var from: Timestamp
    /// Up to when items may have been missed.
    package internal(set) var until: Timestamp
    /// When the walk began.
    package internal(set) var begun: Timestamp
    /// How many of the feed's seen items were known before the gap.
    package internal(set) var frontier: Int
    /// The page to ask for; nil: the walk has ended.
    package internal(set) var next: String?
    /// Before when it is not asked for.
    package var notBefore: Timestamp
    /// How many pages were read.
    package internal(set) var pages = 0
    /// How many items were recovered.
    package internal(set) var items = 0
    /// How many matches they made.
    package internal(set) var matches = 0
    /// The date of the oldest item that was recovered.
    package internal(set) var reached: Timestamp?
    /// How the walk ended; nil: it goes on.
    package internal(set) var end: End?
    /// Why the last page could not be had.
    package internal(set) var reason: FailureReason?
    /// Whether the gap was told of.
    package internal(set) var isTold = false
    /// When a gap of this feed was last told of.
    var told: Timestamp?
    /// How many items were read, those known or too old included.
    var itemsRead = 0
    /// How often a page could not be had.
    var failures = 0
    /// How many gaps opened during the walk.
    var restarts = 0
    /// How many pages were read of this feed on the day (since 1970).
    var dayPages = 0
    var day: UInt32 = 0
    /// The hash of the last page's bytes.
    var lastBody: UInt64 = 0
    /// The addresses that were asked, as hashes.
    var visited: [UInt64] = []

    // MARK: Settings

    /// The most items that one walk reads.
    static let itemLimit = 5_000
    /// The longest time a walk may take.
    static let timeLimit: Duration = .seconds(2 * 86_400)
    /// So many times a page may fail before the walk is given up.
    static let failureLimit = 5
    /// So many gaps may open during a walk.
    static let restartLimit = 3
    /// So many times the limit of one walk are read of one feed in a day.
    static let walksADay = 10
    /// How long a feed whose gap stays open is left alone, and how often gaps that were closed are
    /// told of.
    static let restTime: Duration = .seconds(86_400)
    /// What is dated so long before the last poll was not missed in the gap.
    static let lateness = Desk.archiveAge

    // MARK: Beginning

    /// What is known of a gap where it shows.
    package struct Gap: Sendable {
        /// When the last poll before it was.
        package var from: Timestamp
        /// Up to when items may have been missed.
        package var until: Timestamp
        /// How many items were known before it.
        package var frontier: Int
        /// The address of the document that shows it.
        package var url: String
        /// The address of its older pages; nil: it names none.
        package var link: String?

        /// A gap.
        package init(
            from: Timestamp,
            until: Timestamp,
            frontier: Int,
            url: String,
            link: String?
        ) {
            self.from = from
            self.until = until
            self.frontier = frontier
            self.url = url
            self.link = link
        }
    }

    /// A walk that has asked for nothing.
    init(_ gap: Gap, now: Timestamp) {
        from = gap.from
        until = gap.until
        frontier = gap.frontier
        begun = now
        notBefore = now
    }

    /// Begins to close a gap; nil: the feed is left alone for now, or the walk under way goes on.
    ///
    /// A walk under way goes on from the new document, so that it closes both gaps. Where there is
    /// nothing to walk it has ended at once, and keeps what may be missing.
    package static func begin(
        _ gap: Gap,
        after last: ArchiveWalk?,
        isFirst: Bool,
        rules: WalkRules,
        now: Timestamp
    ) -> ArchiveWalk? {
        var walk = ArchiveWalk(gap, now: now)
        if let last {
            walk.day = last.day
            walk.dayPages = last.day == ArchiveWalk.day(now) ? last.dayPages : 0
            walk.told = last.told
            switch last.end {
            case nil: walk.supersede(last)
            case .closed?: break
            case _? where isFirst || now - last.begun >= restTime: break
            default: return nil
            }
        }
        guard rules.pages > 0, let link = gap.link else {
            guard isFirst, last?.isActive != true else { return nil }
            walk.finish(gap.link == nil ? .noMorePages : .turnedOff)
            return walk
        }
        walk.visited.append(walk.hash(gap.url))
        if walk.restarts > restartLimit {
            walk.finish(.overrun)
        } else {
            walk.follow(link, from: gap.url, rules: rules, now: now)
        }
        return walk
    }

    /// Takes over what a walk that did not end was after.
    private mutating func supersede(_ last: ArchiveWalk) {
        from = min(from, last.from)
        frontier = min(frontier, last.frontier)
        begun = last.begun
        items = last.items
        matches = last.matches
        reached = last.reached
        itemsRead = last.itemsRead
        failures = last.failures
        restarts = last.restarts + 1
        isTold = last.isTold
    }

    /// Whether the walk goes on.
    package var isActive: Bool { end == nil && next != nil }

    /// Whether an event should tell of the gap: not if the windows have not met since the last
    /// (`isFirst`), nor where gaps of the feed were told of today and could be closed.
    package static func tells(
        isFirst: Bool,
        after last: ArchiveWalk?,
        now: Timestamp
    ) -> Bool {
        guard isFirst else { return false }
        guard let last, last.end == .closed, let told = last.told else { return true }
        return now - told >= restTime
    }

    /// Notes that the gap is told of.
    mutating func noteTold(now: Timestamp) {
        isTold = true
        told = now
    }

    // MARK: Going on

    /// Takes a page; the new items of it that are no news, by index.
    ///
    /// No news is what is older than the gap: what is dated a day or more before the last poll,
    /// and what stands beyond the items known before.
    package mutating func read(
        _ page: ArchivePage,
        rules: WalkRules,
        now: Timestamp
    ) -> Set<Int> {
        let joints = WindowJoin.joints(page.items)
        let old = Set(page.items.indices.filter { isOld($0, page, joints) })
        pages += 1
        noteDay(now: now)
        itemsRead += page.items.count
        reason = nil
        visited.append(hash(page.url))
        let limit = from - ArchiveWalk.lateness
        for index in page.items.indices where page.items[index].standing == .new {
            guard !old.contains(index) else { continue }
            items += 1
            if let date = page.items[index].date, date <= until {
                reached = min(reached ?? date, date)
            }
        }
        let isRepeat = page.bodyHash != 0 && page.bodyHash == lastBody
        lastBody = page.bodyHash
        if !joints.isEmpty {
            finish(.closed)
        } else if page.isCut {
            fail(PollFailure(reason: .transferFailed, message: "cut off"), now: now)
        } else if isRepeat {
            finish(.loop)
        } else if !page.items.isEmpty,
            page.items.allSatisfy({ $0.date.map { $0 < limit } ?? false })
        {
            finish(.past)
        } else if let link = page.link {
            follow(link, from: page.url, rules: rules, now: now)
        } else {
            finish(.noMorePages)
        }
        return old
    }

    /// Takes that a page could not be had: it is asked for again later, or the walk ends.
    package mutating func fail(_ failure: PollFailure, now: Timestamp) {
        reason = failure.reason
        // Ours, and not the page's.
        if failure.reason == .localShortage || failure.reason == .cancelled {
            notBefore = now + .seconds(60)
            return
        }
        failures += 1
        if failure.reason == .notAFeed {
            finish(.notAFeed)
        } else if !failure.reason.isTransient || failures >= ArchiveWalk.failureLimit {
            finish(.failed)
        } else if now - begun >= ArchiveWalk.timeLimit {
            finish(.timeLimit)
        } else {
            let wait: Duration = .seconds(60 * (1 << (2 * Int64(failures - 1))))
            let asked = failure.reason == .rateLimited ? .seconds(600) : Duration.zero
            notBefore = now + max(wait, failure.retryAfter ?? asked)
        }
    }

    /// Ends the walk.
    mutating func finish(_ end: End) {
        self.end = end
        next = nil
    }

    /// Goes on to the page at the address `given`, as far as limits and rules allow.
    private mutating func follow(
        _ given: String,
        from url: String,
        rules: WalkRules,
        now: Timestamp
    ) {
        let link = rules.secured(given, from: url)
        if pages >= rules.pages || dayPages >= rules.pages * ArchiveWalk.walksADay {
            finish(.pageLimit)
        } else if itemsRead >= ArchiveWalk.itemLimit {
            finish(.itemLimit)
        } else if now - begun >= ArchiveWalk.timeLimit {
            finish(.timeLimit)
        } else if !WalkRules.permits(link, from: url, downgrade: rules.allowsDowngrade) {
            finish(.refused)
        } else if visited.contains(hash(link)) {
            finish(.loop)
        } else {
            visited.append(hash(link))
            next = String(link.prefix { $0 != "#" })
            notBefore = now + rules.spacing
        }
    }

    /// Whether a new item of a page is older than the gap.
    private func isOld(_ index: Int, _ page: ArchivePage, _ joints: [Int]) -> Bool {
        let item = page.items[index]
        guard item.standing == .new else { return false }
        if let date = item.date, date < from - ArchiveWalk.lateness { return true }
        guard let first = joints.first, let last = joints.last else { return false }
        let floor = joints.compactMap { page.items[$0].date }.min()
        if let date = item.date, let floor { return date < floor }
        return WindowJoin.order(page.items) < 0 ? index < first : index > last
    }

    private mutating func noteDay(now: Timestamp) {
        let today = ArchiveWalk.day(now)
        if day != today {
            day = today
            dayPages = 0
        }
        dayPages += 1
    }

    private static func day(_ moment: Timestamp) -> UInt32 {
        UInt32(clamping: moment.milliseconds / 86_400_000)
    }

    /// The hash of an address without its fragment.
    private func hash(_ url: String) -> UInt64 {
        ContentHash.of(String(url.prefix { $0 != "#" }))
    }
}
