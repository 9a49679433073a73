import FeedModel
import Testing
import WatchCore

/// What a feed may ask for beside its address.
@Suite struct OptionsTests {
    private func request(
        _ url: String,
        _ change: (inout FetchOptions) -> Void
    ) -> PollRequest {
        var request = PollRequest(url)
        change(&request.options)
        request.isTraced = true
        return request
    }

    @Test func aNameAndPasswordGoToTheFeedsHostOnly() async throws {
        let second = try LoopbackServer(host: "127.0.0.2") { _, peer in peer.answer("<rss/>") }
        let target = second.url()
        let first = try LoopbackServer { _, peer in peer.redirect(to: target) }
        defer { for server in [first, second] { server.stop() } }
        let basic = request(first.url()) {
            $0.authorization = .basic(user: "u", password: "s3cret")
        }
        let bearer = request(first.url()) { $0.authorization = .bearer(token: "t0ken-t0ken") }
        for request in [basic, bearer, PollRequest(first.url())] {
            #expect(try await fetch(request).response?.url == target)
        }
        let sent = first.requests.map { $0.header("Authorization") }
        #expect(sent == ["Basic dTpzM2NyZXQ=", "Bearer t0ken-t0ken", nil])
        #expect(second.requests.allSatisfy { $0.header("Authorization") == nil })
    }

    @Test func oneFeedsOptionsAreNotTheNextOnes() async throws {
        let server = try LoopbackServer { _, peer in peer.answer("<rss/>") }
        defer { server.stop() }
        let fetcher = Fetcher()
        _ = try await fetcher.fetch(
            request(server.url()) {
                $0.userAgent = "special/1"
                $0.authorization = .bearer(token: "t0ken-t0ken")
            }
        )
        _ = try await fetcher.fetch(PollRequest(server.url()))
        await fetcher.stop()
        let agents = server.requests.map { $0.header("User-Agent") }
        #expect(agents == ["special/1", "feedwatch-test/1"])
        #expect(server.requests.last?.header("Authorization") == nil)
    }

    @Test func aProxyIsAskedInPlaceOfTheHost() async throws {
        let proxy = try LoopbackServer { request, peer in
            request.path.hasSuffix("/leads")
                ? peer.redirect(to: "http://127.0.0.1/")
                : peer.answer("<rss/>")
        }
        defer { proxy.stop() }
        // The proxy itself may stand in a private network: the configuration named it.
        func ask(_ url: String) async throws -> TransferResult {
            try await fetch(
                request(url) {
                    $0.proxy = ProxySettings(
                        url: "http://127.0.0.1:\(proxy.port)",
                        user: "p",
                        password: "s3cret-word"
                    )
                },
                Limits()
            )
        }
        let result = try await ask("http://feeds.example.org/a")
        #expect(result.text == "<rss/>")
        #expect(proxy.requests.first?.path == "http://feeds.example.org/a")
        #expect(proxy.requests.first?.header("Proxy-Authorization") == "Basic cDpzM2NyZXQtd29yZA==")
        #expect(proxy.requests.first?.header("Authorization") == nil)
        #expect(!"\(result.trace)".contains("cDpzM2NyZXQtd29yZA"))
        // What is private to us is not asked for through it either.
        for url in [
            "http://127.0.0.1/", "http://2130706433/", "http://[::1]/", "http://localhost/",
            "http://10.1/", "http://a.localhost./", "http://feeds.example.org/leads",
        ] {
            #expect(try await ask(url).failure?.reason == .addressBlocked, "\(url)")
        }
        #expect(proxy.requests.count == 2)
    }

    @Test func aProxyThatIsGoneIsAFailedConnection() async throws {
        let proxy = try LoopbackServer { _, _ in }
        let address = "http://127.0.0.1:\(proxy.port)"
        proxy.stop()
        let result = try await fetch(
            request("http://feeds.example.org/") { $0.proxy = ProxySettings(url: address) }
        )
        #expect(result.failure?.reason == .connectFailed)
    }

    @Test(arguments: [
        ("407 No", FailureReason.forbidden, "the proxy answered 407"),
        ("403 No", .connectFailed, "the proxy answered 403"),
        ("502 Bad", .connectFailed, "the proxy answered 502"),
        ("200 OK", .tlsFailed, "TLS failed"),
    ])
    func aProxyThatOpensNoTunnelIsNamed(
        status: String,
        reason: FailureReason,
        message: String
    ) async throws {
        let proxy = try LoopbackServer { _, peer in
            peer.send("HTTP/1.1 \(status)\r\nContent-Length: 0\r\n\r\n")
            peer.send("no TLS at all")
            peer.close()
        }
        defer { proxy.stop() }
        let address = ProxySettings(url: "http://127.0.0.1:\(proxy.port)")
        let result = try await fetch(
            request("https://feeds.example.org/") { $0.proxy = address }
        )
        #expect(result.failure?.reason == reason, "\(result)")
        #expect(result.failure?.message.contains(message) == true, "\(result)")
        #expect(proxy.requests.first?.path == "feeds.example.org:443")
    }

    @Test(.enabled(if: TLSTests.hasOpenSSL, "needs the openssl command"))
    func whatAProxySaysBeforeTheTunnelIsNotTheAnswer() async throws {
        guard let files = Certificates() else { throw TLSServer.Unavailable() }
        let server = try TLSServer(files.directory)
        let port = server.port
        let proxy = try LoopbackServer { _, peer in
            guard let target = Peer.connected(to: Int(port) ?? 0) else { return peer.close() }
            peer.send("HTTP/1.1 200 Established\r\nETag: \"of the proxy\"\r\n\r\n")
            peer.relay(with: target)
        }
        defer { proxy.stop() }
        let address = ProxySettings(url: "http://127.0.0.1:\(proxy.port)")
        let limits = Limits.loopback { $0.certificateFile = "\(files.directory)/ca.pem" }
        func ask(_ path: String) async throws -> TransferResult {
            try await fetch(
                request("https://127.0.0.1:\(port)/\(path)") { $0.proxy = address },
                limits
            )
        }
        let good = try await ask("feed")
        #expect(good.text == "<rss/>", "\(good)")
        #expect(good.response?.header("etag") == nil)
        // The server's own redirect, which leads down to http.
        #expect(try await ask("down").failure?.reason == .redirectRefused)
        server.stop()
    }

    @Test func theVersionOfHTTPIsAsAskedFor() async throws {
        let server = try LoopbackServer(greeting: { peer in
            // The preface of HTTP/2 without TLS; a server of HTTP/1 sees a strange request.
            let start = peer.receive(3)
            if start == Array("PRI".utf8) { peer.close() }
        }) { _, peer in peer.answer("<rss/>") }
        defer { server.stop() }
        let unasked = try await fetch(request(server.url()) { $0.httpVersion = .http2 })
        #expect(unasked.failure?.reason == .transferFailed)
        let plain = try await fetch(request(server.url()) { $0.httpVersion = .http1 })
        #expect(plain.trace.first?.version == "1.1")
    }

    @Test func aTraceTellsEachHopAndNoSecret() async throws {
        let server = try LoopbackServer { request, peer in
            if request.path == "/feed" {
                peer.redirect(to: "/end")
            } else {
                // A server that sends back what it was sent.
                let echo = request.lines.joined(separator: " ")
                peer.answer("<rss/>", headers: ["X-Echo: \(echo)", "ETag: \"e\""])
            }
        }
        defer { server.stop() }
        var request = PollRequest(
            server.url().replacing("http://", with: "http://name:pa55word@"),
            validators: Validators(etag: "\"v\""),
            headers: [
                RequestHeader(name: "X-Api-Key", value: "k3y-of-keys"),
                RequestHeader(name: "Accept-Language", value: "en"),
            ]
        )
        request.isTraced = true
        let result = try await fetch(request)
        #expect(result.trace.map(\.url) == [server.url(), server.url("/end")])
        #expect(result.trace.allSatisfy { $0.peer == "127.0.0.1" && $0.version == "1.1" })
        let sent = try #require(result.trace.last?.sent)
        #expect(sent.first == "GET /end HTTP/1.1")
        for line in [
            "X-Api-Key: ***", "Authorization: ***", "Accept-Language: en", "If-None-Match: \"v\"",
            "User-Agent: feedwatch-test/1",
        ] {
            #expect(sent.contains(line), "\(sent)")
        }
        let received = try #require(result.trace.last?.received)
        #expect(received.first == "HTTP/1.1 200 OK")
        #expect(received.contains("ETag: \"e\""))
        let all = "\(result.trace)"
        for secret in ["k3y-of-keys", "pa55word", "bmFtZTpwYTU1d29yZA"] {
            #expect(!all.contains(secret), "\(secret)")
        }
        // What is not asked for is not noted.
        request.isTraced = false
        #expect(try await fetch(request).trace.isEmpty)
    }
}
