package import FeedModel

/// What the state keeps.
package struct StateRetention: Hashable, Sendable {
    /// What is older is dropped.
    package var history: Timestamp
    /// What is younger is kept, however large the state is.
    package var recent: Timestamp
    /// The size at which what is oldest is dropped before its time; nil: none.
    package var limit: ByteCount?

    /// Keeps what is younger than `history`, within `limit`.
    package init(history: Timestamp, recent: Timestamp, limit: ByteCount? = nil) {
        self.history = history
        self.recent = recent
        self.limit = limit
    }
}
