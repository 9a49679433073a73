internal import FeedModel
internal import WatchCore

/// What is read of log lines and positions.
struct LogQueries {
    private let position: Statement
    private let lastSeq: Statement
    private let following: Statement
    private let latest: Statement

    /// Compiles the queries.
    init(_ connection: Connection) throws(StoreError) {
        position = try connection.prepare(
            "reading a log's position",
            """
            SELECT noted_seq, device, inode, position, boot_id FROM log WHERE stream = ?
            """
        )
        lastSeq = try connection.prepare(
            "reading a log's last number",
            "SELECT last_seq FROM log WHERE stream = ?"
        )
        following = try connection.prepare(
            "reading lines",
            "SELECT seq, bytes FROM line WHERE stream = ? AND seq > ? ORDER BY seq"
        )
        latest = try connection.prepare(
            "reading lines",
            """
            SELECT seq, bytes FROM line WHERE stream = ? AND seq <= ? ORDER BY seq DESC LIMIT ?
            """
        )
    }

    /// The noted position of a log.
    func position(of stream: LogStream) throws(StoreError) -> LogPosition {
        try position.first(stream) { row in
            LogPosition(
                seq: row.integer(0),
                device: UInt64(bitPattern: row.integer(1)),
                inode: UInt64(bitPattern: row.integer(2)),
                offset: row.integer(3),
                bootID: row.text(4)
            )
        } ?? LogPosition()
    }

    /// The last number given in a log; 0: none.
    func lastSeq(of stream: LogStream) throws(StoreError) -> Int64 {
        try lastSeq.first(stream) { $0.integer(0) } ?? 0
    }

    /// Lines after `seq`, in order, up to about `limit` bytes, at least one.
    func lines(
        of stream: LogStream,
        after seq: Int64,
        limit: ByteCount
    ) throws(StoreError) -> [LogLine] {
        var lines: [LogLine] = []
        var total = 0
        try following.forEach(stream, seq) { row throws(StoreError) in
            let line = LogLine(seq: row.integer(0), bytes: row.bytes(1))
            total += line.bytes.count
            // The line that goes over the limit is left for the next call.
            guard lines.isEmpty || total <= limit.bytes else { return false }
            lines.append(line)
            return total < limit.bytes
        }
        return lines
    }

    /// The last `count` lines up to `seq`, in order.
    func lastLines(
        of stream: LogStream,
        upTo seq: Int64,
        count: Int
    ) throws(StoreError) -> [LogLine] {
        try latest.all(stream, seq, count) {
            LogLine(seq: $0.integer(0), bytes: $0.bytes(1))
        }
        .reversed()
    }
}
