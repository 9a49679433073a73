import FeedModel
import Testing
import WatchCore

@Suite struct DeliveryPolicyTests {
    private let start = Timestamp(seconds: 1_750_000_000)

    private func delivery(attempts: Int, id: String = "m1") -> Delivery {
        Delivery(
            hook: HookID("desk"),
            stream: .matches,
            seq: 1,
            id: id,
            record: [],
            attempts: attempts,
            created: start
        )
    }

    @Test(
        arguments: [
            (1, 5), (2, 10), (3, 20), (6, 160), (9, 1_280), (12, 10_240), (13, 14_400),
            (1_000_000, 14_400),
        ]
    )
    func theWaitDoublesUpToItsCap(attempts: Int, seconds: Int64) {
        let wait = DeliveryPolicy().wait(afterAttempts: attempts, hook: HookID("desk"), id: "m1")
        #expect(wait >= .milliseconds(seconds * 800))
        #expect(wait <= .milliseconds(seconds * 1_200))
    }

    @Test func theShiftDependsOnHookAndRecordAndIsTheSameEachTime() {
        let policy = DeliveryPolicy()
        let waits = (0..<100).map {
            policy.wait(afterAttempts: 4, hook: HookID("desk"), id: "m\($0)")
        }
        #expect(Set(waits).count > 90)
        let other = policy.wait(afterAttempts: 4, hook: HookID("siem"), id: "m0")
        #expect(other != waits[0])
        #expect(policy.wait(afterAttempts: 4, hook: HookID("desk"), id: "m0") == waits[0])
    }

    @Test func aPromiseIsKeptUpForThreeDaysAndTriedAtTheirEnd() {
        let policy = DeliveryPolicy()
        var now = start
        var attempts = 0
        while true {
            switch policy.outcome(
                afterFailure: "no",
                of: delivery(attempts: attempts),
                now: now
            ) {
            case .delivered:
                Issue.record("a failure is no delivery")
                return
            case .retry(let at, let message):
                #expect(message == "no")
                #expect(at > now)
                #expect(at <= start + policy.lifetime)
                now = at
                attempts += 1
            case .dead(let message):
                #expect(message == "no")
                #expect(now == start + policy.lifetime)
                #expect((25...35).contains(attempts + 1))
                return
            }
        }
    }

    @Test func aPromiseThatWaitedForDaysStillGetsItsLeastAttempts() {
        let policy = DeliveryPolicy()
        let late = start + .seconds(5 * 86_400)
        func isDead(_ attempts: Int) -> Bool {
            policy.outcome(afterFailure: "", of: delivery(attempts: attempts), now: late)
                == .dead(message: "")
        }
        #expect(!isDead(0))
        #expect(!isDead(1))
        #expect(isDead(2))
    }
}
