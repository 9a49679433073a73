import ConfigFile
import FeedModel
import Testing
import WatchCore

/// What a `[[feed]]` may ask for beside its address.
@Suite struct FeedOptionTests {
    private func options(_ text: String, head: String = "") throws -> FetchOptions {
        let result = try load(
            "\(head)[[feed]]\nurl = 'http://a/'\n\(text)",
            variables: ["KEY": "k"]
        )
        #expect(result.problems.isEmpty, "\(result.problems)")
        return try #require(result.configuration?.feeds.first?.options)
    }

    @Test func allOptionsAreRead() throws {
        let basic = try options("auth = { user = 'u', password = { env = 'KEY' } }")
        #expect(basic.authorization == .basic(user: "u", password: "k"))
        #expect(
            try options("auth = { bearer = { env = 'KEY' } }").authorization == .bearer(token: "k")
        )
        #expect(try options("proxy = 'http://p:1'").proxy == ProxySettings(url: "http://p:1"))
        let whole = "proxy = { url = 'socks5h://p:1', user = 'u', password = { env = 'KEY' } }"
        let proxy = ProxySettings(url: "socks5h://p:1", user: "u", password: "k")
        #expect(try options(whole).proxy == proxy)
        #expect(try options("user_agent = 'x/1'").userAgent == "x/1")
        #expect(try options("ca_file = '/dev/null'").certificateFile == "/dev/null")
        #expect(try options("http_version = '1.1'").httpVersion == .http1)
        #expect(try options("http_version = '2'").httpVersion == .http2)
        #expect(try options("allow_downgrade = true").allowsDowngrade)
        #expect(try options("") == FetchOptions())
        let result = try load("[[feed]]\nurl = 'http://a/'\nno_conditional = true")
        #expect(result.configuration?.feeds.first?.noConditional == true)
    }

    @Test(arguments: [
        ("", []), ("folder = 'News'", ["News"]), ("folder = 'News/Asia/'", ["News", "Asia"]),
        ("folder = ['AC/DC', 'Live']", ["AC/DC", "Live"]), ("folder = []", []),
    ])
    func aFeedStandsInTheFoldersThatItNames(text: String, folders: [String]) throws {
        let feed = try load("[[feed]]\nurl = 'http://a/'\n\(text)").configuration?.feeds.first
        #expect(feed?.folders == folders)
    }

    @Test func aNameAndPasswordInTheAddressAreTakenOutOfIt() throws {
        let feed = try load("[[feed]]\nurl = 'http://us%65r:pass%20word@a/b?c@d'\n").configuration?
            .feeds.first
        #expect(feed?.url == "http://a/b?c@d")
        #expect(feed?.options.authorization == .basic(user: "user", password: "pass word"))
    }

    @Test func theProxyOfAllFeedsHoldsWhereAFeedChoosesNone() throws {
        let head = "[watch]\nproxy = 'http://all:1'\n"
        #expect(try options("", head: head).proxy?.url == "http://all:1")
        #expect(try options("proxy = 'http://own:1'", head: head).proxy?.url == "http://own:1")
        #expect(try options("proxy = 'none'", head: head).proxy == nil)
    }

    @Test(arguments: [
        Mistake("auth = ⟦{}⟧", "auth has either bearer, or user and password"),
        Mistake(
            "auth = ⟦{ user = 'u', bearer = { env = 'KEY' } }⟧",
            "auth has either bearer, or user and password"
        ),
        Mistake(
            "auth = ⟦{ user = 'u' }⟧",
            "password is missing",
            "password = { credential = \"…\" }"
        ),
        Mistake(
            "auth = { user = ⟦'u:v'⟧, password = { env = 'KEY' } }",
            "user may hold no colon (RFC 7617)"
        ),
        Mistake("proxy = ⟦'ftp://p'⟧", "a proxy has an http, https or socks5h address"),
        Mistake(
            "proxy = ⟦'socks5://p'⟧",
            "a proxy has an http, https or socks5h address",
            "write socks5h: the proxy looks names up"
        ),
        Mistake("proxy = ⟦'http://'⟧", "the address names no host"),
        Mistake(
            "http_version = ⟦'newest'⟧",
            "http_version knows no newest",
            "it may be auto, 1.1, 2"
        ),
        Mistake("allow_downgrade = ⟦'yes'⟧", "allow_downgrade wants true or false, not a string"),
        Mistake("user_agent = ⟦\"a\\nb\"⟧", "there is a line break or control character in it"),
    ])
    func aSlipIsAnErrorWithItsPlace(mistake: Mistake) throws {
        try Mistake(
            "[[feed]]\nurl = 'http://a/'\n\(mistake.text)",
            mistake.message,
            mistake.hint
        ).expect(variables: ["KEY": "k"])
    }

    @Test(arguments: [
        "proxy = 'http://u:hunter2@p:1'", "auth = { user = 'u', password = \"hunter2\\n\" }",
        "auth = { bearer = 'hunter2' }", "auth = { bearer = 'hunter2', x = 1 }",
        "proxy = { url = 'http://p', password = 'hunter2' }",
    ])
    func noProblemShowsASecret(text: String) throws {
        let problems = try load("[[feed]]\nurl = 'http://a/'\n\(text)").problems
        #expect(!problems.isEmpty)
        for problem in problems {
            #expect(!problem.rendered(colour: false).contains("hunter2"), "\(text)")
        }
    }

    @Test func aFileIsAFeedOnlyInAnAllowedFolder() throws {
        let feed = "[[feed]]\nurl = 'file:///srv/feeds/Wire.xml'\n"
        let allowed = try load("[limits]\nallow_files = ['/srv/feeds']\n\(feed)")
        #expect(allowed.problems.isEmpty, "\(allowed.problems)")
        #expect(allowed.configuration?.feeds.first?.id.rawValue.hasPrefix("Wire-") == true)
        for limits in ["", "[limits]\nallow_files = ['/srv/feed', '/srv/feeds/Wire.xml']\n"] {
            let problems = try load(limits + feed).errors
            #expect(problems.map(\.message) == ["the file lies in no folder of allow_files"])
        }
        for url in ["file://host/a", "file:a", "file:///srv/feeds/../a"] {
            let text = "[limits]\nallow_files = ['/']\n[[feed]]\nurl = '\(url)'\n"
            #expect(try load(text).errors.count == 1, "\(url)")
        }
    }
}
