import FeedModel
import Glibc
import Testing
import WatchCore

// Rows of the table: compressed bodies, and servers that break off, flood and stall.

extension ScenarioTests {
    private static let feed = Array("<rss/>".utf8)
    private static let bomb = fixture("zeros-4MiB.gz")

    private static func coded(
        _ coding: String,
        _ name: String,
        _ body: [UInt8],
        _ outcome: Scenario.Outcome,
        hint: String = ""
    ) -> Scenario {
        .body("\(coding): \(name)", ["Content-Encoding: \(coding)"], body, outcome, hint: hint)
    }

    private static func flipped(_ bytes: [UInt8], at index: Int) -> [UInt8] {
        var bytes = bytes
        bytes[index < 0 ? bytes.count + index : index] ^= 0xFF
        return bytes
    }

    static let codings: [Scenario] = [
        coded("gzip", "right", Packing.gzip(feed), .document(6)),
        coded("x-gzip", "the old name", Packing.gzip(feed), .document(6)),
        coded("deflate", "right", Packing.zlib(feed), .document(6)),
        coded("deflate", "bare", Packing.stored(feed), .document(6)),
        coded("identity", "as it is", feed, .document(6)),
        coded("gzip", "wrong checksum", Packing.gzip(feed, crc: 1), .fails(.transferFailed)),
        coded("gzip", "wrong size", Packing.gzip(feed, size: 9), .fails(.transferFailed)),
        coded("gzip", "damaged", flipped(fixture("feed.xml.gz"), at: 200), .fails(.transferFailed)),
        coded("gzip", "no gzip at all", feed, .fails(.transferFailed), hint: "damaged"),
        coded(
            "gzip",
            "two members",
            Packing.gzip(feed) + Packing.gzip(feed),
            .fails(.transferFailed)
        ),
        coded("gzip", "garbage behind", Packing.gzip(feed) + feed, .fails(.transferFailed)),
        coded("gzip", "nothing", [], .document(0)),
        coded("GZip", "in other letters", Packing.gzip(feed), .document(6)),
        coded("gzip", "cut off", Array(Packing.gzip(feed).dropLast(4)), .document(6)),
        coded(
            "gzip",
            "a claim of much",
            Packing.gzip(feed, size: 200_000),
            .fails(.transferFailed)
        ),
        coded(
            "gzip",
            "a claim of too much",
            Packing.gzip(feed, size: 1 << 30),
            .fails(.transferFailed)
        ),
        .answer(
            "gzip: in chunks",
            "\(ok)Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "0\r\n\r\n",
            .document(0)
        ),
        coded("br", "damaged", flipped(fixture("feed.xml.br"), at: 20), .fails(.transferFailed)),
        coded("br", "no brotli", [0xFF, 0xFF, 0xFF, 0xFF], .fails(.transferFailed)),
        coded("zstd", "no zstd", feed, .fails(.transferFailed)),
        coded("deflate", "no deflate", [0xFF, 0xFF], .fails(.transferFailed)),
        coded("rot13", "unknown", feed, .fails(.transferFailed), hint: "nobody asked for"),
        coded("gzip, gzip", "twice", Packing.gzip(Packing.gzip(feed)), .document(6)),
        coded("gzip", "bomb", bomb, .fails(.tooLarge), hint: "256KiB"),
        coded("br", "bomb", fixture("zeros-4MiB.br"), .fails(.tooLarge)),
        coded("zstd", "bomb", fixture("zeros-4MiB.zst"), .fails(.tooLarge)),
        coded("gzip, gzip", "bomb in a wrapping", Packing.gzip(bomb), .fails(.tooLarge)),
        coded(
            "gzip, gzip, gzip",
            "bomb in two",
            Packing.gzip(Packing.gzip(bomb)),
            .fails(.tooLarge)
        ),
        coded(
            Array(repeating: "gzip", count: 30).joined(separator: ", "),
            "thirty codings",
            Packing.gzip(feed),
            .fails(.transferFailed)
        ),
    ]

    // MARK: Broken off

    private static let ok = "HTTP/1.1 200 OK\r\n"

    private static func broken(_ name: String, _ text: String) -> Scenario {
        .script("reset \(name)", .fails(.transferFailed)) { _, peer in
            peer.send(text)
            // What was sent must have been read: a reset would take it back.
            usleep(20_000)
            peer.reset()
        }
    }

    static let resets: [Scenario] = [
        Scenario(
            name: "reset at once",
            outcome: .fails(.transferFailed),
            script: { _, _ in },
            greeting: { peer in
                // Before, the connection would not even stand.
                usleep(20_000)
                peer.reset()
            }
        ),
        Scenario(
            name: "closed at once",
            outcome: .fails(.transferFailed),
            script: { _, _ in },
            greeting: { $0.close() }
        ),
        broken("after the request", ""), broken("in the status line", "HTTP/1."),
        broken("in the header", "\(ok)Content-"), broken("before the body", "\(ok)\r\n"),
        broken("in the body", "\(ok)Content-Length: 100\r\n\r\n<rss>"),
        broken("in a body without length", "\(ok)\r\n<rss>"),
        broken("in a chunk", "\(ok)Transfer-Encoding: chunked\r\n\r\n6\r\n<r"),
        broken("between chunks", "\(ok)Transfer-Encoding: chunked\r\n\r\n6\r\n<rss/>\r\n"),
        broken("in an interim answer", "HTTP/1.1 100 Con"),
    ]

    // MARK: Floods

    private static func flood(_ name: String, head: String, _ piece: String) -> Scenario {
        .script("endless \(name)", .fails(.tooLarge)) { _, peer in
            peer.send(head)
            while peer.send(piece) {}
        }
    }

    private static func flood(
        _ name: String,
        head: String,
        bytes: [UInt8],
        _ piece: [UInt8]
    ) -> Scenario {
        .script("endless \(name)", .fails(.tooLarge)) { _, peer in
            peer.send(head)
            peer.send(bytes)
            while peer.send(piece) {}
        }
    }

    private static let filler = String(repeating: "x", count: 4_096)

    static let floods: [Scenario] = [
        flood("header", head: ok, "X-A: \(filler)\r\n"),
        flood("short header lines", head: ok, String(repeating: "A: b\r\n", count: 500)),
        flood("header line", head: "\(ok)X-A: ", filler),
        flood("folded line", head: "\(ok)X-A: b\r\n", " \(filler)\r\n"),
        flood("interim answers", head: "", "HTTP/1.1 100 Continue\r\n\r\n"),
        flood("hints", head: "", "HTTP/1.1 103 Hints\r\nLink: <a>\r\n\r\n"),
        flood("body", head: "\(ok)\r\n", filler),
        flood("chunks", head: "\(ok)Transfer-Encoding: chunked\r\n\r\n", "1000\r\n\(filler)\r\n"),
        flood(
            "small chunks",
            head: "\(ok)Transfer-Encoding: chunked\r\n\r\n",
            String(repeating: "1\r\nx\r\n", count: 999)
        ),
        flood(
            "trailers",
            head: "\(ok)Transfer-Encoding: chunked\r\n\r\n6\r\n<rss/>\r\n0\r\n",
            "X-A: \(filler)\r\n"
        ),
        flood(
            "blocks of nothing, packed",
            head: "\(ok)Content-Encoding: deflate\r\n\r\n",
            // Stored blocks without a byte (RFC 1951, section 3.2.4).
            bytes: [0x78, 0x9C],
            Array(repeatElement([0, 0, 0, 0xFF, 0xFF] as [UInt8], count: 8_000).joined())
        ),
        .script("endless redirects", .fails(.redirectRefused), hint: "limits.redirects") {
            request,
            peer in peer.redirect(to: request.path + "a")
        },
        .script("endless body of an error", .fails(.serverError)) { _, peer in
            peer.send("HTTP/1.1 500 Oops\r\n\r\n")
            while peer.send(filler) {}
        },
        .script("endless body of a redirect", .fails(.redirectRefused)) { _, peer in
            peer.send("HTTP/1.1 302 Found\r\nLocation: ftp://a/\r\n\r\n")
            while peer.send(filler) {}
        },
    ]

    // MARK: Stalls

    private static func stalled(_ name: String, _ text: String) -> Scenario {
        .script("stalls \(name)", .fails(.timedOut), hint: "limits.response_time") { _, peer in
            peer.send(text)
            peer.waitForEnd()
        }
    }

    static let stalls: [Scenario] = [
        stalled("before the answer", ""), stalled("in the status line", "HTTP/1.1 2"),
        stalled("in the header", "\(ok)Content-Length: 6\r\n"),
        stalled("before the body", "\(ok)Content-Length: 6\r\n\r\n"),
        stalled("in the body", "\(ok)Content-Length: 6\r\n\r\n<rs"),
        stalled("after a body without end", "\(ok)\r\n<rss/>"),
        stalled("in a chunk", "\(ok)Transfer-Encoding: chunked\r\n\r\n6\r\n<r"),
        stalled("before the last chunk", "\(ok)Transfer-Encoding: chunked\r\n\r\n6\r\n<rss/>\r\n"),
        stalled("after an interim answer", "HTTP/1.1 100 Continue\r\n\r\n"),
        .script("drips the header", .fails(.timedOut)) { _, peer in
            peer.send("\(ok)X-A: ")
            while peer.send("H") { usleep(50_000) }
        },
        .script("drips the body", .fails(.timedOut)) { _, peer in
            peer.send("\(ok)Content-Length: 100000\r\n\r\n")
            while peer.send("x") { usleep(50_000) }
        },
        .script("drips redirects", .fails(.timedOut)) { request, peer in
            usleep(700_000)
            peer.redirect(to: request.path + "a")
        },
    ]
}
