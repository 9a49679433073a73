import FeedModel
import Testing
import TopicQuery
import WatchCore

/// A reader of a line format: `feed`, perhaps `next|address`, then one item a line: its number,
/// which is also the hour of its date.
///
/// Item 7 is `the 7th bridge`.
private struct PagedReader: DocumentReader {
    func read(_ document: [UInt8], hints: DocumentHints) -> DocumentReading {
        var lines = String(decoding: document, as: UTF8.self).split(separator: "\n").map(
            String.init
        )
        guard lines.first == "feed" else { return .notAFeed(message: "no feed", announced: []) }
        lines.removeFirst()
        var link: String?
        if let first = lines.first, first.hasPrefix("next|") {
            link = String(first.dropFirst(5))
            lines.removeFirst()
        }
        var feed = WatchCoreTests.document(
            lines.map { ($0, "https://n/\($0)", "the \($0)th bridge", prose(Int($0) ?? 0)) }
        )
        for (index, line) in lines.enumerated() {
            feed.items[index].published.timestamp = Int(line).map { time($0) }
        }
        if let link {
            let bytes = Array(link.utf8)
            feed.nextURL = TextSpan(start: feed.bytes.count, count: bytes.count)
            feed.bytes += bytes
        }
        return .feed(feed)
    }

    func appendPlainText(of text: ParsedText, in feed: ParsedFeed, to output: inout [UInt8]) {
        output.append(contentsOf: feed.bytes[text.span.range])
    }
}

/// The time so many hours after 2024-10-04.
private func time(_ hour: Int) -> Timestamp {
    Timestamp(seconds: 1_728_000_000 + Int64(hour) * 3_600)
}

/// Gaps and their closing through the pipeline, with a store in memory.
@Suite struct DeskGapTests {
    private let store = MemoryStore()
    private let settings = FeedSettings(id: FeedID("a"), url: "https://news.example/a")

    private func plan(baseline: Baseline = .silent, pages: Int = 20) throws -> WatchPlan {
        let sources = [TopicSource(id: "bridge", query: "bridge")]
        let matcher = try #require(TopicMatcher.compile(topics: sources, sets: []).matcher)
        var configuration = Configuration(matcher: matcher)
        configuration.watch.baseline = baseline
        configuration.limits.archivePages = pages
        configuration.topics = [TopicSettings(id: TopicID("bridge"), title: "bridge")]
        configuration.feeds = [settings]
        return WatchPlan(configuration)
    }

    private func answer(_ result: TransferResult, at hour: Int, _ plan: WatchPlan) async throws {
        let moment = time(hour)
        let state =
            await store.states[settings.id]
            ?? FeedState(id: settings.id, url: settings.url, nextPoll: moment)
        _ = try await PollPipeline(reader: PagedReader(), store: store).process(
            [result],
            states: [settings.id: state],
            plan: plan,
            now: moment
        )
    }

    private func response(_ items: [Int], next: Int?, url: String) -> HTTPResponse {
        let link = next.map { ["next|https://news.example/a?page=\($0)"] } ?? []
        let text = (["feed"] + link + items.map(String.init)).joined(separator: "\n")
        return HTTPResponse(status: 200, body: Array(text.utf8), url: url)
    }

    /// An ordinary poll at an hour.
    private func poll(
        _ items: [Int],
        next: Int? = nil,
        at hour: Int,
        _ plan: WatchPlan
    ) async throws {
        let outcome = response(items, next: next, url: settings.url)
        try await answer(
            TransferResult(feed: settings.id, outcome: .success(outcome)),
            at: hour,
            plan
        )
    }

    /// The page that the walk asks for, answered; fails where it asks for none.
    private func page(
        _ items: [Int],
        next: Int? = nil,
        at hour: Int,
        _ plan: WatchPlan
    ) async throws {
        let state = try #require(await store.states[settings.id])
        let request = try #require(plan.policy.pageRequest(for: settings, state: state))
        var result = TransferResult(
            feed: settings.id,
            outcome: .success(response(items, next: next, url: request.url))
        )
        result.isPage = true
        try await answer(result, at: hour, plan)
    }

    private func fail(
        _ status: Int,
        _ headers: [HeaderField] = [],
        at hour: Int,
        _ plan: WatchPlan
    )
        async throws
    {
        let state = try #require(await store.states[settings.id])
        let request = try #require(plan.policy.pageRequest(for: settings, state: state))
        let response = HTTPResponse(status: status, headers: headers, url: request.url)
        var result = TransferResult(feed: settings.id, outcome: .success(response))
        result.isPage = true
        try await answer(result, at: hour, plan)
    }

    /// The items that were told, in the order of telling.
    private var told: [Int] {
        get async {
            await store.lines.filter { $0.stream == .matches }.compactMap { line in
                let text = String(decoding: line.tail, as: UTF8.self)
                return text.firstRange(of: "\"guid\":\"").flatMap { range in
                    Int(text[range.upperBound...].prefix { $0 != "\"" })
                }
            }
        }
    }

    private var events: [String] {
        get async {
            await store.lines.filter { $0.stream == .events }.map {
                String(decoding: $0.tail, as: UTF8.self)
            }
        }
    }

    private func walk() async throws -> ArchiveWalk {
        try #require(await store.states[settings.id]?.walk)
    }

    @Test func aGapIsClosedByThePagesBeforeTheWindowAndEachMatchIsToldOnce() async throws {
        let plan = try plan()
        try await poll([13, 12, 11, 10], at: 20, plan)
        let before = try #require(await store.states[settings.id])
        try await poll([33, 32, 31, 30], next: 2, at: 40, plan)
        #expect(await told == [33, 32, 31, 30])
        #expect(await events.count == 1)
        #expect(await events[0].contains(#""event":"feed.gap""#))
        #expect(
            await events[0].contains(#""from":"2024-10-04T20:00:00.000Z","until":"2024-10-05T06:"#)
        )
        try await page([29, 28, 27, 26], next: 3, at: 40, plan)
        #expect(await told == [33, 32, 31, 30, 29, 28, 27, 26])
        #expect(await store.states[settings.id]?.health.hasGap == true)
        try await page([25, 24, 13, 12], next: 4, at: 41, plan)
        #expect(await told == [33, 32, 31, 30, 29, 28, 27, 26, 25, 24])
        let last = await events[1]
        #expect(last.contains(#""event":"feed.gap_closed""#))
        #expect(last.contains(#""pages":2,"items":6,"matches":6"#))
        let state = try #require(await store.states[settings.id])
        #expect(state.health.hasGap == false)
        #expect(state.walk?.end == .closed)
        #expect(plan.policy.pageRequest(for: settings, state: state) == nil)
        #expect(state.items == before.items + 10)
    }

    @Test func pagesLeaveValidatorsCadenceAndPlansOfTheFeedAsTheyAre() async throws {
        let plan = try plan()
        try await poll([13, 12], at: 20, plan)
        try await poll([33, 32], next: 2, at: 40, plan)
        let before = try #require(await store.states[settings.id])
        try await page([31, 30], next: 3, at: 41, plan)
        var after = try #require(await store.states[settings.id])
        #expect(after.walk != before.walk)
        after.walk = before.walk
        (after.items, after.matches) = (before.items, before.matches)
        #expect(after == before)
    }

    @Test(arguments: [Baseline.silent, .match])
    func aFirstPollIsNoGapAndItsArchiveNoNews(_ baseline: Baseline) async throws {
        let plan = try plan(baseline: baseline)
        try await poll([13, 12], next: 2, at: 20, plan)
        #expect(await store.states[settings.id]?.walk == nil)
        #expect(await events.isEmpty)
        // Nor is what is older than the first window, where a page shows it.
        try await poll([24], next: 2, at: 24, plan)
        try await page([23, 22, 13, 12, 11, 10], next: 3, at: 24, plan)
        #expect(await told == (baseline == .match ? [13, 12] : []) + [24, 23, 22])
    }

    @Test func aPageThatBringsTheSameAgainTellsNothingTwice() async throws {
        let plan = try plan()
        try await poll([13, 12], at: 20, plan)
        try await poll([33, 32], next: 2, at: 40, plan)
        try await page([31, 30], next: 3, at: 40, plan)
        // A new item has come: everything has moved on by one.
        try await poll([34, 33], next: 2, at: 41, plan)
        try await page([30, 29, 13], next: 4, at: 41, plan)
        #expect(await told == [33, 32, 31, 30, 34, 29])
        #expect(try await walk().end == .closed)
    }

    @Test func whatTheWalkCannotFindIsSaid() async throws {
        let plan = try plan()
        try await poll([13, 12], at: 20, plan)
        try await poll([33, 32], next: 2, at: 40, plan)
        try await page([31, 30], at: 40, plan)
        let last = await events[1]
        #expect(last.contains(#""event":"feed.gap_open""#))
        #expect(last.contains(#""why":"no_more_pages","reached":"2024-10-05T06:00:00.000Z""#))
        #expect(await store.states[settings.id]?.health.hasGap == true)
        // The same goes on: nothing more is told until the windows meet.
        try await poll([53, 52], next: 2, at: 60, plan)
        #expect(try await walk().end == .noMorePages)
        #expect(await events.count == 2)
        try await poll([54, 53], at: 61, plan)
        #expect(await store.states[settings.id]?.health.hasGap == false)
        try await poll([73, 72], next: 2, at: 80, plan)
        #expect(await events.count == 3)
        #expect(try await walk().isActive)
    }

    @Test func aDeadPageIsSaidAndABusyHostIsLeftAlone() async throws {
        let plan = try plan()
        try await poll([13, 12], at: 20, plan)
        try await poll([33, 32], next: 2, at: 40, plan)
        try await fail(429, [HeaderField(name: "Retry-After", value: "7200")], at: 40, plan)
        let state = try #require(await store.states[settings.id])
        #expect(state.hostHeldUntil == time(42))
        #expect(state.nextPoll >= time(42))
        #expect(state.walk?.notBefore == time(42))
        #expect(state.failures == 0)
        try await fail(404, at: 43, plan)
        #expect(await events.last?.contains(#""reason":"not_found""#) == true)
        #expect(await events.last?.contains(#""why":"failed""#) == true)
    }

    @Test func gapsThatCanBeClosedEachTimeAreToldOnceADay() async throws {
        let plan = try plan()
        try await poll([3, 2], at: 4, plan)
        for hour in stride(from: 10, through: 50, by: 4) {
            try await poll([hour, hour - 1], next: 2, at: hour + 1, plan)
            try await page(Array((hour - 5...hour - 2).reversed()), next: 3, at: hour + 1, plan)
            if try await walk().isActive { try await page([3, 2], at: hour + 1, plan) }
        }
        #expect(await told.count == Set(await told).count)
        let kinds = await events.map { $0.contains("feed.gap_closed") ? "closed" : "gap" }
        #expect(kinds == ["gap", "closed", "gap", "closed"])
    }

    @Test func anItemKeptOnTopDoesNotHideAGap() async throws {
        let plan = try plan()
        try await poll([1, 13, 12, 11, 10], at: 20, plan)
        try await poll([1, 33, 32, 31, 30], next: 2, at: 40, plan)
        #expect(await events.count == 1)
        try await page([1, 29, 28, 27, 26], next: 3, at: 40, plan)
        #expect(try await walk().isActive)
        try await page([1, 25, 13, 12, 11], next: 3, at: 40, plan)
        #expect(await events.count == 2)
        #expect(await told == [33, 32, 31, 30, 29, 28, 27, 26, 25])
    }

    @Test(
        "windows that shrink, empty or change their order are no gap",
        arguments: [
            [[13, 12, 11, 10], [13], [14, 13]], [[13, 12, 11, 10], [], [14, 13, 12]],
            [[13, 12, 11, 10], [10, 12, 13, 11], [11, 14, 10, 13]], [[13], [13, 12, 11, 10]],
        ]
    )
    func noGap(_ windows: [[Int]]) async throws {
        let plan = try plan()
        for (index, window) in windows.enumerated() {
            try await poll(window, next: 2, at: 20 + index, plan)
        }
        #expect(await events.isEmpty)
        #expect(await store.states[settings.id]?.walk == nil)
    }

    @Test func aGapWithoutOlderPagesIsRememberedAndToldByOneEvent() async throws {
        let plan = try plan()
        try await poll([13, 12], at: 20, plan)
        try await poll([33, 32], at: 40, plan)
        try await poll([34, 33], at: 41, plan)
        #expect(try await walk().end == .noMorePages)
        #expect(try await walk().from == time(20))
        #expect(await events.count == 1)
        #expect(await events.last?.contains(#""older_pages":"none","items":2"#) == true)
        // The next gap is another.
        try await poll([53, 52], at: 60, plan)
        #expect(try await walk().from == time(41))
        #expect(await events.count == 2)
    }

    @Test(arguments: [
        (#"<?page=2>; rel="next""#, nil, "https://news.example/a?page=2"),
        (#"</old>; rel=prev-archive, <?page=2>; rel=next"#, nil, "https://news.example/old"),
        (#"<?page=2>; rel="next"; anchor="/other""#, nil, nil),
        (#"<?page=3>; rel="next""#, 2, "https://news.example/a?page=2"),
        (#"<http://news.example/a?page=2>; rel="next""#, nil, "https://news.example/a?page=2"),
        (#"<ftp://news.example/a?page=2>; rel="next""#, nil, nil),
    ])
    func aLinkFieldLeadsToOlderPagesWhereTheDocumentDoesNot(
        field: String,
        next: Int?,
        url: String?
    ) async throws {
        let plan = try plan()
        try await poll([13, 12], at: 20, plan)
        var response = response([33, 32], next: next, url: settings.url)
        response.headers = [HeaderField(name: "link", value: field)]
        let result = TransferResult(feed: settings.id, outcome: .success(response))
        try await answer(result, at: 40, plan)
        let state = try #require(await store.states[settings.id])
        #expect(plan.policy.pageRequest(for: settings, state: state)?.url == url)
    }

    @Test func pagesTurnedOffEndAWalkUnderWay() async throws {
        try await poll([13, 12], at: 20, plan())
        try await poll([33, 32], next: 2, at: 40, plan())
        let off = try plan(pages: 0)
        let state = try #require(await store.states[settings.id])
        #expect(off.policy.pageRequest(for: settings, state: state) == nil)
        try await poll([34, 33], next: 2, at: 41, off)
        #expect(await events.last?.contains(#""why":"turned_off""#) == true)
        try await poll([54, 53], next: 2, at: 60, off)
        #expect(await events.last?.contains("its older pages are not read") == true)
    }

    @Test func seenItemsKeepTheirPlacesDuringAWalk() async throws {
        let plan = try plan()
        // So many that they would go to the archive.
        try await poll(Array((100..<1_300).reversed()), at: 1_301, plan)
        try await poll([1_403, 1_402], next: 2, at: 1_404, plan)
        try await page([1_401, 1_400], next: 3, at: 1_404, plan)
        try await poll([1_404, 1_403], next: 2, at: 1_405, plan)
        #expect(await store.archives.isEmpty)
        try await page([1_399, 1_299], next: 4, at: 1_405, plan)
        #expect(try await walk().end == .closed)
        try await poll([1_405, 1_404], next: 2, at: 1_406, plan)
        #expect(await store.archives[settings.id]?.count == 1)
        // What is in the archive was known before the next gap.
        try await poll([1_503, 1_502], next: 2, at: 1_504, plan)
        try await page([1_501, 1_298, 1_297], next: 4, at: 1_504, plan)
        #expect(try await walk().end == .closed)
    }
}
