internal import FeedModel
internal import WatchCore

/// The open state of one directory: the file and all statements on it.
///
/// Confined to `SQLiteStore`, which is the only one to make it.
final class StateDatabase {
    /// The name of the database in the state directory.
    static let fileName = "state.sqlite"

    private let connection: Connection
    private let feedQueries: FeedQueries
    private let feedWriter: FeedWriter
    private let logQueries: LogQueries
    private let logWriter: LogWriter
    let deliveries: DeliveryTable
    let pauseTable: PauseTable
    let replay: DeliveryReplay
    private let pruner: Pruner
    private let vacuum: Vacuum

    /// Opens or makes the database in `directory`.
    convenience init(directory: String) throws(StoreError) {
        let connection = try Connection(
            path: directory + "/" + StateDatabase.fileName,
            mode: .owner
        )
        try Schema.prepare(connection)
        try self.init(connection)
    }

    /// Compiles the statements on a connection whose tables are there.
    init(_ connection: Connection) throws(StoreError) {
        self.connection = connection
        feedQueries = try FeedQueries(connection)
        feedWriter = try FeedWriter(connection, feeds: feedQueries.all())
        logQueries = try LogQueries(connection)
        logWriter = try LogWriter(connection, queries: logQueries)
        deliveries = try DeliveryTable(connection)
        pauseTable = try PauseTable(connection)
        replay = try DeliveryReplay(connection)
        pruner = try Pruner(connection)
        vacuum = try Vacuum(connection)
    }

    /// See `Store.feeds`.
    func feeds() throws(StoreError) -> [FeedState] { try feedQueries.all().map(\.state) }

    /// See `Store.seen`.
    func seen(of feeds: [FeedID]) throws(StoreError) -> [FeedID: [UInt8]] {
        try feedQueries.seen(of: feeds)
    }

    /// See `Store.seenArchive`.
    func seenArchive(of feed: FeedID) throws(StoreError) -> [[UInt8]] {
        try feedQueries.seenArchive(of: feed)
    }

    /// See `Store.commit`.
    func commit(_ polls: [PollCommit], records: [LogDraft]) throws(StoreError) -> CommitReceipt {
        guard !polls.isEmpty || !records.isEmpty else { return CommitReceipt() }
        let receipt: CommitReceipt
        do {
            receipt = try connection.transaction("storing polls") { () throws(StoreError) in
                var numbering = try logWriter.beginNumbering()
                for poll in polls {
                    try feedWriter.store(poll)
                    try logWriter.store(poll.lines, &numbering)
                }
                try logWriter.store(records, &numbering)
                try logWriter.endNumbering(numbering)
                return numbering.receipt
            }
        } catch {
            feedWriter.rolledBack()
            throw error
        }
        feedWriter.committed()
        try connection.checkpointIfDue()
        return receipt
    }

    /// Drops one small step's worth of what `retention` does not keep; true where more is left.
    ///
    /// Once nothing old is left the steps give room back to the disk.
    func prune(_ retention: StateRetention) throws(StoreError) -> Bool {
        if try prunes(before: retention.history) { return true }
        if try excess(over: retention.limit) != nil,
            try prunes(before: retention.recent, rows: Pruner.fewRows)
        {
            return true
        }
        return try vacuum.step(within: retention.limit)
    }

    private func prunes(
        before moment: Timestamp,
        rows: Int = Pruner.rows
    ) throws(StoreError) -> Bool {
        try write("pruning") { () throws(StoreError) in
            try pruner.step(before: moment, rows: rows)
        }
    }

    /// By how much what is stored is larger than `limit`; nil: it is not.
    func excess(over limit: ByteCount?) throws(StoreError) -> ByteCount? {
        guard let limit else { return nil }
        let used = try vacuum.used()
        return used > limit.bytes ? ByteCount(used - limit.bytes) : nil
    }

    /// See `Outbox.position`.
    func position(of stream: LogStream) throws(StoreError) -> LogPosition {
        try logQueries.position(of: stream)
    }

    /// How many lines of a log are stored and not known to be written.
    func waitingLines(of stream: LogStream) throws(StoreError) -> Int {
        try Int(logQueries.lastSeq(of: stream) - logQueries.position(of: stream).seq)
    }

    /// See `Outbox.lines`.
    func lines(
        of stream: LogStream,
        after seq: Int64,
        limit: ByteCount
    ) throws(StoreError) -> [LogLine] {
        try logQueries.lines(of: stream, after: seq, limit: limit)
    }

    /// See `Outbox.note`.
    func note(_ position: LogPosition, of stream: LogStream) throws(StoreError) {
        try write("noting a log's position") { () throws(StoreError) in
            try logWriter.note(position, of: stream)
        }
    }

    /// See `Outbox.noteDropped`.
    func noteDropped(_ seq: Int64, of stream: LogStream) throws(StoreError) {
        try write("noting dropped lines") { () throws(StoreError) in
            try logWriter.noteDropped(seq, of: stream)
        }
    }

    /// Numbers and keeps lines that belong to no poll, inside a transaction of the caller.
    func record(_ drafts: [LogDraft]) throws(StoreError) {
        guard !drafts.isEmpty else { return }
        var numbering = try logWriter.beginNumbering()
        try logWriter.store(drafts, &numbering)
        try logWriter.endNumbering(numbering)
    }

    /// What is wrong with the file and with what is in it; empty: sound.
    func integrityCheck() throws(StoreError) -> [String] {
        try IntegrityCheck(connection).problems()
    }

    /// Empties the write-ahead log into the database before the file is closed.
    func finish() throws(StoreError) { try connection.checkpointWhole() }

    /// One transaction, and the write-ahead log emptied where it is due.
    func write<Result>(
        _ purpose: StaticString,
        _ body: () throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        let result = try connection.transaction(purpose, body)
        try connection.checkpointIfDue()
        return result
    }
}
