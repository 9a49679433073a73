internal import FeedModel
internal import SQLiteStore
internal import ServiceHost
internal import WatchCore

/// Promises to hooks, shown.
struct DeliveriesReport {
    /// The promises, in the order they are shown in.
    let records: [DeliveryRecord]
    /// Why hooks are told nothing for now.
    let holds: [HookID: String]
    /// The time it is.
    let now: Timestamp

    /// The report on promises in a state, by a configuration's hooks.
    init(
        records: [DeliveryRecord],
        of hooks: [HookSettings],
        pauses: [HookID: HookPause],
        now: Timestamp
    ) {
        self.records = records
        self.now = now
        var holds = pauses.filter { $0.value.reason == .gone }.mapValues { _ in "disabled (410)" }
        for hook in Set(records.map(\.delivery.hook)).subtracting(hooks.map(\.id)) {
            holds[hook] = "not configured"
        }
        self.holds = holds
    }

    // MARK: For people

    /// A line a promise, below a head; nothing where there is none.
    var table: [String] {
        guard !records.isEmpty else { return [] }
        let rows = records.map { record in
            [
                "\(record.state)", record.delivery.hook.rawValue, record.delivery.id,
                "\(record.delivery.attempts)", record.delivery.created.rfc3339Seconds,
                next(record), record.message ?? "",
            ].map(VisibleText.escape)
        }
        let head = ["STATE", "HOOK", "ID", "ATTEMPTS", "CREATED", "NEXT", "LAST FAILURE"]
        return TextTable(rows: [head] + rows).lines
    }

    /// All that is known of each promise, and the record once.
    var details: [String] {
        var lines: [String] = []
        for record in records {
            let delivery = record.delivery
            lines.append("hook \(delivery.hook): \(record.state)")
            lines.append("  attempts: \(delivery.attempts)")
            lines.append("  created: \(delivery.created.rfc3339Seconds)")
            if record.state == .pending { lines.append("  next: \(next(record))") }
            if let group = delivery.group { lines.append("  group: \(group)") }
            if let message = record.message { lines.append("  last failure: \(message)") }
            if let output = record.output {
                lines.append("  it said:")
                lines += output.split(whereSeparator: \.isNewline).map { "    \($0)" }
            }
        }
        var shown: Set<String> = []
        for delivery in records.map(\.delivery) where shown.insert(delivery.id).inserted {
            lines.append("\(delivery.stream).jsonl, seq \(delivery.seq):")
            lines.append(String(decoding: delivery.record, as: UTF8.self))
        }
        return lines.map(VisibleText.escape)
    }

    private func next(_ record: DeliveryRecord) -> String {
        guard record.state == .pending else { return "-" }
        if let hold = holds[record.delivery.hook] { return hold }
        return record.due <= now ? "due" : record.due.rfc3339Seconds
    }

    // MARK: For programs

    /// One JSON object, newline included.
    func json(withRecords: Bool, counts: DeliveryCounts? = nil) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("schema")
        json.integer(1)
        json.key("time")
        json.string(now.rfc3339)
        if let counts {
            json.key("pending")
            json.integer(counts.pending)
            json.key("dead")
            json.integer(counts.dead)
        }
        json.key("deliveries")
        json.beginArray()
        for record in records { write(record, withRecord: withRecords, to: &json) }
        json.endArray()
        json.endObject()
        json.newline()
        return json.bytes
    }

    private func write(_ record: DeliveryRecord, withRecord: Bool, to json: inout JSONWriter) {
        let delivery = record.delivery
        json.beginObject()
        json.key("state")
        json.string("\(record.state)")
        json.key("hook")
        json.string(delivery.hook.rawValue)
        json.key("log")
        json.string("\(delivery.stream).jsonl")
        json.key("seq")
        json.integer(delivery.seq)
        json.key("id")
        json.string(delivery.id)
        json.key("attempts")
        json.integer(delivery.attempts)
        json.key("created")
        json.string(delivery.created.rfc3339)
        json.key("next")
        json.string(orNull: record.state == .pending ? record.due.rfc3339 : nil)
        json.key("held")
        json.string(orNull: record.state == .pending ? holds[delivery.hook] : nil)
        json.key("message")
        json.string(orNull: record.message)
        json.key("group")
        json.string(orNull: delivery.group)
        if withRecord {
            json.key("output")
            json.string(orNull: record.output)
            json.key("record")
            json.json(delivery.record)
        }
        json.endObject()
    }
}
