package import FeedModel

/// What polls brought since the daemon started.
package struct PollCounts: Sendable {
    /// Polls by how they ended: `document`, `unchanged`, `not_modified`, `failed`.
    package private(set) var outcomes: [String: Int] = [
        "document": 0, "unchanged": 0, "not_modified": 0, "failed": 0,
    ]
    /// Failed polls by reason.
    package private(set) var failures: [FailureReason: Int] = [:]
    /// Older pages that were read to close gaps.
    package private(set) var pages = 0
    /// Requests for such pages that brought none.
    package private(set) var failedPages = 0
    /// What was told of feeds, hosts and the network, by kind.
    package private(set) var events: [EventKind: Int] = [:]
    /// Items found new.
    package private(set) var items = 0
    /// Matches recorded.
    package private(set) var matches = 0

    /// No polls.
    package init() {}

    /// All polls.
    package var polls: Int { outcomes.values.reduce(0, +) }
    /// Polls that failed.
    package var failed: Int { outcomes["failed"] ?? 0 }

    /// Counts what was told.
    package mutating func add(_ events: [EventKind]) {
        for event in events { self.events[event, default: 0] += 1 }
    }

    /// Counts a poll.
    package mutating func add(_ report: PollReport) {
        if report.isPage {
            // A page of older items is no poll, but what it brings counts.
            if case .read(_, let new, let matches) = report.outcome {
                pages += 1
                items += new
                self.matches += matches
            } else {
                failedPages += 1
            }
            return
        }
        switch report.outcome {
        case .notModified: outcomes["not_modified", default: 0] += 1
        case .unchanged: outcomes["unchanged", default: 0] += 1
        case .failed(let failure):
            outcomes["failed", default: 0] += 1
            failures[failure.reason, default: 0] += 1
        case .read(_, let new, let matches):
            outcomes["document", default: 0] += 1
            items += new
            self.matches += matches
        }
    }
}

/// How all feeds stand at one moment, in numbers.
package struct HealthSummary: Sendable {
    /// What polls brought since the daemon started.
    package var counts: PollCounts
    /// How many feeds stand how.
    package var conditions: [FeedCondition: Int]
    /// Whether nearly all feeds fail together.
    package var isNetworkDown: Bool

    /// A summary.
    package init(
        counts: PollCounts,
        conditions: [FeedCondition: Int],
        isNetworkDown: Bool
    ) {
        self.counts = counts
        self.conditions = conditions
        self.isNetworkDown = isNetworkDown
    }

    /// All feeds.
    package var feeds: Int { conditions.values.reduce(0, +) }

    /// How many feeds stand as one of `conditions`.
    package func number(_ wanted: FeedCondition...) -> Int {
        wanted.reduce(0) { $0 + (conditions[$1] ?? 0) }
    }

    /// Feeds whose last poll failed.
    package var failing: Int { number(.gone, .blocked, .notAFeed, .failing) }

    /// The record that says that the daemon lives, with what happened since `before`.
    package func heartbeat(since before: PollCounts, now: Timestamp) -> EventRecord {
        let polled = counts.polls - before.polls
        let failed = counts.failed - before.failed
        let silent = number(.silent)
        var record = EventRecord(
            .heartbeat,
            time: now,
            message: """
                \(polled) polls, \(failed) of them failed; of \(feeds) feeds \(failing) are \
                failing, \(silent) silent
                """
        )
        record.counts = [
            ("polled", polled), ("failed", failed), ("matches", counts.matches - before.matches),
            ("feeds", feeds), ("failing", failing), ("silent", silent),
        ]
        return record
    }
}
