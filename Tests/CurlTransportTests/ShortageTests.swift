import Glibc
import Testing
import WatchCore

/// When this process has no descriptors left, that is not the feeds' fault.
@Suite struct ShortageTests {
    @Test func aShortageThatLastsIsOursAndOneThatEndsIsNotSeen() async {
        await #expect(processExitsWith: .success) {
            let server = try LoopbackServer { _, peer in peer.answer("<rss/>") }
            let fetcher = Fetcher(.loopback { $0.responseTime = .milliseconds(900) })
            // Everything that is made once is there already.
            _ = try await fetcher.fetch(PollRequest(server.url("/first")))
            let other = try LoopbackServer(host: "127.0.0.2") { _, peer in peer.answer("<rss/>") }
            var taken: [Int32] = []
            while let next = Optional(dup(0)), next >= 0 { taken.append(next) }
            let lasting = try await fetcher.fetch(PollRequest(other.url()))
            #expect(lasting.failure?.reason == .localShortage, "\(lasting.outcome)")
            #expect(lasting.failure?.message.contains("descriptors") == true)
            let named = try await fetcher.fetch(PollRequest("http://localhost:\(other.port)/"))
            #expect(named.failure?.reason == .localShortage, "\(named.outcome)")
            let free = taken
            await fetcher.start([PollRequest(other.url("/again"))])
            for descriptor in free { close(descriptor) }
            #expect(await fetcher.results(4).last?.text == "<rss/>")
            exit(0)
        }
    }
}
