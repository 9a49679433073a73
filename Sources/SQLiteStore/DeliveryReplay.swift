internal import FeedModel
internal import WatchCore

/// What a person asks for by hand: deliveries to be made anew, or no more.
struct DeliveryReplay {
    private let retryAll: Statement
    private let retryOne: Statement
    private let retryOpen: Statement
    private let drop: Statement
    private let part: Statement
    private let endPauses: Statement
    private let connection: Connection

    /// Compiles the statements.
    init(_ connection: Connection) throws(StoreError) {
        self.connection = connection
        // A promise that is made anew gets all its time and attempts.
        // Both logs named: the index begins with them.
        let named = "SELECT n FROM line WHERE stream IN (0, 1) AND id = ?3"
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
            WHERE (?2 IS NULL OR hook = ?2) AND (state <> 1 AND line IN (\(named))
                OR (hook, grouping) IN (
                    SELECT d.hook, d.grouping FROM delivery d JOIN line l ON l.n = d.line
                    WHERE l.n IN (\(named)) AND d.grouping IS NOT NULL AND d.state <> 1)
                    AND state IN (0, 2)
                OR grouping = ?3 AND state <> 1)
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
                AND (line IN (\(named)) OR grouping = ?3)
            """
        )
        // A group that lost a record would be another message under the same id.
        part = try connection.prepare(
            "parting a group",
            """
            UPDATE delivery
            SET grouping = NULL, attempts = CASE state WHEN 0 THEN 0 ELSE attempts END
            WHERE state IN (0, 2, 3) AND (hook, grouping) IN (
                SELECT d.hook, d.grouping FROM delivery d
                WHERE d.line IN (SELECT n FROM line WHERE stream IN (0, 1) AND id = ?1)
                    AND (?2 IS NULL OR d.hook = ?2) AND d.state = 3 AND d.grouping IS NOT NULL
                    AND EXISTS (SELECT * FROM delivery o WHERE o.hook = d.hook
                        AND o.grouping = d.grouping AND o.state IN (0, 2)))
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
        // After all of them: a group that is dropped record by record stays one.
        for id in ids {
            try part.run(id, hook)
        }
        return count
    }
}
