package import FeedModel

// How to read this file: `ItemKeys` are the three hashes that identify an item; `SeenItems`
// remembers them; `ItemIdentity.sort` compares a document with what is remembered and says which
// items are new, which were edited, and what is to be remembered from now on. Pure values.

/// What identifies an item: hashes of its identifier, its link and its title.
///
/// 0: absent.
///
/// Identifiers and links are compared without their scheme, links also without `utm_*`
/// parameters, so that a move to https or a campaign tag makes no new item.
package struct ItemKeys: Hashable, Sendable {
    /// The hash of the identifier.
    package var id: UInt64
    /// The hash of the link.
    package var link: UInt64
    /// The hash of the title; of title and text where the item has neither identifier nor link.
    package var title: UInt64

    /// Keys.
    package init(id: UInt64, link: UInt64, title: UInt64) {
        self.id = id
        self.link = link
        self.title = title
    }
}

/// An item of a document, identified.
package struct IdentifiedItem: Hashable, Sendable {
    /// The item's index in the document.
    package var index: Int
    /// The item's key: the one it was first seen under.
    package var key: ItemKey

    /// An item.
    package init(index: Int, key: ItemKey) {
        self.index = index
        self.key = key
    }
}

/// A document's items, sorted by what is remembered of them.
package struct SortedItems: Sendable {
    /// The items never seen before, in document order.
    package var new: [IdentifiedItem] = []
    /// Known items whose text has changed, in document order.
    package var edited: [IdentifiedItem] = []
    /// How many items were known and unchanged.
    package var unchanged = 0
    /// What is remembered from now on.
    package var seen: SeenItems
}

/// Decides which items of a document are new.
package enum ItemIdentity {
    /// Sorts the items of `feed` by what `seen` and, if asked for, `archive` remember.
    ///
    /// An item is known if two of its three keys are those of one remembered item, or all of
    /// them where it has fewer than two. One key alone proves nothing: identifiers are reused
    /// for new items, links point to a front page, titles repeat every week. A key that the
    /// document itself gives to items of different titles is left out of account. A bulletin that
    /// keeps its title and page is new if it has another identifier and text, and says that it was
    /// published after the last one was seen.
    /// Items that only `archive` remembers join `seen` again.
    package static func sort(
        _ feed: ParsedFeed,
        name: FeedID,
        seen: SeenItems,
        now: Timestamp,
        archive: SeenItems?
    ) -> SortedItems {
        let seed = ContentHash.of(name.rawValue)
        let keys = distinctKeys(of: feed, seed: seed)
        let recent = SeenIndex(seen)
        let older = archive.map { (items: $0, index: SeenIndex($0)) }
        var result = SortedItems(seen: seen)
        // A document may list the same item twice.
        var added: [ItemKeys: Int] = [:]
        for (index, item) in feed.items.enumerated() {
            let key = keys[index]
            let fingerprint = fingerprint(of: item, in: feed)
            let earlier = recent.find(key).flatMap { index in
                isLater(item, key, fingerprint, than: seen.records[index]) ? nil : index
            }
            if let known = earlier ?? added[key] {
                if result.seen.touch(known, keys: key, fingerprint: fingerprint, now: now) {
                    result.edited.append(
                        IdentifiedItem(index: index, key: result.seen.records[known].key)
                    )
                } else {
                    result.unchanged += 1
                }
            } else if let older, let archived = older.index.find(key) {
                var record = older.items.records[archived]
                record.keys = key
                record.lastSeen = SeenRecord.minutes(now)
                record.fingerprint = fingerprint
                result.seen.append(record)
                result.unchanged += 1
            } else {
                let itemKey = ItemKey(combine(seed, key.id, key.link, key.title))
                added[key] = result.seen.records.count
                result.seen.append(
                    SeenRecord(
                        keys: key,
                        key: itemKey,
                        lastSeen: SeenRecord.minutes(now),
                        fingerprint: fingerprint
                    )
                )
                result.new.append(IdentifiedItem(index: index, key: itemKey))
            }
        }
        return result
    }

    /// Whether an item that shares link and title with a remembered one is its successor.
    private static func isLater(
        _ item: ParsedItem,
        _ keys: ItemKeys,
        _ fingerprint: UInt32,
        than record: SeenRecord
    ) -> Bool {
        guard keys.id != 0, record.keys.id != 0, keys.id != record.keys.id,
            fingerprint != record.fingerprint, let published = item.published.timestamp
        else { return false }
        return SeenRecord.minutes(published) > record.lastSeen
    }

    /// Whether any item of `feed` is not among `seen`, so that the archive has to be asked.
    package static func needsArchive(_ feed: ParsedFeed, name: FeedID, seen: SeenItems) -> Bool {
        guard seen.archivedChunks > 0 else { return false }
        let index = SeenIndex(seen)
        let keys = distinctKeys(of: feed, seed: ContentHash.of(name.rawValue))
        return keys.contains { index.find($0) == nil }
    }

    /// The keys of all items, without those that the document gives to different items.
    static func distinctKeys(of feed: ParsedFeed, seed: UInt64) -> [ItemKeys] {
        var keys = feed.items.map { itemKeys(of: $0, in: feed, seed: seed) }
        let ids = values(of: \.id, in: keys, thatStandForDifferent: [\.title])
        let links = values(of: \.link, in: keys, thatStandForDifferent: [\.title, \.id])
        guard !ids.isEmpty || !links.isEmpty else { return keys }
        for index in keys.indices {
            if ids.contains(keys[index].id) { keys[index].id = 0 }
            if links.contains(keys[index].link) { keys[index].link = 0 }
            if keys[index].id == 0, keys[index].link == 0 {
                keys[index].title = titleAndText(of: feed.items[index], in: feed, seed: seed)
            }
        }
        return keys
    }

    /// The values of a key that stand for items that differ in one of `others`.
    private static func values(
        of path: KeyPath<ItemKeys, UInt64>,
        in keys: [ItemKeys],
        thatStandForDifferent others: [KeyPath<ItemKeys, UInt64>]
    ) -> Set<UInt64> {
        var first: [UInt64: ItemKeys] = [:]
        first.reserveCapacity(keys.count)
        var shared: Set<UInt64> = []
        for item in keys where item[keyPath: path] != 0 {
            guard let earlier = first.updateValue(item, forKey: item[keyPath: path]) else {
                continue
            }
            if others.contains(where: { earlier[keyPath: $0] != item[keyPath: $0] }) {
                shared.insert(item[keyPath: path])
            }
        }
        return shared
    }

    private static func itemKeys(
        of item: ParsedItem,
        in feed: ParsedFeed,
        seed: UInt64
    ) -> ItemKeys {
        let id = hash(address: item.id, in: feed, seed: seed)
        let link = hash(address: item.url, in: feed, seed: seed)
        let title =
            id == 0 && link == 0
            ? titleAndText(of: item, in: feed, seed: seed)
            : hash(item.title, in: feed, seed: seed)
        return ItemKeys(id: id, link: link, title: title)
    }

    private static func titleAndText(
        of item: ParsedItem,
        in feed: ParsedFeed,
        seed: UInt64
    ) -> UInt64 {
        combine(
            seed,
            hash(item.title, in: feed, seed: seed),
            hash(item.summary.span, in: feed, seed: 0),
            hash(item.content.span, in: feed, seed: 0)
        )
    }

    /// A hash of the item's text, to notice edits.
    private static func fingerprint(of item: ParsedItem, in feed: ParsedFeed) -> UInt32 {
        UInt32(
            truncatingIfNeeded: combine(
                0,
                hash(item.title, in: feed, seed: 0),
                hash(item.summary.span, in: feed, seed: 0),
                hash(item.content.span, in: feed, seed: 0)
            )
        )
    }

    private static func hash(_ span: TextSpan, in feed: ParsedFeed, seed: UInt64) -> UInt64 {
        guard !span.isEmpty else { return 0 }
        return feed.bytes.withUnsafeBytes { buffer in
            max(1, ContentHash.of(UnsafeRawBufferPointer(rebasing: buffer[span.range]), seed: seed))
        }
    }

    /// The hash of an address or identifier in the form in which it is compared.
    private static func hash(address span: TextSpan, in feed: ParsedFeed, seed: UInt64) -> UInt64 {
        guard !span.isEmpty else { return 0 }
        return feed.bytes.withUnsafeBytes { buffer in
            AddressForm.hash(UnsafeRawBufferPointer(rebasing: buffer[span.range]), seed: seed)
        }
    }

    /// One hash from several.
    static func combine(_ parts: UInt64...) -> UInt64 {
        parts.withUnsafeBytes { ContentHash.of($0) }
    }
}
