internal import FeedModel
internal import WatchCore

/// A store in memory: what is remembered of items, and the lines since they were last taken.
actor SimulatedStore: Store {
    private var seen: [FeedID: [UInt8]] = [:]
    private var archives: [FeedID: [[UInt8]]] = [:]
    private var identities: Set<String> = []
    private var lines: [LogDraft] = []

    func feeds() throws(StoreError) -> [FeedState] { [] }

    func seen(of feeds: [FeedID]) throws(StoreError) -> [FeedID: [UInt8]] {
        var found: [FeedID: [UInt8]] = [:]
        for feed in feeds { found[feed] = seen[feed] }
        return found
    }

    func seenArchive(of feed: FeedID) throws(StoreError) -> [[UInt8]] { archives[feed] ?? [] }

    func commit(
        _ polls: [PollCommit],
        records: [LogDraft]
    ) throws(StoreError) -> CommitReceipt {
        var receipt = CommitReceipt()
        for poll in polls {
            if let items = poll.seen { seen[poll.feed.id] = items }
            if let chunk = poll.seenArchive { archives[poll.feed.id, default: []].append(chunk) }
            for line in poll.lines { receipt.add(isNew: keep(line)) }
        }
        for line in records { receipt.add(isNew: keep(line)) }
        return receipt
    }

    func prune(before moment: Timestamp) throws(StoreError) -> Bool { false }

    /// The lines that were stored since the last call.
    func takeLines() -> [LogDraft] {
        defer { lines = [] }
        return lines
    }

    private func keep(_ line: LogDraft) -> Bool {
        guard identities.insert(line.id).inserted else { return false }
        lines.append(line)
        return true
    }
}

extension CommitReceipt {
    fileprivate mutating func add(isNew: Bool) {
        if isNew { lines += 1 } else { repeats += 1 }
    }
}
