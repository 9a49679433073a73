package import FeedModel

/// A configuration with its look-ups: what the pipeline goes by until the next reload.
package struct WatchPlan: Sendable {
    /// The configuration.
    package let configuration: Configuration
    /// How polls are made and read.
    package private(set) var policy: PollPolicy
    /// The places of the feeds in the configuration: settings are large, and there once.
    private let feedIndices: [FeedID: Int]
    private let matchHooks: [[HookID]]
    private let topicIndices: [TopicID: Int]
    private let topicSet: UInt64
    /// The hooks that are told of events.
    package let eventHooks: [HookID]
    /// The hooks that are told that the daemon lives.
    package let heartbeatHooks: [HookID]

    /// The plan of a configuration.
    package init(_ configuration: Configuration) {
        self.configuration = configuration
        policy = PollPolicy(watch: configuration.watch, limits: configuration.limits)
        feedIndices = Dictionary(
            configuration.feeds.enumerated().lazy.map { ($0.element.id, $0.offset) },
            uniquingKeysWith: { first, _ in first }
        )
        topicIndices = Dictionary(
            configuration.topics.enumerated().map { ($0.element.id, $0.offset) },
            uniquingKeysWith: { first, _ in first }
        )
        topicSet = WatchPlan.hash(of: configuration.topics.map(\.id))
        matchHooks = configuration.topics.map { topic in
            configuration.hooks
                .filter { hook in
                    hook.subjects.contains(.match) && (hook.topics?.contains(topic.id) ?? true)
                }
                .map(\.id)
        }
        eventHooks = configuration.hooks.filter { $0.subjects.contains(.feed) }.map(\.id)
        heartbeatHooks = configuration.hooks.filter { $0.subjects.contains(.heartbeat) }
            .map(\.id)
    }

    /// Sets the pace of automatic feeds by the cadences of `states`.
    package mutating func setPace(by states: [FeedID: FeedState]) {
        let watch = configuration.watch
        let limits = configuration.limits
        var demands: [Double] = []
        for feed in configuration.feeds where (feed.interval ?? watch.interval) == .auto {
            demands.append((states[feed.id]?.cadence ?? Cadence()).rhythm.demand)
        }
        let pace = PollPace(
            demands: demands,
            mean: watch.meanInterval,
            shortest: limits.minInterval,
            longest: limits.maxInterval
        )
        policy = PollPolicy(watch: watch, limits: limits, pace: pace)
    }

    /// The settings of a feed, or nil where the configuration has it no more.
    package func settings(of feed: FeedID) -> FeedSettings? {
        feedIndices[feed].map { configuration.feeds[$0] }
    }

    /// The hooks that are told of matches of the topic with this index.
    package func hooks(forTopic index: Int) -> [HookID] { matchHooks[index] }

    /// A hash of the topics that look at a feed, in whatever order.
    func topicSet(of feed: FeedSettings) -> UInt64 {
        feed.topics.map(WatchPlan.hash(of:)) ?? topicSet
    }

    private static func hash(of topics: [TopicID]) -> UInt64 {
        topics.reduce(1) { $0 &+ ContentHash.of($1.rawValue) }
    }

    /// The hash under which a topic is remembered of an item; never 0.
    static func hash(of topic: TopicID) -> UInt32 {
        max(1, UInt32(truncatingIfNeeded: ContentHash.of(topic.rawValue)))
    }

    /// Whether the items of `feed` are matched against the topic with this index.
    package func watches(_ feed: FeedSettings, topic index: Int) -> Bool {
        feed.topics?.contains(configuration.topics[index].id) ?? true
    }
}
