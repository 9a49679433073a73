package import FeedModel

/// A configuration with its look-ups: what the pipeline goes by until the next reload.
package struct WatchPlan: Sendable {
    /// The configuration.
    package let configuration: Configuration
    /// How polls are made and read.
    package let policy: PollPolicy
    private let feeds: [FeedID: FeedSettings]
    private let matchHooks: [[HookID]]
    private let topicIndices: [TopicID: Int]
    /// The hooks that are told of events.
    package let eventHooks: [HookID]

    /// The plan of a configuration.
    package init(_ configuration: Configuration) {
        self.configuration = configuration
        policy = PollPolicy(watch: configuration.watch)
        feeds = Dictionary(
            configuration.feeds.map { ($0.id, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        topicIndices = Dictionary(
            configuration.topics.enumerated().map { ($0.element.id, $0.offset) },
            uniquingKeysWith: { first, _ in first }
        )
        matchHooks = configuration.topics.map { topic in
            configuration.hooks
                .filter { hook in
                    hook.subjects.contains(.match) && (hook.topics?.contains(topic.id) ?? true)
                }
                .map(\.id)
        }
        eventHooks = configuration.hooks.filter { $0.subjects.contains(.feed) }.map(\.id)
    }

    /// The settings of a feed, or nil where the configuration has it no more.
    package func settings(of feed: FeedID) -> FeedSettings? { feeds[feed] }

    /// The hooks that are told of matches of the topic with this index.
    package func hooks(forTopic index: Int) -> [HookID] { matchHooks[index] }

    /// Whether the items of `feed` are matched against the topic with this index.
    package func watches(_ feed: FeedSettings, topic index: Int) -> Bool {
        feed.topics?.contains(configuration.topics[index].id) ?? true
    }
}
