/// The name of a feed in configuration, log and state.
package struct FeedID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The name as written in the configuration, or derived from the feed's address.
    package let rawValue: String

    /// Wraps a name.
    package init(_ rawValue: String) { self.rawValue = rawValue }

    package var description: String { rawValue }

    package static func < (left: FeedID, right: FeedID) -> Bool { left.rawValue < right.rawValue }
}

/// The name of a topic in configuration, log and state.
package struct TopicID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The name as written in the configuration.
    package let rawValue: String

    /// Wraps a name.
    package init(_ rawValue: String) { self.rawValue = rawValue }

    package var description: String { rawValue }

    package static func < (left: TopicID, right: TopicID) -> Bool { left.rawValue < right.rawValue }
}

/// The name of a hook in configuration and state.
package struct HookID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The name as written in the configuration.
    package let rawValue: String

    /// Wraps a name.
    package init(_ rawValue: String) { self.rawValue = rawValue }

    package var description: String { rawValue }

    package static func < (left: HookID, right: HookID) -> Bool { left.rawValue < right.rawValue }
}

/// The identity of an item within feedwatch: a hash of its feed and of what identifies it there.
package struct ItemKey: Hashable, Sendable, CustomStringConvertible {
    /// The hash.
    package let rawValue: UInt64

    /// Wraps a hash.
    package init(_ rawValue: UInt64) { self.rawValue = rawValue }

    /// Sixteen hexadecimal digits, as the log's `item` shows it.
    package var description: String { ContentHash.hexadecimal(rawValue) }
}
