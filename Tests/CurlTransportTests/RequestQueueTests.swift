import FeedModel
import Testing
import WatchCore

@testable import CurlTransport

@Suite struct RequestQueueTests {
    private func queue(_ connections: Int, _ perHost: Int) -> RequestQueue {
        var limits = Limits()
        limits.connections = connections
        limits.connectionsPerHost = perHost
        return RequestQueue(limits: limits)
    }

    private func add(_ url: String, to queue: inout RequestQueue) throws {
        queue.add(PollRequest(url), at: try WebAddress(url))
    }

    private func drain(_ queue: inout RequestQueue) -> [RequestQueue.Ticket] {
        var tickets: [RequestQueue.Ticket] = []
        while let ticket = queue.next() { tickets.append(ticket) }
        return tickets
    }

    @Test func hostsTakeTurns() throws {
        var queue = queue(4, 2)
        for number in 1...5 { try add("http://a.example/\(number)", to: &queue) }
        for host in ["b", "c"] { try add("http://\(host).example/1", to: &queue) }
        let tickets = drain(&queue)
        #expect(
            tickets.map(\.request.url) == [
                "http://a.example/1", "http://b.example/1", "http://c.example/1",
                "http://a.example/2",
            ]
        )
        for ticket in tickets { queue.finish(ticket, RequestQueue.Lesson(isSlow: false)) }
        #expect(drain(&queue).map(\.request.url) == ["http://a.example/3", "http://a.example/4"])
    }

    @Test func aHostWithMultiplexingGetsMorePlaces() throws {
        var queue = queue(64, 2)
        for number in 1...40 { try add("https://a.example/\(number)", to: &queue) }
        let first = drain(&queue)
        #expect(first.count == 2)
        for ticket in first {
            queue.finish(ticket, RequestQueue.Lesson(isSlow: false, isMultiplexed: true))
        }
        #expect(drain(&queue).count > 8)
    }

    @Test func suspectsGetAQuarterOfThePlacesUntilTheyAnswer() throws {
        var queue = queue(8, 2)
        let hosts = (0..<8).map { "http://h\($0).example/" }
        for host in hosts { try add(host, to: &queue) }
        for ticket in drain(&queue) { queue.finish(ticket, RequestQueue.Lesson(isSlow: true)) }
        for host in hosts { try add(host, to: &queue) }
        try add("http://good.example/", to: &queue)
        let second = drain(&queue)
        #expect(second.count == 3)
        #expect(second.first?.request.url == "http://good.example/")
        for ticket in second { queue.finish(ticket, RequestQueue.Lesson(isSlow: false)) }
        #expect(drain(&queue).count == 2)
    }

    @Test func removingTheWaitingLeavesNone() throws {
        var queue = queue(1, 1)
        for number in 1...5 { try add("http://a.example/\(number)", to: &queue) }
        let next = queue.next()
        let ticket = try #require(next)
        #expect(queue.removeWaiting().count == 4)
        queue.finish(ticket, RequestQueue.Lesson())
        #expect(queue.next() == nil)
        try add("http://a.example/6", to: &queue)
        #expect(queue.next()?.request.url == "http://a.example/6")
    }

    @Test func aFIFOKeepsItsOrder() {
        var fifo = FIFO<Int>()
        var next = 0
        for number in 0..<1_000 {
            fifo.append(number)
            if number % 3 != 0 {
                #expect(fifo.popFirst() == next)
                next += 1
            }
        }
        while let number = fifo.popFirst() {
            #expect(number == next)
            next += 1
        }
        #expect(next == 1_000)
        #expect(fifo.isEmpty)
    }
}
