import FeedModel
import Testing
import WatchCore

/// Schedule and policy with thousands of feeds, in virtual time.
@Suite struct PollScaleTests {
    private let start = Timestamp(seconds: 1_750_000_000)

    /// What a run came to.
    private struct Outcome {
        var polls = 0
        var wakeUps = 0
        /// How many polls each feed had.
        var counts: [FeedID: Int] = [:]
    }

    /// Runs feeds, `perHost` to a host, for `length`; counted is what falls into the second half.
    private func run(
        feeds count: Int,
        interval: PollInterval,
        length: Duration,
        perHost: Int,
        spacing: Duration = .zero
    ) -> Outcome {
        var watch = WatchSettings()
        watch.interval = interval
        let policy = PollPolicy(watch: watch)
        var schedule = PollSchedule(connectionsPerHost: 2, hostSpacing: spacing)
        var states: [FeedID: FeedState] = [:]
        var settings: [FeedID: FeedSettings] = [:]
        for number in 0..<count {
            let id = FeedID("f\(number)")
            let url = "https://h\(number / perHost).example/\(number)"
            settings[id] = FeedSettings(id: id, url: url)
            states[id] = FeedState(id: id, url: url, nextPoll: start)
            schedule.add(id, host: "h\(number / perHost).example", due: start)
        }
        var answer = PollAnswer()
        answer.isNotModified = true
        var outcome = Outcome()
        let half = start + length / 2
        while let now = schedule.nextWakeUp, now < start + length {
            if now >= half { outcome.wakeUps += 1 }
            while true {
                let taken = schedule.take(now: now, room: 64)
                if taken.isEmpty { break }
                for id in taken {
                    guard let state = states[id], let feed = settings[id] else { continue }
                    if now >= half {
                        outcome.polls += 1
                        outcome.counts[id, default: 0] += 1
                    }
                    let next = policy.succeeded(state, settings: feed, answer: answer, now: now)
                    states[id] = next
                    schedule.finished(id, next: next.nextPoll)
                }
            }
        }
        return outcome
    }

    @Test(arguments: [
        (PollInterval.fixed(.seconds(900)), 1), (.fixed(.seconds(900)), 10), (.auto, 1),
    ])
    func tenThousandFeedsNeedAtMostOneWakeUpASecond(
        interval: PollInterval,
        perHost: Int
    ) {
        let seconds = 3_600
        let outcome = run(
            feeds: 10_000,
            interval: interval,
            length: .seconds(2 * seconds),
            perHost: perHost
        )
        #expect(outcome.polls > 10_000)
        #expect(outcome.wakeUps <= seconds)
    }

    @Test func theSpacingOfHostsNeedsNoMoreWakeUps() {
        let seconds = 1_800
        let outcome = run(
            feeds: 10_000,
            interval: .fixed(.seconds(900)),
            length: .seconds(2 * seconds),
            perHost: 10,
            spacing: .seconds(1)
        )
        #expect(outcome.polls > 19_000 && outcome.polls < 21_000)
        #expect(outcome.wakeUps <= seconds)
    }

    @Test func fiveThousandFeedsAreEachPolledEveryTenSeconds() {
        let outcome = run(
            feeds: 5_000,
            interval: .fixed(.seconds(10)),
            length: .seconds(80),
            perHost: 10
        )
        #expect(outcome.polls > 19_000 && outcome.polls < 21_000)
        #expect(outcome.counts.count == 5_000)
        #expect(outcome.counts.values.allSatisfy { (3...5).contains($0) })
    }
}
