internal import FeedModel
internal import WatchCore

/// The promises to hooks: which is next, and what became of them.
struct DeliveryTable {
    private let oldest: Statement
    private let load: Statement
    private let markDelivered: Statement
    private let markRetry: Statement
    private let markDead: Statement
    private let pendingHooks: Statement
    private let giveUp: Statement

    /// Compiles the statements.
    init(_ connection: Connection) throws(StoreError) {
        oldest = try connection.prepare(
            "finding a delivery",
            """
            SELECT d.line, l.seq <= log.noted_seq
            FROM delivery d JOIN line l ON l.n = d.line JOIN log ON log.stream = d.stream
            WHERE d.hook = ? AND d.stream = ? AND d.state = 0
            ORDER BY d.line LIMIT 1
            """
        )
        load = try connection.prepare(
            "reading a delivery",
            """
            SELECT d.stream, l.seq, l.id, l.bytes, d.attempts, d.created, d.due
            FROM delivery d JOIN line l ON l.n = d.line WHERE d.line = ? AND d.hook = ?
            """
        )
        func mark(_ assignments: String, _ condition: String = "") throws(StoreError) -> Statement {
            try connection.prepare(
                "noting a delivery",
                """
                UPDATE delivery SET attempts = ?, message = ?, \(assignments)
                WHERE hook = ? AND line = (SELECT n FROM line WHERE stream = ? AND seq = ?)
                    \(condition)
                """
            )
        }
        markDelivered = try mark("state = 1")
        // A promise that was given up while an attempt was under way stays so.
        markRetry = try mark("due = ?", "AND state = 0")
        markDead = try mark("state = 2", "AND state = 0")
        pendingHooks = try connection.prepare(
            "reading hooks",
            "SELECT DISTINCT hook FROM delivery WHERE state = 0"
        )
        giveUp = try connection.prepare(
            "giving up deliveries",
            "UPDATE delivery SET state = 2, message = ? WHERE hook = ? AND state = 0"
        )
    }

    /// The oldest promise to `hook` whose record is noted as appended, and when it is due.
    func next(to hook: HookID) throws(StoreError) -> (delivery: Delivery, due: Timestamp)? {
        var line: Int64?
        for stream in LogStream.allCases {
            // Within one log the oldest promise is also the first to be appended.
            let head = try oldest.first(hook, stream) { ($0.integer(0), $0.integer(1) != 0) }
            guard let (candidate, isAppended) = head, isAppended else { continue }
            line = min(line ?? candidate, candidate)
        }
        guard let line else { return nil }
        return try load.first(line, hook) { row in
            (DeliveryTable.delivery(row, hook: hook), row.moment(6))
        }
    }

    /// Notes what became of an attempt.
    func note(_ outcome: DeliveryOutcome, of delivery: Delivery) throws(StoreError) {
        let attempts = delivery.attempts + 1
        let (hook, stream, seq) = (delivery.hook, delivery.stream, delivery.seq)
        switch outcome {
        case .delivered:
            try markDelivered.run(attempts, String?.none, hook, stream, seq)
        case .retry(let due, let message):
            try markRetry.run(attempts, message, due, hook, stream, seq)
        case .dead(let message):
            try markDead.run(attempts, message, hook, stream, seq)
        }
    }

    /// Gives up the promises to all hooks but `hooks`.
    func retain(_ hooks: Set<HookID>) throws(StoreError) {
        let pending = try pendingHooks.all { HookID($0.text(0)) }
        for hook in pending where !hooks.contains(hook) {
            try giveUp.run("the hook is no longer in the configuration", hook)
        }
    }

    /// The promise in a row of `stream, seq, id, bytes, attempts, created, …`.
    static func delivery(_ row: borrowing Row, hook: HookID) -> Delivery {
        var record = row.bytes(3)
        if record.last == UInt8(ascii: "\n") { record.removeLast() }
        return Delivery(
            hook: hook,
            stream: LogStream(rawValue: Int(row.integer(0))) ?? .matches,
            seq: row.integer(1),
            id: row.text(2),
            record: record,
            attempts: Int(row.integer(4)),
            created: row.moment(5)
        )
    }
}
