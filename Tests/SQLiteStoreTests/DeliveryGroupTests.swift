import FeedModel
import SQLiteStore
import Testing
import WatchCore

@Suite struct DeliveryGroupTests {
    private let workshop: Workshop
    private let desk = HookID("desk")

    init() throws { workshop = try Workshop() }

    private func store(_ ids: [String]) async throws -> SQLiteStore {
        let store = try SQLiteStore(directory: workshop.state)
        _ = try await store.commit([], records: ids.map { Sample.draft($0, hooks: ["desk"]) })
        return store
    }

    private func loose(_ store: SQLiteStore, _ records: Int = 99) async throws -> [Delivery] {
        var limit = DeliveryGroup.Limit()
        limit.records = records
        return try await store.deliveries(to: desk, of: .matches, in: nil, limit: limit)
    }

    private func note(
        _ store: SQLiteStore,
        _ deliveries: [Delivery],
        _ id: String,
        _ outcome: DeliveryOutcome
    ) async throws {
        let group = try #require(DeliveryGroup(deliveries, id: id))
        var note = DeliveryNote(group, outcome)
        note.output = "said"
        try await store.note([note])
    }

    @Test func aGroupHoldsWhatIsAppendedAndKeepsItOverARestart() async throws {
        var store = try await store(["a", "b", "c"])
        try await store.pretendAppended(2)
        let first = try await loose(store)
        #expect(first.map(\.id) == ["a", "b"])
        try await store.bind(first, into: "g1")
        try await store.pretendAppended(3)
        try await store.close()
        store = try SQLiteStore(directory: workshop.state)
        #expect(try await store.nextDelivery(to: desk)?.delivery.group == "g1")
        let bound = try await store.deliveries(
            to: desk,
            of: .matches,
            in: "g1",
            limit: DeliveryGroup.Limit()
        )
        #expect(bound.map(\.id) == ["a", "b"])
        #expect(try await loose(store).map(\.id) == ["c"])
        try await note(store, bound, "g1", .retry(at: Sample.start, message: "no"))
        #expect(try await store.nextDelivery(to: desk)?.delivery.attempts == 1)
        try await note(store, bound, "g1", .delivered)
        #expect(try await store.nextDelivery(to: desk)?.delivery.id == "c")
    }

    @Test func theLimitCountsRecordsAndBytes() async throws {
        let store = try await store((1...9).map { "\($0)" })
        try await store.pretendAppended(9)
        #expect(try await loose(store, 4).count == 4)
        var limit = DeliveryGroup.Limit()
        limit.bytes = ByteCount(1)
        let one = try await store.deliveries(to: desk, of: .matches, in: nil, limit: limit)
        #expect(one.count == 1)
    }

    @Test func deadGroupsAreRevivedWholeByTheNameOfAnyRecord() async throws {
        let store = try await store(["a", "b", "c"])
        try await store.pretendAppended(3)
        let group = try await loose(store, 2)
        try await store.bind(group, into: "g1")
        let bound = try await store.deliveries(
            to: desk,
            of: .matches,
            in: "g1",
            limit: DeliveryGroup.Limit()
        )
        try await note(store, bound, "g1", .dead(message: "no"))
        #expect(try await store.nextDelivery(to: desk)?.delivery.id == "c")
        let reader = try SQLiteReader(directory: workshop.state)
        let dead = try reader.deliveries(in: .dead, limit: 9)
        #expect(dead.map(\.output) == ["said", nil])
        #expect(try reader.deliveries(of: "b").map(\.delivery.id) == ["b"])
        #expect(try reader.deliveries(of: "c").map(\.state) == [.pending])
        #expect(try reader.deliveries(of: "g1") == dead)
        #expect(try reader.deliveries(of: "nothing").isEmpty)
        let now = Sample.start + .seconds(60)
        #expect(try await store.retryDeliveries(["b"], of: HookID("other"), now: now) == 0)
        #expect(try await store.retryDeliveries(["b"], of: nil, now: now) == 2)
        let next = try #require(try await store.nextDelivery(to: desk))
        #expect(next.delivery.id == "a" && next.delivery.group == "g1")
        #expect(next.delivery.attempts == 0 && next.due == now && next.delivery.created == now)
        #expect(try await store.dropDeliveries(["g1"], of: nil) == 2)
        #expect(try await store.dropDeliveries(["nothing"], of: nil) == 0)
        #expect(try reader.snapshot().deliveries[desk]?.dropped == 2)
        #expect(try await store.retryDeliveries([], of: nil, now: now) == 0)
        #expect(try await store.nextDelivery(to: desk)?.delivery.id == "c")
    }

    @Test func aGroupThatLosesARecordIsToldUnderAnotherId() async throws {
        let store = try await store(["a", "b", "c"])
        try await store.pretendAppended(3)
        let group = try await loose(store)
        try await store.bind(group, into: "g1")
        try await note(store, group, "g1", .retry(at: Sample.start, message: "no"))
        #expect(try await store.dropDeliveries(["b"], of: nil) == 1)
        let rest = try await loose(store)
        #expect(rest.map(\.id) == ["a", "c"] && rest.allSatisfy { $0.attempts == 0 })
        try await store.bind(rest, into: "g2")
        #expect(try await store.retryDeliveries(["a"], of: nil, now: Sample.start) == 2)
        #expect(try await loose(store).isEmpty)
        // By its name the dropped one comes back, by itself.
        #expect(try await store.retryDeliveries(["b"], of: nil, now: Sample.start) == 1)
        #expect(try await loose(store).map(\.id) == ["b"])
    }

    @Test func whatIsDueLaterIsSoonerWhenTheClockWasSetBack() async throws {
        let store = try await store(["a", "b"])
        try await store.pretendAppended(2)
        #expect(try await store.latestMoment() == Sample.start)
        let first = try await loose(store, 1)
        let due = Sample.start + .seconds(600)
        try await note(store, first, "a", .retry(at: due, message: "no"))
        // An hour back: ten minutes of waiting stay ten minutes.
        let now = Sample.start - .seconds(3_600)
        try await store.hasten(by: .seconds(3_600), now: now)
        #expect(try await store.nextDelivery(to: desk)?.due == now + .seconds(600))
        try await store.hasten(by: .seconds(3_600), now: now)
        #expect(try await store.nextDelivery(to: desk)?.due == now)
    }

    @Test func pausesOutliveARestartAndEndByARetry() async throws {
        var store = try await store(["a"])
        let pause = HookPause(.gone, since: Sample.start, target: .max)
        try await store.setPause(pause, of: desk)
        try await store.setPause(HookPause(.removed, since: Sample.start), of: HookID("old"))
        try await store.close()
        store = try SQLiteStore(directory: workshop.state)
        #expect(try await store.pauses()[desk] == pause)
        _ = try await store.retryDeliveries([], of: nil, now: Sample.start)
        #expect(try await store.pauses().keys.map(\.rawValue) == ["old"])
    }
}
