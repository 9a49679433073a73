import FeedModel
import Testing
import WatchCore

@Suite struct RedirectTests {
    @Test func redirectsAreFollowedAndEachIsReported() async throws {
        let server = try LoopbackServer { request, peer in
            switch request.path {
            case "/feed": peer.redirect(to: "a/b?c d#e", status: "301 Moved Permanently")
            case "/a/b?c%20d", "/a/b?c+d": peer.redirect(to: "/end", status: "307 Later")
            default: peer.respond(headers: ["ETag: \"1\""], body: Array("<rss/>".utf8))
            }
        }
        defer { server.stop() }
        let response = try #require(try await fetch(server.url()).response)
        #expect(response.hops.map(\.status) == [301, 307])
        #expect(response.hops.last?.url == server.url("/end"))
        #expect(response.url == server.url("/end"))
        #expect(response.headers.map(\.name) == ["content-length", "etag"])
        #expect(server.requests.map(\.path).contains { $0.contains("#") } == false)
    }

    @Test func aLoopEndsAtTheLimit() async throws {
        let server = try LoopbackServer { _, peer in peer.redirect(to: "/feed") }
        defer { server.stop() }
        let result = try await fetch(server.url(), .loopback { $0.redirects = 3 })
        #expect(result.failure?.reason == .redirectRefused)
        #expect(result.failure?.message == "127.0.0.1: more than 3 redirects (limits.redirects)")
        #expect(server.requests.count == 4)
    }

    @Test(arguments: [
        "file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:70/", "dict://127.0.0.1/",
        "data:text/plain,x", "javascript:1", "http://user:secret@127.0.0.1/", "http://",
        "http://[::1",
    ])
    func aRedirectToWhereNoneMayLeadIsRefused(location: String) async throws {
        let server = try LoopbackServer { _, peer in peer.redirect(to: location) }
        defer { server.stop() }
        let failure = try await fetch(server.url()).failure
        #expect(failure?.reason == .redirectRefused)
        #expect(failure?.message.contains("secret") == false)
    }

    @Test(arguments: ["10.0.0.1", "[::1]", "169.254.169.254", "[::ffff:10.0.0.1]", "[fd00::1]"])
    func aRedirectToAForbiddenAddressIsBlocked(host: String) async throws {
        let server = try LoopbackServer { _, peer in peer.redirect(to: "http://\(host)/") }
        defer { server.stop() }
        #expect(try await fetch(server.url()).failure?.reason == .addressBlocked)
    }

    @Test func whatIsMeantForOneHostIsNotSentToAnother() async throws {
        let second = try LoopbackServer(host: "127.0.0.2") { _, peer in peer.answer("<rss/>") }
        defer { second.stop() }
        let target = second.url()
        let first = try LoopbackServer { request, peer in
            request.path == "/feed" ? peer.redirect(to: "/here") : peer.redirect(to: target)
        }
        defer { first.stop() }
        let url = first.url().replacing("http://", with: "http://us%65r:pass%20word@")
        let validators = Validators(etag: "\"v\"", lastModified: "then")
        let result = try await fetch(PollRequest(url, validators: validators))
        #expect(result.response?.url == target)
        #expect(first.requests.count == 2)
        for request in first.requests {
            #expect(request.header("Authorization") == "Basic dXNlcjpwYXNzIHdvcmQ=")
            #expect(request.header("If-None-Match") == "\"v\"")
            #expect(request.header("If-Modified-Since") == "then")
        }
        let foreign = try #require(second.requests.first)
        for name in ["Authorization", "If-None-Match", "If-Modified-Since", "Referer", "Cookie"] {
            #expect(foreign.header(name) == nil, "\(name)")
        }
    }

    @Test func validatorsGoToTheAddressThatGaveThem() async throws {
        let second = try LoopbackServer(host: "127.0.0.2") { _, peer in
            peer.respond("304 Not Modified")
        }
        defer { second.stop() }
        let target = second.url()
        let first = try LoopbackServer { _, peer in peer.redirect(to: target) }
        defer { first.stop() }
        var request = PollRequest(first.url(), validators: Validators(etag: "\"v\""))
        request.validatorsURL = target
        #expect(try await fetch(request).response?.status == 304)
        #expect(first.requests.first?.header("If-None-Match") == nil)
        #expect(second.requests.first?.header("If-None-Match") == "\"v\"")
    }

    @Test func aFeedWithHeadersOfItsOwnStaysOnItsHost() async throws {
        let second = try LoopbackServer(host: "127.0.0.2") { _, peer in peer.answer("<rss/>") }
        defer { second.stop() }
        let target = second.url()
        let first = try LoopbackServer { request, peer in
            request.path == "/feed" ? peer.redirect(to: "/here") : peer.redirect(to: target)
        }
        defer { first.stop() }
        let headers = [
            RequestHeader(name: "X-Api-Key", value: "s3cret"),
            RequestHeader(name: "X-E", value: ""),
        ]
        let failure = try await fetch(PollRequest(first.url(), headers: headers)).failure
        #expect(failure?.reason == .redirectRefused)
        #expect(failure?.message.contains("s3cret") == false)
        #expect(first.requests.map { $0.header("X-Api-Key") } == ["s3cret", "s3cret"])
        #expect(first.requests.last?.header("X-E") == "")
        #expect(second.connectionCount == 0)
    }

    @Test func credentialsOfOneFeedAreNotSentWithTheNext() async throws {
        let server = try LoopbackServer { _, peer in peer.answer("<rss/>") }
        defer { server.stop() }
        let fetcher = Fetcher()
        let secret = server.url().replacing("http://", with: "http://name:word@")
        var first = PollRequest(secret, headers: [RequestHeader(name: "X-Key", value: "k")])
        first.validators.etag = "\"e\""
        let response = try await fetcher.fetch(first).response
        _ = try await fetcher.fetch(PollRequest(server.url("/next")))
        await fetcher.stop()
        #expect(response?.url == server.url())
        let next = try #require(server.requests.last)
        #expect(next.path == "/next")
        for name in ["Authorization", "X-Key", "If-None-Match"] {
            #expect(next.header(name) == nil, "\(name)")
        }
    }

    @Test func cookiesAreNeverSentBack() async throws {
        let server = try LoopbackServer { request, peer in
            let cookie = ["Set-Cookie: a=b; Path=/"]
            if request.path == "/feed" {
                peer.respond("302 Found", headers: cookie + ["Location: /end"])
            } else {
                peer.answer("<rss/>", headers: cookie)
            }
        }
        defer { server.stop() }
        let fetcher = Fetcher()
        for _ in 0..<2 { _ = try await fetcher.fetch(PollRequest(server.url())) }
        await fetcher.stop()
        #expect(server.requests.count == 4)
        #expect(server.requests.allSatisfy { $0.header("Cookie") == nil })
    }

    @Test(arguments: ["A\r\nInjected: x", "line\nbreak", "zero\0byte"])
    func aHeaderThatWouldBreakOutOfItsLineIsNotSent(value: String) async throws {
        let server = try LoopbackServer { _, peer in peer.answer("<rss/>") }
        defer { server.stop() }
        let headers = [RequestHeader(name: "X-Key", value: value)]
        let failure = try await fetch(PollRequest(server.url(), headers: headers)).failure
        #expect(failure?.reason == .badURL)
        #expect(failure?.message.contains("Injected") == false)
        #expect(server.connectionCount == 0)
    }
}
