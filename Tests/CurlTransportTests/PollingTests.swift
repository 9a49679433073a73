import FeedModel
import Testing
import WatchCore

@Suite struct PollingTests {
    @Test func aDocumentArrivesWholeWithItsHeader() async throws {
        let server = try LoopbackServer { _, peer in
            peer.answer("<rss/>", headers: ["ETag: W/\"a b\"", "Content-Type: text/xml", "X-Y: z"])
        }
        defer { server.stop() }
        let result = try await fetch(server.url())
        let response = try #require(result.response)
        #expect(response.status == 200)
        #expect(result.text == "<rss/>")
        #expect(response.url == server.url())
        #expect(response.hops.isEmpty)
        #expect(response.header("ETag") == "W/\"a b\"")
        #expect(response.header("content-type") == "text/xml")
        #expect(response.header("x-y") == nil)
        #expect(result.duration > .zero)
    }

    @Test func aPlainRequestNamesUsAndNothingElse() async throws {
        let server = try LoopbackServer { _, peer in peer.answer("<rss/>") }
        defer { server.stop() }
        _ = try await fetch(server.url())
        let request = try #require(server.requests.first)
        #expect(request.header("User-Agent") == "feedwatch-test/1")
        #expect(request.header("Accept-Encoding") == "deflate, gzip, br, zstd")
        for name in ["If-None-Match", "If-Modified-Since", "Cookie", "Referer", "Authorization"] {
            #expect(request.header(name) == nil, "\(name)")
        }
    }

    @Test func validatorsAreSentByteForByte() async throws {
        let server = try LoopbackServer { request, peer in
            guard request.header("If-None-Match") == nil else {
                return peer.respond("304 Not Modified")
            }
            peer.send(
                Array(
                    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nLast-Modified: yesterday-ish\r\nETag: \""
                        .utf8
                )
                    + [0xE9, 0x41] + Array("\"  \r\n\r\n".utf8)
            )
        }
        defer { server.stop() }
        let fetcher = Fetcher()
        let first = try #require(try await fetcher.fetch(PollRequest(server.url())).response)
        let validators = Validators(
            etag: first.header("etag"),
            lastModified: first.header("last-modified")
        )
        let second = try await fetcher.fetch(PollRequest(server.url(), validators: validators))
        await fetcher.stop()
        #expect(second.response?.status == 304)
        #expect(second.response?.body == [])
        let request = try #require(server.requests.last)
        // The lone byte 0xE9 is no UTF-8, and shows as U+FFFD here.
        #expect(request.header("If-None-Match") == "\"\u{FFFD}A\"")
        #expect(request.header("If-Modified-Since") == "yesterday-ish")
        #expect(request.header("A-IM") == "feed")
        #expect(server.connectionCount == 1)
    }

    @Test func anAddressWithoutAGrantIsNeverConnectedTo() async throws {
        let server = try LoopbackServer { _, peer in peer.answer("secret") }
        defer { server.stop() }
        for host in ["127.0.0.1", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "017700000001"] {
            let result = try await fetch("http://\(host):\(server.port)/", Limits())
            #expect(result.failure?.reason == .addressBlocked, "\(host)")
            #expect(result.failure?.message.contains("127.0.0.1") == true, "\(host)")
        }
        #expect(server.connectionCount == 0)
    }

    @Test func manyTransfersRunAtOnceAndEachGivesOneResult() async throws {
        let server = try LoopbackServer { request, peer in peer.answer(request.path) }
        defer { server.stop() }
        let fetcher = Fetcher(.loopback { $0.connectionsPerHost = 64 })
        let requests = (0..<200).map { PollRequest(server.url("/\($0)")) }
        await fetcher.start(requests)
        let results = await fetcher.results(200)
        await fetcher.stop()
        #expect(Set(results.map(\.feed)) == Set(requests.map(\.feed)))
        #expect(results.count == 200)
        for result in results {
            #expect(result.feed.rawValue == server.url(result.text ?? "no document"))
        }
        #expect(server.connectionCount <= 64)
    }

    @Test(arguments: [
        "gopher://127.0.0.1/", "ftp://127.0.0.1/", "data:text/xml,<rss/>", "http://", "nonsense",
        "",
        "file:relative", "file://host/etc/passwd",
    ])
    func anAddressThatIsNoWebAddressIsRefused(url: String) async throws {
        #expect(try await fetch(url).failure?.reason == .badURL)
    }
}
