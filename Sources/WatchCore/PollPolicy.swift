package import FeedModel

/// What a finished transfer means.
package enum PollVerdict: Sendable {
    /// The server says that nothing has changed; these validators hold from now on.
    case notModified(Validators)
    /// A document came.
    case document(HTTPResponse)
    /// Nothing usable came.
    case failed(PollFailure)
}

/// Why a poll brought nothing.
package struct PollFailure: Hashable, Sendable {
    /// Why, as one of a bounded list.
    package var reason: FailureReason
    /// Why, for people.
    package var message: String
    /// How long the server asks the whole host to be left alone.
    package var retryAfter: Duration?

    /// A failure.
    package init(reason: FailureReason, message: String, retryAfter: Duration? = nil) {
        self.reason = reason
        self.message = message
        self.retryAfter = retryAfter
    }
}

/// How polls are made and read, and when the next one is.
///
/// Pure: told the time.
package struct PollPolicy: Sendable {
    private let watch: WatchSettings

    /// The longest wait after failures, unless the feed's own interval is longer.
    package static let failureCeiling: Duration = .seconds(6 * 3_600)
    /// The longest `Retry-After` that is obeyed.
    package static let retryAfterCeiling: Duration = .seconds(86_400)
    /// After so many failures in a row a feed is reported as failing.
    package static let reportedFailures = 3

    /// The policy of a configuration.
    package init(watch: WatchSettings) { self.watch = watch }

    /// The request for a poll of a feed.
    package func request(for feed: FeedSettings, state: FeedState) -> PollRequest {
        var request = PollRequest(feed: feed.id, url: feed.url)
        request.headers = feed.headers
        request.options = feed.options
        if state.hasBaseline {
            request.validators = state.validators
            request.validatorsURL = state.validatorsURL
        }
        return request
    }

    /// What a finished transfer means, seen at `now`.
    ///
    /// Only status 200 (and 226, RFC 3229) brings a document; a 304 counts only as the answer
    /// to validators that were sent.
    package func classify(
        _ result: TransferResult,
        state: FeedState,
        now: Timestamp
    ) -> PollVerdict {
        switch result.outcome {
        case .failure(let failure):
            return .failed(PollFailure(reason: failure.reason, message: failure.message))
        case .success(let response):
            switch response.status {
            case 200, 226:
                return .document(response)
            case 304 where state.hasBaseline && state.validators != Validators():
                return .notModified(
                    Validators(
                        etag: response.header("etag") ?? state.validators.etag,
                        lastModified: response.header("last-modified")
                            ?? state.validators.lastModified
                    )
                )
            default:
                return .failed(failure(of: response, now: now))
            }
        }
    }

    /// The validators a document was sent with.
    package static func validators(of response: HTTPResponse) -> Validators {
        Validators(
            etag: response.header("etag"),
            lastModified: response.header("last-modified")
        )
    }

    private func failure(of response: HTTPResponse, now: Timestamp) -> PollFailure {
        let asked = response.header("retry-after").flatMap {
            HTTPTime.retryAfter($0, now: now, ceiling: PollPolicy.retryAfterCeiling)
        }
        let status = response.status
        if status == 429 || (status == 503 && asked != nil) {
            return PollFailure(
                reason: .rateLimited,
                message: "the server answered \(status) and asks to wait",
                retryAfter: asked
            )
        }
        switch status {
        case 401, 402, 403, 407, 451:
            return PollFailure(
                reason: .forbidden,
                message: "the server answered \(status): not for us"
            )
        case 404:
            return PollFailure(reason: .notFound, message: "the server answered 404: not found")
        case 410:
            return PollFailure(reason: .gone, message: "the server answered 410: gone for good")
        case 500...599:
            return PollFailure(reason: .serverError, message: "the server answered \(status)")
        case 304:
            return PollFailure(
                reason: .httpStatus,
                message: "the server answered 304 to a request without condition"
            )
        default:
            return PollFailure(reason: .httpStatus, message: "the server answered \(status)")
        }
    }

    /// The state after a poll that brought a feed or word that it has not changed.
    package func succeeded(
        _ state: FeedState,
        settings: FeedSettings,
        validators: Validators,
        now: Timestamp
    ) -> FeedState {
        var state = state
        state.polls += 1
        state.lastPoll = now
        state.lastSuccess = now
        if state.failures > 0 { state.message = nil }
        state.failures = 0
        state.failingSince = nil
        state.reason = nil
        state.validators = validators
        state.nextPoll = now + jittered(interval(of: settings), state)
        return state
    }

    /// The state after a poll that brought nothing.
    ///
    /// The validators stay as they were.
    ///
    /// | failures in a row, interval 15 min | wait before jitter |
    /// | --- | --- |
    /// | 1 | 15 min |
    /// | 2 | 30 min |
    /// | 3 | 1 h |
    /// | 6 and more | 6 h |
    package func failed(
        _ state: FeedState,
        settings: FeedSettings,
        failure: PollFailure,
        now: Timestamp
    ) -> FeedState {
        // Ours, not the feed's: its record stays as it is, and it is asked again.
        if failure.reason == .localShortage {
            return notStored(state, settings: settings, now: now)
        }
        var state = state
        state.polls += 1
        state.lastPoll = now
        state.failures += 1
        state.failingSince = state.failingSince ?? now
        state.reason = failure.reason
        state.message = failure.message
        let interval = interval(of: settings)
        let ceiling = max(interval, PollPolicy.failureCeiling)
        let grown = min(interval * (1 << min(state.failures - 1, 16)), ceiling)
        state.nextPoll = now + max(jittered(grown, state), failure.retryAfter ?? .zero)
        return state
    }

    /// The state after a poll whose outcome could not be stored: as if it had not taken place,
    /// but for the time of the next.
    package func notStored(
        _ state: FeedState,
        settings: FeedSettings,
        now: Timestamp
    ) -> FeedState {
        var state = state
        state.nextPoll = now + interval(of: settings)
        return state
    }

    private func interval(of settings: FeedSettings) -> Duration {
        settings.interval ?? watch.interval
    }

    /// The interval made up to 5 % longer or shorter by a hash of feed and poll, so that feeds
    /// that were added together drift apart, the same way in every run.
    private func jittered(_ interval: Duration, _ state: FeedState) -> Duration {
        let hash = ContentHash.of(state.id.rawValue, seed: UInt64(truncatingIfNeeded: state.polls))
        let share = Int64(hash % 1_001) - 500
        return interval + interval * Int(share) / 10_000
    }
}
