package import FeedModel
package import TopicQuery

/// All that a configuration says, validated.
///
/// The only place with bare numbers for time and size.
package struct Configuration: Sendable {
    /// The `[watch]` table.
    package var watch = WatchSettings()
    /// The `[limits]` table.
    package var limits = Limits()
    /// The `[health]` table.
    package var health = HealthSettings()
    /// The feeds, in file order; identifiers are unique.
    package var feeds: [FeedSettings] = []
    /// The topics, in file order; the matcher numbers them the same way.
    package var topics: [TopicSettings] = []
    /// All topics' queries, compiled.
    package var matcher: TopicMatcher
    /// The hooks, in file order; identifiers are unique.
    package var hooks: [HookSettings] = []

    /// A configuration without feeds, topics and hooks.
    package init(matcher: TopicMatcher) { self.matcher = matcher }
}

/// What a first poll does with the items it finds.
package enum Baseline: String, Sendable {
    /// The items are remembered and not matched.
    case silent
    /// The items are matched like new ones.
    case match
}

/// The `[watch]` table.
package struct WatchSettings: Hashable, Sendable {
    /// Who to turn to about our requests; goes into the User-Agent.
    package var contact: String?
    /// How often a feed is polled that has no interval of its own.
    package var interval = PollInterval.auto
    /// How often all automatic feeds are polled on average.
    package var meanInterval: Duration = .seconds(15 * 60)
    /// What a first poll does.
    package var baseline = Baseline.silent
    /// How long items are kept for looking back.
    package var history: Duration = .seconds(90 * 86_400)
    /// The state directory, absolute.
    package var statePath = ""
    /// The match log, absolute; `events.jsonl` stands beside it.
    package var logPath = ""
    /// When the logs are rotated, and what is kept of them.
    package var rotation = LogRotation()
    /// The size that the state's database is held to by dropping what is oldest; nil: none.
    package var stateLimit: ByteCount?
    /// Languages expected where a feed names none.
    package var languages: [String] = []

    /// The defaults.
    package init() {}
}

/// The `[limits]` table.
package struct Limits: Hashable, Sendable {
    /// The largest document, after decompression.
    package var document = ByteCount.mebibytes(16)
    /// The longest time a transfer may take in all.
    package var responseTime: Duration = .seconds(60)
    /// The longest time a connection may take to stand, name and TLS included.
    package var connectTime: Duration = .seconds(10)
    /// The longest time an answer that has begun may bring less than 64 bytes a second.
    package var stallTime: Duration = .seconds(30)
    /// The most redirects that are followed.
    package var redirects = 5
    /// The most connections in all.
    package var connections = 64
    /// The most connections to one host.
    package var connectionsPerHost = 2
    /// The least time between the starts of two polls of one host.
    package var hostSpacing: Duration = .seconds(1)
    /// The least interval that a feed may have.
    package var minInterval: Duration = .seconds(60)
    /// The longest time between two polls of an automatic feed, and the longest that a server or
    /// document can ask for.
    package var maxInterval: Duration = .seconds(6 * 3_600)
    /// The most older pages that are read to close one gap; 0: none.
    package var archivePages = 20
    /// Private networks that may be reached; public addresses always may.
    package var allowNetworks: [NetworkRange] = []
    /// The file with the trusted certificate authorities.
    package var certificateFile = "/etc/ssl/certs/ca-certificates.crt"
    /// The folders, absolute, whose files may be read as feeds by `file:` addresses.
    package var allowFiles: [String] = []

    /// The defaults.
    package init() {}
}

/// A range of addresses in CIDR form.
package struct NetworkRange: Hashable, Sendable {
    /// The network address: 4 bytes (IPv4) or 16 bytes (IPv6), network order.
    package var address: [UInt8]
    /// How many leading bits an address must share.
    package var prefixLength: Int

    /// A range.
    package init(address: [UInt8], prefixLength: Int) {
        self.address = address
        self.prefixLength = prefixLength
    }
}

/// A request header a feed asks for.
///
/// The value may be a secret: it is never shown.
package struct RequestHeader: Hashable, Sendable {
    /// The field name.
    package var name: String
    /// The field value, resolved from a credential, file or environment variable where asked.
    package var value: String

    /// A header.
    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// A `[[feed]]`.
package struct FeedSettings: Hashable, Sendable {
    /// The feed's name.
    package var id: FeedID
    /// The address: http, https, or file where the configuration allows its folder.
    package var url: String
    /// The title to show; nil: the feed's own.
    package var title: String?
    /// The folders that it stands in for people, from the outside; nothing depends on them.
    package var folders: [String] = []
    /// How often it is polled; nil: `WatchSettings.interval`.
    package var interval: PollInterval?
    /// The shortest time between two polls while it is automatic; nil: `Limits.minInterval`.
    package var minInterval: Duration?
    /// The longest time between two polls while it is automatic; nil: `Limits.maxInterval`.
    package var maxInterval: Duration?
    /// The language of its items where they name none.
    package var language: String?
    /// The topics its items are matched against; nil: all.
    package var topics: [TopicID]?
    /// Headers to send to this feed's host only.
    package var headers: [RequestHeader] = []
    /// How its requests differ from those of others.
    package var options = FetchOptions()
    /// Whether it is always asked for the whole document, as its server fails on validators.
    package var noConditional = false

    /// A feed.
    package init(id: FeedID, url: String) {
        self.id = id
        self.url = url
    }
}

/// A `[[topic]]`, but for its query.
package struct TopicSettings: Hashable, Sendable {
    /// The topic's name.
    package var id: TopicID
    /// The title shown with its matches.
    package var title: String

    /// A topic.
    package init(id: TopicID, title: String) {
        self.id = id
        self.title = title
    }
}
