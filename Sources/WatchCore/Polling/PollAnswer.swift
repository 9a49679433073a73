package import FeedModel

/// What a good answer tells beside its items: all that decides when and where to ask next.
package struct PollAnswer: Sendable {
    /// The validators that hold from now on.
    package var validators = Validators()
    /// The address that gave the document; nil: the one that gave the last.
    package var url: String?
    /// How long the answer stays fresh.
    package var freshness: Freshness?
    /// Where permanent redirects led from the address that was asked; nil: nowhere.
    package var permanentURL: String?
    /// Whether the server only said that nothing has changed.
    package var isNotModified = false
    /// What a document brought; nil where none was read.
    package var findings: PollFindings?

    /// An answer that tells nothing but its validators.
    package init(validators: Validators = Validators()) { self.validators = validators }

    /// What `response` tells by its header, as the answer to a poll of `address`.
    package init(of response: HTTPResponse, from address: String, now: Timestamp) {
        validators = PollPolicy.validators(of: response)
        url = response.url
        freshness = Freshness(of: response, now: now)
        permanentURL = FeedMove.target(of: response, from: address)
    }
}

/// What a document brought, as far as the time of the next poll depends on it.
package struct PollFindings: Sendable {
    /// When its feed publishes.
    package var sighting: Sighting
    /// What it asks of those who poll.
    package var wishes: PollWishes
    /// How many of its items are new.
    package var new: Int
    /// How many matches they made.
    package var matches: Int

    /// Findings.
    package init(sighting: Sighting, wishes: PollWishes, new: Int, matches: Int) {
        self.sighting = sighting
        self.wishes = wishes
        self.new = new
        self.matches = matches
    }

    /// The findings of `feed`, whose items at the indices `new` are new, for a feed in `state`.
    ///
    /// A document that holds new items only (`isDelta`) says nothing of the window.
    package init(
        of feed: ParsedFeed,
        new: [Int],
        matches: Int,
        state: FeedState,
        isDelta: Bool
    ) {
        let shown = state.cadence.learnedUntil == nil ? Array(feed.items.indices) : new
        let dates = shown.map { index in
            feed.items[index].published.timestamp ?? feed.items[index].updated.timestamp
        }
        var wishes = state.wishes
        wishes.read(feed)
        self.init(
            sighting: Sighting(
                dates: dates,
                window: isDelta ? state.cadence.window : feed.items.count,
                claimedPeriod: wishes.updatePeriod
            ),
            wishes: wishes,
            new: new.count,
            matches: matches
        )
    }
}
