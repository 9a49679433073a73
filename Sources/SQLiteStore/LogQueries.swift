internal import FeedModel
internal import WatchCore

/// What is read of log lines and positions.
struct LogQueries {
    private let position: Statement
    private let lastSeq: Statement
    private let lastHash: Statement
    private let line: Statement
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
        lastHash = try connection.prepare(
            "reading a log's last hash",
            "SELECT last_seq, last_hash, dropped_seq FROM log WHERE stream = ?"
        )
        line = try connection.prepare(
            "reading a line",
            "SELECT bytes FROM line WHERE stream = ? AND seq = ?"
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

    /// The last line that got a number in a log.
    func lastLine(of stream: LogStream) throws(StoreError) -> LogWitness {
        var witness = LogWitness()
        try lastHash.forEach(stream) { row in
            witness.lastSeq = row.integer(0)
            witness.lastHash = LineHash(bytes: row.bytes(1))
            witness.droppedSeq = row.integer(2)
            return false
        }
        if witness.lastHash == nil, witness.lastSeq > 0 {
            // The last line is of a time when hashes were not kept.
            witness.lastHash = try hash(of: witness.lastSeq, in: stream)
        }
        return witness
    }

    /// What the state knows of a log's lines without reading the log.
    func witness(of stream: LogStream) throws(StoreError) -> LogWitness {
        var witness = try lastLine(of: stream)
        witness.notedSeq = try position(of: stream).seq
        witness.notedHash =
            witness.notedSeq == witness.lastSeq
            ? witness.lastHash : try hash(of: witness.notedSeq, in: stream)
        return witness
    }

    private func hash(of seq: Int64, in stream: LogStream) throws(StoreError) -> LineHash? {
        try line.first(stream, seq) { LineHash(of: $0.bytes(0)) } ?? nil
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
