import Delivery
import FeedModel
import Testing
import WatchCore

/// Groups, rates, pauses: what becomes of promises between outbox and hook.
@Suite struct DelivererHookTests {
    private let siem = HookID("siem")

    private func hook(_ change: (inout HookSettings) -> Void = { _ in }) -> HookSettings {
        var hook = HookSettings(
            id: siem,
            channel: .webhook(WebhookSettings(url: "https://hooks.example.org/"))
        )
        change(&hook)
        return hook
    }

    private func text(_ posts: [HTTPPost]) -> [String] {
        posts.map { String(decoding: $0.body, as: UTF8.self) }
    }

    @Test func whatComesWithinTheWaitIsToldTogetherUnderOneId() async throws {
        let courier = FakeCourier { number, _ in HTTPAnswer(status: number == 1 ? 500 : 200) }
        let fixture = DelivererFixture(
            hooks: [hook { $0.group = .milliseconds(300) }],
            courier: courier
        )
        try await fixture.deliverer.start()
        for _ in 0..<3 {
            await fixture.outbox.store(1, hooks: [siem])
            fixture.deliverer.wake()
        }
        try await fixture.reports.wait { reports in
            reports.contains { if case .delivered = $0 { true } else { false } }
        }
        // It is reported before it is noted.
        await fixture.deliverer.drain(deadline: .seconds(60))
        #expect(await fixture.outbox.open == 0)
        let ids = courier.values("webhook-id")
        #expect(ids.count == 2 && ids[0] == ids[1] && ids[0].utf8.count == 32)
        let bodies = text(courier.posts)
        #expect(bodies[0] == bodies[1])
        #expect(
            bodies[0].contains("\"count\":3") && bodies[0].hasPrefix("{\"type\":\"match.group\"")
        )
        await fixture.deliverer.stop()
    }

    @Test func aFloodBecomesOneMessageByTheRate() async throws {
        let courier = FakeCourier()
        let fixture = DelivererFixture(
            hooks: [hook { $0.rate = HookRate(messages: 3, period: .seconds(60)) }],
            courier: courier
        )
        await fixture.outbox.store(200, hooks: [siem])
        try await fixture.deliverer.start()
        await fixture.deliverer.drain(deadline: .seconds(60))
        #expect(await fixture.outbox.open == 0)
        let kinds = text(courier.posts).map { $0.prefix(24) }
        #expect(
            kinds == [
                "{\"type\":\"match\",\"timesta", "{\"type\":\"match\",\"timesta",
                "{\"type\":\"match.group\",\"t",
            ]
        )
        #expect(courier.values("webhook-id").prefix(2) == ["m1", "m2"])
        await fixture.outbox.store(5, hooks: [siem])
        fixture.deliverer.wake()
        await fixture.deliverer.drain(deadline: .seconds(60))
        // The rate is used up: they wait, and nothing is lost.
        #expect(courier.posts.count == 3)
        #expect(await fixture.outbox.open == 5)
        await fixture.deliverer.stop()
    }

    @Test func aGroupIsTheSameAfterARestart() async throws {
        let outbox = MemoryOutbox()
        let grouped = hook { $0.group = .milliseconds(1) }
        let failing = FakeCourier { _, _ in HTTPAnswer(status: 503, retryAfter: "0") }
        let folder = TemporaryFolder()
        let one = DelivererFixture(
            folder: folder,
            outbox: outbox,
            hooks: [grouped],
            courier: failing
        )
        await outbox.store(4, hooks: [siem])
        try await one.deliverer.start()
        try await one.reports.wait { $0.contains { $0.isFailure } }
        await one.deliverer.stop()
        await outbox.store(3, hooks: [siem])
        await outbox.hasten()
        let taking = FakeCourier()
        let two = DelivererFixture(
            folder: folder,
            outbox: outbox,
            hooks: [grouped],
            courier: taking
        )
        try await two.deliverer.start()
        await two.deliverer.drain(deadline: .seconds(60), hurry: true)
        #expect(await outbox.open == 0)
        #expect(taking.values("webhook-id").first == failing.values("webhook-id").first)
        #expect(text(taking.posts).first == text(failing.posts).first)
        #expect(text(taking.posts).last?.contains("\"count\":3") == true)
        await two.deliverer.stop()
    }

    @Test func whoeverIsGoneIsToldNothingMoreUntilItsAddressChanges() async throws {
        let courier = FakeCourier { _, post in
            HTTPAnswer(status: post.url.hasSuffix("new") ? 200 : 410)
        }
        let fixture = DelivererFixture(hooks: [hook()], courier: courier)
        await fixture.outbox.store(3, hooks: [siem])
        try await fixture.deliverer.start()
        await fixture.deliverer.drain(deadline: .seconds(60))
        #expect(courier.posts.count == 1)
        #expect(await fixture.deliverer.health.pausedHooks == [siem])
        #expect(fixture.log(.events).contains("\"event\":\"hook.disabled\""))
        // The same address again changes nothing.
        await fixture.deliverer.update(hooks: [hook()])
        await fixture.deliverer.drain(deadline: .seconds(60))
        #expect(courier.posts.count == 1)
        let moved = hook {
            $0.channel = .webhook(WebhookSettings(url: "https://hooks.example.org/new"))
        }
        await fixture.deliverer.update(hooks: [moved])
        await fixture.deliverer.drain(deadline: .seconds(60))
        #expect(await fixture.outbox.open == 0)
        #expect(courier.values("webhook-id") == ["m1", "m1", "m2", "m3"])
        #expect(fixture.reports.all.contains(.enabled(siem)))
        await fixture.deliverer.stop()
    }

    @Test func aDisablingThatCannotBeNotedIsNotedLater() async throws {
        let courier = FakeCourier { _, _ in HTTPAnswer(status: 410) }
        let fixture = DelivererFixture(hooks: [hook()], courier: courier)
        await fixture.outbox.store(2, hooks: [siem])
        await fixture.outbox.failNotes([StoreError(message: "full", isTransient: true)])
        try await fixture.deliverer.start()
        try await fixture.reports.wait { $0.contains(.outboxFailed(message: "full")) }
        try await fixture.reports.wait { $0.contains(.appended(.events, count: 1)) }
        #expect(await fixture.outbox.pauses()[siem]?.reason == .gone)
        #expect(courier.posts.count == 1)
        await fixture.deliverer.stop()
    }

    @Test func aRetryByHandEndsTheDisabling() async throws {
        let courier = FakeCourier { number, _ in HTTPAnswer(status: number == 1 ? 410 : 200) }
        let fixture = DelivererFixture(hooks: [hook()], courier: courier)
        await fixture.outbox.store(2, hooks: [siem])
        try await fixture.deliverer.start()
        await fixture.deliverer.drain(deadline: .seconds(60))
        await fixture.outbox.setPause(nil, of: siem)
        await fixture.deliverer.lookAgain()
        await fixture.deliverer.drain(deadline: .seconds(60))
        #expect(await fixture.outbox.open == 0)
        await fixture.deliverer.stop()
    }

    @Test func aHookThatComesBackGetsWhatWasKeptForIt() async throws {
        let courier = FakeCourier { number, _ in HTTPAnswer(status: number == 1 ? 500 : 200) }
        var policy = DeliveryPolicy()
        policy.firstWait = .seconds(60)
        let fixture = DelivererFixture(hooks: [hook()], policy: policy, courier: courier)
        await fixture.outbox.store(2, hooks: [siem])
        try await fixture.deliverer.start()
        try await fixture.reports.wait { $0.contains { $0.isFailure } }
        await fixture.deliverer.update(hooks: [])
        // A batch that was matched before the reload.
        await fixture.outbox.store(1, hooks: [siem])
        #expect(await fixture.outbox.pauses()[siem]?.reason == .removed)
        #expect(await fixture.outbox.open == 3)
        await fixture.outbox.hasten()
        await fixture.deliverer.update(hooks: [hook()])
        await fixture.deliverer.drain(deadline: .seconds(60))
        #expect(await fixture.outbox.open == 0)
        #expect(await fixture.outbox.pauses().isEmpty)
        await fixture.deliverer.stop()
    }

    @Test func whatWaitsTooLongForItsHookIsGivenUpWithOneEvent() async throws {
        var policy = DeliveryPolicy()
        policy.lifetime = .zero
        var ops = DelivererFixture.hook("ops", in: TemporaryFolder(), "exit 0")
        ops.subjects = [.feed]
        let fixture = DelivererFixture(hooks: [ops], policy: policy)
        await fixture.outbox.store(3, hooks: [siem])
        let made = SystemTime().now()
        while SystemTime().now() <= made { await Task.yield() }
        try await fixture.deliverer.start()
        await fixture.deliverer.drain(deadline: .seconds(60))
        #expect(await fixture.outbox.open == 0)
        let events = fixture.log(.events).split(separator: "\n")
        #expect(events.count == 1)
        #expect(events.first?.contains("\"event\":\"delivery.dead\",\"hook\":\"siem\"") == true)
        #expect(events.first?.contains("3 records: the hook is no longer in") == true)
        await fixture.deliverer.stop()
    }

    @Test func aDeadGroupIsOneEventInTheSameTransaction() async throws {
        var policy = DeliveryPolicy()
        policy.lifetime = .zero
        policy.leastAttempts = 1
        let courier = FakeCourier { _, _ in
            HTTPAnswer(status: 500, body: Array("no \u{1B}[31mroom".utf8))
        }
        let fixture = DelivererFixture(
            hooks: [hook { $0.group = .milliseconds(1) }],
            policy: policy,
            courier: courier
        )
        await fixture.outbox.store(4, hooks: [siem])
        try await fixture.deliverer.start()
        await fixture.deliverer.drain(deadline: .seconds(60), hurry: true)
        await fixture.deliverer.drain(deadline: .seconds(60))
        let event = fixture.log(.events)
        #expect(event.contains("of 4 records: status 500: no [31mroom"), "\(event)")
        #expect(await fixture.outbox.commits == 1)
        await fixture.deliverer.stop()
    }
}
