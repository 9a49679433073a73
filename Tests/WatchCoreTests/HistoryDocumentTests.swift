import FeedModel
import Testing

@testable import WatchCore

@Suite struct HistoryDocumentTests {
    private let feed = document([
        ("1", "https://n/1", "Kursk", "text"), ("2", "https://n/2", "Rain", "more"),
        ("3", "https://n/3", "Snow", "less"),
    ])
    private let hints = DocumentHints(url: "https://n/feed", contentType: "text/xml")

    private func kept(_ packed: [UInt8] = [1, 2, 3], count: Int = 3) -> HistoryDocument? {
        let new = (0..<count).map {
            IdentifiedItem(index: $0, key: ItemKey(UInt64($0) + 7), record: $0)
        }
        return HistoryDocument(new, of: feed, packed: packed, hints: hints, language: "en")
    }

    @Test func theDocumentComesBackAsItWas() throws {
        let chunk = try #require(kept()).chunk(time: Timestamp(seconds: 1))
        #expect(chunk.keys == [ItemKey(7), ItemKey(8), ItemKey(9)])
        #expect(HistoryCodec.items(in: chunk.bytes) == nil)
        let back = try #require(HistoryDocument(chunk.bytes))
        #expect(back.packed == [1, 2, 3])
        #expect(back.hints.url == "https://n/feed")
        #expect(back.hints.contentType == "text/xml")
        #expect(back.hints.contentLanguage == nil)
        let items = back.items(in: feed, reader: LineReader())
        #expect(items.map(\.key) == chunk.keys)
        #expect(items.map(\.title) == ["Kursk", "Rain", "Snow"])
        #expect(items.map(\.guid) == ["1", "2", "3"])
        #expect(items.allSatisfy { $0.language == "en" })
    }

    @Test func itemsAreKnownByTheirTitlesWhereOthersAreReadNow() throws {
        let chunk = try #require(kept()).chunk(time: Timestamp(seconds: 1))
        let back = try #require(HistoryDocument(chunk.bytes))
        let other = document([
            ("0", "https://n/0", "Advertisement", ""), ("1", "https://n/1", "Kursk", "text"),
            ("3", "https://n/3", "Snow", "less"),
        ])
        let items = back.items(in: other, reader: LineReader())
        #expect(items.map(\.key) == [ItemKey(7), ItemKey(9)])
        #expect(items.map(\.title) == ["Kursk", "Snow"])
    }

    @Test func onlyAWholeNewWindowThatCamePackedIsKeptSo() {
        #expect(kept([]) == nil)
        #expect(kept(count: 2) == nil)
        #expect(kept(count: 0) == nil)
        #expect(kept([UInt8](repeating: 1, count: feed.bytes.count)) == nil)
    }

    @Test func damagedBytesAreNoDocument() throws {
        let bytes = try #require(kept()).chunk(time: Timestamp(seconds: 1)).bytes
        for count in 0..<bytes.count { #expect(HistoryDocument(Array(bytes.prefix(count))) == nil) }
        #expect(HistoryDocument(bytes + [0]) == nil)
    }
}
