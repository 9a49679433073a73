import FeedModel
import WatchCore

/// An outbox in memory that checks what the port demands.
actor MemoryOutbox: Outbox {
    private struct Promise {
        var delivery: Delivery
        var due: Timestamp
        var isDone = false
    }

    private var lines: [LogStream: [LogLine]] = [:]
    private var positions: [LogStream: LogPosition] = [:]
    private var promises: [Promise] = []
    private(set) var outcomes: [HookID: [DeliveryOutcome]] = [:]
    private(set) var notes = 0
    /// How many transactions outcomes were noted in.
    private(set) var commits = 0
    private var pausesByHook: [HookID: HookPause] = [:]
    /// Errors that the next notes of outcomes fail with.
    private var failures: [StoreError] = []
    /// Errors that the next notes of positions fail with.
    private var positionFailures: [StoreError] = []

    /// Stores records, each with a promise to every one of `hooks`, and returns their bytes.
    @discardableResult
    func store(
        _ count: Int = 1,
        in stream: LogStream = .matches,
        hooks: [HookID] = [],
        length: Int = 20
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<count {
            let seq = Int64((lines[stream]?.count ?? 0) + 1)
            let filler = String(repeating: "x", count: length)
            let text =
                "{\"schema\":1,\"seq\":\(seq),\"id\":\"m\(seq)\",\"topic\":\"t\","
                + "\"title\":\"Title \(seq)\",\"url\":\"http://example.org/\(seq)\","
                + "\"summary\":\"\(filler)\"}"
            let record = Array(text.utf8)
            lines[stream, default: []].append(LogLine(seq: seq, bytes: record + [10]))
            bytes += record + [10]
            for hook in hooks {
                let delivery = Delivery(
                    hook: hook,
                    stream: stream,
                    seq: seq,
                    id: "m\(seq)",
                    record: record,
                    attempts: 0,
                    created: SystemTime().now()
                )
                promises.append(Promise(delivery: delivery, due: delivery.created))
            }
        }
        return bytes
    }

    /// Lets the next notes of outcomes fail.
    func failNotes(_ errors: [StoreError]) { failures = errors }

    /// Lets the next notes of how far a log got fail.
    func failPositions(_ errors: [StoreError]) { positionFailures = errors }

    /// Lets all promises be due at once.
    func hasten() {
        for index in promises.indices { promises[index].due = promises[index].delivery.created }
    }

    /// How many promises are neither kept nor dead.
    var open: Int { promises.count { !$0.isDone } }

    func position(of stream: LogStream) -> LogPosition { positions[stream] ?? LogPosition() }

    func lines(of stream: LogStream, after seq: Int64, limit: ByteCount) -> [LogLine] {
        var result: [LogLine] = []
        var bytes = 0
        for line in (lines[stream] ?? []).dropFirst(Int(seq)) {
            guard result.isEmpty || bytes < limit.bytes else { break }
            bytes += line.bytes.count
            result.append(line)
        }
        return result
    }

    private(set) var dropped: [LogStream: Int64] = [:]

    func noteDropped(_ seq: Int64, of stream: LogStream) { dropped[stream] = seq }

    func note(_ position: LogPosition, of stream: LogStream) throws(StoreError) {
        if !positionFailures.isEmpty { throw positionFailures.removeFirst() }
        precondition(position.seq >= self.position(of: stream).seq, "a note went back")
        positions[stream] = position
        notes += 1
    }

    func nextDelivery(to hook: HookID) -> (delivery: Delivery, due: Timestamp)? {
        promises.first { $0.delivery.hook == hook && isOpen($0) }.map { ($0.delivery, $0.due) }
    }

    private func isOpen(_ promise: Promise) -> Bool {
        let delivery = promise.delivery
        return !promise.isDone && delivery.seq <= position(of: delivery.stream).seq
    }

    private func index(of delivery: Delivery) -> Int {
        let index = promises.firstIndex {
            $0.delivery.hook == delivery.hook && $0.delivery.seq == delivery.seq
                && $0.delivery.stream == delivery.stream
        }
        guard let index else { preconditionFailure("no such promise") }
        return index
    }

    func deliveries(
        to hook: HookID,
        of stream: LogStream,
        in group: String?,
        limit: DeliveryGroup.Limit
    ) -> [Delivery] {
        let found = promises.filter { promise in
            promise.delivery.hook == hook && promise.delivery.stream == stream && isOpen(promise)
                && promise.delivery.group == group
                && (group != nil || promise.delivery.attempts == 0)
        }
        return found.map(\.delivery).prefix(limit.records).map { $0 }
    }

    func bind(_ deliveries: [Delivery], into group: String) {
        for delivery in deliveries { promises[index(of: delivery)].delivery.group = group }
    }

    func note(_ notes: [DeliveryNote]) throws(StoreError) {
        if !failures.isEmpty { throw failures.removeFirst() }
        commits += 1
        for note in notes {
            outcomes[note.group.hook, default: []].append(note.outcome)
            if let pause = note.pause { pausesByHook[note.group.hook] = pause }
            for delivery in note.group.deliveries {
                let index = index(of: delivery)
                promises[index].delivery.attempts = note.group.attempts + 1
                switch note.outcome {
                case .delivered, .dead: promises[index].isDone = true
                case .retry(let at, _): promises[index].due = at
                }
            }
            take(note.events)
        }
    }

    private func take(_ events: [LogDraft]) {
        for event in events {
            let seq = Int64((lines[.events]?.count ?? 0) + 1)
            lines[.events, default: []].append(LogLine(seq: seq, bytes: event.line(seq: seq)))
        }
    }

    func hasten(by shift: Duration, now: Timestamp) {
        for index in promises.indices where promises[index].due > now {
            promises[index].due = max(now, promises[index].due - shift)
        }
    }

    func latestMoment() -> Timestamp {
        promises.map(\.delivery.created).max() ?? Timestamp(milliseconds: 0)
    }

    func pauses() -> [HookID: HookPause] { pausesByHook }

    func setPause(_ pause: HookPause?, of hook: HookID) { pausesByHook[hook] = pause }

    func openPromises(before moment: Timestamp?) -> [HookID: Int] {
        let open = promises.filter { promise in
            !promise.isDone && moment.map { promise.delivery.created < $0 } ?? true
        }
        return Dictionary(open.map { ($0.delivery.hook, 1) }, uniquingKeysWith: +)
    }

    func giveUp(_ hook: HookID, before moment: Timestamp, message: String, events: [LogDraft]) {
        for index in promises.indices
        where promises[index].delivery.hook == hook
            && promises[index].delivery.created < moment
        {
            promises[index].isDone = true
        }
        take(events)
    }
}
