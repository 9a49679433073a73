internal import FeedModel

/// Something that a simulation planted, and that has to be told.
struct HealthPlant {
    /// What it is.
    enum Kind: String, CaseIterable {
        case gap = "items lost between two polls"
        case gapClosed = "a gap that older pages close"
        case gapOpen = "a gap that they do not close"
        case silence = "feed falls silent"
        case gone = "feed answers 410"
        case parked = "domain sold: HTML instead of a feed"
        case missing = "feed answers 404"
        case nameless = "host name gone"
        case renamed = "identifiers made anew, once or always"
        case relinked = "links made anew"
        case migrated = "site moved to another system"
        case republished = "archive published again"
        case lying = "false 304, validators as before"
        case lyingWithTags = "false 304, validators new"
        case moved = "permanent redirect"
        case failing = "feed out of reach, 8 h or more"
        case recovered = "feed in reach again"
        case hostFailing = "host out of reach, 8 h or more"
        case hostRecovered = "host in reach again"
        case networkFailing = "our network down"
        case networkRecovered = "our network up again"

        /// The event that tells it.
        var event: String {
            switch self {
            case .gap: "feed.gap"
            case .gapClosed: "feed.gap_closed"
            case .gapOpen: "feed.gap_open"
            case .silence: "feed.silent"
            case .gone: "feed.gone"
            case .parked, .missing, .nameless, .failing: "feed.failing"
            case .renamed, .relinked, .migrated, .republished: "feed.flood"
            case .lying, .lyingWithTags: "feed.stale_304"
            case .moved: "feed.moved"
            case .recovered: "feed.recovered"
            case .hostFailing: "host.failing"
            case .hostRecovered: "host.recovered"
            case .networkFailing: "network.failing"
            case .networkRecovered: "network.recovered"
            }
        }

        /// Whether it is the end of a walk through older pages.
        var isEnd: Bool { self == .gapClosed || self == .gapOpen }

        /// The time within which it has to be told, in words; nil: by the feed's own pauses.
        var bound: String? {
            switch self {
            case .silence: nil
            case .gap, .renamed, .relinked, .migrated, .republished: "the next poll"
            // A page that cannot be had is asked for again after 1, 4, 16 and 64 minutes.
            case .gapClosed, .gapOpen: "3 h"
            // One poll may itself come to nothing.
            case .gone, .recovered: "two polls"
            case .parked, .missing, .nameless, .failing, .hostFailing: "the next poll and 1 h"
            case .lying: "nine polls"
            case .lyingWithTags: "ten polls"
            case .moved: "a day and two polls"
            case .hostRecovered: "the next poll"
            case .networkFailing: "10 min and five feeds"
            case .networkRecovered: "10 min"
            }
        }

        /// The longest time between two good polls: `max_interval` and a sixteenth.
        static let longestPoll: Duration = .seconds(6 * 3_600 + 23 * 60)

        /// The same as a time, where a feed that fails is asked again after `retry`; a sweep comes
        /// later by as much as it is made more rarely here.
        func time(retry: Duration) -> Duration? {
            let poll = Kind.longestPoll
            let sweep = HealthSimulation.sweepTime
            return switch self {
            case .silence: nil
            case .gap, .renamed, .relinked, .migrated, .republished: poll
            case .gapClosed, .gapOpen: .seconds(3 * 3_600)
            case .gone: poll * 2
            case .parked, .missing, .nameless, .failing, .hostFailing:
                poll + max(.seconds(3_600), retry + retry / 20) + sweep
            case .lying: poll * 9
            case .lyingWithTags: poll * 10
            case .moved: poll * 2 + .seconds(86_400)
            case .recovered: poll * 2 + sweep
            case .hostRecovered: poll + sweep * 3
            case .networkFailing, .networkRecovered: .seconds(600) + sweep
            }
        }
    }

    let kind: Kind
    /// The feed or host it happened to; nil: all.
    var feed: Int?
    var host: String?
    /// When it could first be noticed.
    let from: Timestamp
    /// When it was told.
    var told: Timestamp?
    /// By when it has to be told; nil: what there is to know of it is too little.
    var due: Timestamp?

    /// A plant.
    init(
        _ kind: Kind,
        feed: Int? = nil,
        host: String? = nil,
        from: Timestamp,
        retry: Duration = .zero
    ) {
        self.kind = kind
        self.feed = feed
        self.host = host
        self.from = from
        due = kind.time(retry: retry).map { from + $0 }
    }
}

/// A stretch of time in which a host or all of them were out of reach.
struct SimulatedOutage {
    /// The host; nil: our network.
    let host: String?
    let from: Timestamp
    let until: Timestamp
}
