internal import FeedModel
internal import WatchCore

/// The queries of `SQLiteReader` on one open file, which all see the same committed state.
struct ReadDatabase {
    private let connection: Connection

    /// Opens `path`; fails where its tables are not of the version this program knows.
    init(path: String, mode: Connection.Mode) throws(StoreError) {
        connection = try Connection(path: path, mode: mode)
        try connection.execute("reading", "BEGIN")
        let marks = try Schema.Marks(of: connection)
        try marks.check(path, upTo: Schema.current)
        guard marks.version == Schema.current else {
            throw StoreError(
                message: marks.isEmpty
                    ? "\(path): there is no state yet; the daemon is starting"
                    : """
                    \(path): written by an older feedwatch (tables of version \(marks.version)); \
                    the daemon of this version brings it up to date when it starts
                    """,
                isTransient: true
            )
        }
    }

    /// Feeds, logs and counts.
    func snapshot() throws(StoreError) -> StateSnapshot {
        var snapshot = StateSnapshot()
        snapshot.feeds = try FeedQueries(connection).all().map(\.state)
        let log = try LogQueries(connection)
        for stream in LogStream.allCases {
            snapshot.logs.append(
                StateSnapshot.Log(
                    stream: stream,
                    lastSeq: try log.lastSeq(of: stream),
                    position: try log.position(of: stream)
                )
            )
        }
        let counts = try connection.prepare(
            "counting deliveries",
            "SELECT hook, state, count(*) FROM delivery GROUP BY hook, state"
        )
        try counts.forEach { row in
            let hook = HookID(row.text(0))
            let count = Int(row.integer(2))
            var counts = snapshot.deliveries[hook] ?? DeliveryCounts()
            switch DeliveryState(rawValue: Int(row.integer(1))) {
            case .pending: counts.pending = count
            case .delivered: counts.delivered = count
            case .dead: counts.dead = count
            case .dropped: counts.dropped = count
            case nil: break
            }
            snapshot.deliveries[hook] = counts
            return true
        }
        snapshot.pauses = try PauseTable(connection).pauses()
        return snapshot
    }

    /// The last lines known to be written.
    func lastLines(of stream: LogStream, count: Int) throws(StoreError) -> [LogLine] {
        let log = try LogQueries(connection)
        return try log.lastLines(of: stream, upTo: log.position(of: stream).seq, count: count)
    }

    /// What the state knows of a log's lines.
    func witness(of stream: LogStream) throws(StoreError) -> LogWitness {
        try LogQueries(connection).witness(of: stream)
    }

    /// Promises in `state`, oldest first.
    func deliveries(in state: DeliveryState, limit: Int) throws(StoreError) -> [DeliveryRecord] {
        let query = try connection.prepare(
            "reading deliveries",
            """
            SELECT \(DeliveryTable.columns), d.due, d.hook, d.message, d.output
            FROM delivery d JOIN line l ON l.n = d.line WHERE d.state = ?
            ORDER BY d.line, d.hook LIMIT ?
            """
        )
        return try query.all(state, limit) { ReadDatabase.delivery($0, state) }
    }

    /// The promises to tell a record or a group.
    func deliveries(of id: String) throws(StoreError) -> [DeliveryRecord] {
        let query = try connection.prepare(
            "reading deliveries",
            """
            SELECT \(DeliveryTable.columns), d.due, d.hook, d.message, d.output, d.state
            FROM delivery d JOIN line l ON l.n = d.line WHERE (d.line, d.hook) IN (
                SELECT line, hook FROM delivery
                WHERE line IN (SELECT n FROM line WHERE stream IN (0, 1) AND id = ?1)
                UNION SELECT line, hook FROM delivery WHERE grouping = ?1)
            ORDER BY d.state, d.line, d.hook
            """
        )
        return try query.all(id) { row in
            ReadDatabase.delivery(row, DeliveryState(rawValue: Int(row.integer(11))) ?? .pending)
        }
    }

    private static func delivery(_ row: borrowing Row, _ state: DeliveryState) -> DeliveryRecord {
        DeliveryRecord(
            delivery: DeliveryTable.delivery(row, hook: HookID(row.text(8))),
            state: state,
            due: row.moment(7),
            message: row.text(orNil: 9),
            output: row.text(orNil: 10)
        )
    }

    /// A page of history.
    func history(
        since moment: Timestamp,
        after row: Int64,
        limit: Int
    ) throws(StoreError) -> [(row: Int64, feed: FeedID, chunk: HistoryChunk)] {
        let query = try connection.prepare(
            "reading history",
            """
            SELECT h.n, f.name, h.time, h.keys, h.bytes
            FROM history h JOIN feed f ON f.id = h.feed
            WHERE h.n > ? AND +h.time >= ? ORDER BY h.n LIMIT ?
            """
        )
        return try query.all(row, moment, limit) { row in
            (
                row.integer(0),
                FeedID(row.text(1)),
                HistoryChunk(
                    time: row.moment(2),
                    keys: PackedKeys.unpack(row.bytes(3)),
                    bytes: row.bytes(4)
                )
            )
        }
    }
}
