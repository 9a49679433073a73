import FeedModel
import Testing
import TopicQuery
import WatchCore

/// When and where the next poll goes, by what server and document say.
@Suite struct PollTimingTests {
    private let now = Timestamp(seconds: 1_750_000_000)
    private let feed = FeedSettings(id: FeedID("a"), url: "https://news.example/feed")
    private let policy = PollPolicy(watch: PollPolicyTests.fixed(.seconds(900)))

    private var state: FeedState {
        var state = FeedState(id: feed.id, url: feed.url, nextPoll: now)
        state.hasBaseline = true
        return state
    }

    private func response(
        _ headers: [(String, String)],
        status: Int = 200,
        hops: [RedirectHop] = []
    ) -> HTTPResponse {
        HTTPResponse(
            status: status,
            headers: headers.map { HeaderField(name: $0.0, value: $0.1) },
            url: hops.last?.url ?? feed.url,
            hops: hops
        )
    }

    @Test(arguments: [
        ([("Cache-Control", "max-age=600"), ("Age", "100")], 500),
        ([("Cache-Control", "no-cache, max-age=600")], 0),
        ([("Cache-Control", "no-store"), ("Expires", "Sun, 06 Nov 2044 08:49:37 GMT")], 0),
        ([("Cache-Control", "public, MAX-AGE=\"60\""), ("cache-control", "max-age=30")], 30),
        ([("Cache-Control", "max-age=60"), ("Age", "70")], 0),
        ([("Cache-Control", "private=\"x, max-age=5\", max-age=99")], 99),
        (
            [
                ("Date", "Sun, 06 Nov 1994 08:49:37 GMT"),
                ("Expires", "Sun, 06 Nov 1994 08:54:37 GMT"),
            ], 300
        ),
        ([("Expires", "0")], 0), ([("Cache-Control", "max-age=soon")], 0),
        ([("Cache-Control", "max-age=99999999999999999999")], 366 * 86_400),
    ])
    func freshnessIsReadAsAPrivateCacheDoes(headers: [(String, String)], seconds: Int) {
        #expect(Freshness(of: response(headers), now: now).remaining == .seconds(seconds))
    }

    @Test(arguments: [[("Cache-Control", "s-maxage=9000")], [("Cache-Control", "public")], []])
    func aServerThatSaysNothingAsksForNothing(headers: [(String, String)]) {
        #expect(Freshness(of: response(headers), now: now).remaining == nil)
    }

    private func wait(
        _ answer: PollAnswer,
        state: FeedState? = nil,
        feed: FeedSettings? = nil
    ) -> Duration {
        let after = policy.succeeded(
            state ?? self.state,
            settings: feed ?? self.feed,
            answer: answer,
            now: now
        )
        return after.nextPoll - now
    }

    @Test func aFreshDocumentIsNotAskedForAgain() {
        let answer = PollAnswer(
            of: response([("Cache-Control", "max-age=3600")]),
            from: feed.url,
            now: now
        )
        #expect(wait(answer) >= .seconds(3_600))
        #expect(wait(answer) < .seconds(3_700))
        let year = PollAnswer(
            of: response([("Cache-Control", "max-age=31536000")]),
            from: feed.url,
            now: now
        )
        #expect(wait(year) == .seconds(6 * 3_600))
    }

    @Test func notModifiedKeepsTheFreshnessUnlessItBringsItsOwn() {
        let document = PollAnswer(
            of: response([("Cache-Control", "max-age=3600")]),
            from: feed.url,
            now: now
        )
        let state = policy.succeeded(self.state, settings: feed, answer: document, now: now)
        var silent = PollAnswer(of: response([], status: 304), from: feed.url, now: now)
        silent.isNotModified = true
        #expect(wait(silent, state: state) >= .seconds(3_600))
        var own = PollAnswer(
            of: response([("Cache-Control", "max-age=1200")], status: 304),
            from: feed.url,
            now: now
        )
        own.isNotModified = true
        #expect(wait(own, state: state) < .seconds(1_300))
        let plain = PollAnswer(of: response([]), from: feed.url, now: now)
        #expect(wait(plain, state: state) < .seconds(950))
    }

    private func findings(_ change: (inout PollWishes) -> Void) -> PollAnswer {
        var answer = PollAnswer()
        var wishes = PollWishes()
        change(&wishes)
        let sighting = Sighting(dates: [], window: 10)
        answer.findings = PollFindings(sighting: sighting, wishes: wishes, new: 0, matches: 0)
        return answer
    }

    @Test func aDocumentsOwnWordsAreObeyedUnlessTheFeedHasAnIntervalOfItsOwn() {
        let live = findings { $0.timeToLive = .seconds(7_200) }
        #expect(wait(live) >= .seconds(7_200))
        let period = findings { $0.updatePeriod = .seconds(3_600) }
        #expect(wait(period) >= .seconds(3_600))
        var own = feed
        own.interval = .fixed(.seconds(900))
        #expect(wait(live, feed: own) < .seconds(950))
        #expect(wait(period, feed: own) < .seconds(950))
    }

    @Test(arguments: [(1_800, 5_400), (0, 7_200), (7_100, 100), (-1_800, 1_800)])
    func aPeriodWithABaseEndsWhereThePeriodThatRunsDoes(gone: Int, left: Int) throws {
        let length = gone < 0 ? 3_600 : 7_200
        var wishes = PollWishes()
        #expect(wishes.updateWait(from: now) == nil)
        wishes.updatePeriod = .seconds(length)
        #expect(wishes.updateWait(from: now) == .seconds(length))
        // Many periods ago, or, for a clock that is wrong, in the future.
        wishes.updateBase = now - .seconds(gone) - .seconds(gone < 0 ? 0 : 1_000 * length)
        let wait = try #require(wishes.updateWait(from: now))
        #expect(wait >= .seconds(left) && wait <= .seconds(left + length / 64 + 1))
        #expect(PollWishes(packed: wishes.packed) == wishes)
        let answer = findings { $0 = wishes }
        #expect(self.wait(answer) >= wait)
    }

    @Test func wishesThatAnOlderVersionStoredAreRead() {
        var wishes = PollWishes()
        wishes.updatePeriod = .seconds(3_600)
        wishes.skipDays = 3
        let old = [1] + Array(wishes.packed.dropFirst().dropLast(8))
        #expect(PollWishes(packed: old) == wishes)
    }

    @Test func hoursAndDaysToSkipAreSkipped() {
        let hour = now.civil.hour
        let answer = findings { $0.skipHours = 1 << UInt32(hour) | 1 << UInt32((hour + 1) % 24) }
        let next = (now + wait(answer)).civil
        #expect(next.hour == (hour + 2) % 24 && next.minute == 0)
        let days = findings { $0.skipDays = 1 << UInt8(now.civil.weekday) }
        #expect((now + wait(days)).civil.weekday == (now.civil.weekday + 1) % 7)
        let all = findings { $0.skipHours = 0xFF_FFFF }
        #expect(wait(all) < .seconds(950))
    }

    @Test func wishesOutliveARestart() {
        var wishes = PollWishes()
        #expect(PollWishes(packed: wishes.packed) == wishes)
        wishes.maxAge = .seconds(60)
        wishes.skipDays = 3
        wishes.skipHours = 7
        #expect(PollWishes(packed: wishes.packed) == wishes)
        #expect(PollWishes(packed: [9]) == nil)
    }

    private func moved(_ url: String, status: Int = 301) -> PollAnswer {
        PollAnswer(
            of: response([], hops: [RedirectHop(status: status, url: url)]),
            from: feed.url,
            now: now
        )
    }

    @Test func aStableMoveIsFollowedAndUndoneWhenTheNewPlaceFails() {
        let place = "https://new.example/feed"
        var state = state
        for day in 0..<3 {
            #expect(state.address == feed.url)
            state = policy.succeeded(
                state,
                settings: feed,
                answer: moved(place),
                now: now + .seconds(day * 43_200)
            )
        }
        #expect(state.address == place)
        #expect(policy.request(for: feed, state: state).url == place)
        #expect(FeedMove(packed: state.move?.packed ?? []) == state.move)
        let later = now + .seconds(200_000)
        let still = policy.succeeded(state, settings: feed, answer: PollAnswer(), now: later)
        #expect(still.address == place)
        let failure = PollFailure(reason: .notFound, message: "404")
        let home = policy.failed(still, settings: feed, failure: failure, now: later)
        #expect(home.address == feed.url && home.move == nil)
        let hiccup = PollFailure(reason: .timedOut, message: "slow")
        let once = policy.failed(still, settings: feed, failure: hiccup, now: later)
        #expect(once.address == place)
        let twice = policy.failed(once, settings: feed, failure: hiccup, now: later)
        #expect(twice.address == feed.url)
        // Where nothing can be reached both are asked in turn, and nothing is told of a move.
        let thrice = policy.failed(twice, settings: feed, failure: hiccup, now: later)
        #expect(thrice.address == place)
        #expect(thrice.move?.isProven == true)
        let back = policy.succeeded(thrice, settings: feed, answer: PollAnswer(), now: later)
        #expect(back.address == place)
        let old = policy.succeeded(twice, settings: feed, answer: PollAnswer(), now: later)
        #expect(old.move == nil)
    }

    @Test func aMoveIsLookedAtAgainAndOutlivesTheOldPlace() {
        var state = state
        state.move = FeedMove(url: "https://new.example/feed", at: now - .seconds(900_000))
        state.move?.polls = 3
        state.move?.confirmed = now - .seconds(700_000)
        state.move?.isFollowed = true
        let after = policy.succeeded(state, settings: feed, answer: PollAnswer(), now: now)
        #expect(after.address == feed.url)
        let confirmed = policy.succeeded(
            after,
            settings: feed,
            answer: moved("https://new.example/feed"),
            now: now
        )
        #expect(confirmed.address == "https://new.example/feed")
        let failure = PollFailure(reason: .nameNotResolved, message: "no such host")
        let oldIsDead = policy.failed(after, settings: feed, failure: failure, now: now)
        #expect(oldIsDead.address == "https://new.example/feed")
        let back = policy.succeeded(after, settings: feed, answer: PollAnswer(), now: now)
        #expect(back.move == nil)
    }

    @Test(arguments: [302, 303, 307])
    func aRedirectForNowIsNeverRemembered(status: Int) {
        var state = state
        for day in 0..<9 {
            state = policy.succeeded(
                state,
                settings: feed,
                answer: moved("https://new.example/feed", status: status),
                now: now + .seconds(day * 86_400)
            )
        }
        #expect(state.move == nil && state.address == feed.url)
    }

    @Test func anAddressThatRepeatsASecretIsNotRemembered() {
        var known = feed
        known.headers = [RequestHeader(name: "X-Key", value: "letmein")]
        for (path, isRemembered) in [("new?k=letmein", false), ("new?k=1", true)] {
            let answer = moved(feed.url + path)
            let after = policy.succeeded(state, settings: known, answer: answer, now: now)
            #expect((after.move != nil) == isRemembered)
        }
    }

    @Test func secretsAreNotTakenToAnotherHost() {
        var secret = feed
        secret.headers = [RequestHeader(name: "X-Api-Key", value: "k")]
        var state = state
        for day in 0..<9 {
            state = policy.succeeded(
                state,
                settings: secret,
                answer: moved("https://new.example/feed"),
                now: now + .seconds(day * 86_400)
            )
        }
        #expect(state.address == feed.url)
    }

    @Test func goneIsBelievedAfterASecondLookAndNeverTheEnd() {
        let failure = PollFailure(reason: .gone, message: "410")
        let first = policy.failed(state, settings: feed, failure: failure, now: now)
        #expect(first.nextPoll - now < .seconds(1_000))
        let second = policy.failed(first, settings: feed, failure: failure, now: now)
        #expect(second.goneLooks == 2)
        #expect(second.nextPoll - now > .seconds(80_000))
        #expect(second.nextPoll - now < .seconds(95_000))
        let well = policy.succeeded(second, settings: feed, answer: PollAnswer(), now: now)
        #expect(well.goneLooks == 0)
    }

    @Test func whatAServerAskedForOutlivesARestartAndAShorterInterval() {
        let failure = PollFailure(reason: .rateLimited, message: "429", retryAfter: .seconds(7_200))
        let held = policy.failed(state, settings: feed, failure: failure, now: now)
        #expect(held.hostHeldUntil == now + .seconds(7_200))
        let quick = PollPolicy(watch: PollPolicyTests.fixed(.seconds(60)))
        let adopted = quick.adopted(held, settings: feed, now: now + .seconds(60))
        #expect(adopted.nextPoll >= now + .seconds(7_200))
        var slow = state
        slow.nextPoll = now + .seconds(86_400)
        #expect(quick.adopted(slow, settings: feed, now: now).nextPoll <= now + .seconds(120))
    }

    @Test(arguments: [3_600, 30 * 86_400])
    func aClockSetBackBetweenTwoRunsTakesAlongWhatIsPlanned(lost: Int) {
        let lost = Duration.seconds(lost)
        let failure = PollFailure(reason: .rateLimited, message: "429", retryAfter: .seconds(7_200))
        var held = policy.failed(state, settings: feed, failure: failure, now: now)
        held.notBefore = now + .seconds(90)
        let later = now + .seconds(10) - lost
        let adopted = policy.adopted(held, settings: feed, now: later)
        #expect(adopted.hostHeldUntil == later + .seconds(7_200))
        #expect(adopted.notBefore == later + .seconds(90))
        #expect(adopted.nextPoll == later + (held.nextPoll - now))
        let again = policy.adopted(adopted, settings: feed, now: later + .seconds(1))
        #expect(again.nextPoll == adopted.nextPoll)
    }

    @Test func aFeedWithoutConditionsHasNone() {
        var plain = feed
        plain.noConditional = true
        let answer = PollAnswer(validators: Validators(etag: "\"1\""))
        let after = policy.succeeded(state, settings: plain, answer: answer, now: now)
        #expect(after.validators == Validators())
        #expect(policy.request(for: plain, state: after).validators == Validators())
    }

    @Test func feedsOfOneHostStayInStepAndHostsApart() {
        func next(_ name: String, _ url: String, after: Int) -> Timestamp {
            let settings = FeedSettings(id: FeedID(name), url: url)
            let state = FeedState(id: settings.id, url: url, nextPoll: now)
            let moment = now + .seconds(after)
            return policy.succeeded(
                state,
                settings: settings,
                answer: PollAnswer(),
                now: moment
            ).nextPoll
        }
        let together = Set((0..<8).map { next("f\($0)", "https://one.example/\($0)", after: $0) })
        #expect(together.count <= 2)
        let apart = Set((0..<100).map { next("f\($0)", "https://h\($0).example/", after: 0) })
        #expect(apart.count > 30)
        #expect(apart.allSatisfy { $0.milliseconds % 1_000 == 0 })
    }

    // MARK: Automatic feeds

    private let auto = PollPolicy(watch: WatchSettings())

    private func automatic(_ matches: Int, new: Int, window: Int, last: Int) -> Duration {
        var state = state
        state.lastSuccess = now - .seconds(last)
        var answer = PollAnswer()
        answer.findings = PollFindings(
            sighting: Sighting(dates: [], window: window),
            wishes: PollWishes(),
            new: new,
            matches: matches
        )
        return auto.succeeded(state, settings: feed, answer: answer, now: now).nextPoll - now
    }

    @Test func aMatchBringsTheNextLookForward() {
        let plain = automatic(0, new: 1, window: 30, last: 900)
        let match = automatic(1, new: 1, window: 30, last: 900)
        #expect(match * 10 < plain * 6)
        #expect(match >= .seconds(60))
    }

    @Test func aWindowThatTurnsOverIsLookedAtSooner() {
        #expect(automatic(0, new: 15, window: 30, last: 600) <= .seconds(310))
        #expect(automatic(0, new: 30, window: 30, last: 100) >= .seconds(60))
    }

    @Test func theBoundsOfAFeedHold() {
        var settings = feed
        settings.minInterval = .seconds(1_800)
        settings.maxInterval = .seconds(3_600)
        var answer = PollAnswer()
        answer.isNotModified = true
        let wait =
            auto.succeeded(state, settings: settings, answer: answer, now: now).nextPoll - now
        #expect(wait >= .seconds(1_800) && wait <= .seconds(3_800))
    }

    @Test(arguments: [("feed", true), ("Feed ", true), ("vcdiff", false), ("feed, gzip", false)])
    func onlyTheFeedManipulationIsADocument(manipulation: String, isDocument: Bool) {
        let answer = response([("IM", manipulation)], status: 226)
        let verdict = policy.classify(
            TransferResult(feed: feed.id, outcome: .success(answer)),
            state: state,
            now: now
        )
        if case .document = verdict { #expect(isDocument) } else { #expect(!isDocument) }
    }
}
