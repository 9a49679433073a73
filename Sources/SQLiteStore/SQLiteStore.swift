package import FeedModel
internal import QueueExecution
package import WatchCore

/// The state directory's one owner: what polls remember, the numbered log lines, the promises to
/// hooks, in one SQLite file (docs/state.md).
///
/// Runs on a queue of its own, as commits wait for the disk.
package actor SQLiteStore: Store, Outbox {
    private nonisolated let executor: QueueExecutor
    /// The state directory.
    package nonisolated let directory: String
    private var database: StateDatabase?
    private var lock: StateLock?

    // SAFETY: the executor is a constant of this actor and lives as long as it.
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    /// Claims `directory` and opens the state in it; both are made when they are missing.
    ///
    /// Fails where another instance holds the directory (the message names its process), where
    /// the file is of a newer version or not ours, and where the disk refuses.
    package init(directory: String) throws(StoreError) {
        executor = QueueExecutor(label: "feedwatch.store")
        self.directory = directory
        let lock = try StateLock(directory: directory)
        let database = try StateDatabase(directory: directory)
        self.lock = lock
        self.database = database
    }

    /// Writes everything into the database file, closes it and gives the directory back.
    ///
    /// Later calls fail; a second close does nothing.
    package func close() throws(StoreError) {
        guard let database else { return }
        defer {
            // In this order: nobody else may open the file before it is closed.
            self.database = nil
            lock = nil
        }
        try database.finish()
    }

    /// What is wrong with the file and with what is in it, for people; empty: sound.
    ///
    /// Reads the whole file.
    package func integrityCheck() throws(StoreError) -> [String] {
        try opened().integrityCheck()
    }

    /// The open state; fails once it is closed.
    func opened() throws(StoreError) -> StateDatabase {
        guard let database else { throw StoreError(message: "\(directory): the state is closed") }
        return database
    }

    package func feeds() throws(StoreError) -> [FeedState] { try opened().feeds() }

    package func seen(of feeds: [FeedID]) throws(StoreError) -> [FeedID: [UInt8]] {
        try opened().seen(of: feeds)
    }

    package func seenArchive(of feed: FeedID) throws(StoreError) -> [[UInt8]] {
        try opened().seenArchive(of: feed)
    }

    package func commit(
        _ polls: [PollCommit],
        records: [LogDraft]
    ) throws(StoreError) -> CommitReceipt {
        try opened().commit(polls, records: records)
    }

    package func prune(before moment: Timestamp) throws(StoreError) -> Bool {
        try opened().prune(StateRetention(history: moment, recent: moment))
    }

    /// Drops one small step's worth of what `retention` does not keep; true while there is more.
    package func prune(_ retention: StateRetention) throws(StoreError) -> Bool {
        try opened().prune(retention)
    }

    /// By how much what is stored is larger than `limit`; nil: it is not.
    package func excess(over limit: ByteCount?) throws(StoreError) -> ByteCount? {
        try opened().excess(over: limit)
    }

    package func position(of stream: LogStream) throws(StoreError) -> LogPosition {
        try opened().position(of: stream)
    }

    /// How many lines of a log are stored and not known to be written.
    package func waitingLines(of stream: LogStream) throws(StoreError) -> Int {
        try opened().waitingLines(of: stream)
    }

    package func lines(
        of stream: LogStream,
        after seq: Int64,
        limit: ByteCount
    ) throws(StoreError) -> [LogLine] {
        try opened().lines(of: stream, after: seq, limit: limit)
    }

    package func note(_ position: LogPosition, of stream: LogStream) throws(StoreError) {
        try opened().note(position, of: stream)
    }

    package func noteDropped(_ seq: Int64, of stream: LogStream) throws(StoreError) {
        try opened().noteDropped(seq, of: stream)
    }
}
