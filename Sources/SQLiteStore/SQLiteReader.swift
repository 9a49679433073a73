package import FeedModel
internal import Glibc
package import WatchCore

/// Reads the state beside a running daemon, or without one: takes no claim, changes nothing.
///
/// Each call opens the file anew, sees one committed state, and closes it again, so that no
/// reader keeps the daemon from emptying its write-ahead log.
package struct SQLiteReader: Sendable {
    /// The state directory.
    package let directory: String
    private var path: String { directory + "/" + StateDatabase.fileName }

    /// A reader of `directory`; fails where there is no state in it.
    package init(directory: String) throws(StoreError) {
        self.directory = directory
        guard access(path, F_OK) == 0 else {
            let code = errno
            guard code != ENOENT else {
                throw StoreError(
                    message: "\(directory): there is no state yet; has the daemon run?"
                )
            }
            throw StoreError(system: code, path: path, purpose: "looking")
        }
    }

    /// Feeds, logs and counts of one moment.
    package func snapshot() throws(StoreError) -> StateSnapshot {
        try read { (database) throws(StoreError) in try database.snapshot() }
    }

    /// The last lines of a log that are known to be written, in order.
    package func lastLines(of stream: LogStream, count: Int) throws(StoreError) -> [LogLine] {
        try read { (database) throws(StoreError) in
            try database.lastLines(of: stream, count: count)
        }
    }

    /// What the state knows of a log's lines, to hold against the log's files.
    package func witness(of stream: LogStream) throws(StoreError) -> LogWitness {
        try read { (database) throws(StoreError) in try database.witness(of: stream) }
    }

    /// Promises in `state`, oldest first, at most `limit`.
    package func deliveries(
        in state: DeliveryState,
        limit: Int
    ) throws(StoreError) -> [DeliveryRecord] {
        try read { (database) throws(StoreError) in
            try database.deliveries(in: state, limit: limit)
        }
    }

    /// The promises to tell the record or the group with this identity: pending ones first, then
    /// kept, dead and dropped ones.
    package func deliveries(of id: String) throws(StoreError) -> [DeliveryRecord] {
        try read { (database) throws(StoreError) in try database.deliveries(of: id) }
    }

    /// One page of history: at most `limit` chunks found at or after `moment`, oldest first.
    ///
    /// The first page is after row 0, each other one after the last row of the page before.
    package func history(
        since moment: Timestamp,
        afterRow row: Int64 = 0,
        limit: Int
    ) throws(StoreError) -> [(row: Int64, feed: FeedID, chunk: HistoryChunk)] {
        try read { (database) throws(StoreError) in
            try database.history(since: moment, after: row, limit: limit)
        }
    }

    private func read<Result>(
        _ body: (ReadDatabase) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        for _ in 0..<3 {
            // Without a write-ahead log nobody has the file open, and whoever may only read can
            // read it without the files that SQLite makes beside it. That nobody opened it
            // meanwhile is seen afterwards.
            guard let before = FileMark(path), !hasWriteAheadLog else { break }
            let outcome = attempt(.immutable, body)
            guard FileMark(path) == before, !hasWriteAheadLog else { continue }
            return try outcome.get()
        }
        do {
            return try attempt(.reader, body).get()
        } catch {
            guard access(directory, W_OK) != 0 else { throw error }
            throw StoreError(
                message: """
                    \(error.message); the daemon is starting or was killed, and the directory is \
                    not yours to write to: try again, or as the daemon's user
                    """,
                isTransient: error.isTransient
            )
        }
    }

    private func attempt<Value>(
        _ mode: Connection.Mode,
        _ body: (ReadDatabase) throws(StoreError) -> Value
    ) -> Result<Value, StoreError> {
        do throws(StoreError) {
            return .success(try body(ReadDatabase(path: path, mode: mode)))
        } catch {
            return .failure(error)
        }
    }

    private var hasWriteAheadLog: Bool { access(path + "-wal", F_OK) == 0 }
}

/// What changes when somebody writes to a file.
private struct FileMark: Equatable {
    private var inode: UInt
    private var size: Int
    private var seconds: Int
    private var nanoseconds: Int

    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        inode = UInt(status.st_ino)
        size = Int(status.st_size)
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
    }
}
