import OPML
import Testing

@Suite struct OPMLTests {
    private func read(_ body: String, head: String = "") -> OPMLDocument {
        OPMLReader.read(
            Array("<opml version='2.0'><head>\(head)</head><body>\(body)</body></opml>".utf8)
        )
    }

    @Test(arguments: [
        (#"<outline type="rss" text="T" xmlUrl="http://a/f"/>"#, "T", "http://a/f"),
        (#"<outline text="A" title="T" xmlUrl="http://a/f"></outline>"#, "T", "http://a/f"),
        (#"<OUTLINE TYPE="RSS" TITLE="T" XMLURL="http://a/f" />"#, "T", "http://a/f"),
        (#"<outline text='T' xmlurl = 'http://a/f' />"#, "T", "http://a/f"),
        (#"<outline text="T" url="http://a/f"/>"#, "T", "http://a/f"),
        (#"<outline type="atom" text="T" url="http://a/f"/>"#, "T", "http://a/f"),
        (#"<outline text="T" feedURL=http://a/f>"#, "T", "http://a/f"),
        (#"<outline text="R & D" xmlUrl="http://a/f?x=1&y=2"/>"#, "R & D", "http://a/f?x=1&y=2"),
        (#"<outline text="R&amp;D" xmlUrl="http://a/?x&amp;y"/>"#, "R&D", "http://a/?x&y"),
        (#"<outline text="T" xmlUrl="http://a/?x&amp;amp;y"/>"#, "T", "http://a/?x&y"),
        (
            #"<outline text="caf&eacute;&nbsp;&#8212; &#x416;&hellip;" xmlUrl="http://a/"/>"#,
            "café — Ж…", "http://a/"
        ),
        (
            #"<outline text="a &unknown; b &#0; &" xmlUrl="http://a/"/>"#, "a &unknown; b &#0; &",
            "http://a/"
        ),
        ("<outline text=' a\n  b ' xmlUrl=' http://a/f '/>", "a b", "http://a/f"),
        (#"<outline text="a > b" xmlUrl="http://a/f"/>"#, "a > b", "http://a/f"),
        (
            #"<!-- <outline xmlUrl="http://no/"/> --><outline text="T" xmlUrl="http://a/"/>"#, "T",
            "http://a/"
        ),
    ])
    func dialectsAreRead(body: String, title: String, url: String) {
        let document = read(body)
        #expect(document.problems.isEmpty)
        #expect(document.feeds.map(\.url) == [url])
        #expect(document.feeds.first?.title == title)
    }

    @Test func foldersNestAndWhatIsNoFeedIsLeftOut() {
        let document = read(
            """
            <outline text="News"><outline title="Asia &amp; more">
              <outline text="A" xmlUrl="http://a/" htmlUrl="http://a/page"/>
              <outline text="B" xmlUrl="http://b/"><outline text="in" xmlUrl="http://c/"/></outline>
            </outline><outline text="D" xmlUrl="http://d/"/></outline>
            <outline type="link" text="L" url="http://no/"/>
            <outline type="include" text="I" url="http://no/list.opml"/>
            <outline text="E" category="/Tech/Linux,/Other" xmlUrl="http://e/"/>
            <outline text="nothing"/>
            """,
            head: "<title>My &lt;feeds></title>"
        )
        #expect(document.title == "My <feeds>")
        #expect(document.problems.isEmpty)
        let asia = ["News", "Asia & more"]
        #expect(document.feeds.map(\.folders) == [asia, asia, asia, ["News"], ["Tech", "Linux"]])
        #expect(document.feeds.first?.page == "http://a/page")
    }

    @Test func theAddressesPlaceIsKnown() throws {
        let document = read(#"<outline text="é" xmlUrl="http://a/f"/>"#)
        let place = try #require(document.feeds.first?.place)
        #expect(String(decoding: document.text[place], as: UTF8.self) == "http://a/f")
    }

    @Test(arguments: [
        ("", "no OPML"), ("<html></html>", "no OPML"), ("plain text", "no OPML"),
        ("<rss><channel/></rss>", "no OPML"),
        ("<opml><body><outline xmlUrl='http://a/'/>", "cut off"),
        ("<opml><body><outline xmlUrl='http://a/", "without its end"),
        ("<opml><body><outline xmlUrl=\"http://a/ /></body></opml>", "without its end"),
        ("<opml><body><!-- <outline/></body></opml>", "cut off"),
        ("<?xml version='1.0' encoding='klingon'?><opml>\u{E9}</opml>", ""),
    ])
    func whatMayHaveCostFeedsIsAnError(text: String, message: String) {
        let problems = OPMLReader.read(Array(text.utf8)).problems
        guard !message.isEmpty else {
            #expect(problems.isEmpty)
            return
        }
        #expect(problems.contains { $0.isError && $0.message.contains(message) }, "\(problems)")
    }

    @Test func aDocumentTypeIsSteppedOver() {
        let text = """
            <?xml version="1.0"?><!DOCTYPE opml [<!ENTITY a "b"> <!ENTITY c SYSTEM "/etc/passwd">]>
            <opml><body><outline text="&a;&c;" xmlUrl="http://a/"/></body></opml>
            """
        let document = OPMLReader.read(Array(text.utf8))
        #expect(document.problems.isEmpty)
        #expect(document.feeds.first?.title == "&a;&c;")
    }

    private static let list =
        "<opml><body><outline text='Жé' xmlUrl='http://a/'/></body></opml>"

    @Test func encodingsAreRead() {
        let scalars = Array(Self.list.utf16)
        let little = scalars.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let big = scalars.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        let inputs: [[UInt8]] = [
            Array(Self.list.utf8), [0xEF, 0xBB, 0xBF] + Array(Self.list.utf8),
            [0xFF, 0xFE] + little, [0xFE, 0xFF] + big, little, big,
        ]
        for input in inputs {
            let document = OPMLReader.read(input)
            #expect(document.problems.isEmpty)
            #expect(document.feeds.first?.title == "Жé")
        }
        func eightBit(_ declaration: String, _ byte: UInt8) -> String? {
            let parts = "<opml><body><outline text='*' xmlUrl='http://a/'/></body></opml>"
            let bytes = Array((declaration + parts).utf8).map { $0 == 0x2A ? byte : $0 }
            return OPMLReader.read(bytes).feeds.first?.title
        }
        #expect(eightBit("<?xml version='1.0' encoding='ISO-8859-1'?>", 0xE9) == "é")
        #expect(eightBit("<?xml version=\"1.0\" encoding=\"windows-1251\"?>", 0xC6) == "Ж")
        #expect(eightBit("", 0x97) == "—")
    }

    @Test func whatIsWrittenIsReadAgain() {
        let feeds = [
            OPMLFeed(url: "http://a/?x=1&y=\"2\"", title: "A <&> \"b\" 'c'", folders: ["N", "M"]),
            OPMLFeed(url: "http://b/", folders: []),
            OPMLFeed(url: "http://c/", title: "C", page: "http://c/p", folders: ["N"]),
            OPMLFeed(url: "http://d/", title: "bell \u{7} end", folders: ["N", "M"]),
        ]
        let text = OPMLWriter.write(feeds, title: "T & t", date: "Wed, 25 Nov 2026 14:00:00 GMT")
        let document = OPMLReader.read(Array(text.utf8))
        #expect(document.problems.isEmpty)
        #expect(document.title == "T & t")
        let read = document.feeds.map { [$0.url, $0.title ?? "-", $0.page ?? "-"] + $0.folders }
        #expect(
            read == [
                ["http://b/", "http://b/", "-"], ["http://c/", "C", "http://c/p", "N"],
                ["http://a/?x=1&y=\"2\"", "A <&> \"b\" 'c'", "-", "N", "M"],
                ["http://d/", "bell \u{FFFD} end", "-", "N", "M"],
            ]
        )
    }

    @Test func thousandsOfFeedsAndDeepFoldersAreRead() {
        let many = (0..<20_000).map { "<outline text='\($0)' xmlUrl='http://a/\($0)'/>" }.joined()
        #expect(read(many).feeds.count == 20_000)
        let deep = String(repeating: "<outline text='f'>", count: 5_000)
        let feeds = read(deep + "<outline xmlUrl='http://a/'/>").feeds
        #expect(feeds.first?.folders.count == 32)
    }
}
