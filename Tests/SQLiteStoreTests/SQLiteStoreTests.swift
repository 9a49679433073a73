import FeedModel
import SQLiteStore
import Testing
import WatchCore

@Suite struct SQLiteStoreTests {
    private let workshop: Workshop

    init() throws { workshop = try Workshop() }

    @Test func aNewStateIsEmpty() async throws {
        let store = try SQLiteStore(directory: workshop.state)
        #expect(try await store.feeds().isEmpty)
        #expect(try await store.position(of: .events) == LogPosition())
        #expect(try await store.lines(of: .matches, after: 0, limit: .kibibytes(1)).isEmpty)
        #expect(try await store.nextDelivery(to: HookID("desk")) == nil)
        #expect(try await store.integrityCheck().isEmpty)
    }

    @Test func everyFieldOfAFeedOutlivesARestart() async throws {
        var full = Sample.feed(1, polls: 7)
        full.lastNewItem = Sample.start + .milliseconds(1)
        full.failures = 3
        full.failingSince = Sample.start - .seconds(60)
        full.reason = .tlsFailed
        full.message = "certificate expired\u{0}behind a NUL"
        full.items = 40
        full.matches = 2
        let bare = FeedState(id: FeedID("пусто"), url: "", nextPoll: Timestamp(milliseconds: -5))
        let store = try SQLiteStore(directory: workshop.state)
        _ = try await store.commit([PollCommit(feed: full), PollCommit(feed: bare)], records: [])
        #expect(try await store.feeds() == [full, bare])
        try await store.close()
        let again = try SQLiteStore(directory: workshop.state)
        #expect(try await again.feeds() == [full, bare])
    }

    @Test func aChangedFeedReplacesWhatWasStored() async throws {
        let store = try SQLiteStore(directory: workshop.state)
        var feed = Sample.feed(1)
        let changes: [(inout FeedState) -> Void] = [
            { $0.nextPoll = $0.nextPoll + .seconds(1) }, { $0.url = "https://moved.example" },
            { $0.validators.etag = nil }, { $0.validatorsURL = nil },
            { $0.validators.lastModified = "x" },
            { $0.bodyHash = 1 }, { $0.hasBaseline = false }, { $0.title = nil },
            { $0.lastNewItem = Sample.start }, { $0.items += 1 }, { $0.matches += 1 },
            { $0.polls += 1 }, { $0.reason = .gone }, { $0.message = "gone" },
        ]
        for change in changes {
            change(&feed)
            _ = try await store.commit([PollCommit(feed: feed)], records: [])
            #expect(try await store.feeds() == [feed])
        }
        try await store.close()
        let again = try SQLiteStore(directory: workshop.state)
        feed.polls += 1
        _ = try await again.commit([PollCommit(feed: feed)], records: [])
        #expect(try await again.feeds() == [feed])
    }

    @Test func seenItemsAreReplacedAndTheArchiveGrows() async throws {
        let store = try SQLiteStore(directory: workshop.state)
        var commit = Sample.commit(1)
        commit.seen = [1, 2, 3]
        commit.seenArchive = [9]
        _ = try await store.commit([commit, Sample.commit(2)], records: [])
        commit.seen = []
        commit.seenArchive = [8, 8]
        _ = try await store.commit([commit], records: [])
        commit.seen = nil
        commit.seenArchive = nil
        _ = try await store.commit([commit], records: [])
        let ids = (1...3).map { FeedID("feed-\($0)") }
        #expect(try await store.seen(of: ids) == [ids[0]: []])
        #expect(try await store.seenArchive(of: ids[0]) == [[9], [8, 8]])
        #expect(try await store.seenArchive(of: ids[1]).isEmpty)
    }

    @Test func linesAreNumberedDenselyAndRepeatsUseNoNumber() async throws {
        let store = try SQLiteStore(directory: workshop.state)
        let first = try await store.commit(
            [Sample.commit(1, lines: [Sample.draft("a"), Sample.draft("b"), Sample.draft("a")])],
            records: [Sample.draft("a", stream: .events)]
        )
        #expect(first == CommitReceipt(lines: 3, repeats: 1))
        let second = try await store.commit(
            [Sample.commit(1, lines: [Sample.draft("b"), Sample.draft("c")])],
            records: []
        )
        #expect(second == CommitReceipt(lines: 1, repeats: 1))
        let lines = try await store.lines(of: .matches, after: 0, limit: .kibibytes(64))
        #expect(lines.map(\.seq) == [1, 2, 3])
        var previous: LineHash?
        for (line, id) in zip(lines, ["a", "b", "c"]) {
            #expect(line.bytes == Sample.draft(id).line(seq: line.seq, previous: previous))
            previous = LineHash(of: line.bytes)
        }
        let events = try await store.lines(of: .events, after: 0, limit: .kibibytes(64))
        #expect(events.map(\.seq) == [1])
    }

    @Test func linesComeInPortionsOfAtLeastOne() async throws {
        let store = try SQLiteStore(directory: workshop.state)
        let drafts = (1...9).map { Sample.draft("m\($0)") }
        let length = drafts[0].line(seq: 1, previous: LineHash(of: [])).count
        _ = try await store.commit([], records: drafts)
        let rows: [(after: Int64, bytes: Int, expected: [Int64])] = [
            (0, 1, [1]), (0, length, [1]), (0, 3 * length, [1, 2, 3]),
            (7, 99 * length, [8, 9]), (9, 1, []), (4, 2 * length + 1, [5, 6]),
        ]
        for row in rows {
            let lines = try await store.lines(
                of: .matches,
                after: row.after,
                limit: ByteCount(row.bytes)
            )
            #expect(lines.map(\.seq) == row.expected, "after \(row.after), \(row.bytes) bytes")
        }
    }

    @Test func aPositionIsKeptAndNeverLeadsTheNumbers() async throws {
        let store = try SQLiteStore(directory: workshop.state)
        _ = try await store.commit([], records: [Sample.draft("a")])
        let position = LogPosition(
            seq: 1,
            device: .max,
            inode: .max - 1,
            offset: 77,
            bootID: "boot"
        )
        try await store.note(position, of: .matches)
        #expect(try await store.position(of: .matches) == position)
        #expect(try await store.position(of: .events) == LogPosition())
        await #expect(throws: StoreError.self) { try await store.pretendAppended(2) }
        #expect(try await store.position(of: .matches) == position)
    }

    @Test func aClosedStoreRefusesAndOpensAgain() async throws {
        let store = try SQLiteStore(directory: workshop.state)
        _ = try await store.commit([Sample.commit(1)], records: [])
        try await store.close()
        try await store.close()
        await #expect(throws: StoreError.self) { try await store.feeds() }
        #expect(Workshop.read(workshop.database + "-wal") == nil)
        #expect(try await SQLiteStore(directory: workshop.state).feeds().count == 1)
    }
}
