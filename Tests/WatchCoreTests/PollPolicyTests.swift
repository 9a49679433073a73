import FeedModel
import Testing
import WatchCore

@Suite struct PollPolicyTests {
    private let now = Timestamp(seconds: 1_750_000_000)
    private let policy = PollPolicy(watch: PollPolicyTests.fixed(.seconds(900)))
    private let feed = FeedSettings(id: FeedID("a"), url: "https://news.example/feed")

    static func fixed(_ interval: Duration) -> WatchSettings {
        var watch = WatchSettings()
        watch.interval = .fixed(interval)
        return watch
    }

    private var state: FeedState {
        var state = FeedState(id: feed.id, url: feed.url, nextPoll: now)
        state.hasBaseline = true
        state.validators = Validators(etag: "W/\"1\"", lastModified: "yesterday, roughly")
        return state
    }

    private func verdict(
        _ status: Int,
        _ headers: [HeaderField] = [],
        state: FeedState? = nil
    ) -> PollVerdict {
        let response = HTTPResponse(status: status, headers: headers, url: feed.url)
        return policy.classify(
            TransferResult(feed: feed.id, outcome: .success(response)),
            state: state ?? self.state,
            now: now
        )
    }

    private func reason(_ verdict: PollVerdict) -> FailureReason? {
        if case .failed(let failure) = verdict { failure.reason } else { nil }
    }

    @Test func validatorsAreSentByteForByteOnceThereIsABaseline() {
        #expect(policy.request(for: feed, state: state).validators == state.validators)
        var fresh = state
        fresh.hasBaseline = false
        #expect(policy.request(for: feed, state: fresh).validators == Validators())
    }

    @Test(arguments: [
        (401, FailureReason.forbidden), (403, .forbidden), (404, .notFound), (410, .gone),
        (418, .httpStatus), (429, .rateLimited), (500, .serverError), (503, .serverError),
        (204, .httpStatus), (302, .httpStatus), (999, .httpStatus),
    ])
    func aStatusHasItsReason(status: Int, expected: FailureReason) {
        #expect(reason(verdict(status)) == expected)
    }

    @Test func aBusyServerThatAsksToWaitIsObeyed() throws {
        let verdict = verdict(503, [HeaderField(name: "Retry-After", value: "7200")])
        guard case .failed(let failure) = verdict else {
            Issue.record("not a failure")
            return
        }
        #expect(failure.reason == .rateLimited)
        let next = policy.failed(state, settings: feed, failure: failure, now: now).nextPoll
        #expect(next - now >= .seconds(7_200))
    }

    @Test func notModifiedReplacesTheValidatorsItCarries() {
        guard
            case .notModified(let validators) = verdict(
                304,
                [HeaderField(name: "ETag", value: "\"2\"")]
            )
        else {
            Issue.record("not notModified")
            return
        }
        #expect(validators == Validators(etag: "\"2\"", lastModified: "yesterday, roughly"))
    }

    @Test func notModifiedWithoutAConditionIsAFailure() {
        var fresh = state
        fresh.validators = Validators()
        #expect(reason(verdict(304, state: fresh)) == .httpStatus)
    }

    @Test func aSuccessForgetsTheFailures() {
        let failure = PollFailure(reason: .serverError, message: "500")
        let failed = policy.failed(state, settings: feed, failure: failure, now: now)
        #expect(failed.failures == 1)
        #expect(failed.failingSince == now)
        #expect(failed.validators == state.validators)
        let well = policy.succeeded(
            failed,
            settings: feed,
            answer: PollAnswer(validators: Validators(etag: "\"3\"")),
            now: now + .seconds(9)
        )
        #expect(well.failures == 0)
        #expect(well.failingSince == nil)
        #expect(well.reason == nil)
        #expect(well.validators == Validators(etag: "\"3\""))
    }

    @Test(arguments: [(1, 900), (2, 1_800), (3, 3_600), (6, 21_600), (40, 21_600)])
    func failuresSlowDownToACeiling(failures: Int, seconds: Int) {
        var state = state
        let failure = PollFailure(reason: .notFound, message: "404")
        for _ in 0..<failures {
            state = policy.failed(state, settings: feed, failure: failure, now: now)
        }
        let wait = state.nextPoll - now
        #expect(wait >= .seconds(seconds) * 95 / 100)
        #expect(wait <= .seconds(seconds) * 105 / 100)
    }

    @Test func theIntervalIsJitteredTheSameWayInEveryRun() {
        var waits: Set<Duration> = []
        var total = Duration.zero
        var state = state
        var now = now
        for _ in 0..<200 {
            let answer = PollAnswer(validators: state.validators)
            let next = policy.succeeded(state, settings: feed, answer: answer, now: now)
            let again = policy.succeeded(state, settings: feed, answer: answer, now: now)
            #expect(next.nextPoll == again.nextPoll)
            waits.insert(next.nextPoll - now)
            total += next.nextPoll - now
            now = next.nextPoll
            state = next
        }
        #expect(waits.count > 3)
        #expect(waits.allSatisfy { $0 >= .seconds(855) && $0 <= .seconds(945) })
        #expect(total / 200 > .seconds(890) && total / 200 < .seconds(910))
    }
}

@Suite struct HTTPTimeTests {
    private let now = Timestamp(seconds: 784_111_777)  // Sun, 06 Nov 1994 08:49:37 GMT

    @Test(arguments: [
        "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
    ])
    func theThreeFormsOfADateAreOneMoment(text: String) {
        #expect(HTTPTime.date(text) == now)
    }

    @Test(arguments: ["", "soon", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT"])
    func whatIsNoDateIsNone(text: String) {
        #expect(HTTPTime.date(text) == nil)
    }

    @Test(arguments: [
        ("120", Duration.seconds(120)), (" 7 ", .seconds(7)), ("0", .zero),
        ("99999999999999999999999", .seconds(86_400)), ("315360000", .seconds(86_400)),
        ("Sun, 06 Nov 1994 08:50:37 GMT", .seconds(60)),
        ("Sun, 06 Nov 1993 08:49:37 GMT", .zero),
    ])
    func retryAfterIsReadInBothFormsAndClamped(text: String, expected: Duration) {
        #expect(HTTPTime.retryAfter(text, now: now, ceiling: .seconds(86_400)) == expected)
    }

    @Test(arguments: ["-5", "never", ""])
    func anUnreadableRetryAfterIsNone(text: String) {
        #expect(HTTPTime.retryAfter(text, now: now, ceiling: .seconds(86_400)) == nil)
    }
}
