/// How the watched feeds stand, in numbers.
package struct WatchSummary: Hashable, Sendable {
    /// Feeds in the configuration.
    package var feeds: Int
    /// Feeds whose last poll failed.
    package var failing = 0
    /// Feeds that were never polled.
    package var unpolled = 0
    /// Matches recorded so far.
    package var matches = 0

    /// A summary of so many feeds.
    package init(feeds: Int) { self.feeds = feeds }

    /// One line for the service manager.
    package var statusLine: String {
        var parts = ["watching \(feeds) feeds"]
        if unpolled > 0 { parts.append("\(unpolled) not polled yet") }
        if failing > 0 { parts.append("\(failing) failing") }
        parts.append("\(matches) matches recorded")
        return parts.joined(separator: ", ")
    }
}
