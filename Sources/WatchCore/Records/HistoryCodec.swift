package import FeedModel
package import TopicQuery

/// An item kept for looking back.
package struct HistoryItem: Hashable, Sendable {
    /// The item's key.
    package var key: ItemKey
    /// When the item says it was published.
    package var published: Timestamp?
    /// The identifier as the feed wrote it.
    package var guid = ""
    /// The item's address.
    package var url = ""
    /// The title, plain.
    package var title = ""
    /// The summary, plain, paragraphs parted by U+2029.
    package var summary = ""
    /// The content likewise, cut to what is matched.
    package var content = ""
    /// The language, or empty.
    package var language = ""
    /// The authors' names; none of items that were kept before they were.
    package var authors: [String] = []
    /// The categories, likewise.
    package var categories: [String] = []

    /// An item without text.
    package init(key: ItemKey) { self.key = key }

    /// The item as topics look at it.
    package func text(of feed: FeedID) -> ItemText {
        var text = ItemText(title: title, summary: summary, content: content, language: language)
        text.feed = feed.rawValue
        text.url = url
        text.authors = authors
        text.categories = categories
        return text
    }
}

/// Packs the items of one poll for the store: a version byte, then for each item its key, its
/// time (milliseconds since 1970, or the smallest number for none), its counted texts, and the
/// numbers of its authors and categories (a byte each) with these behind them.
package struct HistoryCodec: Sendable {
    private static let version: UInt8 = 2
    /// Without authors and categories.
    private static let firstVersion: UInt8 = 1
    private static let noTime = Int64.min
    private var writer: ByteWriter
    private var keys: [ItemKey] = []

    /// The most authors, and the most categories, that are kept of an item.
    private static let mostNames = 255

    /// The most bytes of content that are kept of an item.
    package static let contentLimit = 64 * 1_024

    /// An empty pack, with room for `size` bytes.
    package init(size: Int = 0) {
        writer = ByteWriter(capacity: 1 + size)
        writer.put(HistoryCodec.version)
    }

    /// Adds an item.
    package mutating func add(
        _ key: ItemKey,
        _ item: ParsedItem,
        in feed: ParsedFeed,
        text: ItemText
    ) {
        keys.append(key)
        writer.put(key.rawValue)
        writer.put(item.published.timestamp?.milliseconds ?? HistoryCodec.noTime)
        writer.put(counted: feed.bytes[item.id.range])
        writer.put(counted: feed.bytes[item.url.range])
        writer.put(counted: text.bytes[text.title])
        writer.put(counted: text.bytes[text.summary])
        writer.put(counted: HistoryCodec.cut(text.bytes[text.content]))
        writer.put(counted: text.language.utf8)
        for names in [text.authors, text.categories] {
            let kept = names.prefix(HistoryCodec.mostNames)
            writer.put(UInt8(kept.count))
            for name in kept { writer.put(counted: name.utf8) }
        }
    }

    /// The pack, or nil while nothing was added.
    package func chunk(time: Timestamp) -> HistoryChunk? {
        keys.isEmpty ? nil : HistoryChunk(time: time, keys: keys, bytes: writer.bytes)
    }

    /// The items that were added.
    func items() -> [HistoryItem] { HistoryCodec.items(in: writer.bytes) ?? [] }

    /// The items of a pack; nil where it is damaged or of another version.
    package static func items(in bytes: [UInt8]) -> [HistoryItem]? {
        var reader = ByteReader(bytes)
        guard let version: UInt8 = reader.take(), firstVersion...HistoryCodec.version ~= version
        else { return nil }
        var items: [HistoryItem] = []
        while reader.remaining > 0 {
            guard let key: UInt64 = reader.take(), let time: Int64 = reader.take() else {
                return nil
            }
            var item = HistoryItem(key: ItemKey(key))
            item.published = time == noTime ? nil : Timestamp(milliseconds: time)
            for path in [
                \HistoryItem.guid, \.url, \.title, \.summary, \.content, \.language,
            ] {
                guard let text = reader.takeCounted() else { return nil }
                item[keyPath: path] = String(decoding: text, as: UTF8.self)
            }
            if version > firstVersion {
                guard let authors = takeNames(&reader), let categories = takeNames(&reader) else {
                    return nil
                }
                item.authors = authors
                item.categories = categories
            }
            items.append(item)
        }
        return items
    }

    private static func takeNames(_ reader: inout ByteReader) -> [String]? {
        guard let count: UInt8 = reader.take() else { return nil }
        var names: [String] = []
        for _ in 0..<count {
            guard let name = reader.takeCounted() else { return nil }
            names.append(String(decoding: name, as: UTF8.self))
        }
        return names
    }

    /// At most `contentLimit` bytes, not cut inside a character.
    private static func cut(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard text.count > contentLimit else { return text }
        var end = text.startIndex + contentLimit
        while end > text.startIndex, text[end] & 0xC0 == 0x80 { end -= 1 }
        return text[..<end]
    }
}
