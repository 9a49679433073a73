internal import FeedModel
internal import WatchCore

/// What is read of feeds.
struct FeedQueries {
    private let states: Statement
    private let seen: Statement
    private let archive: Statement

    /// Compiles the queries.
    init(_ connection: Connection) throws(StoreError) {
        states = try connection.prepare(
            "reading the feeds",
            """
            SELECT f.id, f.name, f.url, f.etag, f.last_modified, f.body_hash, f.has_baseline,
                f.title, f.last_new_item, f.items, f.matches,
                p.next, p.last, p.last_success, p.failures, p.failing_since, p.reason,
                p.message, p.polls, f.document_url, f.cadence, f.wishes, f.move, p.not_before,
                p.host_held_until, p.gone_looks, p.health, f.walk
            FROM feed f JOIN poll p ON p.feed = f.id ORDER BY f.id
            """
        )
        seen = try connection.prepare(
            "reading seen items",
            "SELECT s.bytes FROM feed f JOIN seen s ON s.feed = f.id WHERE f.name = ?"
        )
        archive = try connection.prepare(
            "reading archived seen items",
            """
            SELECT a.bytes FROM feed f JOIN seen_archive a ON a.feed = f.id
            WHERE f.name = ? ORDER BY a.n
            """
        )
    }

    /// All feeds' states with their row numbers.
    func all() throws(StoreError) -> [(row: Int64, state: FeedState)] {
        try states.all { ($0.integer(0), FeedQueries.state($0)) }
    }

    /// The packed seen items of those of `feeds` that have any.
    func seen(of feeds: [FeedID]) throws(StoreError) -> [FeedID: [UInt8]] {
        var found: [FeedID: [UInt8]] = [:]
        for feed in feeds {
            if let bytes = try seen.first(feed, read: { $0.bytes(0) }) { found[feed] = bytes }
        }
        return found
    }

    /// The archived packed seen items of a feed, oldest first.
    func seenArchive(of feed: FeedID) throws(StoreError) -> [[UInt8]] {
        try archive.all(feed) { $0.bytes(0) }
    }

    private static func state(_ row: borrowing Row) -> FeedState {
        var state = FeedState(
            id: FeedID(row.text(1)),
            url: row.text(2),
            nextPoll: row.moment(11)
        )
        state.validators.etag = row.text(orNil: 3)
        state.validators.lastModified = row.text(orNil: 4)
        state.bodyHash = UInt64(bitPattern: row.integer(5))
        state.hasBaseline = row.integer(6) != 0
        state.title = row.text(orNil: 7)
        state.lastNewItem = row.moment(orNil: 8)
        state.items = Int(row.integer(9))
        state.matches = Int(row.integer(10))
        state.lastPoll = row.moment(orNil: 12)
        state.lastSuccess = row.moment(orNil: 13)
        state.failures = Int(row.integer(14))
        state.failingSince = row.moment(orNil: 15)
        state.reason = row.text(orNil: 16).flatMap(FailureReason.init(rawValue:))
        state.message = row.text(orNil: 17)
        state.polls = Int(row.integer(18))
        state.validatorsURL = row.text(orNil: 19)
        // What is damaged is learned again.
        state.cadence = Cadence(packed: row.bytes(20)) ?? Cadence()
        state.wishes = PollWishes(packed: row.bytes(21)) ?? PollWishes()
        state.move = FeedMove(packed: row.bytes(22))
        state.notBefore = row.moment(orNil: 23)
        state.hostHeldUntil = row.moment(orNil: 24)
        state.goneLooks = Int(row.integer(25))
        state.health = FeedHealth(packed: row.bytes(26)) ?? FeedHealth()
        state.walk = ArchiveWalk(packed: row.bytes(27))
        return state
    }
}
