internal import WatchCore

/// A step from one version of the tables to the next.
struct Migration {
    /// The version after it.
    let version: Int64
    /// Its statements.
    let sql: String
}

/// The tables (docs/state.md) and the way to them from any earlier version.
enum Schema {
    /// What marks a SQLite file as ours: "fwat".
    static let applicationID: Int64 = 0x6677_6174

    /// All versions so far.
    ///
    /// A version that was released never changes: a new one is added.
    static let migrations = [
        Migration(version: 1, sql: version1), Migration(version: 2, sql: version2),
        Migration(version: 3, sql: version3),
        Migration(version: 4, sql: version4),
        Migration(version: 5, sql: version5),
        Migration(version: 6, sql: version6),
        Migration(version: 7, sql: version7),
    ]

    /// The version this program writes.
    static var current: Int64 { migrations.last?.version ?? 0 }

    /// What a file says of itself.
    struct Marks: Equatable {
        /// The mark of the program that made it; 0: none.
        var application: Int64
        /// The version of its tables; 0: none yet.
        var version: Int64
        /// Whether it has no table at all.
        var isEmpty: Bool

        /// Reads the marks of the file that `connection` is open on.
        init(of connection: Connection) throws(StoreError) {
            func number(_ sql: String) throws(StoreError) -> Int64 {
                let statement = try connection.prepare("reading the version", sql)
                return try statement.first { $0.integer(0) } ?? 0
            }
            application = try number("PRAGMA application_id")
            version = try number("PRAGMA user_version")
            isEmpty = try number("SELECT count(*) FROM sqlite_schema") == 0
        }

        /// Refuses a file that is not ours or is of a later version.
        func check(_ path: String, upTo known: Int64) throws(StoreError) {
            let isNew = application == 0 && version == 0 && isEmpty
            guard isNew || application == applicationID else {
                throw StoreError(message: "\(path): this is no state of feedwatch")
            }
            guard version <= known else {
                throw StoreError(
                    message: """
                        \(path): written by a newer feedwatch (tables of version \(version), \
                        this program knows up to \(known)); install that version again, or give \
                        another state directory
                        """
                )
            }
        }
    }

    /// Sets the connection up for writing and brings the tables to the last of `migrations`.
    static func prepare(
        _ connection: Connection,
        migrations: [Migration] = migrations
    ) throws(StoreError) {
        let marks = try Marks(of: connection)
        try marks.check(connection.path, upTo: migrations.last?.version ?? 0)
        if marks.isEmpty {
            // Only possible before the first table. Most of what is written are texts of many
            // pages, and each page costs five calls; and the file shrinks after pruning.
            try connection.execute(
                "setting up",
                "PRAGMA page_size = 16384; PRAGMA auto_vacuum = INCREMENTAL"
            )
        }
        try setUpForWriting(connection)
        for migration in migrations where migration.version > marks.version {
            try connection.transaction("migrating") { () throws(StoreError) in
                try connection.execute("migrating", migration.sql)
                try connection.execute(
                    "migrating",
                    """
                    PRAGMA application_id = \(applicationID);
                    PRAGMA user_version = \(migration.version);
                    """
                )
            }
        }
    }

    private static func setUpForWriting(_ connection: Connection) throws(StoreError) {
        let mode = try connection.prepare("setting up", "PRAGMA journal_mode = WAL")
            .first { $0.text(0) }
        guard mode == "wal" else {
            throw StoreError(
                message: """
                    \(connection.path): this file system cannot hold a write-ahead log (no shared \
                    memory maps); put the state directory on a local disk
                    """
            )
        }
        // With less than FULL a power cut may take back a commit whose lines are in the log
        // already (docs/durability.md). Deleted text need not be overwritten: it is public.
        try connection.execute(
            "setting up",
            """
            PRAGMA synchronous = FULL;
            PRAGMA mmap_size = 0;
            PRAGMA foreign_keys = ON;
            PRAGMA secure_delete = OFF;
            PRAGMA temp_store = MEMORY;
            PRAGMA journal_size_limit = 8388608;
            """
        )
        try connection.checkpoint(atBytes: 4 << 20)
    }
}
