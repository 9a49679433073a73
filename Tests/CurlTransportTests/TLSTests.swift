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
        #expect(failure?.message == "127.0.0.1: no connection within 300ms")
    }
}
