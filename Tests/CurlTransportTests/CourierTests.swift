import CurlTransport
import FeedModel
import Synchronization
import Testing
import WatchCore

@Suite struct CourierTests {
    /// A message as it came over the wire: head and body.
    private static func message(from peer: Peer) -> String {
        var text = ""
        while !text.contains("\r\n\r\n") {
            let piece = peer.receive()
            guard !piece.isEmpty else { return text }
            text += String(decoding: piece, as: UTF8.self)
        }
        let length =
            text.lowercased().split(separator: "content-length: ").dropFirst().first
            .map { $0.prefix { $0.isNumber } }.flatMap { Int($0) } ?? 0
        let head = text.split(separator: "\r\n\r\n", maxSplits: 1)[0].utf8.count + 4
        while text.utf8.count < head + length {
            let piece = peer.receive()
            guard !piece.isEmpty else { return text }
            text += String(decoding: piece, as: UTF8.self)
        }
        return text
    }

    private func post(_ url: String, limit: Duration = .seconds(20)) -> HTTPPost {
        HTTPPost(
            url: url,
            headers: [
                RequestHeader(name: "Content-Type", value: "application/json"),
                RequestHeader(name: "X-Key", value: "secret"),
                RequestHeader(name: "X-Bad", value: "a\r\nInjected: yes"),
            ],
            body: Array("{\"a\":1}".utf8),
            timeLimit: limit
        )
    }

    @Test func aMessageArrivesWholeAndItsAnswerComesBack() async throws {
        let received = Mutex<[String]>([])
        let server = try LoopbackServer { peer in
            let text = CourierTests.message(from: peer)
            received.withLock { $0.append(text) }
            peer.respond(
                "503 Busy",
                headers: ["Retry-After: 120"],
                body: Array("later".utf8)
            )
            peer.close()
        } _: { _, _ in
        }
        let courier = CurlCourier(limits: .loopback, userAgent: "feedwatch/test")
        let answer = try await courier.send(post(server.url("/hook"))).get()
        #expect(
            answer
                == HTTPAnswer(
                    status: 503,
                    retryAfter: "120",
                    location: nil,
                    body: Array("later".utf8)
                )
        )
        let text = try #require(received.withLock { $0.first })
        #expect(text.hasPrefix("POST /hook HTTP/1.1\r\n") && text.hasSuffix("\r\n\r\n{\"a\":1}"))
        #expect(text.contains("X-Key: secret\r\n") && text.contains("User-Agent: feedwatch/test"))
        #expect(!text.contains("Injected") && !text.contains("Expect"))
        await courier.stop()
        server.stop()
    }

    @Test func redirectsAreNotFollowedAndTheirPathIsNotShown() async throws {
        let server = try LoopbackServer { peer in
            _ = CourierTests.message(from: peer)
            peer.redirect(to: "https://elsewhere.example/secret-token", status: "308 Moved")
            peer.close()
        } _: { _, _ in
        }
        let courier = CurlCourier(limits: .loopback, userAgent: "t")
        let answer = try await courier.send(post(server.url("/hook"))).get()
        #expect(answer.status == 308 && answer.location == "https://elsewhere.example")
        await courier.stop()
        server.stop()
    }

    @Test func theStatusIsTheAnswerWhateverBecomesOfTheBody() async throws {
        let server = try LoopbackServer { peer in
            _ = CourierTests.message(from: peer)
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf")
            peer.reset()
        } _: { _, _ in
        }
        let courier = CurlCourier(limits: .loopback, userAgent: "t")
        #expect(try await courier.send(post(server.url("/hook"))).get().status == 200)
        await courier.stop()
        server.stop()
    }

    @Test func privateNetworksAreReachedOnlyWhereTheyAreNamed() async throws {
        let server = try LoopbackServer {
            $0.close()
        } _: { _, _ in
        }
        let courier = CurlCourier(limits: Limits(), userAgent: "t")
        let outcome = await courier.send(post("http://user:word@127.0.0.1:\(server.port)/s3cret"))
        let failure = outcome.failure
        #expect(failure?.reason == .addressBlocked)
        #expect(failure?.message.contains("s3cret") == false)
        var settings = MailSettings(
            server: "smtp://127.0.0.1:\(server.port)",
            sender: "a@example.org",
            recipients: ["b@example.org"]
        )
        settings.requiresTLS = false
        let letter = Letter(settings: settings, message: [10], timeLimit: .seconds(9))
        #expect(await courier.send(letter).failure?.reason == .addressBlocked)
        await courier.stop()
        server.stop()
    }

    @Test func whoeverHangsIsLeftAndTheRestIsCancelledAtTheStop() async throws {
        let server = try LoopbackServer {
            $0.waitForEnd()
        } _: { _, _ in
        }
        let courier = CurlCourier(limits: .loopback, userAgent: "t")
        let slow = await courier.send(post(server.url("/"), limit: .milliseconds(200))).failure
        #expect(slow?.reason == .timedOut)
        #expect(slow?.message == "127.0.0.1: no answer within 200ms")
        async let waiting = courier.send(post(server.url("/"), limit: .seconds(60)))
        while server.connectionCount < 2 { await Task.yield() }
        await courier.stop()
        #expect(await waiting.failure?.reason == .cancelled)
        #expect(await courier.send(post(server.url("/"))).failure?.reason == .cancelled)
        server.stop()
    }

    @Test(arguments: ["ftp://127.0.0.1/x", "http://", "smtp://127.0.0.1/"])
    func onlyWebAddressesArePostedTo(url: String) async {
        let courier = CurlCourier(limits: .loopback, userAgent: "t")
        #expect(await courier.send(post(url)).failure?.reason == .badURL)
        await courier.stop()
    }
}

extension Result {
    /// The failure; nil: there is none.
    var failure: Failure? {
        if case .failure(let failure) = self { failure } else { nil }
    }
}
