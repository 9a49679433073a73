internal import WatchCore

/// Checks the file by SQLite's own means, and that the lines keep what the log promises.
struct IntegrityCheck {
    private static let queries = [
        "PRAGMA integrity_check",
        """
        SELECT format('table %s: row %s points to no row of %s', "table", rowid, parent)
        FROM pragma_foreign_key_check
        """,
        """
        SELECT format('log %d: %d lines wait, %d are stored', g.stream,
            g.last_seq - g.noted_seq,
            (SELECT count(*) FROM line l WHERE l.stream = g.stream AND l.seq > g.noted_seq))
        FROM log g WHERE g.last_seq - g.noted_seq <>
            (SELECT count(*) FROM line l WHERE l.stream = g.stream AND l.seq > g.noted_seq)
        """,
        """
        SELECT format('log %d: line %d is beyond the last number', l.stream, l.seq)
        FROM line l JOIN log g ON g.stream = l.stream WHERE l.seq > g.last_seq
        """,
        """
        SELECT format('log %d: line %d does not begin with its number', stream, seq)
        FROM line WHERE substr(bytes, 1, length(seq) + 19) <>
            CAST(format('{"schema":1,"seq":%d,', seq) AS BLOB)
        """,
        """
        SELECT format('feed %s has no poll', name)
        FROM feed WHERE id NOT IN (SELECT feed FROM poll)
        """,
    ]

    private let statements: [Statement]

    /// Compiles the queries.
    init(_ connection: Connection) throws(StoreError) {
        var statements: [Statement] = []
        for query in IntegrityCheck.queries {
            statements.append(try connection.prepare("checking", query))
        }
        self.statements = statements
    }

    /// What is wrong, for people.
    func problems() throws(StoreError) -> [String] {
        var problems: [String] = []
        for statement in statements {
            problems += try statement.all { $0.text(0) }.filter { $0 != "ok" }
        }
        return problems
    }
}
