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

    /// The identity of telling `hook` this, in ASCII.
    func identity(at hook: HookID) -> String { "\(id).\(hook.asciiName)" }

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

extension HookID {
    /// The name in letters, digits, `-` and `_` of ASCII; names that differ stay different.
    var asciiName: String {
        let name = rawValue.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: byte
            default: UInt8(ascii: "-")
            }
        }
        guard !name.elementsEqual(rawValue.utf8) else { return rawValue }
        let hash = ContentHash.hexadecimal(ContentHash.of(rawValue, seed: 0))
        return String(decoding: name, as: UTF8.self) + "-" + hash.prefix(8)
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
