extension Schema {
    /// The first version of the tables.
    static let version1 = """
        CREATE TABLE feed (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            url TEXT NOT NULL,
            etag TEXT,
            last_modified TEXT,
            body_hash INTEGER NOT NULL,
            has_baseline INTEGER NOT NULL,
            title TEXT,
            last_new_item INTEGER,
            items INTEGER NOT NULL,
            matches INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE poll (
            feed INTEGER PRIMARY KEY REFERENCES feed (id),
            next INTEGER NOT NULL,
            last INTEGER,
            last_success INTEGER,
            failures INTEGER NOT NULL,
            failing_since INTEGER,
            reason TEXT,
            message TEXT,
            polls INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE seen (
            feed INTEGER PRIMARY KEY REFERENCES feed (id),
            bytes BLOB NOT NULL
        ) STRICT;

        CREATE TABLE seen_archive (
            n INTEGER PRIMARY KEY,
            feed INTEGER NOT NULL REFERENCES feed (id),
            bytes BLOB NOT NULL
        ) STRICT;
        CREATE INDEX seen_archive_feed ON seen_archive (feed);

        CREATE TABLE history (
            n INTEGER PRIMARY KEY,
            feed INTEGER NOT NULL REFERENCES feed (id),
            time INTEGER NOT NULL,
            keys BLOB NOT NULL,
            bytes BLOB NOT NULL
        ) STRICT;
        CREATE INDEX history_time ON history (time);

        CREATE TABLE log (
            stream INTEGER PRIMARY KEY,
            last_seq INTEGER NOT NULL DEFAULT 0,
            noted_seq INTEGER NOT NULL DEFAULT 0,
            device INTEGER NOT NULL DEFAULT 0,
            inode INTEGER NOT NULL DEFAULT 0,
            position INTEGER NOT NULL DEFAULT 0,
            boot_id TEXT NOT NULL DEFAULT '',
            CHECK (noted_seq BETWEEN 0 AND last_seq)
        ) STRICT;
        INSERT INTO log (stream) VALUES (0), (1);

        CREATE TABLE line (
            n INTEGER PRIMARY KEY,
            stream INTEGER NOT NULL REFERENCES log (stream),
            seq INTEGER NOT NULL,
            id TEXT NOT NULL,
            topic TEXT,
            feed TEXT,
            item INTEGER,
            time INTEGER NOT NULL,
            bytes BLOB NOT NULL,
            UNIQUE (stream, seq),
            UNIQUE (stream, id)
        ) STRICT;
        CREATE INDEX line_time ON line (time);

        CREATE TABLE delivery (
            line INTEGER NOT NULL REFERENCES line (n),
            hook TEXT NOT NULL,
            stream INTEGER NOT NULL,
            state INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            due INTEGER NOT NULL,
            created INTEGER NOT NULL,
            message TEXT,
            PRIMARY KEY (line, hook)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX delivery_pending ON delivery (hook, stream, line) WHERE state = 0;
        CREATE INDEX delivery_dead ON delivery (hook, line) WHERE state = 2;
        """
}
