import Testing

@testable import ServiceHost

@Suite struct HTTPRequestHeadTests {
    @Test(arguments: [
        ("GET /metrics HTTP/1.1\r\nHost: localhost:9465\r\n\r\n", "/metrics", "localhost:9465"),
        ("GET /readyz?verbose=1 HTTP/1.1\r\nhost:\t127.0.0.1 \r\n\r\n", "/readyz", "127.0.0.1"),
        ("GET /metrics HTTP/1.0\n\n", "/metrics", nil),
        ("GET http://[::1]:9/metrics HTTP/1.1\r\nHost: other\r\n\r\n", "/metrics", "[::1]:9"),
        ("GET http://localhost HTTP/1.1\r\nHost: localhost\r\n\r\n", "/", "localhost"),
    ])
    func aRequestIsRead(text: String, path: String, host: String?) throws {
        let head = try #require(HTTPRequestHead(Array(text.utf8)))
        #expect(head.method == "GET")
        #expect(head.path == path)
        #expect(head.host == host)
    }

    @Test(arguments: [
        "", "\r\n", "GET\r\n\r\n", "GET / HTTP/2\r\n\r\n", "GET  / HTTP/1.1\r\n\r\n",
        "get / HTTP/1.1\r\n\r\n", "GET metrics HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nbad\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n", "GET / HTTP/1.1\r\n folded: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
        "\u{16}\u{3}\u{1}\u{2}\u{0}\r\n\r\n",
    ])
    func whatIsNoRequestIsRefused(text: String) {
        #expect(HTTPRequestHead(Array(text.utf8)) == nil)
    }

    @Test(arguments: [
        ("localhost", true), ("LOCALHOST:80", true), ("127.0.0.1", true), ("127.8.9.1:9465", true),
        ("[::1]", true), ("[::1]:9465", true), ("feeds.example", false), ("127.0.0.1.evil", false),
        ("127.0.0.evil:80", false), ("10.0.0.1", false), ("localhost.evil", false), ("", false),
        ("[::2]", false), ("[::1]x", false), ("localhost:80:80", false), ("127.0.0.999", false),
    ])
    func onlyNamesOfThisMachineAreMeantForIt(host: String, isOurs: Bool) throws {
        let text = "GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n"
        #expect(try #require(HTTPRequestHead(Array(text.utf8))).isForLoopback == isOurs)
    }
}
