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
                after: DeliveryFailure(message: "no"),
                of: DeliveryGroup(delivery(attempts: attempts)),
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
            policy.outcome(
                after: DeliveryFailure(message: ""),
                of: DeliveryGroup(delivery(attempts: attempts)),
                now: late
            ) == .dead(message: "")
        }
        #expect(!isDead(0))
        #expect(!isDead(1))
        #expect(isDead(2))
    }

    @Test func whatIsRefusedIsGivenUpWithinAQuarterOfAnHour() {
        let policy = DeliveryPolicy()
        var now = start
        var attempts = 0
        let refusal = DeliveryFailure(.refused, message: "status 413")
        while case .retry(let at, _) = policy.outcome(
            after: refusal,
            of: DeliveryGroup(delivery(attempts: attempts)),
            now: now
        ) {
            now = at
            attempts += 1
        }
        #expect(attempts + 1 == policy.refusedAttempts)
        #expect(now - start < .seconds(15 * 60))
    }

    @Test(arguments: [(1, 4), (3_600, 3_600), (86_400 * 9, 86_400)])
    func whoAsksToWaitIsGivenThatTimeWithinLimits(asked: Int64, least: Int64) {
        let policy = DeliveryPolicy()
        let outcome = policy.outcome(
            after: DeliveryFailure(message: "status 429", retryAfter: .seconds(asked)),
            of: DeliveryGroup(delivery(attempts: 0)),
            now: start
        )
        guard case .retry(let at, _) = outcome else {
            Issue.record("a wait is no end")
            return
        }
        #expect(at - start >= .seconds(least))
        #expect(at - start <= max(.seconds(6), policy.longestObedience))
        #expect(!policy.isImpossible(due: at, now: start))
    }

    @Test func promisesOfAPausedHookAreGivenUpAfterThreeDays() {
        let policy = DeliveryPolicy()
        #expect(policy.givenUp(ofPausedSince: start, now: start + .seconds(71 * 3_600)) == nil)
        let moment = policy.givenUp(ofPausedSince: start, now: start + .seconds(80 * 3_600))
        #expect(moment == start + .seconds(8 * 3_600))
    }

    @Test func aGroupKeepsItsIdentityAndHasOthersThanItsRecords() {
        let records = ["a", "b"].map { delivery(attempts: 0, id: $0) }
        let id = DeliveryGroup.id(of: records)
        #expect(id == DeliveryGroup.id(of: records))
        #expect(id != DeliveryGroup.id(of: Array(records.reversed())))
        #expect(id.utf8.count == 32 && DeliveryGroup(records, id: id)?.isGroup == true)
        #expect(DeliveryGroup([], id: id) == nil)
    }
}
