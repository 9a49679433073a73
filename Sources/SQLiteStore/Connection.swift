internal import CSQLite
internal import Glibc
internal import WatchCore

/// A connection to one SQLite file, closed once, when the last user lets go of it.
///
/// Confined to one actor or thread: it is opened without SQLite's own mutexes.
final class Connection {
    /// How a file is opened.
    enum Mode {
        /// For the owner of the state directory: created when missing.
        case owner
        /// Beside a running owner: changes nothing, sees what is committed.
        case reader
        /// For a file nobody has open: neither takes locks nor makes files beside it.
        case immutable
    }

    /// The pages in the write-ahead log after which it is copied into the database.
    private var checkpointPages: Int32 = 1000
    /// How long a statement waits for another process's lock.
    private static let busyMilliseconds: Int32 = 5000

    /// The file.
    let path: String
    private let handle: OpaquePointer
    private let pagesInLog: UnsafeMutablePointer<Int32>

    /// Opens `path`.
    init(path: String, mode: Mode) throws(StoreError) {
        var handle: OpaquePointer?
        let flags =
            switch mode {
            case .owner: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            case .reader: SQLITE_OPEN_READONLY
            case .immutable: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
            }
        let name = mode == .immutable ? Connection.immutableAddress(of: path) : path
        let code = sqlite3_open_v2(name, &handle, flags | SQLITE_OPEN_NOMUTEX, nil)
        guard let handle, code == SQLITE_OK else {
            let failure = StoreError(
                code: handle.map(sqlite3_extended_errcode) ?? code,
                path: path,
                purpose: "opening",
                words: String(cString: sqlite3_errstr(code)),
                systemError: handle.map(sqlite3_system_errno) ?? 0
            )
            sqlite3_close_v2(handle)
            throw failure
        }
        // SQLite opens what may not be written for reading, and says so only at the first write.
        let files = mode == .owner ? ["", "-wal", "-shm"].map { path + $0 } : []
        if let file = files.first(where: { access($0, F_OK) == 0 && access($0, W_OK) != 0 }) {
            sqlite3_close_v2(handle)
            throw StoreError(system: EACCES, path: file, purpose: "opening it for writing")
        }
        self.path = path
        self.handle = handle
        pagesInLog = .allocate(capacity: 1)
        pagesInLog.initialize(to: 0)
        sqlite3_extended_result_codes(handle, 1)
        sqlite3_busy_timeout(handle, Connection.busyMilliseconds)
        // A damaged or forged file may not run code or write behind our back
        // (sqlite.org/security.html).
        _ = csqlite_set_option(handle, SQLITE_DBCONFIG_DEFENSIVE, 1)
        _ = csqlite_set_option(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0)
        if mode == .owner {
            // SAFETY: the cell is allocated above and freed in `deinit` after the connection is
            // closed; the hook runs inside calls of this connection, on its owner's queue.
            sqlite3_wal_hook(
                handle,
                { cell, _, _, pages in
                    cell?.assumingMemoryBound(to: Int32.self).pointee = pages
                    return SQLITE_OK
                },
                pagesInLog
            )
        }
    }

    deinit {
        sqlite3_close_v2(handle)
        pagesInLog.deallocate()
    }

    /// The address by which SQLite opens a file that nobody changes.
    private static func immutableAddress(of path: String) -> String {
        let plain = Set("/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
        var address = "file:"
        for byte in path.utf8 {
            if plain.contains(byte) {
                address.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                address += (byte < 16 ? "%0" : "%") + String(byte, radix: 16)
            }
        }
        return address + "?immutable=1"
    }

    /// The rows that the last statement changed.
    var changes: Int { Int(sqlite3_changes64(handle)) }

    /// The row number of the last row inserted.
    var lastRow: Int64 { sqlite3_last_insert_rowid(handle) }

    /// Compiles a statement to be used again and again; `purpose` names it in messages.
    func prepare(_ purpose: StaticString, _ sql: String) throws(StoreError) -> Statement {
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v3(
            handle,
            sql,
            -1,
            UInt32(SQLITE_PREPARE_PERSISTENT),
            &statement,
            nil
        )
        guard let statement, code == SQLITE_OK else { throw failure(code, purpose) }
        return Statement(statement, of: self, purpose: purpose)
    }

    /// Runs one or several statements that have neither parameters nor results.
    func execute(_ purpose: StaticString, _ sql: String) throws(StoreError) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw failure(code, purpose) }
    }

    /// Does `body` in one write transaction: all of it is stored when this returns, nothing of it
    /// when it throws, and the connection can be used again either way.
    func transaction<Result>(
        _ purpose: StaticString,
        _ body: () throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        // A roll-back that failed would leave the transaction open; it gets its second chance.
        rollBack()
        try execute(purpose, "BEGIN IMMEDIATE")
        do {
            let result = try body()
            try execute(purpose, "COMMIT")
            return result
        } catch {
            rollBack()
            throw error
        }
    }

    private func rollBack() {
        // SQLite rolls back by itself after some errors; a second time would be an error.
        guard sqlite3_get_autocommit(handle) == 0 else { return }
        sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
    }

    /// Lets the write-ahead log be copied into the database once it has so many bytes.
    func checkpoint(atBytes size: Int) throws(StoreError) {
        let pages = try prepare("setting up", "PRAGMA page_size").first { Int($0.integer(0)) }
        checkpointPages = Int32(clamping: size / max(512, pages ?? 4_096))
    }

    /// Copies the write-ahead log into the database once it is long enough.
    ///
    /// Done here and not by SQLite's automatic checkpoint, as that hides a sync that failed.
    func checkpointIfDue() throws(StoreError) {
        guard pagesInLog.pointee >= checkpointPages else { return }
        pagesInLog.pointee = 0
        let code = sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
        guard code != SQLITE_OK else { return }
        let error = failure(code, "copying the write-ahead log")
        // Anything else (a reader in the way, a full disk) is tried again after the next commit:
        // what is committed is safe in the write-ahead log.
        if error.isFatal { throw error }
    }

    /// Copies all of the write-ahead log into the database and empties it.
    func checkpointWhole() throws(StoreError) {
        let code = sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
        guard code == SQLITE_OK else { throw failure(code, "emptying the write-ahead log") }
    }

    /// The error for `code`, with SQLite's words for it.
    func failure(_ code: Int32, _ purpose: StaticString) -> StoreError {
        StoreError(
            code: code,
            path: path,
            purpose: purpose,
            words: String(cString: sqlite3_errmsg(handle)),
            systemError: sqlite3_system_errno(handle)
        )
    }
}
