package import FeedModel

/// Something that happened to a feed, a delivery or the configuration.
package enum EventKind: String, Sendable, CaseIterable {
    /// A feed has failed several times in a row.
    case feedFailing = "feed.failing"
    /// A feed that was reported as failing works again.
    case feedRecovered = "feed.recovered"
    /// A feed has moved for good, or is back where it was.
    case feedMoved = "feed.moved"
    /// A feed's server says that it is gone for good.
    case feedGone = "feed.gone"
    /// A feed has had nothing new for longer than chance allows.
    case feedSilent = "feed.silent"
    /// A document had nothing in common with the one before: items may have been missed.
    case feedGap = "feed.gap"
    /// What may have been missed was found on the feed's older pages.
    case feedGapClosed = "feed.gap_closed"
    /// The older pages that could be read do not tell what was missed.
    case feedGapOpen = "feed.gap_open"
    /// Many items appeared at once that are no news: known ones under other keys, or old ones.
    case feedFlood = "feed.flood"
    /// A server says falsely that nothing has changed.
    case feedStale304 = "feed.stale_304"
    /// A host says falsely of several feeds that nothing has changed.
    case hostStale304 = "host.stale_304"
    /// All feeds of one host fail.
    case hostFailing = "host.failing"
    /// The feeds of a host that was reported work again.
    case hostRecovered = "host.recovered"
    /// Nearly all feeds fail together.
    case networkFailing = "network.failing"
    /// Feeds can be reached again.
    case networkRecovered = "network.recovered"
    /// The daemon lives: how many feeds it polled, and how they stand.
    case heartbeat
    /// A delivery was given up.
    case deliveryDead = "delivery.dead"
    /// A hook said that it is gone (status 410): it is told nothing more until somebody acts.
    case hookDisabled = "hook.disabled"
    /// A new configuration is in force.
    case configReloaded = "config.reloaded"
    /// A new configuration was refused; the last good one stays in force.
    case configRejected = "config.rejected"

    /// Whether it is about feeds, by themselves or together.
    package var isOfFeeds: Bool {
        switch self {
        case .feedFailing, .feedRecovered, .feedMoved, .feedGone, .feedSilent, .feedGap,
            .feedGapClosed, .feedGapOpen, .feedFlood, .feedStale304, .hostStale304, .hostFailing,
            .hostRecovered, .networkFailing, .networkRecovered:
            true
        case .heartbeat, .deliveryDead, .hookDisabled, .configReloaded, .configRejected: false
        }
    }
}

/// A line of `events.jsonl` before it has a number.
package struct EventRecord: Sendable {
    /// What happened.
    package var kind: EventKind
    /// When.
    package var time: Timestamp
    /// The feed it happened to.
    package var feed: FeedID?
    /// The hook it happened to.
    package var hook: HookID?
    /// Why, as one of a bounded list.
    package var reason: FailureReason?
    /// The same for people.
    package var message: String
    /// Times and words of it, by name: further keys of the record, in this order.
    package var details: [(name: String, value: String)] = []
    /// Numbers of it, by name: further keys of the record, in this order.
    package var counts: [(name: String, value: Int)] = []
    /// The feeds it is about, where these are several; nil: it is about one, or none.
    package private(set) var feeds: [FeedID]?

    /// An event.
    package init(
        _ kind: EventKind,
        time: Timestamp,
        feed: FeedID? = nil,
        hook: HookID? = nil,
        reason: FailureReason? = nil,
        message: String
    ) {
        self.kind = kind
        self.time = time
        self.feed = feed
        self.hook = hook
        self.reason = reason
        self.message = message
    }

    /// The most feeds that one event names.
    static let namedFeeds = 100

    /// Notes that the event is about a host, and these feeds of it.
    mutating func tell(host: String, feeds: [FeedState]) {
        details.append(("host", host))
        self.feeds = feeds.map(\.id).sorted().prefix(EventRecord.namedFeeds).map { $0 }
    }

    /// The record's identity: what happened, to whom and when.
    package var id: String {
        let subject = feed?.rawValue ?? hook?.rawValue ?? ""
        let text = "\(kind.rawValue)\u{0}\(subject)\u{0}\(time.milliseconds)\u{0}\(message)"
        return ContentHash.hexadecimal(ContentHash.of(text))
            + ContentHash.hexadecimal(ContentHash.of(text, seed: 1))
    }

    /// The draft of the line, for `hooks`.
    package func draft(hooks: [HookID]) -> LogDraft {
        var json = JSONWriter(continuing: [])
        json.key("id")
        json.string(id)
        json.key("time")
        json.string(time.rfc3339)
        json.key("event")
        json.string(kind.rawValue)
        if let feed {
            json.key("feed")
            json.string(feed.rawValue)
        }
        if let hook {
            json.key("hook")
            json.string(hook.rawValue)
        }
        json.key("reason")
        json.string(orNull: reason?.rawValue)
        json.key("message")
        json.string(message)
        for detail in details {
            json.key(named: detail.name)
            json.string(detail.value)
        }
        for count in counts {
            json.key(named: count.name)
            json.integer(count.value)
        }
        if let feeds {
            json.key("feeds")
            json.beginArray()
            for feed in feeds { json.string(feed.rawValue) }
            json.endArray()
        }
        json.endObject()
        json.newline()
        return LogDraft(
            stream: .events,
            id: id,
            feed: feed,
            time: time,
            tail: json.bytes,
            hooks: hooks
        )
    }
}
