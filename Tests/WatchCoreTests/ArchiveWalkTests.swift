import FeedModel
import Testing
import WatchCore

/// The decisions of a walk through older pages.
///
/// The gap: the last poll at hour 100, the window
/// reaches back to hour 120.
@Suite struct ArchiveWalkTests {
    private let feed = "https://news.example/feed"
    private let now = hour(130)
    private let rules = WalkRules(pages: 5)

    private func gap(_ link: String? = "https://news.example/feed?page=2") -> ArchiveWalk.Gap {
        ArchiveWalk.Gap(from: hour(100), until: hour(120), frontier: 10, url: feed, link: link)
    }

    private func begin(
        _ link: String? = "https://news.example/feed?page=2",
        after last: ArchiveWalk? = nil,
        isFirst: Bool = true,
        rules: WalkRules? = nil,
        at moment: Timestamp? = nil
    ) -> ArchiveWalk? {
        ArchiveWalk.begin(
            gap(link),
            after: last,
            isFirst: isFirst,
            rules: rules ?? self.rules,
            now: moment ?? now
        )
    }

    /// A page: its items as hours, known before where the number is negative.
    private func page(
        _ number: Int,
        _ hours: [Int],
        next: Int? = nil,
        hash: UInt64 = 0
    ) -> ArchivePage {
        ArchivePage(
            url: "\(feed)?page=\(number)",
            link: next.map { "\(feed)?page=\($0)" },
            items: hours.map { WindowItem($0 < 0 ? .before : .new, date: hour(abs($0))) },
            bodyHash: hash
        )
    }

    // MARK: Going

    @Test func aWalkReadsPagesUntilOneJoinsWhatWasKnown() throws {
        var walk = try #require(begin())
        #expect(walk.next == "https://news.example/feed?page=2")
        #expect(walk.read(page(2, [119, 118], next: 3), rules: rules, now: now).isEmpty)
        #expect(walk.next == "https://news.example/feed?page=3")
        #expect(walk.read(page(3, [117, 116, -99, -98], next: 4), rules: rules, now: now).isEmpty)
        #expect(walk.end == .closed)
        #expect(walk.next == nil)
        #expect((walk.pages, walk.items) == (2, 4))
        #expect(walk.reached == hour(116))
    }

    @Test func aFeedWithoutLinkOrWithPagesTurnedOffIsNotWalked() {
        #expect(begin(nil)?.end == .noMorePages)
        #expect(begin(rules: WalkRules(pages: 0))?.end == .turnedOff)
        #expect(begin(nil, isFirst: false) == nil)
        #expect(begin(nil, after: begin()) == nil)
    }

    @Test func pagesKeepTheirDistance() throws {
        let slow = WalkRules(pages: 5, spacing: .seconds(2))
        var walk = try #require(begin(rules: slow))
        #expect(walk.notBefore == now + .seconds(2))
        _ = walk.read(page(2, [119], next: 3), rules: slow, now: now + .seconds(9))
        #expect(walk.notBefore == now + .seconds(11))
    }

    // MARK: What is news

    @Test(
        "of a page's new items those of the gap are news, and what is older is not",
        arguments: [
            ([119, 118], [], "all of the gap"),
            ([119, 99, 76], [], "also what came late: dated up to a day before the last poll"),
            ([119, 75], [1], "not what is older than that"),
            ([119, -99, -98, 97, 96], [3, 4], "nor what stands beyond what was known"),
            ([119, -99, 98, -97], [], "but what stands between the known ones"),
            ([96, 97, -98, -99, 119], [0, 1], "also where the oldest come first"),
        ] as [([Int], Set<Int>, Comment)]
    )
    func oldItems(_ hours: [Int], _ old: Set<Int>, _ why: Comment) throws {
        var walk = try #require(begin())
        #expect(walk.read(page(2, hours, next: 3), rules: rules, now: now) == old, why)
    }

    @Test func withoutDatesWhatStandsBelowTheKnownItemsIsOlder() throws {
        var walk = try #require(begin())
        let standings: [WindowItem.Standing] = [.new, .before, .new, .before, .new]
        let page = ArchivePage(url: feed + "?page=2", link: nil, items: standings.map { .init($0) })
        #expect(walk.read(page, rules: rules, now: now) == [4])
        #expect(walk.end == .closed)
        #expect(walk.items == 2)
    }

    @Test func anItemKeptOnTopOfPagesDoesNotEndTheWalk() throws {
        var walk = try #require(begin())
        _ = walk.read(page(2, [-5, 119, 118], next: 3), rules: rules, now: now)
        #expect(walk.isActive)
    }

    // MARK: Ends

    @Test(
        "a walk ends where it must, and says why",
        arguments: [
            ([119], nil, .noMorePages), ([], nil, .noMorePages), ([75, 74], 3, .past),
            ([75, 77], 3, nil), ([119], 2, .loop), ([], 3, nil),
        ] as [([Int], Int?, ArchiveWalk.End?)]
    )
    func ends(_ hours: [Int], _ next: Int?, _ end: ArchiveWalk.End?) throws {
        var walk = try #require(begin())
        _ = walk.read(page(2, hours, next: next), rules: rules, now: now)
        #expect(walk.end == end)
        #expect(walk.isActive == (end == nil))
    }

    @Test func aWalkThatIsLedBackEnds() throws {
        #expect(begin(feed)?.end == .loop)
        #expect(begin(feed + "#older")?.end == .loop)
        var walk = try #require(begin())
        _ = walk.read(page(2, [119], next: 3, hash: 7), rules: rules, now: now)
        _ = walk.read(page(3, [118], next: 2, hash: 8), rules: rules, now: now)
        #expect(walk.end == .loop)
    }

    @Test func aServerThatGivesTheSamePageAgainEndsTheWalk() throws {
        var walk = try #require(begin())
        _ = walk.read(page(2, [119], next: 3, hash: 7), rules: rules, now: now)
        #expect(walk.isActive)
        _ = walk.read(page(3, [119], next: 4, hash: 7), rules: rules, now: now)
        #expect(walk.end == .loop)
    }

    @Test func aWalkReadsNoMorePagesThanAllowed() throws {
        var walk = try #require(begin())
        for number in 2...5 {
            _ = walk.read(page(number, [119], next: number + 1), rules: rules, now: now)
            #expect(walk.isActive)
        }
        _ = walk.read(page(6, [119], next: 7), rules: rules, now: now)
        #expect(walk.end == .pageLimit)
        #expect(walk.pages == 5)
    }

    @Test func aWalkReadsNoMoreThanFiveThousandItems() throws {
        var walk = try #require(begin())
        let many = Array(repeating: 119, count: 5_000)
        _ = walk.read(page(2, many, next: 3), rules: rules, now: now)
        #expect(walk.end == .itemLimit)
    }

    @Test func aWalkThatTakesLongerThanTwoDaysEnds() throws {
        var walk = try #require(begin())
        _ = walk.read(page(2, [119], next: 3), rules: rules, now: now + .seconds(47 * 3_600))
        #expect(walk.isActive)
        _ = walk.read(page(3, [118], next: 4), rules: rules, now: now + .seconds(48 * 3_600))
        #expect(walk.end == .timeLimit)
    }

    @Test(
        "a link leads to http and https only, not down from https, and with no user information",
        arguments: [
            ("https://a.example/2", "https://a.example/", false, true),
            ("https://b.example/2", "https://a.example/", false, true),
            ("http://a.example/2", "http://a.example/", false, true),
            ("https://a.example/2", "http://a.example/", false, true),
            ("http://a.example/2", "https://a.example/", false, false),
            ("http://a.example/2", "https://a.example/", true, true),
            ("HTTP://a.example/2", "https://a.example/", false, false),
            ("file:///etc/passwd", "https://a.example/", true, false),
            ("file:///srv/2.xml", "file:///srv/feed.xml", true, false),
            ("ftp://a.example/2", "http://a.example/", true, false),
            ("/feed?page=2", "http://a.example/", true, false),
            ("https:///2", "https://a.example/", true, false),
            ("https://u:p@a.example/2", "https://a.example/", true, false),
            ("javascript://a.example/2", "https://a.example/", true, false),
        ]
    )
    func permits(_ link: String, _ url: String, _ downgrade: Bool, _ expected: Bool) {
        #expect(WalkRules.permits(link, from: url, downgrade: downgrade) == expected)
    }

    @Test func aLinkToWhereNoneMayLeadEndsTheWalk() {
        #expect(begin("ftp://news.example/feed?page=2")?.end == .refused)
        #expect(begin("http://news.example:8080/feed?page=2")?.end == .refused)
    }

    @Test func aLinkToHTTPIsFollowedByHTTPSUnlessTheFeedMayStepDown() {
        let plain = "http://news.example/feed?page=2"
        #expect(begin(plain)?.next == "https://news.example/feed?page=2")
        let lax = WalkRules(pages: 5, allowsDowngrade: true)
        #expect(begin(plain, rules: lax)?.next == plain)
    }

    // MARK: Failures

    @Test(
        "a page that cannot be had for now is asked for again, ever later; one that never can is not",
        arguments: [
            (.timedOut, nil, 60), (.serverError, nil, 60), (.rateLimited, 90, 90),
            (.rateLimited, nil, 600), (.notFound, nil, nil), (.forbidden, nil, nil),
            (.notAFeed, nil, nil), (.tooLarge, nil, nil), (.addressBlocked, nil, nil),
            (.localShortage, nil, 60),
        ] as [(FailureReason, Int?, Int?)]
    )
    func failures(_ reason: FailureReason, _ asked: Int?, _ wait: Int?) throws {
        var walk = try #require(begin())
        let failure = PollFailure(
            reason: reason,
            message: "",
            retryAfter: asked.map { .seconds($0) }
        )
        walk.fail(failure, now: now)
        if let wait {
            #expect(walk.isActive)
            #expect(walk.notBefore == now + .seconds(wait))
        } else {
            #expect(walk.end == (reason == .notAFeed ? .notAFeed : .failed))
        }
        #expect(walk.reason == reason)
    }

    @Test func aPageThatFailsFiveTimesIsGivenUp() throws {
        var walk = try #require(begin())
        var waits: [Duration] = []
        var moment = now
        while walk.isActive {
            walk.fail(PollFailure(reason: .serverError, message: ""), now: moment)
            waits.append(walk.notBefore - moment)
            moment = walk.notBefore
        }
        #expect(waits == [.seconds(60), .seconds(240), .seconds(960), .seconds(3_840), .zero])
        #expect(walk.end == .failed)
    }

    @Test func aPageThatWasCutOffIsAskedForAgain() throws {
        var walk = try #require(begin())
        var cut = page(2, [119], next: 3)
        cut.isCut = true
        _ = walk.read(cut, rules: rules, now: now)
        #expect(walk.next == "\(feed)?page=2")
        #expect(walk.notBefore == now + .seconds(60))
        cut = page(2, [-99])
        cut.isCut = true
        _ = walk.read(cut, rules: rules, now: now)
        #expect(walk.end == .closed)
    }

    // MARK: One gap after another

    @Test func aGapDuringAWalkIsClosedByTheSameWalk() throws {
        var walk = try #require(begin())
        _ = walk.read(page(2, [119], next: 3), rules: rules, now: now)
        var later = gap("\(feed)?page=2")
        (later.from, later.until, later.frontier) = (hour(130), hour(140), 30)
        let next = try #require(
            ArchiveWalk.begin(later, after: walk, isFirst: false, rules: rules, now: hour(141))
        )
        #expect(next.next == "\(feed)?page=2")
        #expect((next.from, next.until, next.frontier) == (hour(100), hour(140), 10))
        #expect(next.items == 1)
    }

    @Test func gapsThatOpenFasterThanTheyCanBeClosedEndTheWalk() throws {
        var walk = try #require(begin())
        for _ in 1...3 {
            walk = try #require(begin(after: walk, isFirst: false))
            #expect(walk.isActive)
        }
        #expect(begin(after: walk, isFirst: false)?.end == .overrun)
    }

    @Test func aFeedWhoseGapStaysOpenIsLeftAloneForADay() throws {
        var walk = try #require(begin())
        _ = walk.read(page(2, [119]), rules: rules, now: now)
        #expect(walk.end == .noMorePages)
        #expect(begin(after: walk, isFirst: false, at: hour(153)) == nil)
        #expect(begin(after: walk, isFirst: false, at: hour(154)) != nil)
        #expect(begin(after: walk, isFirst: true, at: hour(131)) != nil)
    }

    @Test func aFeedGetsNoMoreThanTenWalksADay() throws {
        var last: ArchiveWalk?
        var pages = 0
        // Hour 130 is ten hours into its day.
        for minute in 0..<60 {
            let moment = now + .seconds(Int64(minute) * 60)
            guard var walk = begin(after: last, at: moment) else { break }
            while walk.isActive {
                let number = 2 + walk.pages
                _ = walk.read(page(number, [119], next: number + 1), rules: rules, now: moment)
                pages += 1
            }
            last = walk
        }
        #expect(pages == 50)
        #expect(last?.end == .pageLimit)
        #expect(begin(after: last, at: now + .seconds(86_400))?.isActive == true)
    }

    // MARK: Who is asked

    @Test(
        "what proves who we are goes to the feed's own server only",
        arguments: [
            ("https://news.example/2", true), ("https://news.example:443/2", true),
            ("https://news.example:8443/2", false), ("https://other.example/2", false),
            ("https://news.example.evil/2", false),
            ("http://news.example/2", false), ("https://NEWS.example/2", true),
        ]
    )
    func secrets(_ link: String, _ expected: Bool) throws {
        var settings = FeedSettings(id: FeedID("a"), url: feed)
        settings.headers = [RequestHeader(name: "X-Api-Key", value: "secret")]
        settings.options.authorization = .bearer(token: "secret")
        settings.options.userAgent = "ours"
        settings.options.allowsDowngrade = true
        settings.options.certificateFile = "/own.pem"
        var state = FeedState(id: settings.id, url: feed, nextPoll: now)
        state.validators.etag = "\"1\""
        state.hasBaseline = true
        state.walk = begin(link, rules: WalkRules(pages: 5, allowsDowngrade: true))
        let policy = PollPolicy(watch: WatchSettings())
        let request = try #require(policy.pageRequest(for: settings, state: state))
        #expect(request.url == link)
        #expect(request.validators == Validators())
        #expect(request.options.userAgent == "ours")
        #expect(request.headers.isEmpty == !expected)
        #expect((request.options.authorization != nil) == expected)
        #expect((request.options.certificateFile != nil) == expected)
    }

    // MARK: Keeping

    @Test func aWalkIsKeptWhole() throws {
        var walk = try #require(begin())
        #expect(ArchiveWalk(packed: walk.packed) == walk)
        _ = walk.read(page(2, [119], next: 3, hash: 9), rules: rules, now: now)
        walk.fail(PollFailure(reason: .timedOut, message: ""), now: now)
        #expect(ArchiveWalk(packed: walk.packed) == walk)
        walk.fail(PollFailure(reason: .gone, message: ""), now: now)
        #expect(ArchiveWalk(packed: walk.packed) == walk)
        for count in 0..<99 {
            #expect(ArchiveWalk(packed: Array(walk.packed.prefix(count))) == nil)
        }
        #expect(ArchiveWalk(packed: [9] + walk.packed.dropFirst()) == nil)
    }
}

private func hour(_ number: Int) -> Timestamp { Timestamp(seconds: Int64(number) * 3_600) }
