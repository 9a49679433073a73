import Glibc
import Testing
import WatchCore

/// What hostile and broken servers do, a row each, and how it is classified.
@Suite struct ScenarioTests {
    private static let feed = Array("<rss/>".utf8)
    private static let ok = "HTTP/1.1 200 OK\r\n"

    @Test(arguments: statuses + headers + bodies + lengths + chunks + codings)
    func aStrangeAnswerIsClassified(scenario: Scenario) async throws {
        try await scenario.play()
    }

    @Test(arguments: resets + floods + stalls)
    func aServerThatMisbehavesIsClassified(scenario: Scenario) async throws {
        try await scenario.play()
    }

    // MARK: Statuses

    private static func status(_ line: String, _ outcome: Scenario.Outcome) -> Scenario {
        .answer("status \(line)", "HTTP/1.1 \(line)\r\nContent-Length: 6\r\n\r\n<rss/>", outcome)
    }

    private static let statuses: [Scenario] = [
        status("200 OK", .document(6)), status("200", .document(6)),
        status("200 ", .document(6)), status("203 Changed", .document(6)),
        status("226 IM Used\r\nIM: feed", .document(6)),
        status("201 Created", .fails(.httpStatus)), status("202 Accepted", .fails(.httpStatus)),
        status("204 No Content", .fails(.httpStatus)),
        status("205 Reset Content", .fails(.httpStatus)),
        status("206 Partial Content", .fails(.httpStatus)),
        status("299 Odd", .fails(.httpStatus)), status("300 Choices", .fails(.httpStatus)),
        status("301 Moved", .fails(.redirectRefused)),
        status("302 Found", .fails(.redirectRefused)),
        status("303 See Other", .fails(.redirectRefused)),
        status("304 Not Modified", .fails(.httpStatus)),
        status("305 Use Proxy", .fails(.httpStatus)),
        status("307 Later", .fails(.redirectRefused)),
        status("308 Moved", .fails(.redirectRefused)),
        status("400 Bad", .fails(.httpStatus)), status("401 No", .fails(.forbidden)),
        status("402 Pay", .fails(.forbidden)), status("403 No", .fails(.forbidden)),
        status("404 No", .fails(.notFound)), status("406 No", .fails(.httpStatus)),
        status("407 Proxy", .fails(.forbidden)), status("408 Slow", .fails(.httpStatus)),
        status("410 Gone", .fails(.gone)), status("418 Teapot", .fails(.httpStatus)),
        status("429 Slow down", .fails(.rateLimited)), status("451 Law", .fails(.forbidden)),
        status("500 Oops", .fails(.serverError)), status("502 Bad", .fails(.serverError)),
        status("503 Busy", .fails(.serverError)), status("511 Portal", .fails(.serverError)),
        status("599 Odd", .fails(.serverError)), status("600 Odd", .fails(.httpStatus)),
        status("999 Odd", .fails(.httpStatus)),
        .answer(
            "status 101",
            "\(ok.replacing("200 OK", with: "101 Switch"))\r\n",
            .fails(.httpStatus)
        ),
        .answer(
            "503 with Retry-After",
            "HTTP/1.1 503 Busy\r\nRetry-After: 9\r\nContent-Length: 0\r\n\r\n",
            .fails(.rateLimited)
        ),
        .answer("status 0", "HTTP/1.1 000 No\r\n\r\n", .fails(.transferFailed)),
        .answer("status 099", "HTTP/1.1 099 No\r\n\r\n", .fails(.transferFailed)),
        .answer("status of four digits", "HTTP/1.1 2000 OK\r\n\r\n", .fails(.transferFailed)),
        .answer("status of letters", "HTTP/1.1 abc OK\r\n\r\n", .fails(.transferFailed)),
        .answer("negative status", "HTTP/1.1 -200 OK\r\n\r\n", .fails(.transferFailed)),
    ]

    // MARK: Headers

    private static let headers: [Scenario] = [
        .answer("nothing at all", "", .fails(.transferFailed), hint: "without an answer"),
        .answer("HTTP/0.9", "<rss/>", .fails(.transferFailed), hint: "no HTTP"),
        .answer("HTTP/0.9 that looks like feed", "\n\n<rss/>\n", .fails(.transferFailed)),
        .answer("ICY", "ICY 200 OK\r\n\r\n<rss/>", .fails(.transferFailed)),
        .answer("HTTP/3", "HTTP/3 200 OK\r\n\r\n<rss/>", .fails(.transferFailed)),
        .answer("HTTP/1.7", "HTTP/1.7 200 OK\r\n\r\n<rss/>", .fails(.transferFailed)),
        .answer("HTTP/9.9", "HTTP/9.9 200 OK\r\n\r\n<rss/>", .fails(.transferFailed)),
        .answer("SSH", "SSH-2.0-OpenSSH_9.2\r\n", .fails(.transferFailed)),
        .answer("SMTP", "220 mail ESMTP\r\n", .fails(.transferFailed)),
        .answer("a TLS alert", [0x15, 3, 1, 0, 2, 2, 40], .fails(.transferFailed)),
        .answer("random bytes", (0..<512).map { UInt8($0 * 7 & 0xFF) }, .fails(.transferFailed)),
        .answer("zeros", [UInt8](repeating: 0, count: 4_096), .fails(.transferFailed)),
        .answer("NUL in a header", "\(ok)A: \0\r\n\r\n<rss/>", .fails(.transferFailed)),
        .answer("NUL in the status line", "HTTP/1.1 200 \0\r\n\r\n<rss/>", .fails(.transferFailed)),
        .answer("header cut in the middle", "\(ok)Content-Le", .fails(.transferFailed)),
        .answer("status line cut", "HTTP/1.1 20", .fails(.transferFailed)),
        .answer("header without end", "\(ok)Content-Length: 6\r\n", .fails(.transferFailed)),
        .answer("line feeds only", "HTTP/1.1 200 OK\nContent-Length: 6\n\n<rss/>", .document(6)),
        .answer("no colon", "\(ok)nonsense\r\n\r\n<rss/>", .fails(.transferFailed)),
        .answer("empty name", "\(ok): x\r\nContent-Length: 6\r\n\r\n<rss/>", .document(6)),
        .answer(
            "folded",
            "\(ok)ETag: \"a\r\n b\"\r\nContent-Length: 6\r\n\r\n<rss/>",
            .document(6)
        ),
        .answer("HTTP/1.0 to the end", "HTTP/1.0 200 OK\r\n\r\n<rss/>", .document(6)),
        .answer(
            "interim answers first",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nA: b\r\n\r\n\(ok)Content-Length: 6\r\n\r\n<rss/>",
            .document(6)
        ),
        .answer("interim answer only", "HTTP/1.1 100 Continue\r\n\r\n", .fails(.transferFailed)),
        .answer(
            "5,000 small header lines",
            ok + String(repeating: "X-A: b\r\n", count: 5_000) + "Content-Length: 6\r\n\r\n<rss/>",
            .document(6)
        ),
        .answer(
            "header of 300 kB in one line",
            ok + "X-A: " + String(repeating: "b", count: 300_000) + "\r\n\r\n<rss/>",
            .fails(.tooLarge)
        ),
        .answer(
            "header of 300 kB in many lines",
            ok + String(repeating: "X-A: \(String(repeating: "b", count: 90))\r\n", count: 3_100)
                + "\r\n<rss/>",
            .fails(.tooLarge),
            hint: "256KiB"
        ),
    ]

    // MARK: Bodies and what is announced of them

    private static let bodies: [Scenario] = [
        .body("wrong charset", ["Content-Type: text/xml; charset=klingon"], feed, .document(6)),
        .body("two types", ["Content-Type: a/b", "Content-Type: text/xml"], feed, .document(6)),
        .body("type of nonsense", ["Content-Type: ;;;=\"\u{7F}"], feed, .document(6)),
        .body("no body", [], [], .document(0)),
        .body("garbage after the end", [], feed, .document(6)),
        .answer("more than announced", "\(ok)Content-Length: 6\r\n\r\n<rss/>GARBAGE", .document(6)),
        .body("cookies", ["Set-Cookie: a=b", "Set-Cookie: c=d"], feed, .document(6)),
        .body("HSTS", ["Strict-Transport-Security: max-age=9"], feed, .document(6)),
        .body("Alt-Svc", ["Alt-Svc: h2=\"10.0.0.1:1\""], feed, .document(6)),
        .body("Refresh", ["Refresh: 0; url=http://10.0.0.1/"], feed, .document(6)),
        .body("Location without a redirect", ["Location: http://10.0.0.1/"], feed, .document(6)),
        .body(
            "as large as the limit",
            [],
            [UInt8](repeating: 65, count: 262_144),
            .document(262_144)
        ),
        .body("larger by one", [], [UInt8](repeating: 65, count: 262_145), .fails(.tooLarge)),
    ]

    private static func length(_ value: String, _ outcome: Scenario.Outcome) -> Scenario {
        .answer("length \(value)", "\(ok)Content-Length: \(value)\r\n\r\n<rss/>", outcome)
    }

    private static let lengths: [Scenario] = [
        length("7", .fails(.transferFailed)), length("100000", .fails(.transferFailed)),
        length("999999999", .fails(.tooLarge)), length("9223372036854775807", .fails(.tooLarge)),
        length("99999999999999999999", .fails(.tooLarge)),
        length("-1", .fails(.transferFailed)), length("abc", .fails(.transferFailed)),
        length("0x6", .fails(.transferFailed)), length("6, 6", .document(6)),
        length("6, 7", .fails(.transferFailed)),
        length("6\r\nContent-Length: 6", .document(6)),
        length("6\r\nContent-Length: 3", .fails(.transferFailed)),
        length("3\r\nContent-Length: 6", .fails(.transferFailed)),
        length("006", .document(6)), length("6, 006 ", .document(6)),
        length(",", .fails(.transferFailed)),
        length("6\r\nTransfer-Encoding: chunked", .fails(.transferFailed)),
        length("", .fails(.transferFailed)), length("+6", .fails(.transferFailed)),
    ]

    private static func chunked(
        _ name: String,
        _ text: String,
        _ outcome: Scenario.Outcome
    )
        -> Scenario
    {
        .answer("chunks: \(name)", "\(ok)Transfer-Encoding: chunked\r\n\r\n\(text)", outcome)
    }

    private static let chunks: [Scenario] = [
        chunked("right", "6\r\n<rss/>\r\n0\r\n\r\n", .document(6)),
        chunked("an extension", "6;a=b\r\n<rss/>\r\n0\r\n\r\n", .document(6)),
        chunked("trailers", "6\r\n<rss/>\r\n0\r\nETag: \"late\"\r\n\r\n", .document(6)),
        chunked("the last is missing", "6\r\n<rss/>\r\n", .fails(.transferFailed)),
        chunked("cut in the middle", "6\r\n<rs", .fails(.transferFailed)),
        chunked("size of letters", "zz\r\n<rss/>\r\n0\r\n\r\n", .fails(.transferFailed)),
        chunked("negative size", "-6\r\n<rss/>\r\n0\r\n\r\n", .fails(.transferFailed)),
        chunked("huge size", "ffffffffffffffff\r\n<rss/>", .fails(.transferFailed)),
        chunked("size too long", "00000000000000000000006\r\n<rss/>", .fails(.transferFailed)),
        chunked("no line end behind", "6\r\n<rss/>XX0\r\n\r\n", .fails(.transferFailed)),
        chunked("empty", "0\r\n\r\n", .document(0)),
        .answer(
            "unknown transfer coding",
            "\(ok)Transfer-Encoding: foo\r\n\r\n<rss/>",
            .fails(.transferFailed)
        ),
        .answer(
            "chunked twice",
            "\(ok)Transfer-Encoding: chunked, chunked\r\n\r\n6\r\n<rss/>\r\n0\r\n\r\n",
            .document(6)
        ),
    ]
}
