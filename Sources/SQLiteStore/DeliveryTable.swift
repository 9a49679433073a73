internal import FeedModel
internal import WatchCore

/// The promises to hooks: which is next, who is told together, and what became of them.
struct DeliveryTable {
    /// What `delivery(_:hook:)` reads, of `delivery d JOIN line l`.
    static let columns = "d.stream, l.seq, l.id, l.bytes, d.attempts, d.created, d.grouping"

    private let connection: Connection
    private let oldest: Statement
    private let load: Statement
    private let grouped: Statement
    private let loose: Statement
    private let bind: Statement
    private let markDelivered: Statement
    private let markRetry: Statement
    private let markDead: Statement
    private let openPromises: Statement
    private let giveUp: Statement
    private let hasten: Statement
    private let latest: Statement

    /// Compiles the statements.
    init(_ connection: Connection) throws(StoreError) {
        self.connection = connection
        let table = "delivery d JOIN line l ON l.n = d.line JOIN log ON log.stream = d.stream"
        oldest = try connection.prepare(
            "finding a delivery",
            """
            SELECT d.line, l.seq <= log.noted_seq FROM \(table)
            WHERE d.hook = ? AND d.stream = ? AND d.state = 0
            ORDER BY d.line LIMIT 1
            """
        )
        load = try connection.prepare(
            "reading a delivery",
            """
            SELECT \(DeliveryTable.columns), d.due
            FROM delivery d JOIN line l ON l.n = d.line WHERE d.line = ? AND d.hook = ?
            """
        )
        grouped = try connection.prepare(
            "reading deliveries",
            """
            SELECT \(DeliveryTable.columns) FROM \(table)
            WHERE d.hook = ? AND d.stream = ? AND d.state = 0 AND l.seq <= log.noted_seq
                AND d.grouping = ? ORDER BY d.line LIMIT ?
            """
        )
        loose = try connection.prepare(
            "reading deliveries",
            """
            SELECT \(DeliveryTable.columns) FROM \(table)
            WHERE d.hook = ? AND d.stream = ? AND d.state = 0 AND l.seq <= log.noted_seq
                AND d.grouping IS NULL AND d.attempts = 0 ORDER BY d.line LIMIT ?
            """
        )
        let which = "hook = ? AND line = (SELECT n FROM line WHERE stream = ? AND seq = ?)"
        bind = try connection.prepare(
            "grouping deliveries",
            "UPDATE delivery SET grouping = ? WHERE \(which) AND state = 0"
        )
        func mark(_ assignments: String, _ condition: String = "") throws(StoreError) -> Statement {
            try connection.prepare(
                "noting a delivery",
                """
                UPDATE delivery SET attempts = ?, message = ?, output = ?, \(assignments)
                WHERE \(which) \(condition)
                """
            )
        }
        markDelivered = try mark("state = 1")
        // A promise that was given up or dropped while an attempt was under way stays so.
        markRetry = try mark("due = ?", "AND state = 0")
        markDead = try mark("state = 2", "AND state = 0")
        openPromises = try connection.prepare(
            "counting deliveries",
            "SELECT hook, count(*) FROM delivery WHERE state = 0 AND created < ? GROUP BY hook"
        )
        giveUp = try connection.prepare(
            "giving up deliveries",
            """
            UPDATE delivery SET state = 2, message = ?
            WHERE hook = ? AND state = 0 AND created < ?
            """
        )
        hasten = try connection.prepare(
            "hastening deliveries",
            "UPDATE delivery SET due = max(?1, due - ?2) WHERE state = 0 AND due > ?1"
        )
        latest = try connection.prepare(
            "reading the last moment",
            """
            SELECT max(ifnull((SELECT max(time) FROM line), 0),
                ifnull((SELECT max(last) FROM poll), 0))
            """
        )
    }

    /// Lets open promises be due earlier.
    func hasten(by shift: Duration, now: Timestamp) throws(StoreError) {
        try hasten.run(now, shift.wholeMilliseconds)
    }

    /// When the last line was stored or the last poll made, whichever was later.
    func latestMoment() throws(StoreError) -> Timestamp {
        try latest.first { $0.moment(0) } ?? Timestamp(milliseconds: 0)
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
            (DeliveryTable.delivery(row, hook: hook), row.moment(7))
        }
    }

    /// See `Outbox.deliveries`.
    func deliveries(
        to hook: HookID,
        of stream: LogStream,
        in group: String?,
        limit: DeliveryGroup.Limit
    ) throws(StoreError) -> [Delivery] {
        if let group {
            return try grouped.all(hook, stream, group, Int64.max) { row in
                DeliveryTable.delivery(row, hook: hook)
            }
        }
        var found: [Delivery] = []
        var bytes = 0
        try loose.forEach(hook, stream, limit.records) { row throws(StoreError) in
            let delivery = DeliveryTable.delivery(row, hook: hook)
            bytes += delivery.record.count
            guard found.isEmpty || bytes <= limit.bytes.bytes else { return false }
            found.append(delivery)
            return true
        }
        return found
    }

    /// Binds promises that are still open into a group.
    func bind(_ deliveries: [Delivery], into group: String) throws(StoreError) {
        for delivery in deliveries {
            try bind.run(group, delivery.hook, delivery.stream, delivery.seq)
        }
    }

    /// Notes what became of an attempt; what the hook said is kept with the first of its records.
    func note(_ note: DeliveryNote) throws(StoreError) {
        let attempts = note.group.attempts + 1
        var output: String? = note.output.isEmpty ? nil : note.output
        for delivery in note.group.deliveries {
            let (hook, stream, seq) = (delivery.hook, delivery.stream, delivery.seq)
            switch note.outcome {
            case .delivered:
                try markDelivered.run(attempts, String?.none, String?.none, hook, stream, seq)
            case .retry(let due, let message):
                try markRetry.run(attempts, message, output, due, hook, stream, seq)
            case .dead(let message):
                try markDead.run(attempts, message, output, hook, stream, seq)
            }
            output = nil
        }
    }

    /// How many promises are open, by hook, of those made before a moment.
    func openPromises(before moment: Timestamp?) throws(StoreError) -> [HookID: Int] {
        let limit = moment?.milliseconds ?? .max
        let rows = try openPromises.all(limit) { (HookID($0.text(0)), Int($0.integer(1))) }
        return Dictionary(rows, uniquingKeysWith: +)
    }

    /// Gives up the open promises to a hook that were made before a moment.
    func giveUp(_ hook: HookID, before moment: Timestamp, message: String) throws(StoreError) {
        try giveUp.run(message, hook, moment)
    }

    /// The promise in a row that begins with `columns`.
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
            created: row.moment(5),
            group: row.text(orNil: 6)
        )
    }
}
