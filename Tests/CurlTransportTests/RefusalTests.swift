import Glibc
import Testing
import WatchCore

/// Addresses that must not be asked, in all their spellings, at once and by redirect: a server on
/// loopback counts who comes.
@Suite struct RefusalTests {
    private static let hosts = [
        "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1",
        "017700000001", "127.0.0.1.", "localhost", "LOCALHOST", "localhost.", "0.0.0.0", "0",
        "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
        "[64:ff9b::7f00:1]", "[::]", "[::ffff:0.0.0.0]",
    ]

    @Test(arguments: hosts)
    func loopbackIsNotReachedHoweverItIsWritten(host: String) async throws {
        let canary = try LoopbackServer { _, peer in peer.answer("<rss/>") }
        // Another loopback address, the only one that may be asked.
        let guide = try LoopbackServer(host: "127.0.0.9") { _, peer in
            peer.redirect(to: "http://\(host):\(canary.port)/")
        }
        defer { for server in [canary, guide] { server.stop() } }
        var limits = Limits.hostile
        limits.allowNetworks = [NetworkRange(address: [127, 0, 0, 9], prefixLength: 32)]
        let fetcher = Fetcher(limits)
        for url in ["http://\(host):\(canary.port)/", guide.url()] {
            let failure = try await fetcher.fetch(PollRequest(url)).failure
            let reason = failure?.reason
            // Some spellings have no address at all here; what matters is that nobody comes.
            #expect(
                reason == .addressBlocked || reason == .connectFailed
                    || reason == .nameNotResolved,
                "\(String(describing: failure))"
            )
        }
        await fetcher.stop()
        #expect(canary.connectionCount == 0)
    }

    @Test func aNameWithSeveralAddressesIsAskedAtThePermittedOnesOnly() async throws {
        // localhost is 127.0.0.1 and, on most machines, ::1.
        let canary = try LoopbackServer { _, peer in peer.answer("<rss/>") }
        defer { canary.stop() }
        var limits = Limits.hostile
        limits.allowNetworks = [
            NetworkRange(address: [UInt8](repeating: 0, count: 15) + [1], prefixLength: 128)
        ]
        let url = "http://localhost:\(canary.port)/"
        #expect(try await fetch(url, limits).failure != nil)
        #expect(canary.connectionCount == 0)
        #expect(try await fetch(url, .hostile).text == "<rss/>")
    }

    @Test(arguments: [
        "file:///etc/passwd", "FILE:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/_x",
        "dict://127.0.0.1/d", "ldap://127.0.0.1/", "smb://127.0.0.1/", "tftp://127.0.0.1/",
        "telnet://127.0.0.1/", "imap://127.0.0.1/", "ws://127.0.0.1/", "data:text/xml,<rss/>",
        "javascript:alert(1)", "about:blank", "feed://127.0.0.1/", "//user:word@127.0.0.1/",
        "http://user:word@127.0.0.1/", "http://user@127.0.0.1/", "http://:word@127.0.0.1/",
        "http://", "http:///", "http://[::1", "http://[zz]/", "http://a b/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:-1/", "http://127.0.0.1:abc/", "http://\u{1}/",
    ])
    func aRedirectToNowhereGoodIsRefused(location: String) async throws {
        let server = try LoopbackServer { _, peer in peer.redirect(to: location) }
        defer { server.stop() }
        let failure = try await fetch(server.url(), .hostile).failure
        #expect(failure?.reason == .redirectRefused, "\(String(describing: failure))")
        #expect(failure?.message.contains("word") == false)
        #expect(server.requests.count == 1)
    }
}
