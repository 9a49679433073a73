internal import FeedModel
internal import WatchCore

/// Writes feeds' states, seen items and history, inside a transaction of its caller.
///
/// A poll that changed nothing writes the one narrow row of `poll`: the writer knows of each feed
/// its row and a hash of what it last wrote to the wide row of `feed`.
final class FeedWriter {
    private struct Slot {
        var row: Int64
        var document: Int
    }

    private let connection: Connection
    private let insertFeed: Statement
    private let updateFeed: Statement
    private let insertPoll: Statement
    private let updatePoll: Statement
    private let putSeen: Statement
    private let insertArchive: Statement
    private let insertHistory: Statement
    /// What is stored.
    private var slots: [FeedID: Slot] = [:]
    /// What the transaction under way changes of it.
    private var changed: [FeedID: Slot] = [:]

    /// Compiles the statements; `feeds` are all states that are stored.
    init(
        _ connection: Connection,
        feeds: [(row: Int64, state: FeedState)]
    ) throws(StoreError) {
        self.connection = connection
        insertFeed = try connection.prepare(
            "storing a feed",
            """
            INSERT INTO feed (name, url, etag, last_modified, body_hash, has_baseline, title,
                last_new_item, items, matches, document_url, cadence, wishes, move, walk)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        )
        updateFeed = try connection.prepare(
            "storing a feed",
            """
            UPDATE feed SET url = ?, etag = ?, last_modified = ?, body_hash = ?,
                has_baseline = ?, title = ?, last_new_item = ?, items = ?, matches = ?,
                document_url = ?, cadence = ?, wishes = ?, move = ?, walk = ?
            WHERE id = ?
            """
        )
        insertPoll = try connection.prepare(
            "storing a poll",
            """
            INSERT INTO poll (next, last, last_success, failures, failing_since, reason, message,
                polls, not_before, host_held_until, gone_looks, health, feed)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        )
        updatePoll = try connection.prepare(
            "storing a poll",
            """
            UPDATE poll SET next = ?, last = ?, last_success = ?, failures = ?,
                failing_since = ?, reason = ?, message = ?, polls = ?, not_before = ?,
                host_held_until = ?, gone_looks = ?, health = ?
            WHERE feed = ?
            """
        )
        putSeen = try connection.prepare(
            "storing seen items",
            """
            INSERT INTO seen (feed, bytes) VALUES (?, ?)
            ON CONFLICT (feed) DO UPDATE SET bytes = excluded.bytes
            """
        )
        insertArchive = try connection.prepare(
            "archiving seen items",
            "INSERT INTO seen_archive (feed, bytes) VALUES (?, ?)"
        )
        insertHistory = try connection.prepare(
            "storing history",
            "INSERT INTO history (feed, time, keys, bytes) VALUES (?, ?, ?, ?)"
        )
        slots.reserveCapacity(feeds.count)
        for (row, state) in feeds {
            slots[state.id] = Slot(row: row, document: FeedWriter.document(of: state))
        }
    }

    /// Writes one poll's feed state, seen items and history; not its lines.
    func store(_ poll: PollCommit) throws(StoreError) {
        let row = try store(poll.feed)
        if let seen = poll.seen { try putSeen.run(row, seen) }
        if let archive = poll.seenArchive { try insertArchive.run(row, archive) }
        if let history = poll.history {
            try history.bytes.withUnsafeBufferPointer { bytes throws(StoreError) in
                try insertHistory.run { binder in
                    binder.put(row)
                    binder.put(history.time)
                    binder.put(PackedKeys.pack(history.keys))
                    binder.put(lent: bytes)
                }
            }
        }
    }

    /// Keeps what the transaction told of the feeds: it is committed.
    func committed() {
        slots.merge(changed) { $1 }
        changed.removeAll(keepingCapacity: true)
    }

    /// Forgets what the transaction told of the feeds: it was rolled back.
    func rolledBack() { changed.removeAll(keepingCapacity: true) }

    private func store(_ feed: FeedState) throws(StoreError) -> Int64 {
        let document = FeedWriter.document(of: feed)
        guard let slot = changed[feed.id] ?? slots[feed.id] else {
            try insertFeed.run { binder in
                binder.put(feed.id)
                FeedWriter.bind(feed, to: &binder)
            }
            let row = connection.lastRow
            try writePoll(insertPoll, feed, row: row)
            changed[feed.id] = Slot(row: row, document: document)
            return row
        }
        if slot.document != document {
            try updateFeed.run { binder in
                FeedWriter.bind(feed, to: &binder)
                binder.put(slot.row)
            }
            changed[feed.id] = Slot(row: slot.row, document: document)
        }
        try writePoll(updatePoll, feed, row: slot.row)
        return slot.row
    }

    private static func bind(_ feed: FeedState, to binder: inout Binder) {
        binder.put(feed.url)
        binder.put(feed.validators.etag)
        binder.put(feed.validators.lastModified)
        binder.put(feed.bodyHash)
        binder.put(feed.hasBaseline)
        binder.put(feed.title)
        binder.put(feed.lastNewItem)
        binder.put(feed.items)
        binder.put(feed.matches)
        binder.put(feed.validatorsURL)
        binder.put(feed.cadence.packed.nilIfEmpty)
        binder.put(feed.wishes.packed.nilIfEmpty)
        binder.put(feed.move?.packed)
        binder.put(feed.walk?.packed)
    }

    private func writePoll(
        _ statement: Statement,
        _ feed: FeedState,
        row: Int64
    ) throws(StoreError) {
        try statement.run { binder in
            binder.put(feed.nextPoll)
            binder.put(feed.lastPoll)
            binder.put(feed.lastSuccess)
            binder.put(feed.failures)
            binder.put(feed.failingSince)
            binder.put(feed.reason?.rawValue)
            binder.put(feed.message)
            binder.put(feed.polls)
            binder.put(feed.notBefore)
            binder.put(feed.hostHeldUntil)
            binder.put(feed.goneLooks)
            binder.put(feed.health == FeedHealth() ? nil : feed.health.packed)
            binder.put(row)
        }
    }

    /// A hash over the columns of `feed`.
    private static func document(of feed: FeedState) -> Int {
        var hasher = Hasher()
        hasher.combine(feed.url)
        hasher.combine(feed.validators)
        hasher.combine(feed.bodyHash)
        hasher.combine(feed.hasBaseline)
        hasher.combine(feed.title)
        hasher.combine(feed.lastNewItem)
        hasher.combine(feed.items)
        hasher.combine(feed.matches)
        hasher.combine(feed.validatorsURL)
        hasher.combine(feed.cadence)
        hasher.combine(feed.wishes)
        hasher.combine(feed.move)
        hasher.combine(feed.walk)
        return hasher.finalize()
    }
}

extension [UInt8] {
    /// The bytes, or nil where there are none: NULL takes no room.
    fileprivate var nilIfEmpty: [UInt8]? { isEmpty ? nil : self }
}

/// Item keys as the store keeps them: eight bytes each, little-endian.
enum PackedKeys {
    /// The bytes of `keys`.
    static func pack(_ keys: [ItemKey]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(keys.count * 8)
        for key in keys {
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: key.rawValue >> shift))
            }
        }
        return bytes
    }

    /// The keys in `bytes`; a rest of fewer than eight bytes is left out.
    static func unpack(_ bytes: [UInt8]) -> [ItemKey] {
        stride(from: 0, to: bytes.count - bytes.count % 8, by: 8).map { start in
            var key: UInt64 = 0
            for index in (0..<8).reversed() { key = key << 8 | UInt64(bytes[start + index]) }
            return ItemKey(key)
        }
    }
}
