import FeedModel
import Testing
import WatchCore

/// Hosts whose 304 cannot be believed.
@Suite struct FalseAnswersTests {
    private let now = Timestamp(seconds: 1_750_000_000)

    private func feed(_ name: String, host: String = "h", isProven: Bool = false) -> FeedState {
        var state = FeedState(
            id: FeedID(name),
            url: "https://\(host).example/\(name)",
            nextPoll: now
        )
        state.validators.etag = "\"1\""
        if isProven {
            _ = state.health.noteDocument(proves: true, now: now)
        } else {
            state.health.noteNotModified(now: now)
        }
        return state
    }

    @Test func whatTwoFeedsOfAHostProveHoldsForAllAndIsToldOnce() throws {
        var states = [
            feed("a", isProven: true), feed("b", isProven: true), feed("c"), feed("d"),
            feed("other", host: "o"), feed("liar", host: "o", isProven: true),
        ]
        let found = FalseAnswers.judge(states, now: now)
        #expect(found.states.map(\.id) == [FeedID("c"), FeedID("d")])
        #expect(found.states.allSatisfy { $0.health.distrusts304(at: now) })
        #expect(found.states.allSatisfy { $0.health.wantsWhole(at: now) })
        #expect(found.events.map(\.kind) == [.hostStale304])
        #expect(found.events.first?.message.hasPrefix("h.example answered for 2") == true)
        states.removeAll { state in found.states.contains { $0.id == state.id } }
        states += found.states
        #expect(FalseAnswers.judge(states, now: now).events.isEmpty)
        // A feed that joins later needs no word.
        let later = FalseAnswers.judge(states + [feed("e")], now: now)
        #expect(later.states.map(\.id) == [FeedID("e")])
        #expect(later.events.isEmpty)
    }

    @Test func oneFeedProvesNothingOfItsHost() {
        let found = FalseAnswers.judge([feed("a", isProven: true), feed("b")], now: now)
        #expect(found.states.isEmpty)
        #expect(found.events.isEmpty)
    }

    @Test func aHostIsBelievedAgainAfterThirtyDays() {
        let states = [feed("a", isProven: true), feed("b", isProven: true), feed("c")]
        let later = now + .seconds(31 * 86_400)
        #expect(FalseAnswers.judge(states, now: later).states.isEmpty)
    }

    @Test func afterThirtyDaysAHostIsToldOnceMoreAndNotForEachOfItsFeeds() {
        // Three that lie for ever; each stops to be distrusted a little later than the last.
        var states = (0..<3).map { feed("f\($0)", isProven: true) } + [feed("quiet")]
        for index in 0..<3 {
            states[index].health.distrust(now: now + .seconds(Int64(index) * 600))
        }
        func judge(_ moment: Timestamp) -> [EventKind] {
            let found = FalseAnswers.judge(states, now: moment)
            for changed in found.states {
                for index in states.indices where states[index].id == changed.id {
                    states[index] = changed
                }
            }
            return found.events.map(\.kind)
        }
        #expect(judge(now + .seconds(3_600)) == [.hostStale304])
        let end = now + .seconds(30 * 86_400)
        for minutes in stride(from: Int64(-30), to: 90, by: 1) {
            #expect(judge(end + .seconds(minutes * 60)) == [])
        }
        // Found out anew, two of them convict the others.
        let later = end + .seconds(2 * 86_400)
        for index in 0..<2 { states[index].health.noteDocument(proves: true, now: later) }
        #expect(judge(later + .seconds(60)) == [.hostStale304])
        #expect(states.allSatisfy { $0.health.distrusts304(at: later + .seconds(60)) })
        #expect(judge(later + .seconds(120)) == [])
    }

    @Test func anAutomaticFeedThatIsAskedForWholeDocumentsIsAskedEveryTenMinutesAtMost() {
        let settings = FeedSettings(id: FeedID("a"), url: "https://h.example/a")
        var busy = feed("a")
        for index in 0..<400 {
            let sighting = Sighting(
                dates: [now - .seconds(Int64(index) * 20)],
                window: 3,
                claimedPeriod: nil
            )
            busy.cadence.learn(sighting, last: now - .seconds(60), now: now)
        }
        let policy = PollPolicy(watch: WatchSettings())
        func wait(_ state: FeedState) -> Duration {
            policy.succeeded(state, settings: settings, answer: PollAnswer(), now: now).nextPoll
                - now
        }
        #expect(wait(busy) < .seconds(600))
        busy.health.distrust(now: now)
        #expect(wait(busy) >= .seconds(560))
    }
}
