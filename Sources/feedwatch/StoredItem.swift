internal import FeedModel
internal import SQLiteStore
internal import ServiceHost
internal import TopicQuery
internal import WatchCore

/// An item of stored history, with the feed it came from.
struct StoredItem {
    /// The most polls read at a time.
    private static let pageSize = 256

    private let item: HistoryItem
    private let feed: FeedID
    private let found: Timestamp
    private let settings: FeedSettings?

    /// The text as it was matched.
    let text: ItemText

    private init(
        _ item: HistoryItem,
        of feed: FeedID,
        found: Timestamp,
        _ configuration: Configuration
    ) {
        self.item = item
        self.feed = feed
        self.found = found
        settings = configuration.feeds.first { $0.id == feed }
        text = item.text(of: feed)
    }

    /// The item with a key as records write it.
    static func find(_ key: String, _ configuration: Configuration) throws -> StoredItem {
        guard
            key.utf8.count == 16, key.allSatisfy(\.isHexDigit), let hash = UInt64(key, radix: 16)
        else {
            throw CommandFailure(.usage, "--item: '\(key)' is not 16 hexadecimal digits")
        }
        do throws(StoreError) {
            let reader = try SQLiteReader(directory: configuration.watch.statePath)
            if let item = try find(ItemKey(hash), reader, configuration) { return item }
        } catch {
            throw CommandFailure(.failed, error.message)
        }
        throw CommandFailure(
            .answerIsNo,
            "--item: there is no item \(key) in stored history, or no longer"
        )
    }

    private static func find(
        _ key: ItemKey,
        _ reader: SQLiteReader,
        _ configuration: Configuration
    ) throws(StoreError) -> StoredItem? {
        var row: Int64 = 0
        let start = Timestamp(milliseconds: Int64.min)
        while true {
            let page = try reader.history(since: start, afterRow: row, limit: pageSize)
            guard let last = page.last else { return nil }
            for entry in page where entry.chunk.keys.contains(key) {
                let items = try StoredHistory.items(in: entry.chunk, row: entry.row)
                guard let item = items.first(where: { $0.key == key }) else { continue }
                return StoredItem(item, of: entry.feed, found: entry.chunk.time, configuration)
            }
            row = last.row
        }
    }

    /// Whether the item's feed is matched against a topic.
    func isWatched(_ topic: TopicID) -> Bool { settings?.topics?.contains(topic) ?? true }

    /// What the item is, for people.
    var lines: [String] {
        var lines = [
            "item \(item.key) of feed \(feed), found \(found.rfc3339Seconds)",
            "  \(item.title.isEmpty ? "(no title)" : item.title)",
        ]
        if !item.url.isEmpty { lines.append("  \(item.url)") }
        return lines.map(VisibleText.escape)
    }
}
