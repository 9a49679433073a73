import Glibc
import Testing
import WatchCore

@Suite struct TLSTests {
    static var hasOpenSSL: Bool { access("/usr/bin/openssl", X_OK) == 0 }

    private func limits(_ certificateFile: String) -> Limits {
        .loopback { $0.certificateFile = certificateFile }
    }

    @Test(.enabled(if: hasOpenSSL, "needs the openssl command"))
    func theBundleIsReadOnceAndTrustsWhatItHolds() async throws {
        guard let files = Certificates() else { throw TLSServer.Unavailable() }
        let first = try TLSServer(files.directory)
        let port = first.port
        let second = try TLSServer(files.directory)
        let bundle = "\(files.directory)/ca.pem"
        let fetcher = Fetcher(limits(bundle))
        let result = try await fetcher.fetch(PollRequest("https://127.0.0.1:\(port)/feed"))
        #expect(result.text == "<rss/>", "\(result)")
        // With the file gone, only what is kept of it can make the next connections.
        unlink(bundle)
        for port in [second.port, port] {
            let next = try await fetcher.fetch(PollRequest("https://127.0.0.1:\(port)/feed"))
            #expect(next.text == "<rss/>", "\(next)")
        }
        // The certificate is for another name.
        let misnamed = try await fetcher.fetch(PollRequest("https://localhost:\(port)/feed"))
        #expect(misnamed.failure?.reason == .tlsFailed, "\(misnamed)")
        let down = try await fetcher.fetch(PollRequest("https://127.0.0.1:\(port)/down"))
        #expect(down.failure?.message == "127.0.0.1: redirect from https to http")
        await fetcher.stop()
        first.stop()
        second.stop()
    }

    @Test(.enabled(if: hasOpenSSL, "needs the openssl command"))
    func whatTheBundleDoesNotHoldIsNotTrusted() async throws {
        guard let files = Certificates(), let others = Certificates() else {
            throw TLSServer.Unavailable()
        }
        let server = try TLSServer(files.directory)
        let url = "https://127.0.0.1:\(server.port)/feed"
        let failure = try await fetch(url, limits("\(others.directory)/ca.pem")).failure
        #expect(failure?.reason == .tlsFailed)
        #expect(failure?.message.contains("certificate") == true)
        let missing = try await fetch(url, limits("\(others.directory)/none.pem")).failure
        #expect(missing?.reason == .tlsFailed)
        #expect(missing?.message.contains("none.pem") == true)
        server.stop()
    }

    @Test(.enabled(if: hasOpenSSL, "needs the openssl command"))
    func outdatedTLSIsRefused() async throws {
        guard let files = Certificates() else { throw TLSServer.Unavailable() }
        let server = try TLSServer(files.directory, ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"])
        let url = "https://127.0.0.1:\(server.port)/feed"
        let failure = try await fetch(url, limits("\(files.directory)/ca.pem")).failure
        #expect(failure?.reason == .tlsFailed)
        server.stop()
    }

    @Test func aHandshakeThatNeverEndsRunsIntoTheConnectLimit() async throws {
        let server = try LoopbackServer { _, _ in }
        defer { server.stop() }
        let limits = Limits.loopback { $0.connectTime = .milliseconds(300) }
        let url = server.url().replacing("http:", with: "https:")
        let failure = try await fetch(url, limits).failure
        #expect(failure?.reason == .timedOut)
        #expect(failure?.message == "127.0.0.1: no connection within 300ms (limits.connect_time)")
    }

    @Test(
        .enabled(if: hasOpenSSL, "needs the openssl command"),
        arguments: [(-1, false, "expired"), (2, true, "self")]
    )
    func aCertificateThatDoesNotHoldIsRefused(
        days: Int,
        isSelfSigned: Bool,
        hint: String
    ) async throws {
        guard let files = Certificates(days: days, isSelfSigned: isSelfSigned) else {
            throw TLSServer.Unavailable()
        }
        let server = try TLSServer(files.directory)
        let url = "https://127.0.0.1:\(server.port)/feed"
        let failure = try await fetch(url, limits("\(files.directory)/ca.pem")).failure
        #expect(failure?.reason == .tlsFailed)
        #expect(failure?.message.contains(hint) == true, "\(String(describing: failure))")
        server.stop()
    }

    @Test(.enabled(if: hasOpenSSL, "needs the openssl command"))
    func aFeedMayTrustAnotherAuthority() async throws {
        guard let files = Certificates(), let others = Certificates() else {
            throw TLSServer.Unavailable()
        }
        let server = try TLSServer(files.directory)
        var request = PollRequest("https://127.0.0.1:\(server.port)/feed")
        let fetcher = Fetcher(limits("\(others.directory)/ca.pem"))
        #expect(try await fetcher.fetch(request).failure?.reason == .tlsFailed)
        request.options.certificateFile = "\(files.directory)/ca.pem"
        #expect(try await fetcher.fetch(request).text == "<rss/>")
        // And what one feed trusts no other does, though the connection might still stand.
        request.options.certificateFile = nil
        #expect(try await fetcher.fetch(request).failure?.reason == .tlsFailed)
        await fetcher.stop()
        server.stop()
    }

    @Test(.enabled(if: hasOpenSSL, "needs the openssl command"))
    func aFeedMayBeAllowedToGoDownToHTTP() async throws {
        guard let files = Certificates() else { throw TLSServer.Unavailable() }
        let server = try TLSServer(files.directory)
        var request = PollRequest("https://127.0.0.1:\(server.port)/down")
        request.options.allowsDowngrade = true
        // It leads to a port where nobody listens: that far it must come.
        let result = try await fetch(request, limits("\(files.directory)/ca.pem"))
        #expect(result.failure?.reason == .connectFailed, "\(result)")
        server.stop()
    }

    static let handshakes: [Scenario] = [
        tls("plain HTTP", .fails(.tlsFailed)) { peer in
            _ = peer.receive()
            peer.send("HTTP/1.1 400 Bad\r\n\r\n")
        },
        tls("garbage", .fails(.tlsFailed)) { peer in
            _ = peer.receive()
            peer.send((0..<200).map { UInt8($0 * 31 & 0xFF) })
        },
        tls("an alert", .fails(.tlsFailed)) { peer in
            _ = peer.receive()
            peer.send([0x15, 3, 3, 0, 2, 2, 40])
        },
        tls("half a hello", .fails(.tlsFailed)) { peer in
            _ = peer.receive()
            peer.send([0x16, 3, 3, 0, 90, 2, 0])
        },
        tls("the end", .fails(.tlsFailed)) { peer in _ = peer.receive() },
        tls("the end before a hello", .fails(.tlsFailed)) { _ in },
        tls("a reset", .fails(.tlsFailed)) { peer in
            _ = peer.receive()
            peer.reset()
        },
        tls("silence", .fails(.timedOut)) { $0.waitForEnd() },
        tls("an endless record", .fails(.tlsFailed)) { peer in
            _ = peer.receive()
            peer.send([0x16, 3, 3, 0xFF, 0xFF])
            while peer.send([UInt8](repeating: 0, count: 4_096)) {}
        },
    ]

    private static func tls(
        _ name: String,
        _ outcome: Scenario.Outcome,
        _ greeting: @escaping @Sendable (Peer) -> Void
    ) -> Scenario {
        Scenario(
            name: "TLS answered by \(name)",
            outcome: outcome,
            script: { _, _ in },
            greeting: { peer in
                greeting(peer)
                peer.close()
            }
        )
    }

    @Test(arguments: handshakes)
    func aHandshakeThatGoesWrongIsClassified(scenario: Scenario) async throws {
        let server = try LoopbackServer(greeting: scenario.greeting, scenario.script)
        defer { server.stop() }
        let url = server.url().replacing("http:", with: "https:")
        scenario.check(try await fetch(url, .hostile))
    }
}
