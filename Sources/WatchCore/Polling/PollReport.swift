package import FeedModel

/// How a poll ended.
package enum PollOutcome: Hashable, Sendable {
    /// The server said that nothing has changed.
    case notModified
    /// The document was the same as the last.
    case unchanged
    /// A document was read.
    case read(items: Int, new: Int, matches: Int)
    /// Nothing usable came.
    case failed(PollFailure)
}

/// The result of a batch of polls.
package struct BatchReport: Sendable {
    /// The polls.
    package var polls: [PollReport]
    /// How many lines wait for the logs, those of events included.
    package var lines: Int
    /// The events that were told.
    package var events: [EventKind] = []

    /// A report.
    package init(polls: [PollReport], lines: Int) {
        self.polls = polls
        self.lines = lines
    }
}

/// What a server asks for: to be left alone.
package struct HostHold: Hashable, Sendable {
    /// Its host and port.
    package var host: String
    /// Until when.
    package var until: Timestamp

    /// A hold.
    package init(host: String, until: Timestamp) {
        self.host = host
        self.until = until
    }
}

/// The result of a poll: a value, never a throw.
package struct PollReport: Sendable {
    /// The feed's state from now on.
    package var state: FeedState
    /// How the poll ended.
    package var outcome: PollOutcome
    /// How long the transfer took.
    package var duration: Duration
    /// What was wrong with the document and mended.
    package var problems: [ParseProblem] = []
    /// Whether it was no poll but a page of older items.
    package var isPage = false
    /// What a server other than the feed's asks for.
    package var hold: HostHold?

    /// A report.
    package init(state: FeedState, outcome: PollOutcome, duration: Duration) {
        self.state = state
        self.outcome = outcome
        self.duration = duration
    }
}
