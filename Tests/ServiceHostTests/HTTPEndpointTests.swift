import CPosix
import FeedModel
import Glibc
import Synchronization
import Testing
import WatchCore

@testable import ServiceHost

@Suite struct HTTPEndpointTests {
    private let scratch = Scratch()
    private static let loopback = EndpointAddress.loopback([127, 0, 0, 1], port: 0)

    private func open(
        _ address: EndpointAddress = loopback,
        limits: EndpointLimits = EndpointLimits(),
        handler: @escaping @Sendable (String) async -> EndpointAnswer? = { path in
            path == "/metrics" ? EndpointAnswer(status: 200, body: "up 1\n") : nil
        }
    ) async throws -> (HTTPEndpoint, EndpointAddress) {
        let endpoint = HTTPEndpoint(address, limits: limits, handler: handler)
        return (endpoint, try await endpoint.start())
    }

    private func ask(_ address: EndpointAddress, _ request: String) async throws -> String {
        let client = try #require(RawClient(address))
        client.send(request)
        let bytes = await onThread { client.readToEnd() }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func get(_ path: String, host: String = "localhost") -> String {
        "GET \(path) HTTP/1.1\r\nHost: \(host)\r\n\r\n"
    }

    // MARK: Answers

    @Test(arguments: [
        HTTPEndpointTests.loopback,
        .loopback([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], port: 0),
    ])
    func anAnswerIsWholeAndEndsTheConnection(address: EndpointAddress) async throws {
        let (endpoint, bound) = try await open(address)
        let answer = try await ask(bound, get("/metrics"))
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(answer.contains("Content-Length: 5\r\n"))
        #expect(answer.contains("Connection: close\r\n"))
        #expect(answer.hasSuffix("\r\n\r\nup 1\n"))
        #expect(try await ask(bound, get("/healthz")).hasSuffix("\r\n\r\nok\n"))
        await endpoint.stop()
    }

    @Test(arguments: [
        ("GET /other HTTP/1.1\r\nHost: localhost\r\n\r\n", "404 Not Found"),
        ("POST /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", "405 Method Not Allowed"),
        ("nonsense\r\n\r\n", "400 Bad Request"),
        ("GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n", "421 Misdirected Request"),
        (
            "GET /metrics HTTP/1.1\r\nX: " + String(repeating: "x", count: 9_000),
            "431 Request Header Fields Too Large"
        ),
        ("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HTTP/1.1\r\n\r\n", "200 OK"),
    ])
    func eachRequestGetsItsStatus(request: String, status: String) async throws {
        let (endpoint, bound) = try await open()
        let answer = try await ask(bound, request)
        #expect(answer.hasPrefix("HTTP/1.1 \(status)\r\n"))
        await endpoint.stop()
    }

    @Test func headHasTheLengthAndNoBody() async throws {
        let (endpoint, bound) = try await open()
        let answer = try await ask(bound, "HEAD /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(answer.contains("Content-Length: 5\r\n"))
        #expect(answer.hasSuffix("\r\n\r\n"))
        await endpoint.stop()
    }

    @Test func aRequestInPiecesIsPutTogether() async throws {
        let (endpoint, bound) = try await open()
        let client = try #require(RawClient(bound))
        for piece in ["GE", "T /metrics HTTP", "/1.1\r", "\nHost: localhost\r\n\r", "\n"] {
            client.send(piece)
        }
        let answer = await onThread { client.readToEnd() }
        #expect(String(decoding: answer, as: UTF8.self).hasSuffix("up 1\n"))
        await endpoint.stop()
    }

    // MARK: Hostile clients

    @Test func aClientThatSendsSlowlyIsEndedInTime() async throws {
        var limits = EndpointLimits()
        limits.requestTime = .milliseconds(300)
        let (endpoint, bound) = try await open(limits: limits)
        let client = try #require(RawClient(bound))
        // A byte now and then, which a limit of idle time would let go on for ever.
        let feeding = Task {
            while !Task.isCancelled {
                client.send("x")
                await onThread { _ = poll(nil, 0, 20) }
            }
        }
        let answer = await onThread { client.readToEnd() }
        feeding.cancel()
        #expect(String(decoding: answer, as: UTF8.self).hasPrefix("HTTP/1.1 408 "))
        #expect(try await ask(bound, get("/metrics")).hasSuffix("up 1\n"))
        await endpoint.stop()
    }

    @Test func manySlowClientsKeepNobodyOut() async throws {
        var limits = EndpointLimits()
        limits.connections = 4
        limits.requestTime = .seconds(600)
        let (endpoint, bound) = try await open(limits: limits)
        let slow = (0..<40).compactMap { _ in RawClient(bound) }
        for client in slow { client.send("GET /metrics HTTP/1.1\r\n") }
        #expect(try await ask(bound, get("/metrics")).hasSuffix("up 1\n"))
        #expect(await onThread { slow.first?.readToEnd() } == [])
        await endpoint.stop()
    }

    @Test func clientsThatAskAndLeaveDoNoHarm() async throws {
        let (endpoint, bound) = try await open()
        for _ in 0..<100 {
            let client = try #require(RawClient(bound))
            client.send(get("/metrics"))
        }
        #expect(try await ask(bound, get("/metrics")).hasSuffix("up 1\n"))
        await endpoint.stop()
    }

    @Test func aDaemonThatHangsIsSeenToLiveAndNotToAnswer() async throws {
        var limits = EndpointLimits()
        limits.answerTime = .milliseconds(100)
        let (never, hold) = AsyncStream<Void>.makeStream()
        let (endpoint, bound) = try await open(limits: limits) { _ in
            for await _ in never {}
            return nil
        }
        #expect(try await ask(bound, get("/metrics")).hasPrefix("HTTP/1.1 503 "))
        #expect(try await ask(bound, get("/readyz")).hasPrefix("HTTP/1.1 503 "))
        #expect(try await ask(bound, get("/healthz")).hasPrefix("HTTP/1.1 200 "))
        hold.finish()
        await endpoint.stop()
    }

    @Test func answersAreAskedForOneAfterTheOther() async throws {
        let busy = Mutex((now: 0, most: 0))
        let (endpoint, bound) = try await open { _ in
            busy.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
            for _ in 0..<20 { await Task.yield() }
            busy.withLock { $0.now -= 1 }
            return EndpointAnswer(status: 200, body: "")
        }
        let clients = (0..<8).compactMap { _ in RawClient(bound) }
        for client in clients { client.send(get("/metrics")) }
        for client in clients { #expect(await onThread { client.readToEnd() }.count > 0) }
        #expect(busy.withLock { $0.most } == 1)
        await endpoint.stop()
    }

    // MARK: Socket files

    @Test func aSocketFileIsForOwnerAndGroupAndGoesWithTheDaemon() async throws {
        let path = scratch.file("metrics.sock")
        try #require(leaveSocket(at: path))
        let (endpoint, bound) = try await open(.local(path: path))
        var status = stat()
        try #require(lstat(path, &status) == 0)
        #expect(status.st_mode & 0o7777 == 0o660)
        // No browser reaches a socket file: whatever name is asked for will do.
        let answer = try await ask(bound, get("/metrics", host: "feedwatch"))
        #expect(answer.hasSuffix("up 1\n"))
        await endpoint.stop()
        #expect(access(path, F_OK) != 0)
    }

    @Test func aSocketThatIsInUseIsNotTaken() async throws {
        let path = scratch.file("metrics.sock")
        let (first, bound) = try await open(.local(path: path))
        await #expect(throws: ControlError.alreadyListening(path: path)) {
            _ = try await open(.local(path: path))
        }
        #expect(try await ask(bound, get("/metrics")).hasSuffix("up 1\n"))
        await first.stop()
    }

    @Test func aPortThatIsInUseIsNamed() async throws {
        let (first, bound) = try await open()
        await #expect(
            throws: ControlError.failed(call: "listen", path: "\(bound)", code: EADDRINUSE)
        ) {
            _ = try await open(bound)
        }
        await first.stop()
    }
}
