import FeedModel
import TopicQuery
import WatchCore

/// A reader of a line format: `feed`, then one item a line, `id|url|title|text`; a line `cut` at
/// the end says that the document was cut off within the last item.
struct LineReader: DocumentReader {
    func read(_ document: [UInt8], hints: DocumentHints) -> DocumentReading {
        let lines = String(decoding: document, as: UTF8.self).split(separator: "\n")
        guard lines.first == "feed" else {
            return .notAFeed(message: "the first line is not 'feed'", announced: [])
        }
        let isCut = lines.last == "cut"
        var feed = WatchCoreTests.document(
            lines.dropFirst().filter { $0 != "cut" }.map { line in
                let parts = line.split(separator: "|", omittingEmptySubsequences: false)
                    .map(String.init)
                return (parts[0], parts[1], parts[2], parts[3])
            }
        )
        if isCut {
            feed.endsInItem = true
            feed.problems.append(ParseProblem(code: "xml-truncated", line: 9, message: "cut off"))
        }
        return .feed(feed)
    }

    func appendPlainText(of text: ParsedText, in feed: ParsedFeed, to output: inout [UInt8]) {
        output.append(contentsOf: feed.bytes[text.span.range])
    }
}

/// A store in memory that keeps what the real one promises, and fails when told to.
actor MemoryStore: Store {
    private(set) var states: [FeedID: FeedState] = [:]
    private(set) var seen: [FeedID: [UInt8]] = [:]
    private(set) var archives: [FeedID: [[UInt8]]] = [:]
    private(set) var history: [HistoryChunk] = []
    private(set) var lines: [LogDraft] = []
    private(set) var commits = 0
    private var nextFailure: StoreError?

    func failNext(_ error: StoreError) { nextFailure = error }

    func feeds() throws(StoreError) -> [FeedState] { Array(states.values) }

    func seen(of feeds: [FeedID]) throws(StoreError) -> [FeedID: [UInt8]] {
        seen.filter { feeds.contains($0.key) }
    }

    func seenArchive(of feed: FeedID) throws(StoreError) -> [[UInt8]] { archives[feed] ?? [] }

    func commit(
        _ polls: [PollCommit],
        records: [LogDraft]
    ) throws(StoreError) -> CommitReceipt {
        if let error = nextFailure {
            nextFailure = nil
            throw error
        }
        commits += 1
        var receipt = CommitReceipt()
        for poll in polls {
            states[poll.feed.id] = poll.feed
            if let items = poll.seen { seen[poll.feed.id] = items }
            if let chunk = poll.seenArchive { archives[poll.feed.id, default: []].append(chunk) }
            if let chunk = poll.history { history.append(chunk) }
        }
        for line in polls.flatMap(\.lines) + records {
            if lines.contains(where: { $0.id == line.id }) {
                receipt.repeats += 1
            } else {
                lines.append(line)
                receipt.lines += 1
            }
        }
        return receipt
    }

    func prune(before moment: Timestamp) throws(StoreError) -> Bool { false }
}
