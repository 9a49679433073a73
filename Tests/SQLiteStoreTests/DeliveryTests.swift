import FeedModel
import SQLiteStore
import Testing
import WatchCore

@Suite struct DeliveryTests {
    private let workshop: Workshop
    private let desk = HookID("desk")
    private let siem = HookID("siem")

    init() throws { workshop = try Workshop() }

    @Test func aPromiseWaitsUntilItsLineIsAppended() async throws {
        let store = try SQLiteStore(directory: workshop.state)
        let drafts = [
            Sample.draft("a", hooks: ["desk", "siem"]), Sample.draft("b", hooks: ["desk", "desk"]),
        ]
        _ = try await store.commit([Sample.commit(1, lines: drafts)], records: [])
        #expect(try await store.nextDelivery(to: desk) == nil)
        try await store.pretendAppended(1)
        let next = try #require(try await store.nextDelivery(to: desk))
        #expect(next.due == Sample.start)
        #expect(
            next.delivery
                == Delivery(
                    hook: desk,
                    stream: .matches,
                    seq: 1,
                    id: "a",
                    record: Array(drafts[0].line(seq: 1).dropLast()),
                    attempts: 0,
                    created: Sample.start
                )
        )
        try await store.note([DeliveryNote(DeliveryGroup(next.delivery), .delivered)])
        #expect(try await store.nextDelivery(to: desk) == nil)
        try await store.pretendAppended(2)
        let second = try #require(try await store.nextDelivery(to: desk)).delivery
        #expect(second.id == "b")
        try await store.note([DeliveryNote(DeliveryGroup(second), .delivered)])
        #expect(try await store.nextDelivery(to: desk) == nil)
        #expect(try await store.nextDelivery(to: siem)?.delivery.id == "a")
    }

    @Test func aRetryKeepsItsPlaceAndCountsAttempts() async throws {
        let store = try SQLiteStore(directory: workshop.state)
        let drafts = ["a", "b"].map { Sample.draft($0, hooks: ["desk"]) }
        _ = try await store.commit([], records: drafts)
        try await store.pretendAppended(2)
        let later = Sample.start + .seconds(30)
        let first = try #require(try await store.nextDelivery(to: desk)).delivery
        try await store.note([
            DeliveryNote(DeliveryGroup(first), .retry(at: later, message: "exit 75"))
        ])
        let again = try #require(try await store.nextDelivery(to: desk))
        #expect(again.delivery.id == "a" && again.delivery.attempts == 1 && again.due == later)
        try await store.note([DeliveryNote(DeliveryGroup(again.delivery), .dead(message: "exit 1"))]
        )
        #expect(try await store.nextDelivery(to: desk)?.delivery.id == "b")
        let reader = try SQLiteReader(directory: workshop.state)
        let dead = try reader.deliveries(in: .dead, limit: 9)
        #expect(dead.map(\.delivery.id) == ["a"] && dead.first?.message == "exit 1")
        #expect(dead.first?.delivery.attempts == 2)
    }

    @Test func promisesOfBothLogsComeInTheOrderTheyWereMade() async throws {
        let store = try SQLiteStore(directory: workshop.state)
        for (id, stream) in [("1", LogStream.events), ("2", .matches), ("3", .events)] {
            let draft = Sample.draft(id, stream: stream, hooks: ["desk"])
            _ = try await store.commit([], records: [draft])
        }
        try await store.pretendAppended(1, .matches)
        try await store.pretendAppended(2, .events)
        var order: [String] = []
        while let next = try await store.nextDelivery(to: desk) {
            order.append(next.delivery.id)
            try await store.note([DeliveryNote(DeliveryGroup(next.delivery), .delivered)])
        }
        #expect(order == ["1", "2", "3"])
    }

    @Test func aLogThatIsHeldBackDoesNotHoldBackTheOther() async throws {
        let store = try SQLiteStore(directory: workshop.state)
        let drafts = [
            Sample.draft("e", stream: .events, hooks: ["desk"]), Sample.draft("m", hooks: ["desk"]),
        ]
        _ = try await store.commit([], records: drafts)
        try await store.pretendAppended(1, .matches)
        #expect(try await store.nextDelivery(to: desk)?.delivery.id == "m")
    }

    @Test func promisesThatAreGivenUpStaySoAndAreRecordedInTheSameStep() async throws {
        let store = try SQLiteStore(directory: workshop.state)
        let drafts = ["a", "b"].map { Sample.draft($0, hooks: ["desk", "siem"]) }
        _ = try await store.commit([], records: drafts)
        try await store.pretendAppended(2)
        let inFlight = DeliveryGroup(try #require(try await store.nextDelivery(to: siem)).delivery)
        #expect(try await store.openPromises(before: nil) == [desk: 2, siem: 2])
        #expect(try await store.openPromises(before: Sample.start).isEmpty)
        try await store.giveUp(
            siem,
            before: Sample.start + .seconds(1),
            message: "gone",
            events: [Sample.draft("event", stream: .events, hooks: ["desk"])]
        )
        let late = DeliveryNote(inFlight, .retry(at: Sample.start, message: "late"))
        try await store.note([late])
        #expect(try await store.nextDelivery(to: siem) == nil)
        #expect(try await store.nextDelivery(to: desk)?.delivery.id == "a")
        let reader = try SQLiteReader(directory: workshop.state)
        let counts = try reader.snapshot().deliveries
        #expect(counts[siem]?.dead == 2 && counts[siem]?.pending == 0)
        #expect(counts[desk]?.pending == 3)
        try await store.note([DeliveryNote(inFlight, .delivered)])
        let after = try reader.snapshot().deliveries
        #expect(after[siem]?.dead == 1 && after[siem]?.delivered == 1)
    }
}
