internal import FeedModel
package import WatchCore

/// What a hook is told in one attempt.
package struct HookMessage: Sendable {
    /// The identity of the message, the same on each attempt.
    package var id: String
    /// The log of its records.
    package var stream: LogStream
    /// The records, oldest first; at least one.
    package var records: [[UInt8]]
    /// Whether it is told as a group.
    package var isGroup: Bool
    /// The number of this attempt, from 1.
    package var attempt: Int

    /// A message.
    package init(
        id: String,
        stream: LogStream,
        records: [[UInt8]],
        isGroup: Bool,
        attempt: Int
    ) {
        self.id = id
        self.stream = stream
        self.records = records
        self.isGroup = isGroup
        self.attempt = attempt
    }

    /// The next attempt to tell a group.
    package init(_ group: DeliveryGroup) {
        self.init(
            id: group.id,
            stream: group.stream,
            records: group.deliveries.map(\.record),
            isGroup: group.isGroup,
            attempt: group.attempts + 1
        )
    }

    /// The members of the records.
    var fields: [RecordFields] { records.map { RecordFields(of: $0) } }

    /// `match`, the name of an event, `match.group` or `event.group`.
    func kind(_ fields: [RecordFields]) -> String {
        let single =
            switch stream {
            case .matches: "match"
            case .events: fields.first?["event"] ?? "event"
            }
        guard isGroup else { return single }
        return stream == .matches ? "match.group" : "event.group"
    }
}

extension [RecordFields] {
    /// When the last record was made, as it says itself: the same on each attempt.
    var time: String { last?["time"] ?? Timestamp(milliseconds: 0).rfc3339 }

    /// The value of a member where all records have the same; nil otherwise.
    func common(_ name: String) -> String? {
        guard let first = first?[name], allSatisfy({ $0[name] == first }) else { return nil }
        return first
    }

    /// What stands for the title: a single record's own, or how many there are.
    func title(isMatches: Bool) -> String {
        if count == 1, let only = first { return only["title"] ?? only["message"] ?? "" }
        return isMatches ? "\(count) matches" : "\(count) events"
    }
}
