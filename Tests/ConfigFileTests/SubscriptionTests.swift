import ConfigFile
import FeedModel
import Testing
import WatchCore

/// `[[feeds]]`: subscription lists of other readers.
@Suite struct SubscriptionTests {
    private static let list = """
        <?xml version="1.0"?>
        <opml version="1.1"><body>
          <outline text="Asia">
            <outline text="Korea"><outline title="Wire" xmlUrl="https://wire.example/rss"/></outline>
            <outline text="Port" xmlUrl="feed://port.example/a b?x=1&amp;y=2#top"/>
          </outline>
          <outline text="Wire again" xmlUrl="https://wire.example/rss"/>
          <outline text="Else" url="http://else.example/"/>
        </body></opml>
        """

    private func load(_ text: String, list: String = list) throws -> ConfigResult {
        try ConfigSandbox(["feedwatch.toml": text, "lists/a.opml": list]).load()
    }

    @Test func theFeedsOfAListAreThoseOfTheConfiguration() throws {
        let result = try load("[[feeds]]\nopml = 'lists/a.opml'\nlanguage = 'ko'\n")
        #expect(result.problems.isEmpty, "\(result.problems)")
        let feeds = try #require(result.configuration?.feeds)
        #expect(
            feeds.map(\.url) == [
                "https://wire.example/rss", "http://port.example/a%20b?x=1&y=2",
                "http://else.example/",
            ]
        )
        #expect(feeds.map(\.title) == ["Wire", "Port", "Else"])
        #expect(feeds.allSatisfy { $0.language == "ko" })
        // The same name as the address has in a [[feed]].
        let own = try load("[[feed]]\nurl = 'https://wire.example/rss'\n")
        #expect(own.configuration?.feeds.first?.id == feeds.first?.id)
    }

    @Test(arguments: [
        ("HTTP://News.Example/a", "http://news.example/a"),
        ("http://news.example:80/a", "http://news.example/a"),
        ("https://news.example:443", "https://news.example/"),
        ("https://news.example?x#y", "https://news.example/?x"),
        ("http://Me:Pw@news.example:8080/A", "http://Me:Pw@news.example:8080/A"),
        ("https://[::1]:443/", "https://[::1]/"),
    ])
    func anAddressIsTheSameInOtherSpellings(written: String, normal: String) {
        #expect(FeedURL.normalized(written) == normal)
        #expect(FeedURL.normalized(normal) == normal)
    }

    @Test func aFeedInAnotherSpellingIsNotWatchedTwice() throws {
        let own = "[[feed]]\nurl = 'HTTPS://Wire.Example:443/rss'\n"
        let result = try load("[[feeds]]\nopml = 'lists/a.opml'\n" + own)
        #expect(result.configuration?.feeds.count == 3)
        let twice = try load(own + "[[feed]]\nurl = 'https://wire.example/rss'\n")
        #expect(twice.problems.count == 1)
        #expect(twice.problems.first?.message.hasPrefix("the same address as") == true)
    }

    @Test func aFeedOfItsOwnAndTheFirstListComeFirst() throws {
        let topic = "[[topic]]\nid = 't'\nquery = 'a'\n[[topic.test]]\ntext = 'a'\n"
        let result = try load(
            """
            [[feeds]]
            opml = 'lists/a.opml'
            folder = 'asia/Korea'
            topics = ['t']
            [[feeds]]
            opml = 'lists/a.opml'
            [[feed]]
            id = 'mine'
            url = 'http://else.example/'
            \(topic)
            """
        )
        #expect(result.problems.isEmpty, "\(result.problems)")
        let feeds = try #require(result.configuration?.feeds)
        #expect(feeds.map(\.id.rawValue).first == "mine")
        #expect(feeds.count == 3)
        #expect(feeds.map(\.topics) == [nil, [TopicID("t")], nil])
    }

    @Test func whatIsWrongWithAListHasItsPlace() throws {
        let missing = try load("[[feeds]]\nopml = 'none.opml'\n").errors
        #expect(missing.map(\.line) == [2])
        #expect(missing.first?.message == "none.opml cannot be read: No such file or directory")
        let cut = try load(
            "[[feeds]]\nopml = 'lists/a.opml'\n",
            list: "<opml><body>\n<outline xmlUrl='http://a/'/>\n"
        ).errors
        #expect(cut.map(\.message) == ["the list is cut off: </opml> is missing"])
        #expect(cut.first?.file == "lists/a.opml")
        let bad = try load(
            "[[feeds]]\nopml = 'lists/a.opml'\n",
            list: "<opml><body>\n<outline xmlUrl='gopher://a/'/></body></opml>"
        ).errors
        #expect(bad.map(\.line) == [2])
        #expect(bad.first?.column == 18)
        let folder = try load("[[feeds]]\nopml = 'lists/a.opml'\nfolder = 'Mars'\n").warnings
        #expect(folder.map(\.line) == [3])
    }

    @Test func aPasswordInAListIsNotShown() throws {
        for url in ["http://u:hunter2@a b/", "gopher://u:hunter2@a/"] {
            let list = "<opml><body><outline xmlUrl='\(url)'/></body></opml>"
            let problems = try load("[[feeds]]\nopml = 'lists/a.opml'\n", list: list).problems
            #expect(!problems.isEmpty)
            for problem in problems {
                #expect(!problem.rendered(colour: false).contains("hunter2"))
            }
        }
    }

    @Test func thousandsOfFeedsAreRead() throws {
        let many = (0..<10_000).map { "<outline text='\($0)' xmlUrl='http://h\($0).example/'/>" }
        let list = "<opml><body>\(many.joined(separator: "\n"))</body></opml>"
        let result = try load("[[feeds]]\nopml = 'lists/a.opml'\n", list: list)
        #expect(result.configuration?.feeds.count == 10_000)
    }
}
