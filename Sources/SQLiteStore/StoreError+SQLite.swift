internal import CSQLite
internal import Glibc
internal import WatchCore

extension StoreError {
    /// The failure that an extended result code of SQLite stands for.
    init(
        code: Int32,
        path: String,
        purpose: StaticString,
        words: String,
        systemError: Int32
    ) {
        var message = "\(path): \(purpose): \(words)"
        switch code & 0xFF {
        case SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_FULL:
            if systemError != 0 { message += ", \(String(cString: strerror(systemError)))" }
        default: break
        }
        message += " (SQLite \(code))"
        self.init(
            message: message,
            isTransient: StoreError.isTransient(code: code),
            isFatal: StoreError.isFatal(code: code)
        )
    }

    /// Whether the same call may succeed later.
    static func isTransient(code: Int32) -> Bool {
        guard !isFatal(code: code) else { return false }
        return switch code & 0xFF {
        // Full, locked, interrupted, out of memory or descriptors; other I/O errors too, as a
        // quota, a network disk or a loose cable may come back. A disk mounted read-only may be
        // mounted anew; a database that was moved away stays away.
        case SQLITE_FULL, SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL, SQLITE_INTERRUPT,
            SQLITE_NOMEM, SQLITE_CANTOPEN, SQLITE_IOERR:
            true
        case SQLITE_READONLY: code != csqlite_readonly_dbmoved
        default: false
        }
    }

    /// Whether the disk can no longer be trusted.
    static func isFatal(code: Int32) -> Bool {
        // After a sync that failed the kernel may have dropped the pages it could not write and
        // says so only once (postgresql.org, "fsyncgate"). A damaged database gets no better.
        switch code {
        case csqlite_ioerr_fsync, csqlite_ioerr_dir_fsync: true
        default: code & 0xFF == SQLITE_CORRUPT || code & 0xFF == SQLITE_NOTADB
        }
    }

    /// The failure of a system call on a file.
    init(system code: Int32, path: String, purpose: StaticString) {
        self.init(message: "\(path): \(purpose): \(String(cString: strerror(code)))")
    }
}
