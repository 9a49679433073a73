package import FeedModel
internal import TopicQuery

/// What history keeps of items that came new all at once: their document as it was sent, packed.
///
/// A third of the room that the texts take, and less work on the way in; whoever looks back reads
/// the document again. The packed form in a `HistoryChunk` has a version byte that `HistoryCodec`
/// does not know, the keys and hashes of titles of the items (in order), what the document was
/// read with, and the document as it was sent: gzip.
package struct HistoryDocument: Sendable {
    private static let version: UInt8 = 3
    /// The largest document that is kept so.
    package static let sizeLimit = 128 << 10

    /// The document, packed with gzip.
    package let packed: [UInt8]
    /// What is known of it beside its bytes.
    package let hints: DocumentHints
    private let language: String?
    private let keys: [ItemKey]
    private let titles: [UInt32]

    /// What is kept of the new items of `feed`; nil where they are not all of its items, or the
    /// document did not come packed.
    init?(
        _ new: [IdentifiedItem],
        of feed: ParsedFeed,
        packed: [UInt8],
        hints: DocumentHints,
        language: String?
    ) {
        guard !packed.isEmpty, packed.count <= HistoryDocument.sizeLimit,
            packed.count < feed.bytes.count, !new.isEmpty, new.count == feed.items.count
        else { return nil }
        self.packed = packed
        self.hints = hints
        self.language = language
        keys = new.map(\.key)
        titles = new.map { HistoryDocument.titleHash(feed.items[$0.index], of: feed) }
    }

    /// The chunk for the store.
    func chunk(time: Timestamp) -> HistoryChunk {
        var writer = ByteWriter(capacity: packed.count + keys.count * 12 + 512)
        writer.put(HistoryDocument.version)
        writer.put(UInt32(keys.count))
        for (key, title) in zip(keys, titles) {
            writer.put(key.rawValue)
            writer.put(title)
        }
        let words = [
            hints.url, hints.contentType, hints.contentLocation, hints.contentLanguage, language,
        ]
        for word in words {
            writer.put(UInt8(word == nil ? 0 : 1))
            writer.put(counted: (word ?? "").utf8)
        }
        writer.put(counted: packed)
        return HistoryChunk(time: time, keys: keys, bytes: writer.bytes)
    }

    /// Reads the bytes of a chunk; nil where they are damaged, or hold something else.
    package init?(_ bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        guard let version: UInt8 = reader.take(), version == HistoryDocument.version,
            let count: UInt32 = reader.take(), reader.remaining / 12 >= Int(count)
        else { return nil }
        var keys: [ItemKey] = []
        var titles: [UInt32] = []
        for _ in 0..<count {
            guard let key: UInt64 = reader.take(), let title: UInt32 = reader.take() else {
                return nil
            }
            keys.append(ItemKey(key))
            titles.append(title)
        }
        var words: [String?] = []
        for _ in 0..<5 {
            guard let isThere: UInt8 = reader.take(), let word = reader.takeCounted() else {
                return nil
            }
            words.append(isThere == 0 ? nil : String(decoding: word, as: UTF8.self))
        }
        guard let packed = reader.takeCounted(), reader.remaining == 0 else { return nil }
        self.packed = Array(packed)
        self.keys = keys
        self.titles = titles
        hints = DocumentHints(
            url: words[0],
            contentType: words[1],
            contentLocation: words[2],
            contentLanguage: words[3]
        )
        language = words[4]
    }

    /// The items, from the document that was read again.
    ///
    /// They are known by their place and title: another version may read other items.
    package func items(in feed: ParsedFeed, reader: any DocumentReader) -> [HistoryItem] {
        let hashes = feed.items.map { HistoryDocument.titleHash($0, of: feed) }
        var text = ItemText()
        return keys.indices.compactMap { place in
            let isThere = place < hashes.count && hashes[place] == titles[place]
            guard let index = isThere ? place : hashes.firstIndex(of: titles[place]) else {
                return nil
            }
            let item = feed.items[index]
            text.fill(from: item, of: feed, language: language, reader: reader)
            var codec = HistoryCodec()
            codec.add(keys[place], item, in: feed, text: text)
            return codec.items().first
        }
    }

    private static func titleHash(_ item: ParsedItem, of feed: ParsedFeed) -> UInt32 {
        let hash = feed.bytes.withUnsafeBytes {
            ContentHash.of(UnsafeRawBufferPointer(rebasing: $0[item.title.range]))
        }
        return UInt32(truncatingIfNeeded: hash)
    }
}
