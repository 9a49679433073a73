import FeedModel
import Glibc
import SQLiteStore
import Testing
import WatchCore

@Suite struct ReaderTests {
    private let workshop: Workshop

    init() throws { workshop = try Workshop() }

    private func files() -> [String] {
        ["", "-wal", "-shm"].filter { access(workshop.database + $0, F_OK) == 0 }
    }

    @Test func itSeesTheSameWithAndWithoutTheDaemonAndLeavesNoFiles() async throws {
        let store = try SQLiteStore(directory: workshop.state)
        let drafts = ["a", "b", "c"].map { Sample.draft($0, hooks: ["desk"]) }
        _ = try await store.commit([Sample.commit(1, lines: drafts)], records: [])
        try await store.pretendAppended(2)
        let reader = try SQLiteReader(directory: workshop.state)
        let beside = try reader.snapshot()
        try await store.close()
        #expect(files() == [""])
        for snapshot in [beside, try reader.snapshot()] {
            #expect(snapshot.feeds == [Sample.feed(1)])
            #expect(snapshot.logs.map(\.lastSeq) == [3, 0])
            #expect(snapshot.logs.map(\.waiting) == [1, 0])
            #expect(snapshot.deliveries[HookID("desk")]?.pending == 3)
        }
        #expect(try reader.lastLines(of: .matches, count: 1).map(\.seq) == [2])
        #expect(files() == [""])
        let again = try SQLiteStore(directory: workshop.state)
        #expect(try reader.snapshot().feeds.count == 1)
        try await again.close()
    }

    @Test func itReadsWhatAKillLeft() async throws {
        let store = try SQLiteStore(directory: workshop.state)
        _ = try await store.commit([Sample.commit(1)], records: [])
        let image = workshop.image("killed #1 %?ü")
        #expect(try SQLiteReader(directory: image).snapshot().feeds.count == 1)
        let next = try SQLiteStore(directory: image)
        try await next.close()
        #expect(try SQLiteReader(directory: image).snapshot().feeds.count == 1)
    }

    @Test func itSeesWholeCommitsWhileTheDaemonWrites() async throws {
        let store = try SQLiteStore(directory: workshop.state)
        _ = try await store.commit([Sample.commit(0)], records: [])
        let directory = workshop.state
        async let looks = Task.detached {
            let reader = try SQLiteReader(directory: directory)
            var last: Int64 = 0
            for _ in 1...100 {
                let snapshot = try reader.snapshot()
                let seq = snapshot.logs[0].lastSeq
                #expect(seq >= last && seq % 5 == 0)
                #expect(snapshot.deliveries[HookID("desk")]?.pending ?? 0 == Int(seq))
                last = seq
            }
            return last
        }.value
        for round in 1...60 {
            let drafts = (1...5).map { Sample.draft("\(round)-\($0)", hooks: ["desk"]) }
            _ = try await store.commit([Sample.commit(0, lines: drafts)], records: [])
        }
        _ = try await looks
        #expect(try SQLiteReader(directory: directory).snapshot().logs[0].lastSeq == 300)
    }

    @Test func whereThereIsNoStateItSaysSo() throws {
        let error = #expect(throws: StoreError.self) { try SQLiteReader(directory: "/nowhere") }
        #expect(error?.message.contains("no state yet") == true)
    }
}
