-- A state as version 1 of the tables made it. Never change it: later versions must read it.
PRAGMA auto_vacuum = INCREMENTAL;
PRAGMA journal_mode = WAL;
BEGIN;
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
-- Rows in every table.
INSERT INTO feed VALUES (1, 'agency', 'https://agency.example/rss', '"v1"', NULL, -1, 1, 'Agency', 1750000000000, 30, 2);
INSERT INTO poll VALUES (1, 1750000900000, 1750000000000, 1749999100000, 1, 1750000000000, 'timed_out', 'no answer in 60 s', 12);
INSERT INTO seen VALUES (1, x'0102');
INSERT INTO seen_archive VALUES (1, 1, x'03');
INSERT INTO history VALUES (1, 1, 1750000000000, x'0100000000000000', x'04');
UPDATE log SET last_seq = 2, noted_seq = 1, device = 5, inode = 6, position = 30, boot_id = 'boot' WHERE stream = 0;
INSERT INTO line VALUES (1, 0, 1, 'm1', 'kursk', 'agency', -1, 1750000000000, CAST('{"schema":1,"seq":1,"id":"m1"}' || char(10) AS BLOB));
INSERT INTO line VALUES (2, 0, 2, 'm2', 'kursk', 'agency', 1, 1750000000000, CAST('{"schema":1,"seq":2,"id":"m2"}' || char(10) AS BLOB));
INSERT INTO delivery VALUES (1, 'desk', 0, 0, 2, 1750000060000, 1750000000000, 'exit 75');
INSERT INTO delivery VALUES (2, 'desk', 0, 0, 0, 1750000000000, 1750000000000, NULL);
PRAGMA application_id = 1719099764;
PRAGMA user_version = 1;
COMMIT;
