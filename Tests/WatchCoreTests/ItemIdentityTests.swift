import FeedModel
import Testing
import WatchCore

/// A feed document from a table of items.
func document(_ items: [(id: String, url: String, title: String, text: String)]) -> ParsedFeed {
    var feed = ParsedFeed(format: .rss20)
    func span(_ text: String) -> TextSpan {
        let start = feed.bytes.count
        feed.bytes.append(contentsOf: text.utf8)
        return TextSpan(start: start, count: feed.bytes.count - start)
    }
    for row in items {
        var item = ParsedItem()
        item.id = span(row.id)
        item.url = span(row.url)
        item.title = span(row.title)
        item.summary = ParsedText(span: span(row.text))
        feed.items.append(item)
    }
    return feed
}

@Suite struct ItemIdentityTests {
    typealias Row = (id: String, url: String, title: String, text: String)
    private let now = Timestamp(seconds: 1_750_000_000)
    private let name = FeedID("a")

    private func sort(
        _ rows: [Row],
        after seen: SeenItems = SeenItems(),
        archive: SeenItems? = nil,
        minutes: Int = 0
    ) -> SortedItems {
        ItemIdentity.sort(
            document(rows),
            name: name,
            seen: seen,
            now: now + .seconds(minutes * 60),
            archive: archive
        )
    }

    private let story: Row = ("g1", "https://news.example/1", "Sappers for Kursk", "text")

    @Test func manyNewItemsAreSortedInTimeThatGrowsWithTheirNumber() {
        func time(_ count: Int) -> Duration {
            let feed = document(
                (0..<count).map { ("g\($0)", "https://news.example/\($0)", "Title \($0)", "text") }
            )
            return ContinuousClock().measure {
                let sorted = ItemIdentity.sort(
                    feed,
                    name: name,
                    seen: SeenItems(),
                    now: now,
                    archive: nil
                )
                #expect(sorted.new.count == count)
            }
        }
        // Four times the items; a copy for each would make it sixteen times as long. The best of
        // several runs, as the machine may be busy.
        let few = (0..<3).map { _ in time(3_000) }.min() ?? .zero
        let many = (0..<3).map { _ in time(12_000) }.min() ?? .zero
        #expect(many < few * 9, "\(few) and \(many)")
    }

    @Test func itemsAreNewOnceAndKnownAfterwards() {
        let first = sort([story, ("g2", "https://news.example/2", "Weather", "rain")])
        #expect(first.new.map(\.index) == [0, 1])
        let second = sort([story], after: first.seen)
        #expect(second.new.isEmpty)
        #expect(second.unchanged == 1)
        #expect(second.seen.records.count == 2)
    }

    @Test(arguments: [
        ("a new identifier", ("g9", "https://news.example/1", "Sappers for Kursk", "text")),
        ("a campaign tag", ("g1", "https://news.example/1?utm_source=rss", "Another", "text")),
        ("no https", ("g9", "http://news.example/1", "Sappers for Kursk", "text")),
        ("a corrected title", ("g1", "https://news.example/1", "Sappers to Kursk", "text")),
        ("a moved page", ("g1", "https://news.example/moved", "Sappers for Kursk", "text")),
    ])
    func oneChangeOfThreeDoesNotMakeAnItemNew(quirk: String, row: Row) {
        let first = sort([story])
        #expect(sort([row], after: first.seen).new.isEmpty, "\(quirk)")
    }

    @Test(arguments: [
        ("a reused identifier", ("g1", "https://news.example/7", "Quite other news", "text")),
        ("a weekly title", ("g7", "https://news.example/7", "Sappers for Kursk", "text")),
        ("a front page", ("g7", "https://news.example/1", "Quite other news", "text")),
    ])
    func oneCommonKeyDoesNotMakeAnItemKnown(quirk: String, row: Row) {
        let first = sort([story])
        #expect(sort([row], after: first.seen).new.count == 1, "\(quirk)")
    }

    @Test func anIdentifierForDifferentItemsIsLeftOutOfAccount() {
        let rows: [Row] = [
            ("same", "https://news.example/1", "One", "a"),
            ("same", "https://news.example/2", "Two", "b"),
        ]
        let first = sort(rows)
        #expect(first.new.count == 2)
        let second = sort(
            rows + [("same", "https://news.example/3", "Three", "c")],
            after: first.seen
        )
        #expect(second.new.map(\.index) == [2])
    }

    @Test func oneSharedIdentifierDoesNotCastDoubtOnTheOthers() {
        let rows: [Row] = [("g1", "", "One", "a"), ("g2", "", "Two", "b")]
        let first = sort(rows)
        let second = sort(
            rows + [("g9", "", "Correction", "c"), ("g9", "", "Correction, again", "d")],
            after: first.seen
        )
        #expect(second.new.map(\.index) == [2, 3])
    }

    @Test func alertsThatShareLinkAndTitleAreToldApartByTheirIdentifiers() {
        let link = "https://quakes.example/"
        let first = sort([("q1", link, "Quake", "4.1"), ("q2", link, "Quake", "4.2")])
        #expect(first.new.count == 2)
        let second = sort(
            [
                ("q1", link, "Quake", "4.1"), ("q2", link, "Quake", "4.2"),
                ("q3", link, "Quake", "5"),
            ],
            after: first.seen
        )
        #expect(second.new.map(\.index) == [2])
    }

    @Test(arguments: [(30, 1), (-30, 0)]) func aBulletinOfOneTitleAndPageIsNewIfPublishedLater(
        minutes: Int,
        new: Int
    ) {
        let first = sort([("b1", "https://radio.example/", "News", prose(1))])
        var later = document([("b2", "https://radio.example/", "News", amended(1))])
        later.items[0].published.timestamp = now + .seconds(minutes * 60)
        let second = ItemIdentity.sort(
            later,
            name: name,
            seen: first.seen,
            now: now + .seconds(3_600),
            archive: nil
        )
        #expect(second.new.count == new)
    }

    @Test func itemsWithoutIdentifierAndLinkAreKnownByTitleAndText() {
        let first = sort([("", "", "Notice", "water cut")])
        #expect(sort([("", "", "Notice", "water cut")], after: first.seen).new.isEmpty)
        #expect(sort([("", "", "Notice", "power cut")], after: first.seen).new.count == 1)
    }

    @Test func theSameItemTwiceInADocumentIsOneItem() {
        #expect(sort([story, story]).new.count == 1)
    }

    @Test func aChangedTextIsAnEditOfTheSameItem() {
        let first = sort([story])
        let second = sort(
            [("g1", "https://news.example/1", "Sappers for Kursk", "longer text")],
            after: first.seen
        )
        #expect(second.new.isEmpty)
        #expect(second.edited.map(\.key) == first.new.map(\.key))
    }

    @Test func twoFeedsGiveOneItemDifferentKeys() {
        let other = ItemIdentity.sort(
            document([story]),
            name: FeedID("b"),
            seen: SeenItems(),
            now: now,
            archive: nil
        )
        #expect(other.new.first?.key != sort([story]).new.first?.key)
    }

    @Test func whatIsPackedReadsBackTheSame() {
        let seen = sort([story, ("", "", "Notice", "water cut")]).seen
        #expect(SeenItems(packed: seen.packed) == seen)
        #expect(SeenItems(packed: Array(seen.packed.dropLast())) == nil)
        #expect(SeenItems(packed: []) == nil)
    }

    @Test func itemsThatLeftTheWindowMoveToTheArchiveAndStayKnown() throws {
        var seen = SeenItems()
        let old: [Row] = (0..<2_000).map { ("g\($0)", "https://n.example/\($0)", "T\($0)", "") }
        seen = sort(old).seen
        let window: [Row] = [("g1999", "https://n.example/1999", "T1999", "")]
        var sorted = sort(window, after: seen, minutes: 5)
        let taken = sorted.seen.takeArchivable(now: now + .seconds(300))
        let chunk = try #require(taken)
        #expect(chunk.records.count == 1_999)
        #expect(sorted.seen.records.count == 1)
        #expect(sorted.seen.archivedChunks == 1)
        let packed = try #require(SeenItems(packed: sorted.seen.packed))
        let again = document([old[3]])
        #expect(ItemIdentity.needsArchive(again, name: name, seen: packed, now: now))
        #expect(sort([old[3]], after: packed, archive: chunk).new.isEmpty)
        #expect(!ItemIdentity.needsArchive(document(window), name: name, seen: packed, now: now))
    }

    @Test func manyItemsOfOneTitleTakeNoQuadraticTime() {
        let rows: [Row] = (0..<50_000).map { ("g\($0)", "https://n.example/\($0)", "Same", "") }
        let first = sort(rows)
        #expect(first.new.count == 50_000)
        #expect(sort(rows, after: first.seen).unchanged == 50_000)
    }
}
