package import FeedModel

/// What a hook is told in one message: one record, or several of one log that were bound together.
///
/// Who belongs to a group is stored before the first attempt, so that each attempt says the same
/// under the same id, also after a kill.
package struct DeliveryGroup: Hashable, Sendable {
    /// How much is told in one message.
    package struct Limit: Hashable, Sendable {
        /// The most records.
        package var records = 500
        /// About the most bytes of records; one record is always told.
        package var bytes = ByteCount.mebibytes(1)

        /// The defaults.
        package init() {}
    }

    /// The promises, oldest first; at least one.
    package let deliveries: [Delivery]
    /// The identity of the message, the same on each attempt.
    package let id: String
    /// Whether it is told as a group, be it of one.
    package let isGroup: Bool

    /// One record by itself.
    package init(_ delivery: Delivery) {
        deliveries = [delivery]
        id = delivery.id
        isGroup = false
    }

    /// Records bound under `id`; nil without any.
    package init?(_ deliveries: [Delivery], id: String) {
        guard !deliveries.isEmpty else { return nil }
        self.deliveries = deliveries
        self.id = id
        isGroup = true
    }

    /// The identity of a group that is about to be bound.
    package static func id(of deliveries: [Delivery]) -> String {
        let hook = deliveries.first?.hook.rawValue ?? ""
        let text = ([hook] + deliveries.map(\.id)).joined(separator: "\u{0}")
        return ContentHash.hexadecimal(ContentHash.of(text, seed: 2))
            + ContentHash.hexadecimal(ContentHash.of(text, seed: 3))
    }

    /// The hook.
    package var hook: HookID { deliveries[0].hook }
    /// The log of the records.
    package var stream: LogStream { deliveries[0].stream }
    /// How many attempts were made before.
    package var attempts: Int { deliveries.map(\.attempts).max() ?? 0 }
    /// When the newest of the promises was made.
    package var created: Timestamp { deliveries.map(\.created).max() ?? deliveries[0].created }
}

/// Why an attempt failed.
package struct DeliveryFailure: Hashable, Sendable {
    /// What can be expected of another attempt.
    package enum Kind: Hashable, Sendable {
        /// It may succeed.
        case temporary
        /// The hook takes others, but not this one: tried a few times only, as it holds up the
        /// others.
        case refused
        /// There is nobody left to be told.
        case gone
    }

    /// What can be expected of another attempt.
    package var kind: Kind
    /// Why, for people; holds no secret.
    package var message: String
    /// What the hook itself said, cut to its end.
    package var output: String
    /// How long the hook asked to wait.
    package var retryAfter: Duration?

    /// A failure.
    package init(
        _ kind: Kind = .temporary,
        message: String,
        output: String = "",
        retryAfter: Duration? = nil
    ) {
        self.kind = kind
        self.message = message
        self.output = output
        self.retryAfter = retryAfter
    }
}

/// What became of an attempt, to be noted in one transaction with what follows from it.
package struct DeliveryNote: Hashable, Sendable {
    /// What was told.
    package var group: DeliveryGroup
    /// What became of it.
    package var outcome: DeliveryOutcome
    /// What the hook said when it failed; kept with the promise.
    package var output = ""
    /// The hook is told nothing more for now.
    package var pause: HookPause?
    /// What is to be recorded.
    package var events: [LogDraft] = []

    /// A note.
    package init(_ group: DeliveryGroup, _ outcome: DeliveryOutcome) {
        self.group = group
        self.outcome = outcome
    }
}

/// Why a hook is told nothing for now; its promises are kept.
package struct HookPause: Hashable, Sendable {
    /// The reason.
    package enum Reason: String, Sendable {
        /// It was taken out of the configuration.
        case removed
        /// It answered that it is gone for good.
        case gone
    }

    /// The reason.
    package var reason: Reason
    /// Since when.
    package var since: Timestamp
    /// What it was told at (`HookSettings.target`): another ends the pause of one that is gone.
    package var target: UInt64

    /// A pause.
    package init(_ reason: Reason, since: Timestamp, target: UInt64 = 0) {
        self.reason = reason
        self.since = since
        self.target = target
    }
}
