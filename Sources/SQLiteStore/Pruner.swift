internal import FeedModel
internal import WatchCore

/// Drops what is old and finished, a small step at a time, inside a transaction of its caller.
struct Pruner {
    /// The most rows of one step.
    static let rows = 200
    /// The most rows of one step towards a limit: little beyond what is needed is dropped.
    static let fewRows = 10

    private let connection: Connection
    private let oldHistory: Statement
    private let oldLines: Statement
    private let deliveriesOfLine: Statement
    private let line: Statement

    /// Compiles the statements.
    init(_ connection: Connection) throws(StoreError) {
        self.connection = connection
        oldHistory = try connection.prepare(
            "pruning history",
            """
            DELETE FROM history WHERE n IN
                (SELECT n FROM history WHERE time < ? ORDER BY time LIMIT ?)
            """
        )
        oldLines = try connection.prepare(
            "pruning lines",
            """
            SELECT l.n FROM line l JOIN log ON log.stream = l.stream
            WHERE l.time < ? AND l.seq <= log.noted_seq AND NOT EXISTS
                (SELECT * FROM delivery d WHERE d.line = l.n AND d.state = 0)
            ORDER BY l.time LIMIT ?
            """
        )
        deliveriesOfLine = try connection.prepare(
            "pruning deliveries",
            "DELETE FROM delivery WHERE line = ?"
        )
        line = try connection.prepare("pruning lines", "DELETE FROM line WHERE n = ?")
    }

    /// Drops one step's worth of what is older than `moment`; true where more may be left.
    ///
    /// A line goes together with its promises once it is appended and none of them is open.
    func step(before moment: Timestamp, rows: Int = rows) throws(StoreError) -> Bool {
        try oldHistory.run(moment, rows)
        var dropped = connection.changes
        guard dropped < rows else { return true }
        for n in try oldLines.all(moment, rows - dropped, read: { $0.integer(0) }) {
            try deliveriesOfLine.run(n)
            dropped += connection.changes
            try line.run(n)
            dropped += 1
            if dropped >= rows { return true }
        }
        return false
    }
}
