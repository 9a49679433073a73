import FeedModel
import Testing

@testable import FeedParsing

/// Documents made to cost time or memory.
///
/// The limits are wide, as the machine may be busy: what is not bounded takes minutes.
@Suite struct HostileDocumentTests {
    private func rss(_ inside: String, before: String = "") -> [UInt8] {
        let channel = "<channel><title>t</title>\(inside)</channel>"
        return Array("\(before)<rss version=\"2.0\">\(channel)</rss>".utf8)
    }

    private func read(_ document: [UInt8]) -> (reading: DocumentReading, time: Duration) {
        let clock = ContinuousClock()
        var reading = DocumentReading.notAFeed(message: "", announced: [])
        let time = clock.measure {
            reading = FeedParser().read(document, hints: DocumentHints())
        }
        return (reading, time)
    }

    @Test func sixtyThousandAttributesOnATagAreRefusedAtOnce() {
        let attributes = (0..<60_000).map { " a\($0)='\($0)'" }.joined()
        let (reading, time) = read(rss("<item\(attributes)><title>x</title></item>"))
        guard case .notAFeed(let message, _) = reading else {
            Issue.record("was read")
            return
        }
        #expect(message.contains("attributes"))
        #expect(time < .seconds(5))
    }

    @Test func whatIsNestedTooDeepInAnItemTakesNoOtherItemWithIt() {
        let deep = String(repeating: "<div>", count: 300) + "sunk"
        let item = "<description>\(deep)\(String(repeating: "</div>", count: 300))</description>"
        let document = rss(
            "<item><title>a</title></item><item><title>b</title>\(item)</item>"
                + "<item><title>c</title></item>"
        )
        guard case .feed(let feed) = read(document).reading else {
            Issue.record("is a feed")
            return
        }
        #expect(feed.items.map { feed.string($0.title) } == ["a", "b", "c"])
        #expect(feed.string(feed.items[1].summary.span).contains("sunk"))
        #expect(
            feed.problems.map(\.code) == ["xml-depth", "missing-id", "missing-id", "missing-id"]
        )
    }

    @Test func aHundredThousandNestedElementsEndInAProblem() throws {
        let depth = 100_000
        let document = rss(
            String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
        )
        let (reading, time) = read(document)
        guard case .feed(let feed) = reading else {
            Issue.record("is a feed")
            return
        }
        #expect(feed.problems.contains { $0.code == "xml-depth" })
        #expect(time < .seconds(5))
    }

    @Test(arguments: [
        "<x xmlns:a%='u%'/>", "<n%/>", "<x n%='1'/>",
    ])
    func manyDifferentNamesEndInAProblem(_ piece: String) {
        let text = (0..<400_000).map { piece.replacing("%", with: String($0)) }.joined()
        let (reading, time) = read(rss("<item><guid>1</guid></item>" + text))
        guard case .feed(let feed) = reading else {
            Issue.record("is a feed")
            return
        }
        #expect(feed.items.count == 1)
        #expect(feed.problems.contains { $0.code == "xml-names" })
        #expect(time < .seconds(10))
    }

    @Test func referencesWithinADTDStandForNothing() {
        let uses = String(repeating: "%a;", count: 100_000)
        let value = String(repeating: "x", count: 1_000)
        let (reading, time) = read(
            rss(
                "<item><guid>1</guid><title>x</title></item>",
                before: "<!DOCTYPE rss [<!ENTITY % a \"\(value)\">\(uses)]>"
            )
        )
        guard case .feed(let feed) = reading else {
            Issue.record("is a feed")
            return
        }
        #expect(feed.items.count == 1)
        #expect(time < .seconds(5))
    }

    @Test func oneHugeAttributeIsBounded() {
        let value = String(repeating: "x", count: 12 << 20)
        let (_, time) = read(rss("<item><enclosure url='\(value)'/><title>x</title></item>"))
        #expect(time < .seconds(20))
    }

    @Test(arguments: [40_000, 100_000])
    func itemsAreReadUpToALimitThatIsTold(count: Int) {
        let items = (0..<count).map { "<item><guid>\($0)</guid></item>" }.joined()
        let values = (0..<count).map { "{\"id\":\"\($0)\"}" }.joined(separator: ",")
        let version = "\"version\":\"https://jsonfeed.org/version/1.1\""
        let json = Array("{\(version),\"items\":[\(values)]}".utf8)
        for document in [rss(items), json] {
            let (reading, time) = read(document)
            guard case .feed(let feed) = reading else {
                Issue.record("is a feed")
                return
            }
            #expect(feed.items.count == min(count, 50_000))
            let isTold = feed.problems.contains { $0.code == "too-many-items" }
            #expect(isTold == (count > 50_000))
            #expect(time < .seconds(20))
        }
    }

    @Test func quadraticEntitiesMakeNoText() {
        let value = String(repeating: "x", count: 100_000)
        let uses = String(repeating: "&a;", count: 20_000)
        let document = rss(
            "<item><guid>1</guid><description>\(uses)</description></item>",
            before: "<!DOCTYPE rss [<!ENTITY a \"\(value)\">]>"
        )
        let (reading, time) = read(document)
        guard case .feed(let feed) = reading else {
            Issue.record("is a feed")
            return
        }
        #expect(feed.bytes.count < document.count * 4)
        #expect(feed.problems.contains { $0.code == "entity-refused" })
        #expect(time < .seconds(5))
    }

    @Test func smallEntitiesUsedAMillionTimesEndInAProblem() {
        let uses = String(repeating: "&a;", count: 1_000_000)
        let document = rss(
            "<item><guid>1</guid><description>\(uses)</description></item>",
            before: "<!DOCTYPE rss [<!ENTITY a \"\(String(repeating: "x", count: 60))\">]>"
        )
        let (reading, time) = read(document)
        guard case .feed(let feed) = reading else {
            Issue.record("is a feed")
            return
        }
        #expect(feed.bytes.count < 16 << 20)
        #expect(feed.problems.contains { $0.code == "entity-limit" })
        #expect(time < .seconds(20))
    }

    @Test(arguments: ["<", "&", "</b>", "&x;"])
    func moreMistakesThanAnyFeedHasEndInAProblem(_ piece: String) {
        let items = "<item><guid>1</guid><title>kept</title></item>"
        let mistakes = String(repeating: piece, count: 1_100_000)
        let (reading, time) = read(rss(items + "<item><guid>2</guid><title>" + mistakes))
        guard case .feed(let feed) = reading, let item = feed.items.first else {
            Issue.record("is a feed")
            return
        }
        #expect(feed.string(item.title) == "kept")
        #expect(feed.problems.contains { $0.code == "xml-abandoned" })
        #expect(time < .seconds(30))
    }

    @Test(arguments: [
        "<", "&", "<![CDATA[", "<!--", "<a ", "<a b='", "</", "&#", "<!DOCTYPE rss [", "<?",
        "<b><i>", "</b>", "]]>", "<item>", "<a b=c>",
    ])
    func muchOfAnythingIsReadInTime(_ piece: String) {
        let (_, time) = read(rss(String(repeating: piece, count: 50_000)))
        #expect(time < .seconds(10), "\(piece): \(time)")
    }

    @Test(arguments: [
        "<", "&", "<a ", "<script>", "<a b='", "<!--", "&#9", "<p>", "</", "<style x",
    ])
    func markupOfAnythingIsMadePlainInTime(_ piece: String) {
        let markup = Array(String(repeating: piece, count: 50_000).utf8)
        var output: [UInt8] = []
        let time = ContinuousClock().measure {
            markup.withUnsafeBufferPointer {
                PlainText.append($0, isMarkup: true, paragraphs: true, to: &output)
                _ = AbsoluteMarkup.make($0, base: Bytes(start: nil, count: 0))
                _ = MarkupSniffer.look(at: $0)
            }
        }
        #expect(time < .seconds(10), "\(piece): \(time)")
    }

    @Test func noExternalThingIsLoaded() throws {
        let before = """
            <!DOCTYPE rss SYSTEM "file:///etc/hosts" [<!ENTITY % p SYSTEM "file:///etc/hostname">
            %p; <!ENTITY x SYSTEM "file:///etc/hostname">]>
            """
        let (reading, _) = read(
            rss("<item><guid>1</guid><title>a&x;b</title></item>", before: before)
        )
        guard case .feed(let feed) = reading, let item = feed.items.first else {
            Issue.record("is a feed")
            return
        }
        #expect(["ab", "a&x;b"].contains(feed.string(item.title)))
    }

    @Test func bytesOfEveryKindAreNoCrash() {
        var state: UInt64 = 42
        for round in 0..<300 {
            var document = rss("<item><guid>1</guid><title>x &amp; y</title></item>")
            for _ in 0..<(round % 20 + 1) {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                document[Int(state >> 33) % document.count] = UInt8(truncatingIfNeeded: state >> 24)
            }
            _ = read(document)
        }
    }
}
