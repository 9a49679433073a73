/// What is to come of an item: the line of the match log that it must, or must not, cause.
package struct LabExpectation: Hashable, Sendable, Codable {
    /// The feed's id.
    package var feed: String
    /// What names the item within its document, as it stands there: its guid, id or link.
    package var item: String
    /// The absolute link, as a match record shows it.
    package var url: String
    /// The topics it must match, and no others; empty: it must stay out of the log.
    package var topics: [String]
    /// What the item is about, in English, and why it does or does not match.
    package var note: String

    /// An expectation.
    package init(feed: String, item: String, url: String, topics: [String], note: String) {
        self.feed = feed
        self.item = item
        self.url = url
        self.topics = topics
        self.note = note
    }
}
