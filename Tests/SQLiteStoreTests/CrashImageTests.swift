import FeedModel
import SQLiteStore
import Testing
import WatchCore

/// What a kill leaves is what is in the files at that moment: copies stand for it.
@Suite struct CrashImageTests {
    private let workshop: Workshop

    init() throws { workshop = try Workshop() }

    @Test func everyImageHoldsAllThatWasCommittedAndIsSound() async throws {
        let store = try SQLiteStore(directory: workshop.state)
        for round in 1...12 {
            let drafts = (0..<round).map { Sample.draft("\(round)-\($0)", hooks: ["desk"]) }
            var commit = Sample.commit(round % 4, lines: drafts)
            commit.seen = [UInt8](repeating: UInt8(round), count: 3000)
            _ = try await store.commit([commit], records: [])
            if round % 3 == 0 { try await store.pretendAppended(Int64(round)) }
            let image = try SQLiteStore(directory: workshop.image("image-\(round)"))
            #expect(try await image.integrityCheck().isEmpty)
            #expect(try await image.feeds() == store.feeds())
            #expect(try await image.position(of: .matches) == store.position(of: .matches))
            let lines = try await image.lines(of: .matches, after: 0, limit: .mebibytes(9))
            #expect(lines.map(\.seq) == Array(1...Int64(round * (round + 1) / 2)))
            _ = try await image.commit([], records: [Sample.draft("after")])
            let next = try await image.lines(
                of: .matches,
                after: Int64(lines.count),
                limit: .kibibytes(1)
            )
            #expect(next.map(\.seq) == [Int64(lines.count + 1)])
        }
    }

    @Test func aLogCutAnywhereLeavesAWholeNumberOfCommits() async throws {
        let store = try SQLiteStore(directory: workshop.state)
        for round in 1...6 {
            let pair = [
                Sample.draft("\(round)a", hooks: ["desk"]), Sample.draft("\(round)b"),
            ]
            _ = try await store.commit([Sample.commit(1, lines: pair)], records: [])
        }
        let main = try #require(Workshop.read(workshop.database))
        let log = try #require(Workshop.read(workshop.database + "-wal"))
        var counts: Set<Int> = []
        for cut in stride(from: 0, to: log.count, by: log.count / 60) + [log.count] {
            let image = workshop.image("cut-\(cut)")
            Workshop.write(main, to: image + "/state.sqlite")
            // Half of the rest zeros, as a power cut leaves blocks that were never written.
            let rest = [UInt8](repeating: 0, count: cut % 2 == 0 ? 0 : log.count - cut)
            Workshop.write(Array(log[..<cut]) + rest, to: image + "/state.sqlite-wal")
            let opened = try SQLiteStore(directory: image)
            #expect(try await opened.integrityCheck().isEmpty)
            let lines = try await opened.lines(of: .matches, after: 0, limit: .mebibytes(1))
            #expect(lines.count % 2 == 0)
            #expect(lines.map(\.seq) == Array(0..<Int64(lines.count)).map { $0 + 1 })
            counts.insert(lines.count)
            try await opened.close()
        }
        #expect(counts.contains(0) && counts.contains(12))
    }
}
