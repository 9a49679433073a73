import FeedModel
import Testing
import TopicQuery

@testable import WatchCore

@Suite struct HistoryCodecTests {
    private let feed = document([("1", "https://n/1", "Kursk", "text"), ("2", "", "Rain", "")])

    private func text(_ title: String) -> ItemText {
        var text = ItemText(title: title, summary: "one", content: "two", language: "ru")
        text.feed = "a"
        text.url = "https://n/1"
        text.authors = ["Ким Ён", "B"]
        text.categories = ["war", "Курск", ""]
        return text
    }

    /// An item as the first version kept it.
    private func firstVersion() -> [UInt8] {
        var writer = ByteWriter(capacity: 64)
        writer.put(UInt8(1))
        writer.put(UInt64(7))
        writer.put(Int64.min)
        for part in ["1", "https://n/1", "Kursk", "one", "two", "ru"] {
            writer.put(counted: part.utf8)
        }
        return writer.bytes
    }

    @Test func whatTopicsLookAtComesBackWhole() throws {
        var codec = HistoryCodec()
        codec.add(ItemKey(7), feed.items[0], in: feed, text: text("Kursk"))
        codec.add(ItemKey(8), feed.items[1], in: feed, text: ItemText(title: "Rain"))
        let chunk = try #require(codec.chunk(time: Timestamp(seconds: 1)))
        let items = try #require(HistoryCodec.items(in: chunk.bytes))
        #expect(items.map(\.key) == [ItemKey(7), ItemKey(8)])
        let back = items[0].text(of: FeedID("a"))
        let kept = text("Kursk")
        #expect(back.bytes == kept.bytes)
        #expect(back.authors == kept.authors)
        #expect(back.categories == kept.categories)
        #expect(back.url == kept.url)
        #expect(back.feed == kept.feed)
        #expect(items[1].authors.isEmpty)
        #expect(items[1].title == "Rain")
    }

    @Test func itemsOfTheFirstVersionHaveNoAuthors() throws {
        let item = try #require(HistoryCodec.items(in: firstVersion())?.first)
        #expect(item.title == "Kursk")
        #expect(item.language == "ru")
        #expect(item.authors.isEmpty && item.categories.isEmpty)
    }

    @Test func damagedBytesAreNoItems() throws {
        var codec = HistoryCodec()
        codec.add(ItemKey(7), feed.items[0], in: feed, text: text("Kursk"))
        let bytes = try #require(codec.chunk(time: Timestamp(seconds: 1))).bytes
        for count in 2..<bytes.count {
            #expect(HistoryCodec.items(in: Array(bytes.prefix(count))) == nil, "\(count)")
        }
        #expect(HistoryCodec.items(in: [9]) == nil)
    }

    /// A backtest over history answers as the daemon did.
    @Test(arguments: ["author:\"Ким *\"", "category:war", "url:*/n/1", "lang:ru", "feed:a"])
    func filtersFindInHistoryWhatTheyFoundLive(_ filter: String) throws {
        let topic = TopicSource(id: "t", query: "Kursk AND \(filter)")
        let matcher = try #require(TopicMatcher.compile(topics: [topic], sets: []).matcher)
        var codec = HistoryCodec()
        codec.add(ItemKey(7), feed.items[0], in: feed, text: text("Kursk"))
        let bytes = try #require(codec.chunk(time: Timestamp(seconds: 1))).bytes
        let item = try #require(HistoryCodec.items(in: bytes)?.first)
        var scratch = TopicMatcher.Scratch()
        #expect(!matcher.match(text("Kursk"), using: &scratch).isEmpty)
        #expect(!matcher.match(item.text(of: FeedID("a")), using: &scratch).isEmpty)
    }
}
