internal import FeedModel
internal import WatchCore

/// What a person asks for by hand: deliveries to be made anew, or no more.
struct DeliveryReplay {
    private let retryAll: Statement
    private let retryOne: Statement
    private let retryOpen: Statement
    private let drop: Statement
    private let endPauses: Statement
    private let connection: Connection

    /// Compiles the statements.
    init(_ connection: Connection) throws(StoreError) {
        self.connection = connection
        // A promise that is made anew gets all its time and attempts.
        let anew = "state = 0, attempts = 0, due = ?1, created = ?1"
        retryAll = try connection.prepare(
            "reviving deliveries",
            "UPDATE delivery SET \(anew) WHERE state = 2 AND (?2 IS NULL OR hook = ?2)"
        )
        // Who was told together is told together again, under the same id.
        retryOne = try connection.prepare(
            "reviving deliveries",
            """
            UPDATE delivery SET \(anew)
            WHERE state <> 1 AND (?2 IS NULL OR hook = ?2) AND (
                line IN (SELECT n FROM line WHERE id = ?3)
                OR (hook, grouping) IN (
                    SELECT d.hook, d.grouping FROM delivery d JOIN line l ON l.n = d.line
                    WHERE l.id = ?3 AND d.grouping IS NOT NULL AND d.state <> 1)
                OR grouping = ?3)
            """
        )
        retryOpen = try connection.prepare(
            "hastening deliveries",
            "UPDATE delivery SET due = ?1 WHERE state = 0 AND due > ?1 AND (?2 IS NULL OR hook = ?2)"
        )
        drop = try connection.prepare(
            "dropping deliveries",
            """
            UPDATE delivery SET state = 3, message = ?1
            WHERE state IN (0, 2) AND (?2 IS NULL OR hook = ?2)
                AND (line IN (SELECT n FROM line WHERE id = ?3) OR grouping = ?3)
            """
        )
        endPauses = try connection.prepare(
            "ending pauses",
            "DELETE FROM hook_pause WHERE reason = 'gone' AND (?1 IS NULL OR hook = ?1)"
        )
    }

    /// Lets deliveries be made anew at `now`: those of `ids`, or all that are dead; all that wait
    /// are due at once.
    ///
    /// Answers how many were revived. Hooks that were gone are told again.
    func retry(_ ids: [String], of hook: HookID?, now: Timestamp) throws(StoreError) -> Int {
        var count = 0
        if ids.isEmpty {
            try retryAll.run(now, hook)
            count = connection.changes
            try retryOpen.run(now, hook)
        }
        for id in ids {
            try retryOne.run(now, hook, id)
            count += connection.changes
        }
        try endPauses.run(hook)
        return count
    }

    /// Lets what is open or dead of `ids` be told no more; answers how many that were.
    func drop(_ ids: [String], of hook: HookID?) throws(StoreError) -> Int {
        var count = 0
        for id in ids {
            try drop.run("dropped by hand", hook, id)
            count += connection.changes
        }
        return count
    }
}
