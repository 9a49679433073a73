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
    /// How long the answer holds, by the server's word.
    package var freshFor: Duration?

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
    let watch: WatchSettings
    let limits: Limits
    /// How much waiting is worth a poll of an automatic feed.
    package let pace: PollPace

    /// The longest wait after failures, unless the feed's own interval is longer.
    package static let failureCeiling: Duration = .seconds(6 * 3_600)
    /// The longest `Retry-After` that is obeyed.
    package static let retryAfterCeiling: Duration = .seconds(86_400)
    /// How often a feed that is gone for good is looked at.
    package static let goneInterval: Duration = .seconds(86_400)
    /// So many polls in a row have to say that a feed is gone for good (410).
    package static let goneProof = 2

    /// The policy of a configuration; without a pace, the one for feeds of which nothing is known.
    package init(watch: WatchSettings, limits: Limits = Limits(), pace: PollPace? = nil) {
        self.watch = watch
        self.limits = limits
        self.pace =
            pace
            ?? PollPace(
                demands: [],
                mean: watch.meanInterval,
                shortest: limits.minInterval,
                longest: limits.maxInterval
            )
    }

    /// The request for a poll of a feed.
    package func request(for feed: FeedSettings, state: FeedState) -> PollRequest {
        var request = PollRequest(feed: feed.id, url: state.address)
        request.headers = feed.headers
        request.options = feed.options
        let isWhole = feed.noConditional || state.health.wantsWhole(at: state.nextPoll)
        if state.hasBaseline, !isWhole {
            request.validators = state.health.probe ?? state.validators
            request.validatorsURL = state.validatorsURL
        }
        return request
    }

    /// The request for the next page of a feed's walk through its older pages; nil: none is wanted.
    ///
    /// What proves who we are, and what was set for the feed's server only, goes nowhere else.
    package func pageRequest(for feed: FeedSettings, state: FeedState) -> PollRequest? {
        guard limits.archivePages > 0, let walk = state.walk, let page = walk.next else {
            return nil
        }
        var request = PollRequest(feed: feed.id, url: page)
        request.options = feed.options
        if WalkRules.isSameHost(page, as: feed.url) {
            request.headers = feed.headers
        } else {
            request.options.authorization = nil
            request.options.certificateFile = nil
            request.options.httpVersion = .automatic
        }
        return request
    }

    /// What the finished transfer of a page means: a document, or that there is none.
    func classifyPage(
        _ result: TransferResult,
        of feed: FeedSettings,
        now: Timestamp
    ) -> PollVerdict {
        // No validators are sent: only a whole document is an answer.
        classify(result, state: FeedState(id: feed.id, url: feed.url, nextPoll: now), now: now)
    }

    /// What a finished transfer means, seen at `now`.
    ///
    /// Only status 200 brings a document, 203 where a proxy changed it on its way (RFC 9110, section
    /// 15.3.4), and 226 with `IM: feed` (RFC 3229); a 304 counts only as the answer to validators
    /// that were sent.
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
            case 200, 203:
                return .document(response)
            case 226 where PollPolicy.isDelta(response):
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
                var failure = failure(of: response, now: now)
                failure.freshFor = Freshness(of: response, now: now).remaining
                return .failed(failure)
            }
        }
    }

    /// Whether a document holds only what is new since the last (RFC 3229 with `IM: feed`): what
    /// it does not show is not gone.
    package static func isDelta(_ response: HTTPResponse) -> Bool {
        guard response.status == 226, let manipulations = response.header("im") else {
            return false
        }
        // Any other manipulation leaves bytes that are no feed.
        return manipulations.split(separator: ",").allSatisfy { name in
            asciiEqualIgnoringCase(String(name.filter { $0 != " " && $0 != "\t" }), "feed")
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
}
