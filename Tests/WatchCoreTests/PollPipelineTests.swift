import FeedModel
import Testing
import TopicQuery
import WatchCore

@Suite struct PollPipelineTests {
    private let now = Timestamp(seconds: 1_750_000_000)
    private let store = MemoryStore()
    private let plan: WatchPlan
    private let kursk = FeedSettings(id: FeedID("a"), url: "https://news.example/a")

    init() throws {
        let topics = [
            TopicSource(id: "kursk", query: "Kursk"), TopicSource(id: "water", query: "water"),
        ]
        let matcher = try #require(TopicMatcher.compile(topics: topics, sets: []).matcher)
        var configuration = Configuration(matcher: matcher)
        configuration.watch.baseline = .match
        configuration.topics = [
            TopicSettings(id: TopicID("kursk"), title: "Kursk"),
            TopicSettings(id: TopicID("water"), title: "Water"),
        ]
        var desk = HookSettings(id: HookID("desk"), command: ["/bin/true"])
        desk.topics = [TopicID("kursk")]
        var ops = HookSettings(id: HookID("ops"), command: ["/bin/true"])
        ops.subjects = [.feed]
        configuration.hooks = [desk, ops]
        var onlyWater = FeedSettings(id: FeedID("b"), url: "https://news.example/b")
        onlyWater.topics = [TopicID("water")]
        configuration.feeds = [kursk, onlyWater]
        plan = WatchPlan(configuration)
    }

    private func response(
        _ body: String,
        status: Int = 200,
        etag: String? = nil,
        feed: String = "a"
    ) -> TransferResult {
        let headers = etag.map { [HeaderField(name: "ETag", value: $0)] } ?? []
        return TransferResult(
            feed: FeedID(feed),
            outcome: .success(
                HTTPResponse(
                    status: status,
                    headers: headers,
                    body: Array(body.utf8),
                    url: "https://news.example/\(feed)"
                )
            )
        )
    }

    /// Runs a batch on the state the store has, the way the watcher does.
    private func process(
        _ results: TransferResult...,
        plan other: WatchPlan? = nil,
        at seconds: Int = 0
    ) async throws -> [PollReport] {
        let plan = other ?? plan
        var states: [FeedID: FeedState] = [:]
        for feed in plan.configuration.feeds {
            states[feed.id] = FeedState(id: feed.id, url: feed.url, nextPoll: now)
        }
        for state in try await store.feeds() { states[state.id] = state }
        return try await PollPipeline(reader: LineReader(), store: store).process(
            results,
            states: states,
            plan: plan,
            now: now + .seconds(seconds)
        ).polls
    }

    private let first = "feed\n1|https://n/1|Sappers for Kursk|text\n2|https://n/2|Rain|no news"

    @Test func aNewItemThatMeetsATopicBecomesALine() async throws {
        let reports = try await process(response(first, etag: "\"1\""))
        #expect(reports.map(\.outcome) == [.read(items: 2, new: 2, matches: 1)])
        let lines = await store.lines
        #expect(lines.map(\.topic) == [TopicID("kursk")])
        #expect(lines.first?.hooks == [HookID("desk")])
        let text = String(decoding: try #require(lines.first).line(seq: 7), as: UTF8.self)
        #expect(text.hasPrefix(#"{"schema":1,"seq":7,"id":""#))
        #expect(text.hasSuffix("\"prev\":null}\n"))
        #expect(text.contains(#""title":"Sappers for Kursk""#))
        let state = try #require(await store.states[FeedID("a")])
        #expect(state.validators.etag == "\"1\"")
        #expect(state.hasBaseline)
        #expect(state.items == 2)
        #expect(state.matches == 1)
        let chunk = try #require(await store.history.first)
        let items = try #require(HistoryCodec.items(in: chunk.bytes))
        #expect(items.map(\.title) == ["Sappers for Kursk", "Rain"])
        #expect(items.map(\.key) == chunk.keys)
    }

    @Test func theSameDocumentAgainIsUnchangedAndANewItemIsFound() async throws {
        _ = try await process(response(first))
        let again = try await process(response(first), at: 60)
        #expect(again.map(\.outcome) == [.unchanged])
        let more = try await process(
            response(first + "\n3|https://n/3|Kursk again|x"),
            at: 120
        )
        #expect(more.map(\.outcome) == [.read(items: 3, new: 1, matches: 1)])
        #expect(await store.lines.count == 2)
    }

    @Test func aSilentBaselineRemembersAndDoesNotMatch() async throws {
        var configuration = plan.configuration
        configuration.watch.baseline = .silent
        let silent = WatchPlan(configuration)
        let reports = try await process(response(first), plan: silent)
        #expect(reports.map(\.outcome) == [.read(items: 2, new: 2, matches: 0)])
        #expect(await store.lines.isEmpty)
        let next = try await process(
            response(first + "\n3|https://n/3|Kursk again|x"),
            plan: silent,
            at: 60
        )
        #expect(next.map(\.outcome) == [.read(items: 3, new: 1, matches: 1)])
    }

    @Test func aFeedIsMatchedOnlyAgainstItsTopics() async throws {
        let reports = try await process(
            response("feed\n1|https://n/1|Kursk has no water|x", feed: "b")
        )
        #expect(reports.map(\.outcome) == [.read(items: 1, new: 1, matches: 1)])
        #expect(await store.lines.map(\.topic) == [TopicID("water")])
    }

    @Test func aDocumentThatIsNoFeedBecomesNoValidator() async throws {
        _ = try await process(response(first, etag: "\"good\""))
        let reports = try await process(response("<html>", etag: "\"bad\""), at: 60)
        guard case .failed(let failure) = reports.first?.outcome else {
            Issue.record("not a failure")
            return
        }
        #expect(failure.reason == .notAFeed)
        #expect(await store.states[FeedID("a")]?.validators.etag == "\"good\"")
    }

    @Test func halfAnItemDoesNotCountAsSeenAndACutDocumentBecomesNoValidator() async throws {
        let cut = "feed\n1|https://n/1|Sappers for Kursk|text\n2|https://n/2|Rain|half\ncut"
        let reports = try await process(response(cut, etag: "\"whole\""))
        #expect(reports.map(\.outcome) == [.read(items: 1, new: 1, matches: 1)])
        let state = try #require(await store.states[FeedID("a")])
        #expect(state.validators == Validators())
        #expect(state.bodyHash == 0)
        #expect(state.message?.contains("cut off") == true)
        let whole = "feed\n1|https://n/1|Sappers for Kursk|text\n2|https://n/2|Rain|water"
        let next = try await process(response(whole), at: 60)
        #expect(next.map(\.outcome) == [.read(items: 2, new: 1, matches: 1)])
    }

    @Test func aFirstDocumentThatWasCutOffIsNoBaseline() async throws {
        var configuration = plan.configuration
        configuration.watch.baseline = .silent
        let silent = WatchPlan(configuration)
        _ = try await process(response(first + "\ncut"), plan: silent)
        let whole = try await process(response(first), plan: silent, at: 60)
        #expect(whole.map(\.outcome) == [.read(items: 2, new: 1, matches: 0)])
        let more = first + "\n3|https://n/3|Kursk again|x"
        let next = try await process(response(more), plan: silent, at: 120)
        #expect(next.map(\.outcome) == [.read(items: 3, new: 1, matches: 1)])
    }

    @Test func nothingCountsAsSeenWhenTheStoreFails() async throws {
        await store.failNext(StoreError(message: "disk full", isTransient: true))
        await #expect(throws: StoreError.self) { _ = try await process(response(first)) }
        #expect(await store.states.isEmpty)
        let reports = try await process(response(first), at: 60)
        #expect(reports.map(\.outcome) == [.read(items: 2, new: 2, matches: 1)])
    }

    @Test func oneFeedsFailureDoesNotTouchAnother() async throws {
        let reports = try await process(
            response("garbage"),
            response("feed\n1|https://n/1|water|x", feed: "b")
        )
        #expect(reports.count == 2)
        #expect(await store.lines.count == 1)
        #expect(await store.commits == 1)
    }

    @Test func aResultOfAFeedThatIsNoLongerWatchedIsDropped() async throws {
        let reports = try await process(response(first, feed: "gone"))
        #expect(reports.isEmpty)
    }

    @Test func aRecordsIdentityRestsOnTopicItemAndRevision() {
        let match = TopicMatch(topic: 0, hits: [], excerpt: "", score: 1)
        func record(_ topic: String, _ item: UInt64, _ revision: Int) -> String {
            MatchRecord(
                time: now,
                topic: TopicSettings(id: TopicID(topic), title: topic),
                feed: kursk,
                feedTitle: nil,
                item: ItemKey(item),
                revision: revision,
                match: match
            ).id
        }
        #expect(record("a", 1, 0) == record("a", 1, 0))
        #expect(
            Set([record("a", 1, 0), record("b", 1, 0), record("a", 2, 0), record("a", 1, 1)]).count
                == 4
        )
        #expect(record("a", 1, 0).count == 32)
    }
}
