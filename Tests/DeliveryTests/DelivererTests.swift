import Delivery
import FeedModel
import QueueExecution
import Testing
import WatchCore

@Suite struct DelivererTests {
    private let folder = TemporaryFolder()

    private func hook(
        _ name: String,
        _ body: String,
        limit: Duration = .seconds(20)
    ) -> HookSettings {
        DelivererFixture.hook(name, in: folder, body, limit: limit)
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func linesComeIntoTheLogsAndThenToTheHooksInOrder() async throws {
        let body =
            "grep -q \"\\\"id\\\":\\\"$FEEDWATCH_ID\\\"\" matches.jsonl || exit 1\n"
            + "cat >> got; echo \"$FEEDWATCH_EVENT $FEEDWATCH_TOPIC $FEEDWATCH_ATTEMPT"
            + " $FEEDWATCH_TITLE $FEEDWATCH_URL\" >> seen"
        let fixture = DelivererFixture(folder: folder, hooks: [hook("desk", body)])
        let first = await fixture.outbox.store(2, hooks: [HookID("desk")])
        try await fixture.deliverer.start()
        let second = await fixture.outbox.store(1, hooks: [HookID("desk")])
        let event = await fixture.outbox.store(1, in: .events)
        fixture.deliverer.wake()
        try await fixture.reports.wait { reports in
            reports.contains(.delivered(HookID("desk"), id: "m3", attempts: 1))
        }
        await fixture.deliverer.drain(deadline: .seconds(60))
        #expect(fixture.log() == text(first + second))
        #expect(fixture.log(.events) == text(event))
        #expect(folder.text("got") == text(first + second))
        let wanted = (1...3).map { "match t 1 Title \($0) http://example.org/\($0)\n" }
        #expect(folder.text("seen") == wanted.joined())
        #expect(await fixture.outbox.open == 0)
        await fixture.deliverer.stop()
    }

    @Test func aFailedDeliveryIsTriedAgainBeforeLaterOnes() async throws {
        let body = "echo $FEEDWATCH_ID $FEEDWATCH_ATTEMPT >> seen\n[ $FEEDWATCH_ATTEMPT -ge 3 ]"
        let fixture = DelivererFixture(folder: folder, hooks: [hook("desk", body)])
        await fixture.outbox.store(2, hooks: [HookID("desk")])
        try await fixture.deliverer.start()
        try await fixture.reports.wait { reports in
            reports.contains(.delivered(HookID("desk"), id: "m2", attempts: 3))
        }
        #expect(folder.text("seen") == "m1 1\nm1 2\nm1 3\nm2 1\nm2 2\nm2 3\n")
        await fixture.deliverer.stop()
    }

    @Test func aHangingHookDelaysNeitherLogNorOtherHooks() async throws {
        let fixture = DelivererFixture(
            folder: folder,
            hooks: [
                hook("slow", "echo up > up; sleep 60", limit: .seconds(50)),
                hook("quick", "cat >> got"),
            ]
        )
        let hooks = [HookID("slow"), HookID("quick")]
        try await fixture.deliverer.start()
        let lines = await fixture.outbox.store(20, hooks: hooks)
        fixture.deliverer.wake()
        try await fixture.reports.wait { reports in
            reports.contains(.delivered(HookID("quick"), id: "m20", attempts: 1))
        }
        #expect(fixture.log() == text(lines))
        #expect(folder.text("got") == text(lines))
        #expect(await fixture.deliverer.health.runningHooks == 1)
        let began = SystemTime().uptime()
        await fixture.deliverer.stop()
        #expect(SystemTime().uptime() - began < .seconds(3))
        // An attempt that we ended ourselves does not count.
        #expect(await fixture.outbox.outcomes[HookID("slow")] == nil)
        #expect(await fixture.outbox.open == 20)
    }

    @Test func aHookIsToldAgainAfterARestartAndTheLogRepeatsNothing() async throws {
        let outbox = MemoryOutbox()
        let lines = await outbox.store(3, hooks: [HookID("desk")])
        let one = DelivererFixture(
            folder: folder,
            outbox: outbox,
            hooks: [hook("desk", "echo x > up; sleep 60")]
        )
        try await one.deliverer.start()
        await one.deliverer.drain(deadline: .milliseconds(200))
        await one.deliverer.stop()
        let two = DelivererFixture(
            folder: folder,
            outbox: outbox,
            hooks: [hook("desk", "cat >> got")]
        )
        try await two.deliverer.start()
        await two.deliverer.drain(deadline: .seconds(60))
        #expect(two.log() == text(lines))
        #expect(folder.text("got") == text(lines))
        await two.deliverer.stop()
    }

    @Test func anOutcomeThatCannotBeNotedIsNotedBeforeAnythingIsTold() async throws {
        let fixture = DelivererFixture(folder: folder, hooks: [hook("desk", "cat >> got")])
        let lines = await fixture.outbox.store(2, hooks: [HookID("desk")])
        await fixture.outbox.failNotes([StoreError(message: "full", isTransient: true)])
        try await fixture.deliverer.start()
        try await fixture.reports.wait { $0.contains(.outboxFailed(message: "full")) }
        try await fixture.reports.wait { reports in
            reports.contains(.delivered(HookID("desk"), id: "m2", attempts: 1))
        }
        #expect(folder.text("got") == text(lines))
        await fixture.deliverer.stop()
    }

    /// The line is in the log by then, and no further one comes that would wake the hook.
    @Test func aHookIsToldThoughItsLineCouldNotBeNotedAtFirst() async throws {
        let fixture = DelivererFixture(folder: folder, hooks: [hook("desk", "cat >> got")])
        try await fixture.deliverer.start()
        await fixture.deliverer.drain(deadline: .seconds(60))
        let lines = await fixture.outbox.store(1, hooks: [HookID("desk")])
        let full = StoreError(message: "full", isTransient: true)
        await fixture.outbox.failPositions([full, full])
        fixture.deliverer.wake()
        try await fixture.reports.wait { reports in
            reports.contains(.delivered(HookID("desk"), id: "m1", attempts: 1))
        }
        #expect(folder.text("got") == text(lines))
        await fixture.deliverer.stop()
    }

    @Test func aDeadPromiseIsPassedOver() async throws {
        var policy = DeliveryPolicy()
        policy.lifetime = .zero
        policy.leastAttempts = 1
        let fixture = DelivererFixture(
            folder: folder,
            hooks: [hook("desk", "[ $FEEDWATCH_ID = m2 ] || { echo why >&2; exit 9; }")],
            policy: policy
        )
        await fixture.outbox.store(2, hooks: [HookID("desk")])
        try await fixture.deliverer.start()
        try await fixture.reports.wait { reports in
            reports.contains(.delivered(HookID("desk"), id: "m2", attempts: 1))
        }
        #expect(
            fixture.reports.all.contains(
                .dead(HookID("desk"), .matches, id: "m1", message: "exit status 9: why")
            )
        )
        await fixture.deliverer.stop()
    }

    @Test func hooksChangeWhileRunning() async throws {
        let fixture = DelivererFixture(folder: folder, hooks: [hook("old", "exit 1")])
        await fixture.outbox.store(1, hooks: [HookID("old")])
        try await fixture.deliverer.start()
        try await fixture.reports.wait { $0.contains { $0.isFailure } }
        await fixture.deliverer.update(hooks: [hook("new", "cat >> got")])
        let lines = await fixture.outbox.store(1, hooks: [HookID("new")])
        await fixture.deliverer.drain(deadline: .seconds(60))
        #expect(folder.text("got") == text(lines))
        // What was promised to the old one is kept for it.
        #expect(await fixture.outbox.open == 1)
        #expect(await fixture.outbox.pauses()[HookID("old")]?.reason == .removed)
        await fixture.deliverer.stop()
    }

    @Test func noMoreThanEightProgramsRunAtOnce() async throws {
        let names = (0..<20).map { "h\($0)" }
        let body = "mkdir slots/$$; ls slots | wc -l >> counts; sleep 0.05; rmdir slots/$$"
        let fixture = DelivererFixture(folder: folder, hooks: names.map { hook($0, body) })
        _ = folder.makeFolder("slots")
        await fixture.outbox.store(2, hooks: names.map { HookID($0) })
        try await fixture.deliverer.start()
        await fixture.deliverer.drain(deadline: .seconds(60))
        let counts = folder.text("counts").split(separator: "\n").compactMap { Int($0) }
        #expect(counts.count == 40)
        #expect(counts.allSatisfy { $0 <= 8 })
        await fixture.deliverer.stop()
    }

    @Test func fiftyRunsLeaveNoDescriptorAndNoZombie() async {
        await #expect(processExitsWith: .success) {
            let folder = TemporaryFolder()
            let fixture = DelivererFixture(
                folder: folder,
                hooks: [DelivererFixture.hook("desk", in: folder, "exit 0")]
            )
            try await fixture.deliverer.start()
            await fixture.outbox.store(1, hooks: [HookID("desk")])
            await fixture.deliverer.drain(deadline: .seconds(60))
            let before = TemporaryFolder.descriptors
            await fixture.outbox.store(50, hooks: [HookID("desk")], length: 100_000)
            await fixture.deliverer.drain(deadline: .seconds(60))
            #expect(await fixture.outbox.open == 0)
            #expect(TemporaryFolder.descriptors == before)
            #expect(TemporaryFolder.hasNoChildren)
            await fixture.deliverer.stop()
        }
    }
}

extension DeliveryReport {
    /// Whether an attempt failed.
    var isFailure: Bool {
        if case .attemptFailed = self { true } else { false }
    }
}
