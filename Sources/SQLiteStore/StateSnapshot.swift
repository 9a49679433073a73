package import FeedModel
package import WatchCore

/// How many promises to a hook are in which state.
package struct DeliveryCounts: Hashable, Sendable {
    /// Not kept yet.
    package var pending = 0
    /// Kept, and not pruned yet.
    package var delivered = 0
    /// Given up, and not pruned yet.
    package var dead = 0
    /// Dropped by hand, and not pruned yet.
    package var dropped = 0

    /// No promises.
    package init() {}
}

/// The state at one moment, as another process sees it.
package struct StateSnapshot: Sendable {
    /// How far one log is.
    package struct Log: Hashable, Sendable {
        /// The log.
        package var stream: LogStream
        /// The last number given; 0: none.
        package var lastSeq: Int64
        /// How far it is known to be written.
        package var position: LogPosition
        /// How many lines are stored and not known to be written.
        package var waiting: Int { Int(lastSeq - position.seq) }
    }

    /// All feeds' states, those no longer in the configuration included.
    package var feeds: [FeedState] = []
    /// The logs.
    package var logs: [Log] = []
    /// The promises, by hook.
    package var deliveries: [HookID: DeliveryCounts] = [:]
    /// The hooks that are told nothing for now.
    package var pauses: [HookID: HookPause] = [:]

    /// A state without anything in it.
    package init() {}
}

/// One promise as `feedwatch deliveries` shows it.
package struct DeliveryRecord: Hashable, Sendable {
    /// The promise.
    package var delivery: Delivery
    /// What became of it so far.
    package var state: DeliveryState
    /// When it is tried next, where it is pending.
    package var due: Timestamp
    /// What the last attempt that failed said.
    package var message: String?
    /// What the hook said then, where it was this record's turn to keep it.
    package var output: String?
}
