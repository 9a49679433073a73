/// What a walk through older pages may do.
package struct WalkRules: Hashable, Sendable {
    /// The most pages that one walk reads; 0: none are asked for.
    package var pages: Int
    /// The time between two pages.
    package var spacing: Duration
    /// Whether a page may lead from https down to http.
    package var allowsDowngrade: Bool

    /// Rules.
    package init(pages: Int, spacing: Duration = .zero, allowsDowngrade: Bool = false) {
        self.pages = pages
        self.spacing = spacing
        self.allowsDowngrade = allowsDowngrade
    }

    /// The rules for a feed.
    package init(_ limits: Limits, _ feed: FeedSettings) {
        self.init(
            pages: limits.archivePages,
            spacing: limits.hostSpacing * 2,
            allowsDowngrade: feed.options.allowsDowngrade
        )
    }

    /// The link, with https where a document that came by https names http: many write their
    /// pages' addresses as they were before they had TLS.
    func secured(_ link: String, from url: String) -> String {
        guard !allowsDowngrade, WalkRules.scheme(of: url) == "https",
            WalkRules.scheme(of: link) == "http", !URLRedaction.host(of: link).contains(":")
        else { return link }
        return "https" + link.dropFirst(4)
    }

    /// Whether a document at `url` may lead to `link`: http and https only, not from https to
    /// http, and without user information, which only the configuration may give.
    package static func permits(_ link: String, from url: String, downgrade: Bool) -> Bool {
        guard let scheme = WalkRules.scheme(of: link), let origin = WalkRules.scheme(of: url),
            URLRedaction.redacted(link) == link
        else { return false }
        return scheme == "https" || origin == "http" || downgrade
    }

    /// Whether what is meant for the server of `url` may be sent to `link`: to the same host and
    /// port, and there not from https to http.
    package static func isSameHost(_ link: String, as url: String) -> Bool {
        let host = URLRedaction.host(of: link)
        guard let scheme = WalkRules.scheme(of: link), let origin = WalkRules.scheme(of: url),
            host == URLRedaction.host(of: url)
        else { return false }
        // With a port in the address, http and https are two servers.
        return scheme == origin || scheme == "https" && !host.contains(":")
    }

    private static func scheme(of url: String) -> String? {
        let scheme = url.prefix { $0 != ":" }.lowercased()
        guard scheme == "http" || scheme == "https",
            url.dropFirst(scheme.count).hasPrefix("://"), !URLRedaction.host(of: url).isEmpty
        else { return nil }
        return scheme
    }
}
