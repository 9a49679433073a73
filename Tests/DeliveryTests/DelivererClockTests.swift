import Delivery
import FeedModel
import Testing
import WatchCore

/// Hooks are told in time though the civil clock is set back.
@Suite struct DelivererClockTests {
    private let folder = TemporaryFolder()
    private let outbox = MemoryOutbox()
    private let clock = MovedTime()
    private let reports = ReportLog()

    private func deliverer(_ hook: HookSettings, wait: Duration) -> Deliverer {
        let reports = reports
        var setup = Deliverer.Setup(
            outbox: outbox,
            logs: [.matches: folder.file("matches.jsonl")],
            hooks: [hook],
            clock: clock,
            workingDirectory: folder.path,
            bootID: "boot1",
            report: { reports.add($0) }
        )
        setup.policy.firstWait = wait
        return Deliverer(setup)
    }

    @Test func aWaitGoesOnWhenTheClockIsSetBackMeanwhile() async throws {
        let hook = DelivererFixture.hook("h", in: folder, "test \"$FEEDWATCH_ATTEMPT\" -gt 1")
        let deliverer = deliverer(hook, wait: .seconds(2))
        try await deliverer.start()
        await outbox.store(hooks: [HookID("h")])
        deliverer.wake()
        try await reports.wait {
            $0.contains { if case .attemptFailed = $0 { true } else { false } }
        }
        clock.move(by: .seconds(-3 * 3_600))
        try await reports.wait { $0.contains { if case .delivered = $0 { true } else { false } } }
        await deliverer.stop()
    }

    @Test func whatWasPromisedInTheFutureIsToldAfterTheStart() async throws {
        let deliverer = deliverer(
            DelivererFixture.hook("h", in: folder, "exit 0"),
            wait: .seconds(1)
        )
        await outbox.store(hooks: [HookID("h")])
        clock.move(by: .seconds(-30 * 86_400))
        try await deliverer.start()
        try await reports.wait { $0.contains { if case .delivered = $0 { true } else { false } } }
        await deliverer.stop()
    }
}
