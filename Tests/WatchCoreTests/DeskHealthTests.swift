import FeedModel
import Testing
import TopicQuery
import WatchCore

/// A reader of a line format: `feed`, then one item a line, `id|url|title|text|seconds`, the last
/// being its date, or empty.
struct DatedLineReader: DocumentReader {
    func read(_ document: [UInt8], hints: DocumentHints) -> DocumentReading {
        let lines = String(decoding: document, as: UTF8.self).split(separator: "\n")
        guard lines.first == "feed" else { return .notAFeed(message: "no feed", announced: []) }
        let rows = lines.dropFirst().map { line in
            line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        }
        var feed = WatchCoreTests.document(rows.map { ($0[0], $0[1], $0[2], $0[3]) })
        for (index, row) in rows.enumerated() {
            feed.items[index].published.timestamp = Int64(row[4]).map(Timestamp.init(seconds:))
        }
        return .feed(feed)
    }

    func appendPlainText(of text: ParsedText, in feed: ParsedFeed, to output: inout [UInt8]) {
        output.append(contentsOf: feed.bytes[text.span.range])
    }
}

/// What polls show beside new items: edits, floods, gaps, false 304.
@Suite struct DeskHealthTests {
    private let start: Int64 = 1_750_000_000
    private let store = MemoryStore()
    private let settings = FeedSettings(id: FeedID("a"), url: "https://news.example/a")

    private func plan(
        _ topics: [String] = ["kursk"],
        baseline: Baseline = .silent
    ) throws -> WatchPlan {
        let sources = topics.map { TopicSource(id: $0, query: $0) }
        let matcher = try #require(TopicMatcher.compile(topics: sources, sets: []).matcher)
        var configuration = Configuration(matcher: matcher)
        configuration.watch.baseline = baseline
        configuration.topics = topics.map { TopicSettings(id: TopicID($0), title: $0) }
        configuration.feeds = [settings]
        return WatchPlan(configuration)
    }

    /// One poll, `hours` after the first; nil: the server says that nothing has changed.
    private func poll(
        _ items: [String]?,
        hours: Double,
        etag: String? = nil,
        plan: WatchPlan
    ) async throws {
        let moment = Timestamp(milliseconds: start * 1_000 + Int64(hours * 3_600_000))
        let state =
            await store.states[settings.id]
            ?? FeedState(id: settings.id, url: settings.url, nextPoll: moment)
        let response = HTTPResponse(
            status: items == nil ? 304 : 200,
            headers: etag.map { [HeaderField(name: "ETag", value: $0)] } ?? [],
            body: Array((["feed"] + (items ?? [])).joined(separator: "\n").utf8),
            url: settings.url
        )
        _ = try await PollPipeline(reader: DatedLineReader(), store: store).process(
            [TransferResult(feed: settings.id, outcome: .success(response))],
            states: [settings.id: state],
            plan: plan,
            now: moment
        )
    }

    private func item(
        _ name: String,
        _ title: String,
        _ text: String = "",
        at: Int64? = nil
    )
        -> String
    {
        "\(name)|https://n/2025/\(name)|\(title)|\(text)|\(at.map { String(start + $0) } ?? "")"
    }

    private var matches: [String] {
        get async {
            await store.lines.filter { $0.stream == .matches }.map { line in
                let text = String(decoding: line.tail, as: UTF8.self)
                let revision = text.firstRange(of: "\"revision\":").map { range in
                    text[range.upperBound...].prefix { $0 != "," }
                }
                return "\(line.topic?.rawValue ?? "") \(revision ?? "")"
            }
        }
    }

    private var events: [String] {
        get async {
            await store.lines.filter { $0.stream == .events }.compactMap { line in
                EventKind.allCases.map(\.rawValue).first { kind in
                    String(decoding: line.tail, as: UTF8.self).contains("\"event\":\"\(kind)\"")
                }
            }
        }
    }

    // MARK: Edits

    @Test func anEditThatMakesATopicMatchIsAMatchOnceAndTrivialEditsAreNot() async throws {
        let plan = try plan(["kursk", "bridge"])
        let other = item("2", "Weather", "rain")
        try await poll([item("1", "Report", "nothing yet"), other], hours: 0, plan: plan)
        try await poll([item("1", "Report", "sappers for Kursk"), other], hours: 1, plan: plan)
        #expect(await matches == ["kursk 1"])
        try await poll([item("1", "Report", "sappers for Kursk!"), other], hours: 2, plan: plan)
        try await poll([item("1", "Report", "withdrawn"), other], hours: 3, plan: plan)
        try await poll([item("1", "Report", "Kursk again"), other], hours: 4, plan: plan)
        #expect(await matches == ["kursk 1"])
        try await poll([item("1", "Report", "Kursk bridge"), other], hours: 5, plan: plan)
        #expect(await matches == ["kursk 1", "bridge 2"])
    }

    @Test func aTrivialEditOfWhatWasThereAtFirstIsNoNews() async throws {
        let plan = try plan()
        try await poll([item("1", "Kursk", "old"), item("2", "Rain", "x")], hours: 0, plan: plan)
        try await poll(
            [item("1", "Kursk", "old, amended"), item("2", "Rain", "x")],
            hours: 1,
            plan: plan
        )
        #expect(await matches.isEmpty)
    }

    @Test func itemsOlderThanATopicAreNoNewsWhenTheyAreEdited() async throws {
        let window = [item("1", "Bridge", "old"), item("2", "Rain", "x")]
        try await poll(window, hours: 0, plan: plan())
        let more = try plan(["kursk", "bridge"])
        try await poll(window + [item("3", "Snow", "y")], hours: 1, plan: more)
        let edited = [item("1", "Bridge", "old, amended"), item("2", "Rain", "x")]
        try await poll(edited, hours: 2, plan: more)
        #expect(await matches.isEmpty)
    }

    @Test func bulletinsOfOneTitleAndPageAreEachAMatch() async throws {
        let plan = try plan(baseline: .match)
        for hour in 0..<3 {
            let bulletin = "|https://n/radio|News|kursk \(prose(hour))|"
            try await poll([bulletin], hours: Double(hour), plan: plan)
        }
        #expect(await matches == ["kursk 0", "kursk 0", "kursk 0"])
    }

    // MARK: Floods

    @Test func aSiteThatChangesItsIdentifiersIsOneEvent() async throws {
        let plan = try plan(baseline: .match)
        func window(_ mark: String) -> [String] {
            (1...9).map { "\(mark)\($0)|https://n/\(mark)/\($0)|Kursk \($0)|\(prose($0))|" }
        }
        try await poll(window("a"), hours: 0, plan: plan)
        #expect(await matches.count == 9)
        for hour in 1...4 { try await poll(window("b\(hour)"), hours: Double(hour), plan: plan) }
        #expect(await matches.count == 9)
        #expect(await events == ["feed.flood"])
    }

    @Test func anArchivePublishedAgainIsKeptAndNotTold() async throws {
        let plan = try plan()
        let window = (1...5).map { item("n\($0)", "Kursk \($0)", at: -Int64($0)) }
        try await poll(window, hours: 0, plan: plan)
        let archive = (1...60).map { item("o\($0)", "Kursk then \($0)", at: -100_000 * Int64($0)) }
        try await poll(window + archive, hours: 1, plan: plan)
        #expect(await matches.isEmpty)
        #expect(await events == ["feed.flood"])
        #expect(await store.history.count == 2)
        try await poll(window + archive + [item("n6", "Kursk 6", at: 3_000)], hours: 2, plan: plan)
        #expect(await matches == ["kursk 0"])
    }

    @Test func newsBesideAnArchiveIsTold() async throws {
        let plan = try plan()
        let window = (1...5).map { item("n\($0)", "Rain \($0)", at: -Int64($0)) }
        try await poll(window, hours: 0, plan: plan)
        let archive = (1...60).map { item("o\($0)", "Kursk then \($0)", at: -100_000 * Int64($0)) }
        let news = [item("n6", "Kursk now", at: 3_000)]
        try await poll(news + window + archive, hours: 1, plan: plan)
        #expect(await matches == ["kursk 0"])
        #expect(await events == ["feed.flood"])
    }

    @Test func manyNewItemsOfTheLastDayAreNews() async throws {
        let plan = try plan()
        try await poll([item("n", "Rain", at: -9)], hours: 0, plan: plan)
        let late = (1...60).map { item("o\($0)", "Kursk \($0)", at: -Int64($0) * 1_000) }
        try await poll([item("n", "Rain", at: -9)] + late, hours: 1, plan: plan)
        #expect(await matches.count == 60)
        #expect(await events.isEmpty)
    }

    @Test(arguments: [0, -62_135_596_800])
    func datesThatStandForNoneMakeNoArchive(date: Int64) async throws {
        let plan = try plan()
        try await poll([item("n", "Rain", at: -9)], hours: 0, plan: plan)
        let epoch = date - start
        let news = (1...60).map { item("o\($0)", "Kursk \($0)", at: epoch) }
        try await poll([item("n", "Rain", at: -9)] + news, hours: 1, plan: plan)
        #expect(await matches.count == 60)
        #expect(await events.isEmpty)
    }

    // MARK: Gaps

    @Test func aWindowWithoutAnythingOfTheLastIsToldOnceUntilTheyMeetAgain() async throws {
        let plan = try plan()
        func window(_ range: ClosedRange<Int>) -> [String] {
            range.map { item("\($0)", "Title \($0)", prose($0)) }
        }
        try await poll(window(1...5), hours: 0, plan: plan)
        try await poll(window(3...7), hours: 1, plan: plan)
        #expect(await events.isEmpty)
        #expect(await store.states[settings.id]?.health.hasGap == false)
        try await poll(window(20...24), hours: 2, plan: plan)
        #expect(await events == ["feed.gap"])
        #expect(await store.states[settings.id]?.health.hasGap == true)
        try await poll(window(40...44), hours: 3, plan: plan)
        #expect(await events == ["feed.gap"])
        try await poll(window(42...46), hours: 4, plan: plan)
        try await poll(window(60...64), hours: 5, plan: plan)
        #expect(await events == ["feed.gap", "feed.gap"])
    }

    // MARK: False 304

    @Test func aServerThatSays304FalselyIsNotBelieved() async throws {
        let plan = try plan()
        let old = [item("1", "One", prose(1), at: -60), item("2", "Two", prose(2), at: -30)]
        try await poll(old, hours: 0, etag: "\"same\"", plan: plan)
        for hour in 1...30 { try await poll(nil, hours: Double(hour), plan: plan) }
        var state = try #require(await store.states[settings.id])
        #expect(plan.policy.request(for: settings, state: state).validators == Validators())
        let more = old + [item("3", "Three", prose(3), at: 7_200)]
        try await poll(more, hours: 31, etag: "\"same\"", plan: plan)
        #expect(await events == ["feed.stale_304"])
        state = try #require(await store.states[settings.id])
        let now = Timestamp(seconds: start + 32 * 3_600)
        #expect(FeedCondition(of: state, at: now) == .stale304)
        #expect(plan.policy.request(for: settings, state: state).validators == Validators())
    }

    private func validators(_ plan: WatchPlan) async throws -> Validators {
        let state = try #require(await store.states[settings.id])
        return plan.policy.request(for: settings, state: state).validators
    }

    @Test func aServerThatChangedUnderA304IsAskedWithTheOldValidatorsOnceMore() async throws {
        let plan = try plan()
        let old = [item("1", "One", prose(1)), item("2", "Two", prose(2))]
        try await poll(old, hours: 0, etag: "\"1\"", plan: plan)
        for hour in 1...30 { try await poll(nil, hours: Double(hour), plan: plan) }
        #expect(try await validators(plan) == Validators())
        let more = old + [item("3", "Three", prose(3))]
        try await poll(more, hours: 31, etag: "\"2\"", plan: plan)
        #expect(await events.isEmpty)
        #expect(try await validators(plan).etag == "\"1\"")
        let state = try #require(await store.states[settings.id])
        #expect(FeedHealth(packed: state.health.packed) == state.health)
        // Its document has changed since: it lies.
        try await poll(nil, hours: 32, plan: plan)
        #expect(await events == ["feed.stale_304"])
        #expect(try await validators(plan) == Validators())
    }

    @Test func aServerThatAdmitsTheChangeIsBelieved() async throws {
        let plan = try plan()
        let old = [item("1", "One", prose(1)), item("2", "Two", prose(2))]
        try await poll(old, hours: 0, etag: "\"1\"", plan: plan)
        for hour in 1...30 { try await poll(nil, hours: Double(hour), plan: plan) }
        // Dated long before it appeared, as drafts are.
        let more = old + [item("3", "Three", prose(3), at: 3_600)]
        try await poll(more, hours: 31, etag: "\"2\"", plan: plan)
        #expect(try await validators(plan).etag == "\"1\"")
        try await poll(more, hours: 32, etag: "\"2\"", plan: plan)
        #expect(try await validators(plan).etag == "\"2\"")
        try await poll(nil, hours: 33, plan: plan)
        #expect(await events.isEmpty)
    }

    @Test func aServerWhose304IsTrueIsAskedForAWholeDocumentOnceADay() async throws {
        let plan = try plan()
        let window = [item("1", "One", prose(1), at: -60)]
        try await poll(window, hours: 0, etag: "\"1\"", plan: plan)
        var whole = 0
        for hour in 1...72 {
            let state = try #require(await store.states[settings.id])
            let isWhole =
                plan.policy.request(for: settings, state: state).validators == Validators()
            if isWhole { whole += 1 }
            try await poll(isWhole ? window : nil, hours: Double(hour), etag: "\"1\"", plan: plan)
        }
        #expect((2...3).contains(whole))
        #expect(await events.isEmpty)
    }
}
