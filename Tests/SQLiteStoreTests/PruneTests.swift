import FeedModel
import SQLiteStore
import Testing
import WatchCore

@Suite struct PruneTests {
    private let workshop: Workshop
    private let moment = Sample.start + .seconds(1)

    init() throws { workshop = try Workshop() }

    private func prune(_ store: SQLiteStore) async throws -> Int {
        var steps = 1
        while try await store.prune(before: moment) { steps += 1 }
        return steps
    }

    @Test func onlyWhatIsOldAppendedAndSettledIsDropped() async throws {
        let store = try SQLiteStore(directory: workshop.state)
        let drafts = [
            Sample.draft("settled", hooks: ["desk"]), Sample.draft("open", hooks: ["siem"]),
            Sample.draft("plain"), Sample.draft("new", time: moment), Sample.draft("waiting"),
        ]
        _ = try await store.commit([Sample.commit(1, lines: drafts)], records: [])
        try await store.pretendAppended(4)
        let next = try #require(try await store.nextDelivery(to: HookID("desk")))
        try await store.note([DeliveryNote(DeliveryGroup(next.delivery), .delivered)])
        _ = try await prune(store)
        let left = try await store.lines(of: .matches, after: 0, limit: .kibibytes(64))
        #expect(left.map(\.seq) == [2, 4, 5])
        #expect(try await store.integrityCheck().isEmpty)
    }

    @Test func aStateBeyondItsLimitLosesItsOldestHistoryFirst() async throws {
        let store = try SQLiteStore(directory: workshop.state)
        let page = [UInt8](repeating: 9, count: 40_000)
        for day in 1...100 {
            var commit = Sample.commit(1)
            commit.seen = [1]
            commit.history = HistoryChunk(
                time: Sample.start + .seconds(day * 86_400),
                keys: [ItemKey(UInt64(day))],
                bytes: page
            )
            _ = try await store.commit([commit], records: [])
        }
        let limit = ByteCount.mebibytes(1)
        #expect(try await store.excess(over: limit) != nil)
        let retention = StateRetention(
            history: Sample.start,
            recent: Sample.start + .seconds(98 * 86_400),
            limit: limit
        )
        while try await store.prune(retention) {}
        #expect(try await store.excess(over: limit) == nil)
        #expect(try await store.seen(of: [FeedID("feed-1")]).count == 1)
        let reader = try SQLiteReader(directory: workshop.state)
        let left = try reader.history(since: Sample.start, limit: 200)
        #expect(left.last?.chunk.keys == [ItemKey(100)])
        #expect((3...30).contains(left.count))
        try await store.close()
        #expect(Workshop.read(workshop.database)?.count ?? .max <= limit.bytes)
    }

    @Test func numbersGoOnWhenAllLinesAreDropped() async throws {
        let store = try SQLiteStore(directory: workshop.state)
        _ = try await store.commit([], records: (1...3).map { Sample.draft("m\($0)") })
        try await store.pretendAppended(3)
        _ = try await prune(store)
        #expect(try await store.lines(of: .matches, after: 0, limit: .kibibytes(1)).isEmpty)
        try await store.close()
        let again = try SQLiteStore(directory: workshop.state)
        _ = try await again.commit([], records: [Sample.draft("next")])
        let lines = try await again.lines(of: .matches, after: 0, limit: .kibibytes(1))
        #expect(lines.map(\.seq) == [4])
    }

    @Test func historyGoesInSmallStepsAndSeenStays() async throws {
        let store = try SQLiteStore(directory: workshop.state)
        for number in 1...250 {
            var commit = Sample.commit(number)
            commit.seen = [1]
            commit.seenArchive = [2]
            commit.history = HistoryChunk(time: Sample.start, keys: [ItemKey(7)], bytes: [3])
            _ = try await store.commit([commit], records: [])
        }
        var young = Sample.commit(1)
        young.history = HistoryChunk(
            time: moment,
            keys: [ItemKey(.max), ItemKey(0x0102_0304_0506_0708)],
            bytes: [5]
        )
        _ = try await store.commit([young], records: [])
        let reader = try SQLiteReader(directory: workshop.state)
        #expect(try reader.history(since: Sample.start, limit: 200).count == 200)
        #expect(try await prune(store) >= 2)
        let left = try reader.history(since: Sample.start, limit: 999)
        #expect(left.map(\.chunk) == [young.history])
        let feed = FeedID("feed-250")
        #expect(try await store.seen(of: [feed]) == [feed: [1]])
        #expect(try await store.seenArchive(of: feed) == [[2]])
        #expect(try await store.feeds().count == 250)
    }

    @Test func roomIsGivenBackToTheDisk() async throws {
        let store = try SQLiteStore(directory: workshop.state)
        for number in 1...100 {
            var commit = Sample.commit(number)
            commit.history = HistoryChunk(
                time: Sample.start,
                keys: [],
                bytes: .init(repeating: 7, count: 150_000)
            )
            _ = try await store.commit([commit], records: [])
        }
        _ = try await prune(store)
        try await store.close()
        let size = try #require(Workshop.read(workshop.database)).count
        #expect(size < 10_000_000, "of 15 MB, \(size) are left")
        #expect(try await SQLiteStore(directory: workshop.state).integrityCheck().isEmpty)
    }
}
