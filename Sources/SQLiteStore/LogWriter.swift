internal import FeedModel
internal import WatchCore

/// Numbers and keeps log lines and their promises, inside a transaction of its caller.
struct LogWriter {
    private let queries: LogQueries
    private let insertLine: Statement
    private let insertDelivery: Statement
    private let setLastSeq: Statement
    private let setPosition: Statement
    private let setDropped: Statement
    private let connection: Connection

    /// Compiles the statements.
    init(_ connection: Connection, queries: LogQueries) throws(StoreError) {
        self.connection = connection
        self.queries = queries
        insertLine = try connection.prepare(
            "storing a line",
            """
            INSERT INTO line (n, stream, seq, id, topic, feed, item, time, bytes)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (stream, id) DO NOTHING
            """
        )
        insertDelivery = try connection.prepare(
            "storing a delivery",
            """
            INSERT INTO delivery (line, hook, stream, state, attempts, due, created)
            VALUES (?, ?, ?, 0, 0, ?, ?)
            ON CONFLICT (line, hook) DO NOTHING
            """
        )
        setLastSeq = try connection.prepare(
            "storing a log's last number",
            "UPDATE log SET last_seq = ?, last_hash = ? WHERE stream = ?"
        )
        setPosition = try connection.prepare(
            "noting a log's position",
            """
            UPDATE log SET noted_seq = ?, device = ?, inode = ?, position = ?, boot_id = ?
            WHERE stream = ?
            """
        )
        setDropped = try connection.prepare(
            "noting dropped lines",
            "UPDATE log SET dropped_seq = max(dropped_seq, ?) WHERE stream = ?"
        )
    }

    /// Notes up to which number lines were dropped with rotated files.
    func noteDropped(_ seq: Int64, of stream: LogStream) throws(StoreError) {
        try setDropped.run(seq, stream)
    }

    /// Notes how far a log got.
    func note(_ position: LogPosition, of stream: LogStream) throws(StoreError) {
        try setPosition.run(
            position.seq,
            position.device,
            position.inode,
            position.offset,
            position.bootID,
            stream
        )
    }

    /// Gives the drafts of a transaction their numbers.
    struct Numbering {
        /// The last number of each log.
        fileprivate var last: [Int64]
        /// The hash of that line; nil: there is none, or it is not known.
        fileprivate var hashes: [LineHash?]
        /// What became of the drafts.
        private(set) var receipt = CommitReceipt()
        fileprivate let before: [Int64]

        fileprivate init(last: [Int64], hashes: [LineHash?]) {
            self.last = last
            self.hashes = hashes
            before = last
        }

        fileprivate mutating func count(_ wasStored: Bool) {
            if wasStored { receipt.lines += 1 } else { receipt.repeats += 1 }
        }
    }

    /// Begins with the numbers that are stored.
    func beginNumbering() throws(StoreError) -> Numbering {
        var last: [Int64] = []
        var hashes: [LineHash?] = []
        for stream in LogStream.allCases {
            let line = try queries.lastLine(of: stream)
            last.append(line.lastSeq)
            hashes.append(line.lastHash)
        }
        return Numbering(last: last, hashes: hashes)
    }

    /// Stores the drafts whose identity is new, each with one promise a hook.
    func store(_ drafts: [LogDraft], _ numbering: inout Numbering) throws(StoreError) {
        for draft in drafts {
            let seq = numbering.last[draft.stream.rawValue] + 1
            // All logs' lines in the order they were stored: as each line raises one of the last
            // numbers by one, their sum is new, rises, and survives pruning as they do.
            let n = numbering.last.reduce(1, +)
            let line = draft.line(seq: seq, previous: numbering.hashes[draft.stream.rawValue])
            try insertLine.run(
                n,
                draft.stream,
                seq,
                draft.id,
                draft.topic,
                draft.feed,
                draft.item,
                draft.time,
                line
            )
            let wasStored = connection.changes == 1
            numbering.count(wasStored)
            guard wasStored else { continue }
            numbering.last[draft.stream.rawValue] = seq
            guard let hash = LineHash(of: line) else {
                throw StoreError(message: "no memory to hash a line", isTransient: true)
            }
            numbering.hashes[draft.stream.rawValue] = hash
            for hook in draft.hooks {
                try insertDelivery.run(n, hook, draft.stream, draft.time, draft.time)
            }
        }
    }

    /// Stores the numbers reached.
    func endNumbering(_ numbering: Numbering) throws(StoreError) {
        for stream in LogStream.allCases
        where numbering.last[stream.rawValue] != numbering.before[stream.rawValue] {
            try setLastSeq.run(
                numbering.last[stream.rawValue],
                numbering.hashes[stream.rawValue]?.bytes,
                stream
            )
        }
    }
}
