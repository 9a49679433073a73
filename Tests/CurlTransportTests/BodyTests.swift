import FeedModel
import Testing
import WatchCore

@Suite struct BodyTests {
    @Test(arguments: [("gzip", "feed.xml.gz"), ("br", "feed.xml.br")])
    func aCompressedDocumentArrivesUnpacked(coding: String, file: String) async throws {
        let server = try LoopbackServer { _, peer in
            peer.respond(headers: ["Content-Encoding: \(coding)"], body: fixture(file))
        }
        defer { server.stop() }
        #expect(try await fetch(server.url()).response?.body == fixture("feed.xml"))
    }

    @Test(arguments: [
        ("gzip", "zeros-4MiB.gz"), ("br", "zeros-4MiB.br"), ("zstd", "zeros-4MiB.zst"),
    ])
    func aSmallAnswerThatUnpacksToALargeDocumentIsTooLarge(
        coding: String,
        file: String
    ) async throws {
        let server = try LoopbackServer { _, peer in
            peer.respond(headers: ["Content-Encoding: \(coding)"], body: fixture(file))
        }
        defer { server.stop() }
        let result = try await fetch(server.url(), .loopback { $0.document = .mebibytes(3) })
        #expect(result.failure?.reason == .tooLarge)
        #expect(result.failure?.message.contains("3MiB") == true)
        // Below any limit it is stopped as nothing but a bomb is packed so well.
        let bomb = try await fetch(server.url())
        #expect(bomb.failure?.reason == .tooLarge)
        #expect(bomb.failure?.message.contains("200 times") == true)
    }

    @Test func aDocumentMayBeAsLargeAsTheLimitAndNoByteLarger() async throws {
        let server = try LoopbackServer { request, peer in
            let body = [UInt8](repeating: 0x41, count: Int(request.path.dropFirst()) ?? 0)
            peer.respond(body: body)
        }
        defer { server.stop() }
        let limits = Limits.loopback { $0.document = .kibibytes(100) }
        let fits = try await fetch(server.url("/102400"), limits)
        #expect(fits.response?.body.count == 102_400)
        #expect(try await fetch(server.url("/102401"), limits).failure?.reason == .tooLarge)
    }

    @Test func anEndlessDocumentIsTooLarge() async throws {
        let server = try LoopbackServer { _, peer in
            peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunk = "1000\r\n" + String(repeating: "x", count: 4_096) + "\r\n"
            while peer.send(chunk) {}
        }
        defer { server.stop() }
        let result = try await fetch(server.url(), .loopback { $0.document = .mebibytes(1) })
        #expect(result.failure?.reason == .tooLarge)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss>",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 3\r\n\r\n<rss>",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Encoding: gzip\r\n\r\n<rss>",
        "HTTP/1.1 200 OK\r\nContent-Length: 100",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n<rss>",
        "HTTP/1.1 200 OK\r\nA: \0\r\n\r\n<rss>",
        "ICY 200 OK\r\n\r\n<rss>",
        "<rss>no header at all</rss>",
        "",
    ])
    func anAnswerThatIsNotWholeGivesNoDocument(answer: String) async throws {
        let server = try LoopbackServer { _, peer in
            peer.send(answer)
            peer.close()
        }
        defer { server.stop() }
        let result = try await fetch(server.url())
        #expect(result.failure?.reason == .transferFailed)
        #expect(result.failure?.message.hasPrefix("127.0.0.1: ") == true)
    }

    @Test func anEndlessHeaderIsTooLarge() async throws {
        let server = try LoopbackServer { _, peer in
            peer.send("HTTP/1.1 200 OK\r\n")
            while peer.send("X-Filler: " + String(repeating: "y", count: 1_000) + "\r\n") {}
        }
        defer { server.stop() }
        let result = try await fetch(server.url())
        #expect(result.failure?.reason == .tooLarge)
        #expect(result.failure?.message.contains("256KiB") == true)
    }

    @Test func anEndlessRowOfInterimAnswersIsTooLarge() async throws {
        let server = try LoopbackServer { _, peer in
            while peer.send("HTTP/1.1 100 Continue\r\n\r\n") {}
        }
        defer { server.stop() }
        #expect(try await fetch(server.url()).failure?.reason == .tooLarge)
    }

    @Test func anInterimAnswerAndTrailersSayNothing() async throws {
        let server = try LoopbackServer { _, peer in
            peer.send("HTTP/1.1 103 Early Hints\r\nETag: \"early\"\r\n\r\n")
            peer.send("HTTP/1.1 200 OK\r\nETag: \"real\"\r\nTransfer-Encoding: chunked\r\n\r\n")
            peer.send("5\r\n<rss>\r\n0\r\nETag: \"late\"\r\n\r\n")
        }
        defer { server.stop() }
        let response = try await fetch(server.url()).response
        #expect(response?.headers.filter { $0.name == "etag" }.map(\.value) == ["\"real\""])
    }

    @Test func theBodyOfAnErrorIsNotWaitedForAndNotKept() async throws {
        let server = try LoopbackServer { request, peer in
            switch request.path {
            case "/endless":
                peer.send("HTTP/1.1 503 Busy\r\nRetry-After: 120\r\n\r\n")
                while peer.send(String(repeating: "z", count: 4_096)) {}
            case "/cut":
                peer.send("HTTP/1.1 410 Gone\r\nContent-Length: 100\r\n\r\nbye")
                peer.close()
            default: peer.respond("404 Not Found", body: Array("where?".utf8))
            }
        }
        defer { server.stop() }
        let endless = try await fetch(server.url("/endless")).response
        #expect(endless?.status == 503)
        #expect(endless?.header("Retry-After") == "120")
        #expect(try await fetch(server.url("/cut")).response?.status == 410)
        let missing = try await fetch(server.url("/missing")).response
        #expect(missing?.status == 404)
        #expect(missing?.body == [])
    }

    @Test func anEndlessExtensionOfAChunkComesToAnEnd() async throws {
        let server = try LoopbackServer { _, peer in
            peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6;")
            let piece = [UInt8](repeating: 0x78, count: 262_144)
            while peer.send(piece) {}
        }
        defer { server.stop() }
        // Time enough for a busy machine: libcurl steps over some 150 MB before it is stopped.
        let result = try await fetch(
            server.url(),
            .loopback {
                $0.responseTime = .seconds(60)
                $0.stallTime = .seconds(60)
            }
        )
        #expect(result.failure?.reason == .tooLarge, "\(result)")
    }

    /// An answer of 4 MiB that does not say so before it ends.
    private static let large =
        Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n400000\r\n".utf8)
        + [UInt8](repeating: 0x41, count: 4 << 20) + Array("\r\n0\r\n\r\n".utf8)

    @Test func manyLargeDocumentsTakeTurnsAndAllArrive() async throws {
        let server = try LoopbackServer { _, peer in
            peer.send(Self.large)
        }
        defer { server.stop() }
        let fetcher = Fetcher(
            .loopback {
                $0.connectionsPerHost = 16
                $0.document = .mebibytes(4)
            },
            keepsBodies: false
        )
        await fetcher.start((0..<16).map { PollRequest(server.url("/\($0)")) })
        let results = await fetcher.results(16)
        await fetcher.stop()
        #expect(
            results.map { $0.response?.headers.first?.value }
                == Array(repeating: "4194304", count: 16)
        )
    }

    @Test func largeDocumentsThatNobodyHasLetGoOfHoldUpMore() async throws {
        let server = try LoopbackServer { request, peer in
            if request.path == "/small" { peer.answer("<rss/>") } else { peer.send(Self.large) }
        }
        defer { server.stop() }
        let fetcher = Fetcher(
            .loopback {
                $0.connectionsPerHost = 16
                $0.document = .mebibytes(4)
            }
        )
        await fetcher.start((0..<6).map { PollRequest(server.url("/\($0)")) })
        // Two of the largest documents are all that may be held at a time.
        #expect(await fetcher.results(2).count == 2)
        await fetcher.start([PollRequest(server.url("/small"))])
        #expect(await fetcher.results(3).last?.text == "<rss/>")
        for count in [5, 7] {
            fetcher.letGo()
            #expect(await fetcher.results(count).count == count)
        }
        await fetcher.stop()
    }
}
