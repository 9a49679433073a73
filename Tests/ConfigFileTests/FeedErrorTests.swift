import ConfigFile
import FeedModel
import Foundation
import Testing
import WatchCore

@Suite struct FeedErrorTests {
    private static let scheme = "only http and https addresses can be watched"
    private static let character = "this character may not stand in an address"

    @Test(arguments: [
        Mistake("'⟦ftp⟧://example.org/'", scheme),
        Mistake("'⟦feed⟧://example.org/x'", scheme, "write https://example.org/x"),
        Mistake("⟦'example.org/rss'⟧", scheme, "write https://… in full"),
        Mistake("⟦'//example.org/rss'⟧", scheme, "write https://… in full"),
        Mistake(
            "⟦'file:///etc/passwd'⟧",
            "the file lies in no folder of allow_files",
            "name its folder in allow_files of [limits]"
        ),
        Mistake("⟦'http://'⟧", "the address names no host"),
        Mistake("⟦'https:///path'⟧", "the address names no host"),
        Mistake("⟦'https://:80/path'⟧", "the address names no host"),
        Mistake("'https://example.org⟦:99999⟧/'", "the port must be a number from 1 to 65535"),
        Mistake("'https://example.org⟦:⟧/'", "the port must be a number from 1 to 65535"),
        Mistake("'https://example.org⟦:0⟧'", "the port must be a number from 1 to 65535"),
        Mistake("'https://⟦a..b⟧/'", "the host is no name that can be looked up"),
        Mistake("'https://⟦.⟧/'", "the host is no name that can be looked up"),
        Mistake("'https://⟦[::g]⟧/'", "the host is no IPv6 address"),
        Mistake("'https://⟦[::1⟧'", "the host is no IPv6 address"),
        Mistake("'https://example.org/a⟦ ⟧b'", character, "write it as %20"),
        Mistake("'https://example.org/⟦л⟧ен'", character, "write it as %D0%BB"),
        Mistake("'https://⟦п⟧ример.org/'", character, "write the host in its xn-- form"),
        Mistake(
            "'https://example.org/⟦%⟧zz'",
            "a % must be followed by two hexadecimal digits",
            "a % itself is written %25"
        ),
        Mistake(
            "'https://example.org/a⟦%⟧2'",
            "a % must be followed by two hexadecimal digits",
            "a % itself is written %25"
        ),
        Mistake("\"https://example.org/⟦\\t⟧\\n\"", character, "write it as %09"),
    ])
    func anAddressThatCannotBeWatchedIsAnError(mistake: Mistake) throws {
        try Mistake("[[feed]]\nurl = \(mistake.text)", mistake.message, mistake.hint).expect()
    }

    @Test(arguments: [
        "http://a", "https://example.org", "HTTPS://Example.ORG:443/a?b=c&d#e",
        "http://[::1]:8080/",
        "https://example.org./", "http://127.0.0.1/", "https://xn--e1afmkfd.org/%D0%BB",
        "https://a_b.example.org/~x/(y)/;z=1,2*!$'+@:", "http://example.org?x", "http://a/[x]",
    ])
    func ordinaryAddressesAreTaken(url: String) throws {
        let result = try load("[[feed]]\nurl = \"\(url)\"")
        #expect(result.problems.map(\.message) == [])
        #expect(result.configuration?.feeds.first?.url == url)
    }

    @Test(arguments: [
        ("https://www.Example.org/feed", "example.org-"), ("http://[::1]:8080/", "::1-"),
        ("https://example.org./", "example.org-"),
    ])
    func theDerivedNameStartsWithTheHost(url: String, start: String) throws {
        let result = try load("[[feed]]\nurl = \"\(url)\"")
        let name = try #require(result.configuration?.feeds.first?.id.rawValue)
        #expect(name == start + ContentHash.hexadecimal(ContentHash.of(url)).prefix(8))
    }

    @Test func aPasswordInAnAddressIsAWarningThatDoesNotShowIt() throws {
        let marked = MarkedText("[[feed]]\nurl = 'https://⟦me:hunter2⟧@example.org/'")
        let result = try load(marked.text)
        #expect(result.configuration != nil)
        #expect(result.problems.map(\.mark) == marked.marks)
        #expect(result.problems.map(\.severity) == [.warning])
        let text = result.problems.map { $0.rendered(colour: false) }.joined()
        #expect(!text.contains("hunter2"))
        #expect(text.contains("https://**********@example.org/"))
    }

    @Test func aPasswordInABrokenAddressIsNotShownEither() throws {
        let texts = ["https://me:hunter2@exa mple.org/", "hxxp://me:hunter2@example.org/"]
        for text in texts {
            let result = try load("[[feed]]\nurl = '\(text)'")
            #expect(result.problems.count == 1)
            #expect(!result.problems.contains { $0.rendered(colour: true).contains("hunter2") })
        }
    }

    @Test func namesAndAddressesAreUsedOnce() throws {
        let sandbox = try ConfigSandbox([
            "feedwatch.toml": """
            include = "more.toml"
            [[feed]]
            id = "a"
            url = "http://a/1"
            [[feed]]
            id = "b"
            url = "http://a/1"
            [[feed]]
            url = "http://a/2"
            [[feed]]
            url = "http://a/2"
            """,
            "more.toml": "[[feed]]\nid = 'a'\nurl = 'http://a/3'\n",
        ])
        let result = sandbox.load()
        let first = sandbox.path("feedwatch.toml")
        let derived = "a-" + ContentHash.hexadecimal(ContentHash.of("http://a/2")).prefix(8)
        #expect(
            result.problems.map { "\($0.line): \($0.severity): \($0.message), \($0.hint ?? "")" }
                == [
                    "7: warning: the same address as that of feed a, it is at \(first):4",
                    "11: error: there is another feed \(derived), the first one is at \(first):9",
                    "2: error: there is another feed a, the first one is at \(first):3",
                ]
        )
        #expect(result.problems.last?.file == sandbox.path("more.toml"))
    }

    @Test(arguments: [
        Mistake(
            "[watch]\ninterval = ⟦'30s'⟧",
            "interval 30s is less than min_interval 1m"
        ),
        Mistake(
            "[limits]\nmin_interval = ⟦'1h'⟧",
            "mean_interval 15m is less than min_interval 1h"
        ),
        Mistake(
            "[watch]\nmean_interval = ⟦'7h'⟧",
            "mean_interval 7h is more than max_interval 6h"
        ),
        Mistake(
            "[limits]\nmax_interval = ⟦'30s'⟧\nmin_interval = '1m'\n[watch]\ninterval = '1m'",
            "max_interval 30s is less than min_interval 1m"
        ),
        Mistake(
            "[[feed]]\nurl = 'http://a/'\nmax_interval = '1h'\nmin_interval = ⟦'10s'⟧",
            "min_interval 10s is less than min_interval 1m",
            "min_interval of [limits] is the least a feed may ask for"
        ),
        Mistake(
            "[[feed]]\nurl = 'http://a/'\ninterval = '1h'\nmax_interval = ⟦'2h'⟧",
            "min_interval and max_interval are for interval = \"auto\"",
            "a feed of a fixed interval is asked at that interval"
        ),
        Mistake(
            "[[feed]]\nurl = 'http://a/'\ninterval = ⟦'59s'⟧",
            "interval 59s is less than min_interval 1m",
            "min_interval of [limits] is the least a feed may ask for"
        ),
    ])
    func anIntervalBelowTheLeastIsAnError(mistake: Mistake) throws { try mistake.expect() }

    @Test(arguments: [
        Mistake(
            "topics = [⟦'kurks'⟧]",
            "there is no topic kurks",
            "did you mean kursk?"
        ),
        Mistake("topics = ['kursk', ⟦'x'⟧]", "there is no topic x"),
        Mistake(
            "topics = ⟦[]⟧",
            "topics is empty: nothing would be matched",
            "leave the key out for all topics"
        ),
    ])
    func aReferenceToNothingIsAnError(mistake: Mistake) throws {
        let topic = "[[topic]]\nid = 'kursk'\nquery = 'Kursk'\n"
        for table in ["[[feed]]\nurl = 'http://a/'\n", "[[hook]]\nid = 'h'\nexec = ['/bin/sh']\n"] {
            try Mistake(topic + table + mistake.text, mistake.message, mistake.hint).expect()
        }
        try Mistake(
            topic + "feeds = [⟦'y'⟧]\n[[feed]]\nid = 'yy-z'\nurl = 'http://a/'",
            "there is no feed y"
        ).expect()
    }
}
