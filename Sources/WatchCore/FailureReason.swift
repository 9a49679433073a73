/// Why a poll or a delivery failed, as one of a bounded list: the JSON field and metric label.
package enum FailureReason: String, Sendable, CaseIterable {
    /// The host name could not be resolved.
    case nameNotResolved = "name_not_resolved"
    /// The address belongs to a network that may not be reached.
    case addressBlocked = "address_blocked"
    /// No connection came about.
    case connectFailed = "connect_failed"
    /// The certificate could not be trusted, or TLS failed.
    case tlsFailed = "tls_failed"
    /// A time limit ran out.
    case timedOut = "timed_out"
    /// The connection ended before the answer was whole, or the answer was no HTTP.
    case transferFailed = "transfer_failed"
    /// The document or the header is larger than allowed.
    case tooLarge = "too_large"
    /// Too many redirects, or one to where none may lead.
    case redirectRefused = "redirect_refused"
    /// The address is no usable http or https address.
    case badURL = "bad_url"
    /// Status 401, 402, 403, 407 or 451: the server will not give it to us.
    case forbidden
    /// Status 404.
    case notFound = "not_found"
    /// Status 410.
    case gone
    /// Status 429, or 503 with `Retry-After`.
    case rateLimited = "rate_limited"
    /// Any other status of 400 to 499, or one that makes no sense for a feed.
    case httpStatus = "http_status"
    /// Status 500 to 599.
    case serverError = "server_error"
    /// The document is no feed.
    case notAFeed = "not_a_feed"
    /// The poll was given up because the daemon stops.
    case cancelled
    /// Not the feed's fault: this process has no descriptor or memory left for a connection.
    case localShortage = "local_shortage"

    /// Whether trying again soon makes sense.
    package var isTransient: Bool {
        switch self {
        case .nameNotResolved, .connectFailed, .timedOut, .transferFailed, .rateLimited,
            .serverError, .cancelled, .localShortage:
            true
        case .addressBlocked, .tlsFailed, .tooLarge, .redirectRefused, .badURL, .forbidden,
            .notFound, .gone, .httpStatus, .notAFeed:
            false
        }
    }
}
