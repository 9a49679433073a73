package import FeedModel

/// What is remembered of a feed between polls: one row of the store.
package struct FeedState: Hashable, Sendable {
    /// The feed.
    package var id: FeedID
    /// The address the validators belong to; another one in the configuration drops them.
    package var url: String
    /// The validators of the last document that was stored whole.
    package var validators = Validators()
    /// The address that gave them, after redirects.
    package var validatorsURL: String?
    /// The hash of that document's bytes; 0 while there is none.
    package var bodyHash: UInt64 = 0
    /// When to poll next.
    package var nextPoll: Timestamp
    /// Before when server and document ask not to be polled.
    package var notBefore: Timestamp?
    /// Until when the server asks its whole host to be left alone.
    package var hostHeldUntil: Timestamp?
    /// When it was last polled.
    package var lastPoll: Timestamp?
    /// When a poll last brought a feed, or word that it has not changed.
    package var lastSuccess: Timestamp?
    /// When a new item was last found.
    package var lastNewItem: Timestamp?
    /// How many polls in a row failed.
    package var failures = 0
    /// Since when they fail.
    package var failingSince: Timestamp?
    /// Why the last poll failed.
    package var reason: FailureReason?
    /// The same for people; without a reason, what is damaged in the last document that was read.
    package var message: String?
    /// Whether the first poll has been stored.
    package var hasBaseline = false
    /// The feed's own title.
    package var title: String?
    /// Polls so far.
    package var polls = 0
    /// Items found so far.
    package var items = 0
    /// Matches recorded so far.
    package var matches = 0
    /// When the feed usually has something new.
    package var cadence = Cadence()
    /// What server and document ask of those who poll.
    package var wishes = PollWishes()
    /// Where the feed has moved to.
    package var move: FeedMove?
    /// How many polls in a row said that the feed is gone for good (410), other failures aside.
    package var goneLooks = 0
    /// How it behaves, and what was told of it.
    package var health = FeedHealth()
    /// At most one: apart from the rest, as most feeds have none.
    private var walks: [ArchiveWalk] = []

    /// The last walk through its older pages, to close a gap; nil: there was none.
    package var walk: ArchiveWalk? {
        get { walks.first }
        set { walks = newValue.map { [$0] } ?? [] }
    }

    /// The address to ask.
    package var address: String {
        if let move, move.isFollowed { move.url } else { url }
    }

    /// The state of a feed that was never polled.
    package init(id: FeedID, url: String, nextPoll: Timestamp) {
        self.id = id
        self.url = url
        self.nextPoll = nextPoll
    }
}

/// Which log a line belongs to.
package enum LogStream: Int, Sendable, CaseIterable {
    /// `matches.jsonl`
    case matches = 0
    /// `events.jsonl`
    case events = 1
}

/// A log line before it has a number: the store numbers it in the transaction that keeps it.
package struct LogDraft: Hashable, Sendable {
    /// The log.
    package var stream: LogStream
    /// The record's stable identity; a line whose identity is already stored is left out.
    package var id: String
    /// The topic, for matches.
    package var topic: TopicID?
    /// The feed.
    package var feed: FeedID?
    /// The item, for matches.
    package var item: ItemKey?
    /// When it was recorded.
    package var time: Timestamp
    /// All of the line behind the number but for `prev`: `,"id":…}` and the newline.
    package var tail: [UInt8]
    /// The hooks to tell.
    package var hooks: [HookID]

    /// A draft.
    package init(
        stream: LogStream,
        id: String,
        topic: TopicID? = nil,
        feed: FeedID? = nil,
        item: ItemKey? = nil,
        time: Timestamp,
        tail: [UInt8],
        hooks: [HookID] = []
    ) {
        self.stream = stream
        self.id = id
        self.topic = topic
        self.feed = feed
        self.item = item
        self.time = time
        self.tail = tail
        self.hooks = hooks
    }

    /// The whole line under its number, newline included; it ends with the hash of the line
    /// before it, or with null at the beginning of a chain.
    package func line(seq: Int64, previous: LineHash? = nil) -> [UInt8] {
        let end = Array("}\n".utf8)
        precondition(tail.suffix(2).elementsEqual(end), "a draft ends its object and its line")
        var line = Array("{\"schema\":1,\"seq\":".utf8)
        line.reserveCapacity(tail.count + 128)
        line.append(contentsOf: String(seq).utf8)
        line.append(contentsOf: tail.dropLast(2))
        line.append(contentsOf: ",\"prev\":".utf8)
        let hash = previous.map { "\"\($0.hexadecimal)\"" } ?? "null"
        line.append(contentsOf: hash.utf8)
        line.append(contentsOf: end)
        return line
    }
}

/// The texts of items found new in one poll, packed: one row of the store, kept for looking back.
package struct HistoryChunk: Hashable, Sendable {
    /// When they were found.
    package var time: Timestamp
    /// The items' keys, in order.
    package var keys: [ItemKey]
    /// The items, packed by `HistoryCodec`.
    package var bytes: [UInt8]

    /// A chunk.
    package init(time: Timestamp, keys: [ItemKey], bytes: [UInt8]) {
        self.time = time
        self.keys = keys
        self.bytes = bytes
    }
}

/// All that one poll changes; stored whole or not at all.
package struct PollCommit: Sendable {
    /// The feed's new state, validators included.
    package var feed: FeedState
    /// The packed items that count as seen now; nil: unchanged.
    package var seen: [UInt8]?
    /// Packed items to be moved to the feed's archive of seen items: never rewritten, and returned
    /// by `Store.seenArchive`.
    ///
    /// Nil: none.
    package var seenArchive: [UInt8]?
    /// The new items' texts; nil: none.
    package var history: HistoryChunk?
    /// The log lines to write.
    package var lines: [LogDraft] = []

    /// A commit of a feed's state.
    package init(feed: FeedState) { self.feed = feed }
}

/// What a commit did.
package struct CommitReceipt: Hashable, Sendable {
    /// How many lines got a number.
    package var lines = 0
    /// How many lines were left out, as their identity was already stored.
    package var repeats = 0

    /// A receipt.
    package init(lines: Int = 0, repeats: Int = 0) {
        self.lines = lines
        self.repeats = repeats
    }
}

/// The store failed: I/O, a full disk, a damaged or foreign file.
package struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What happened, for people: the file, the operation, SQLite's words.
    package var message: String
    /// Whether the same call may succeed later (full disk, file locked, interrupted).
    package var isTransient: Bool
    /// Whether the disk can no longer be trusted (a sync failed): the daemon must stop.
    package var isFatal: Bool

    /// A failure.
    package init(message: String, isTransient: Bool = false, isFatal: Bool = false) {
        self.message = message
        self.isTransient = isTransient
        self.isFatal = isFatal
    }

    package var description: String { message }
}

/// What the poll pipeline remembers by.
///
/// One instance owns the state directory.
package protocol Store: Sendable {
    /// All feeds' states.
    func feeds() async throws(StoreError) -> [FeedState]
    /// The packed seen items of `feeds`; a feed without any is left out.
    func seen(of feeds: [FeedID]) async throws(StoreError) -> [FeedID: [UInt8]]
    /// The archived packed seen items of a feed, oldest first.
    func seenArchive(of feed: FeedID) async throws(StoreError) -> [[UInt8]]
    /// Stores polls and records in one durable transaction: numbers the lines, keeps their bytes
    /// and one delivery for each hook of each line, and the feeds' states.
    /// `records` are lines that belong to no poll (events).
    func commit(
        _ polls: [PollCommit],
        records: [LogDraft]
    ) async throws(StoreError)
        -> CommitReceipt
    /// Drops one small step's worth of history and finished records older than `moment`;
    /// true while there is more to drop.
    func prune(before moment: Timestamp) async throws(StoreError) -> Bool
}
