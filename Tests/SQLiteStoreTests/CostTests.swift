import FeedModel
import SQLiteStore
import Testing
import WatchCore

/// Prints what polls cost; the machine decides the figures, so nothing is asserted of them.
@Suite(.serialized) struct CostTests {
    private let workshop: Workshop

    init() throws { workshop = try Workshop() }

    @Test func tenThousandUnchangedFeedsAreStoredInBatches() async throws {
        let store = try SQLiteStore(directory: workshop.state)
        for (name, polls) in [("first", 1), ("unchanged", 2), ("unchanged", 3)] {
            let clock = ContinuousClock()
            var spent = Duration.zero
            for batch in 0..<50 {
                let commits = (0..<200).map { number in
                    var commit = PollCommit(
                        feed: Sample.feed((batch * 200 + number) * 7919 % 10_000, polls: polls)
                    )
                    if polls == 1 { commit.seen = [UInt8](repeating: 7, count: 480) }
                    return commit
                }
                spent += try await clock.measure {
                    _ = try await store.commit(commits, records: [])
                }
            }
            print("10,000 feeds, \(name): \(spent), \(spent / 10_000) a feed")
        }
        #expect(try await store.feeds().count == 10_000)
    }

    @Test func tenThousandLinesAreStoredInBatches() async throws {
        let store = try SQLiteStore(directory: workshop.state)
        let clock = ContinuousClock()
        var spent = Duration.zero
        for batch in 0..<50 {
            let drafts = (0..<200).map { Sample.draft("\(batch)-\($0)", hooks: ["desk"]) }
            spent += try await clock.measure {
                _ = try await store.commit([], records: drafts)
            }
        }
        print("10,000 lines with a promise each: \(spent), \(spent / 10_000) a line")
        let lines = try await store.lines(of: .matches, after: 9_999, limit: .kibibytes(9))
        #expect(lines.count == 1)
    }
}
