import FeedModel
import Testing
import WatchCore

@Suite struct HealthSweepTests {
    private let start = Timestamp(seconds: 1_750_000_000)
    private let hour: Duration = .seconds(3_600)

    private func feed(
        _ name: String,
        host: String,
        failingSince: Timestamp? = nil,
        lastSuccess: Timestamp? = nil,
        reason: FailureReason = .connectFailed
    ) -> FeedState {
        var state = FeedState(id: FeedID(name), url: "https://\(host)/\(name)", nextPoll: start)
        state.polls = 9
        state.lastSuccess = lastSuccess
        if let failingSince {
            state.failures = 3
            state.failingSince = failingSince
            state.reason = reason
            state.message = "no answer"
        }
        return state
    }

    /// Sweeps, takes the changed states home and answers with what was told.
    private func sweep(
        _ sweep: inout HealthSweep,
        _ states: inout [FeedState],
        at moment: Timestamp
    ) -> [String] {
        let findings = sweep.run(states, failingAfter: hour, now: moment)
        for changed in findings.states {
            for index in states.indices where states[index].id == changed.id {
                states[index] = changed
            }
        }
        return findings.events.map { $0.kind.rawValue + ($0.feed.map { " \($0)" } ?? "") }
    }

    @Test func aFailingFeedIsToldAfterATimeAgainAfterADayAndOnceWhenItWorks() {
        var health = HealthSweep()
        var states = [
            feed("a", host: "a.example", failingSince: start),
            feed("b", host: "b.example", lastSuccess: start + .seconds(86_400 * 30)),
        ]
        #expect(sweep(&health, &states, at: start + .seconds(3_599)) == [])
        #expect(sweep(&health, &states, at: start + hour) == ["feed.failing a"])
        #expect(sweep(&health, &states, at: start + hour + .seconds(60)) == [])
        let day: Duration = .seconds(86_400)
        #expect(sweep(&health, &states, at: start + hour + day) == ["feed.failing a"])
        #expect(sweep(&health, &states, at: start + hour + day + day) == [])
        #expect(sweep(&health, &states, at: start + hour + day * 8) == ["feed.failing a"])
        #expect(sweep(&health, &states, at: start + hour + day * 15) == ["feed.failing a"])
        states[0].failures = 0
        states[0].failingSince = nil
        states[0].lastSuccess = start + day * 16
        #expect(sweep(&health, &states, at: start + day * 16) == ["feed.recovered a"])
        #expect(sweep(&health, &states, at: start + day * 17) == [])
    }

    @Test func aRestartTellsNothingTwice() {
        var health = HealthSweep()
        var states = [feed("a", host: "a.example", failingSince: start)]
        #expect(sweep(&health, &states, at: start + hour) == ["feed.failing a"])
        var after = HealthSweep()
        #expect(sweep(&after, &states, at: start + hour + .seconds(30)) == [])
    }

    @Test func aHostThatFailsIsToldOnceForAllItsFeeds() {
        var health = HealthSweep()
        var states = (0..<40).map { feed("a\($0)", host: "a.example", failingSince: start) }
        states += (0..<40).map { number in
            feed("b\(number)", host: "b\(number).example", lastSuccess: start + hour)
        }
        #expect(sweep(&health, &states, at: start + hour) == ["host.failing"])
        #expect(sweep(&health, &states, at: start + hour * 2) == [])
        for index in 0..<40 {
            states[index].failures = 0
            states[index].failingSince = nil
        }
        #expect(sweep(&health, &states, at: start + hour * 3) == ["host.recovered"])
        #expect(sweep(&health, &states, at: start + hour * 4) == [])
    }

    @Test func aHostsEventNamesTheHostAndItsFeeds() throws {
        var health = HealthSweep()
        var states = (0..<3).map { feed("a\($0)", host: "a.example", failingSince: start) }
        states.append(feed("b", host: "b.example", lastSuccess: start + hour))
        let event = try #require(
            health.run(states, failingAfter: hour, now: start + hour).events.first
        )
        let text = String(decoding: event.draft(hooks: []).tail, as: UTF8.self)
        #expect(
            text.contains(
                #""host":"a.example","failing":3,"watched":3,"feeds":["a0","a1","a2"]}"#
            )
        )
    }

    @Test func oneFeedOfAHostThatWorksIsToldByItself() {
        var health = HealthSweep()
        var states = [
            feed("a", host: "a.example", failingSince: start),
            feed("b", host: "a.example", lastSuccess: start),
            feed("c", host: "a.example", lastSuccess: start),
        ]
        #expect(sweep(&health, &states, at: start + hour) == ["feed.failing a"])
    }

    @Test func aNetworkThatFailsIsToldOnceAndNoFeedWithIt() {
        var health = HealthSweep()
        var states = (0..<1_000).map { number in
            feed("a\(number)", host: "h\(number / 2).example", lastSuccess: start)
        }
        #expect(sweep(&health, &states, at: start + .seconds(60)) == [])
        for index in states.indices {
            states[index].failures = 2
            states[index].failingSince = start + .seconds(60)
            states[index].reason = .nameNotResolved
        }
        #expect(sweep(&health, &states, at: start + .seconds(600)) == ["network.failing"])
        #expect(health.isNetworkDown)
        #expect(sweep(&health, &states, at: start + hour * 5) == [])
        for index in states.indices {
            states[index].failures = 0
            states[index].failingSince = nil
            states[index].lastSuccess = start + hour * 6
        }
        #expect(sweep(&health, &states, at: start + hour * 6) == ["network.recovered"])
        #expect(sweep(&health, &states, at: start + hour * 7) == [])
    }

    @Test func aNetworkIsToldBeforeSlowFeedsWereAsked() {
        var health = HealthSweep()
        var states = (0..<100).map { feed("a\($0)", host: "h\($0).example", lastSuccess: start) }
        // Of a hundred feeds only six were polled since.
        for index in 0..<6 {
            states[index].failures = 2
            states[index].failingSince = start + .seconds(60)
            states[index].lastPoll = start + .seconds(120)
            states[index].reason = .connectFailed
        }
        #expect(sweep(&health, &states, at: start + .seconds(400)) == ["network.failing"])
        #expect(sweep(&health, &states, at: start + hour * 2) == [])
    }

    @Test func deadFeedsThatArePolledAloneAreNotOurNetwork() {
        var health = HealthSweep()
        var states = (0..<20).map { feed("a\($0)", host: "h\($0).example", lastSuccess: start) }
        var one = HealthSweep()
        var dead = [feed("x", host: "x.example", failingSince: start - hour)]
        _ = sweep(&one, &dead, at: start)
        let told = dead[0].health
        for index in 0..<8 {
            states[index] = feed("a\(index)", host: "h\(index).example", failingSince: start - hour)
            states[index].health = told
        }
        #expect(sweep(&health, &states, at: start + .seconds(3_000)) == [])
        #expect(!health.isNetworkDown)
    }

    @Test func afterAnOutageOnlyThoseAreToldThatStillFailAndAllAreAskedAtOnce() {
        var health = HealthSweep()
        var states = (0..<50).map { number in
            feed("a\(number)", host: "h\(number).example", failingSince: start)
        }
        for index in states.indices { states[index].lastPoll = start + hour }
        #expect(sweep(&health, &states, at: start + hour) == ["network.failing"])
        let back = start + hour * 5
        states[0].failures = 0
        states[0].failingSince = nil
        states[0].lastSuccess = back
        let findings = health.run(states, failingAfter: hour, now: back)
        #expect(findings.events.map(\.kind) == [.networkRecovered])
        #expect(findings.revived.count == 49)
        #expect(sweep(&health, &states, at: back + .seconds(60)) == [])
        // One of them was asked again, and has died meanwhile.
        states[7].lastPoll = back + .seconds(120)
        #expect(sweep(&health, &states, at: back + .seconds(180)) == ["feed.failing a7"])
    }

    @Test func aRestartInAnOutageTellsItNotAgainButItsEnd() throws {
        var health = HealthSweep()
        var states = (0..<20).map { feed("a\($0)", host: "h\($0).example", failingSince: start) }
        for index in states.indices { states[index].lastPoll = start + .seconds(300) }
        #expect(sweep(&health, &states, at: start + .seconds(300)) == ["network.failing"])
        for index in states.indices {
            states[index].health = try #require(FeedHealth(packed: states[index].health.packed))
        }
        var second = HealthSweep()
        #expect(sweep(&second, &states, at: start + hour * 2) == [])
        #expect(second.isNetworkDown)
        let back = start + hour * 3
        states[0].failures = 0
        states[0].failingSince = nil
        states[0].lastSuccess = back
        #expect(sweep(&second, &states, at: back) == ["network.recovered"])
        for index in states.indices {
            states[index].health = try #require(FeedHealth(packed: states[index].health.packed))
        }
        // And those that were not asked since are not told of singly.
        var third = HealthSweep()
        #expect(sweep(&third, &states, at: back + .seconds(60)) == [])
        #expect(!third.isNetworkDown)
        states[7].lastPoll = back + .seconds(90)
        #expect(sweep(&third, &states, at: back + .seconds(120)) == ["feed.failing a7"])
    }

    @Test func aRestartTellsNoHostTwice() {
        var health = HealthSweep()
        var states = (0..<4).map { feed("a\($0)", host: "a.example", failingSince: start) }
        states.append(feed("b", host: "b.example", lastSuccess: start + hour))
        for index in 0..<4 { states[index].lastPoll = start + hour }
        #expect(sweep(&health, &states, at: start + hour) == ["host.failing"])
        var second = HealthSweep()
        #expect(sweep(&second, &states, at: start + hour * 2) == [])
        for index in 0..<4 {
            states[index].failures = 0
            states[index].failingSince = nil
            states[index].lastSuccess = start + hour * 3
        }
        #expect(sweep(&second, &states, at: start + hour * 3) == ["host.recovered"])
        var third = HealthSweep()
        #expect(sweep(&third, &states, at: start + hour * 4) == [])
    }

    @Test func theEndOfAnOutageShowsInAFeedThatDidNotFailBefore() {
        var health = HealthSweep()
        var states = (0..<9).map { feed("dead\($0)", host: "d\($0).example", failingSince: start) }
        states += (0..<50).map { number in
            feed(
                "a\(number)",
                host: "h\(number).example",
                failingSince: start + hour,
                lastSuccess: start + .seconds(1_800)
            )
        }
        // The dead have waited longest.
        for index in states.indices {
            states[index].lastPoll = start + (index < 9 ? hour / 2 : hour)
        }
        #expect(sweep(&health, &states, at: start + hour) == ["network.failing"])
        let findings = health.run(states, failingAfter: hour, now: start + hour * 2)
        #expect(findings.revived == [FeedID("a0"), FeedID("a1"), FeedID("a2")])
    }

    @Test func feedsThatWereNotAskedSinceAnOutageAreNoOther() {
        var health = HealthSweep()
        var states = (0..<20).map { feed("a\($0)", host: "h\($0).example", failingSince: start) }
        for index in states.indices { states[index].lastPoll = start + .seconds(300) }
        #expect(sweep(&health, &states, at: start + .seconds(300)) == ["network.failing"])
        let back = start + hour
        states[0].failures = 0
        states[0].failingSince = nil
        (states[0].lastSuccess, states[0].lastPoll) = (back, back)
        #expect(sweep(&health, &states, at: back) == ["network.recovered"])
        #expect(sweep(&health, &states, at: back + hour) == [])
        // Asked in vain once more, they are.
        for index in 1..<20 { states[index].lastPoll = back + hour }
        #expect(sweep(&health, &states, at: back + hour * 2) == ["network.failing"])
    }

    @Test func duringAnOutageThreeHostsAreAskedEveryFiveMinutesThoseThatWaitedLongest() {
        var health = HealthSweep()
        var states = (0..<50).map { number in
            feed("a\(number)", host: "h\(number / 2).example", failingSince: start)
        }
        for index in states.indices { states[index].lastPoll = start + .seconds(Int64(50 - index)) }
        #expect(sweep(&health, &states, at: start + .seconds(340)) == ["network.failing"])
        func asked(_ seconds: Int64) -> [FeedID] {
            health.run(states, failingAfter: hour, now: start + .seconds(seconds)).revived
        }
        #expect(asked(349) == [])
        #expect(asked(350) == [FeedID("a49"), FeedID("a47"), FeedID("a45")])
        for index in [49, 47, 45] { states[index].lastPoll = start + .seconds(360) }
        #expect(asked(650) == [])
        #expect(asked(660) == [FeedID("a48"), FeedID("a46"), FeedID("a44")])
    }

    @Test(arguments: [(FailureReason.connectFailed, 1), (.forbidden, 0)])
    func aHostThatCannotBeReachedIsAskedEveryHour(reason: FailureReason, polls: Int) {
        var health = HealthSweep()
        var states = (0..<4).map { number in
            feed("a\(number)", host: "a.example", failingSince: start, reason: reason)
        }
        states.append(feed("b", host: "b.example", lastSuccess: start + hour * 3))
        for index in 0..<4 { states[index].lastPoll = start + hour }
        #expect(sweep(&health, &states, at: start + hour) == ["host.failing"])
        let early = health.run(states, failingAfter: hour, now: start + hour * 2 - .seconds(1))
        #expect(early.revived.isEmpty)
        let findings = health.run(states, failingAfter: hour, now: start + hour * 2)
        #expect(findings.revived.count == polls)
    }

    @Test func aFeedThatIsGoneWasToldByItsPollAndIsRememberedEveryWeek() {
        var health = HealthSweep()
        var states = [feed("a", host: "a.example", failingSince: start, reason: .gone)]
        states[0].goneLooks = 2
        let day: Duration = .seconds(86_400)
        #expect(sweep(&health, &states, at: start + hour) == [])
        #expect(sweep(&health, &states, at: start + day * 2) == [])
        #expect(sweep(&health, &states, at: start + hour + day * 7) == ["feed.failing a"])
    }

    @Test func aSinglePollThatComesToNothingIsNotTold() {
        var health = HealthSweep()
        var states = [feed("a", host: "a.example", failingSince: start)]
        states[0].failures = 1
        #expect(sweep(&health, &states, at: start + hour * 5) == [])
        states[0].failures = 2
        #expect(sweep(&health, &states, at: start + hour * 6) == ["feed.failing a"])
    }

    @Test func aHostIsToldBeforeItsSlowFeedsWereAsked() {
        var health = HealthSweep()
        var states = (0..<9).map { feed("a\($0)", host: "a.example", lastSuccess: start) }
        for index in 0..<3 {
            states[index].failures = 4
            states[index].failingSince = start + .seconds(60)
        }
        #expect(sweep(&health, &states, at: start + hour * 2) == ["host.failing"])
        // The slow ones follow, and are told with it.
        for index in 3..<6 {
            states[index].failures = 2
            states[index].failingSince = start + hour
        }
        #expect(sweep(&health, &states, at: start + hour * 3) == [])
        #expect(sweep(&health, &states, at: start + hour * 20) == [])
    }

    @Test func aHostThatWorksAgainIsToldAlthoughOneOfItsFeedsHasDied() {
        var health = HealthSweep()
        var states = (0..<4).map { feed("a\($0)", host: "a.example", failingSince: start) }
        for index in states.indices { states[index].lastPoll = start + hour }
        #expect(sweep(&health, &states, at: start + hour) == ["host.failing"])
        let back = start + hour * 2
        for index in 0..<3 {
            states[index].failures = 0
            states[index].failingSince = nil
            states[index].lastSuccess = back
        }
        let findings = health.run(states, failingAfter: hour, now: back)
        #expect(findings.events.isEmpty)
        #expect(findings.revived == [FeedID("a3")])
        states[3].lastPoll = back + .seconds(60)
        #expect(sweep(&health, &states, at: back + .seconds(90)) == ["host.recovered"])
        #expect(sweep(&health, &states, at: back + .seconds(150)) == ["feed.failing a3"])
    }

    @Test func serversThatFailByThemselvesAreNotOurNetwork() {
        var health = HealthSweep()
        var states = (0..<10).map { number in
            feed(
                "a\(number)",
                host: "h\(number).example",
                failingSince: start,
                reason: .serverError
            )
        }
        let told = sweep(&health, &states, at: start + hour)
        #expect(told == (0..<10).map { "feed.failing a\($0)" })
    }

    @Test(arguments: [
        (FailureReason.gone, "gone"), (.forbidden, "blocked"), (.notAFeed, "not-a-feed"),
        (.timedOut, "failing"),
    ])
    func aFeedThatFailsStandsAsItsReasonSays(reason: FailureReason, word: String) {
        let state = feed("a", host: "a.example", failingSince: start, reason: reason)
        let condition = FeedCondition(of: state, at: start + hour)
        #expect(condition.word == word)
        #expect(condition.isBad)
        #expect(condition.since(state) == start)
    }
}
