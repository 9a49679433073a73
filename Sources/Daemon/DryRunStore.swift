package import FeedModel
package import WatchCore

/// A store that lives in memory: each feed is new to it at first, and what would be logged is
/// handed on instead.
package actor DryRunStore: Store {
    private let show: @Sendable (LogDraft) -> Void
    private var seen: [FeedID: [UInt8]] = [:]
    private var archives: [FeedID: [[UInt8]]] = [:]

    /// A store that hands each line to `show`.
    package init(show: @escaping @Sendable (LogDraft) -> Void) { self.show = show }

    package func feeds() throws(StoreError) -> [FeedState] { [] }

    package func seen(of feeds: [FeedID]) throws(StoreError) -> [FeedID: [UInt8]] {
        seen.filter { feeds.contains($0.key) }
    }

    package func seenArchive(of feed: FeedID) throws(StoreError) -> [[UInt8]] {
        archives[feed] ?? []
    }

    package func commit(
        _ polls: [PollCommit],
        records: [LogDraft]
    ) throws(StoreError) -> CommitReceipt {
        for poll in polls {
            if let items = poll.seen { seen[poll.feed.id] = items }
            if let chunk = poll.seenArchive { archives[poll.feed.id, default: []].append(chunk) }
        }
        let lines = polls.flatMap(\.lines) + records
        for line in lines { show(line) }
        return CommitReceipt(lines: lines.count)
    }

    package func prune(before moment: Timestamp) throws(StoreError) -> Bool { false }
}
