import CurlTransport
import FeedModel
import Glibc
import Testing
import WatchCore

@Suite struct StallTests {
    @Test func aServerThatNeverAnswersRunsIntoTheTimeLimit() async throws {
        let server = try LoopbackServer { _, peer in peer.waitForEnd() }
        defer { server.stop() }
        let limits = Limits.loopback { $0.responseTime = .milliseconds(1_500) }
        let result = try await fetch(server.url(), limits)
        #expect(result.failure?.reason == .timedOut)
        #expect(
            result.failure?.message
                == "127.0.0.1: no whole answer within 1500ms (limits.response_time)"
        )
        #expect(result.duration >= .milliseconds(1_400))
        #expect(result.duration < .seconds(15))
    }

    @Test func theTimeLimitCountsOverAllRedirects() async throws {
        let server = try LoopbackServer { _, peer in
            // Slow, yet each hop alone would be in time.
            usleep(60_000)
            peer.redirect(to: "/on")
        }
        defer { server.stop() }
        let limits = Limits.loopback {
            $0.responseTime = .milliseconds(400)
            $0.redirects = 1_000
        }
        let result = try await fetch(server.url(), limits)
        #expect(result.failure?.reason == .timedOut)
        #expect(server.requests.count < 10)
    }

    @Test func aClosedPortIsAFailedConnection() async throws {
        let server = try LoopbackServer { _, _ in }
        let url = server.url()
        server.stop()
        let failure = try await fetch(url).failure
        #expect(failure?.reason == .connectFailed)
    }

    @Test func aNameThatDoesNotExistIsNotResolved() async throws {
        let limits = Limits.loopback { $0.connectTime = .seconds(1) }
        let failure = try await fetch("http://no-such-host.invalid/feed", limits).failure
        #expect(failure?.reason == .nameNotResolved)
        #expect(failure?.message.hasPrefix("no-such-host.invalid: ") == true)
    }

    @Test func stalledHostsLeavePlacesForTheOthers() async throws {
        let stalled = try (0..<4).map { _ in
            try LoopbackServer { _, peer in peer.waitForEnd() }
        }
        let good = try LoopbackServer { _, peer in peer.answer("<rss/>") }
        defer { for server in stalled + [good] { server.stop() } }
        let fetcher = Fetcher(
            .loopback {
                $0.connections = 4
                $0.responseTime = .milliseconds(1_500)
            }
        )
        // The first time nothing is known, and all places are taken.
        await fetcher.start(stalled.map { PollRequest($0.url("/1")) })
        _ = await fetcher.results(4)
        // The second time stalled hosts get one place of four, so the good one comes first.
        await fetcher.start(stalled.map { PollRequest($0.url("/2")) })
        await fetcher.start([PollRequest(good.url())])
        let results = await fetcher.results(5)
        #expect(results.last?.response?.status == 200)
        await fetcher.stop()
    }

    @Test func cancellingGivesOneResultForEachRequest() async throws {
        let server = try LoopbackServer { _, peer in peer.waitForEnd() }
        defer { server.stop() }
        let fetcher = Fetcher(.loopback { $0.connections = 8 })
        let requests = (0..<50).map { PollRequest(server.url("/\($0)")) }
        await fetcher.start(requests)
        await fetcher.transport.cancelAll()
        let results = await fetcher.results(50)
        #expect(results.count == 50)
        #expect(Set(results.map(\.feed)) == Set(requests.map(\.feed)))
        #expect(results.allSatisfy { $0.failure?.reason == .cancelled })
        #expect(fetcher.batches.count == 1)
        await fetcher.stop()
        await fetcher.start([PollRequest(server.url())])
        #expect(await fetcher.results(51).last?.failure?.reason == .cancelled)
    }

    @Test func theTransportGoesOnAfterCancelling() async throws {
        let server = try LoopbackServer { request, peer in
            request.path == "/stall" ? peer.waitForEnd() : peer.answer("<rss/>")
        }
        defer { server.stop() }
        let fetcher = Fetcher()
        await fetcher.start([PollRequest(server.url("/stall"))])
        await fetcher.transport.cancelAll()
        #expect(try await fetcher.fetch(PollRequest(server.url())).text == "<rss/>")
        await fetcher.stop()
    }

    @Test func aReloadedGrantHoldsForOpenConnectionsToo() async throws {
        let server = try LoopbackServer { _, peer in peer.answer("<rss/>") }
        defer { server.stop() }
        let fetcher = Fetcher()
        #expect(try await fetcher.fetch(PollRequest(server.url())).response?.status == 200)
        await fetcher.transport.update(limits: Limits(), userAgent: "other/2")
        let blocked = try await fetcher.fetch(PollRequest(server.url()))
        #expect(blocked.failure?.reason == .addressBlocked)
        await fetcher.transport.update(limits: .loopback, userAgent: "other/2")
        #expect(try await fetcher.fetch(PollRequest(server.url())).response?.status == 200)
        await fetcher.stop()
        #expect(server.requests.map { $0.header("User-Agent") } == ["feedwatch-test/1", "other/2"])
    }

    @Test func aServerMayThinkLongerThanAnAnswerMayStall() async throws {
        let server = try LoopbackServer { request, peer in
            if request.path == "/thinks" {
                usleep(2_500_000)
                peer.answer("<rss/>")
            } else {
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<rs")
                peer.waitForEnd()
            }
        }
        defer { server.stop() }
        let limits = Limits.loopback { $0.stallTime = .seconds(1) }
        async let thinking = fetch(server.url("/thinks"), limits)
        async let stalling = fetch(server.url("/stalls"), limits)
        #expect(try await thinking.text == "<rss/>")
        let failure = try await stalling.failure
        #expect(failure?.reason == .timedOut)
        let message = "127.0.0.1: less than 64 bytes a second came for 1s (limits.stall_time)"
        #expect(failure?.message == message)
    }
}
