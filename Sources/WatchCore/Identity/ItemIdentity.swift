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
    /// The index of its record in `SortedItems.seen`.
    package var record: Int

    /// An item.
    package init(index: Int, key: ItemKey, record: Int) {
        self.index = index
        self.key = key
        self.record = record
    }
}

/// A document's items, sorted by what is remembered of them.
package struct SortedItems: Sendable {
    /// The items never seen before, in document order.
    package var new: [IdentifiedItem] = []
    /// Known items whose text has changed, in document order.
    package var edited: [IdentifiedItem] = []
    /// Known items whose text has not changed, in document order.
    package var known: [IdentifiedItem] = []
    /// How many known items have another identifier or link than when they were last seen.
    package var renamed = 0
    /// What is remembered from now on.
    package var seen: SeenItems

    /// How many items were known and unchanged.
    package var unchanged: Int { known.count }
}

/// Decides which items of a document are new.
package enum ItemIdentity {
    /// Sorts the items of `feed` by what `seen` and, if asked for, `archive` remember.
    ///
    /// Each remembered item stands for one item of the document (`ItemAssignment`), by the rules
    /// of `ItemLikeness`; what is left is new. Items that only `archive` remembers join `seen`
    /// again.
    package static func sort(
        _ feed: ParsedFeed,
        name: FeedID,
        seen: SeenItems,
        now: Timestamp,
        archive: SeenItems?
    ) -> SortedItems {
        let seed = ContentHash.of(name.rawValue)
        var window = WindowEvidence(feed, seed: seed, now: now)
        let repeats = repeatedItems(window)
        let recent = ItemAssignment(
            &window,
            to: seen.records,
            skipping: repeats,
            seed: seed,
            findsChurn: true
        )
        var older: [Int?] = []
        if let archive, !archive.records.isEmpty {
            let assigned = Set(recent.records.indices.filter { recent.records[$0] != nil })
            older =
                ItemAssignment(
                    &window,
                    to: archive.records,
                    skipping: repeats.union(assigned),
                    seed: seed,
                    findsChurn: false
                ).records
        }
        var result = SortedItems(seen: seen)
        // Made where the first new item needs it; never copied, as a document may have any number.
        var used: Set<ItemKey> = []
        for index in window.items.indices where !repeats.contains(index) {
            if let record = recent.records[index] {
                result.take(index, record, &window, now: now)
            } else if let archive, !older.isEmpty, let record = older[index] {
                result.seen.append(archive.records[record])
                result.take(index, result.seen.records.count - 1, &window, now: now)
            } else {
                if result.new.isEmpty { used = Set(seen.records.map(\.key)) }
                result.add(index, &window, seed: seed, now: now, used: &used)
            }
        }
        return result
    }

    /// Whether any item of `feed` is not among `seen`, so that the archive has to be asked.
    package static func needsArchive(
        _ feed: ParsedFeed,
        name: FeedID,
        seen: SeenItems,
        now: Timestamp
    ) -> Bool {
        guard seen.archivedChunks > 0 else { return false }
        let seed = ContentHash.of(name.rawValue)
        var window = WindowEvidence(feed, seed: seed, now: now)
        let repeats = repeatedItems(window)
        let assignment = ItemAssignment(
            &window,
            to: seen.records,
            skipping: repeats,
            seed: seed,
            findsChurn: true
        )
        return assignment.records.indices.contains {
            assignment.records[$0] == nil && !repeats.contains($0)
        }
    }

    /// The items that the document lists a second time.
    private static func repeatedItems(_ window: WindowEvidence) -> Set<Int> {
        var first: Set<UInt64> = []
        first.reserveCapacity(window.items.count)
        var repeats: Set<Int> = []
        for (index, item) in window.items.enumerated() {
            // Without an identifier the date and the file may be all that tells two items apart.
            let date = item.hasOwnID ? 0 : item.traits.published
            let file = item.hasOwnID ? 0 : item.traits.enclosure
            let key = combine(
                SeenIndex.whole(item.keys, item.fingerprint, published: date),
                UInt64(file)
            )
            if !first.insert(key).inserted { repeats.insert(index) }
        }
        return repeats
    }

    /// One hash of two.
    static func combine(_ first: UInt64, _ second: UInt64) -> UInt64 {
        withUnsafeBytes(of: (first, second)) { ContentHash.of($0) }
    }

    /// One hash of four.
    static func combine(
        _ first: UInt64,
        _ second: UInt64,
        _ third: UInt64,
        _ fourth: UInt64
    ) -> UInt64 {
        withUnsafeBytes(of: (first, second, third, fourth)) { ContentHash.of($0) }
    }
}

extension SortedItems {
    /// Takes an item for the remembered one at `record`.
    fileprivate mutating func take(
        _ index: Int,
        _ record: Int,
        _ window: inout WindowEvidence,
        now: Timestamp
    ) {
        let old = seen.records[record]
        if old.fingerprint != window.items[index].fingerprint { window.sketch(index) }
        let item = window.items[index]
        var traits = item.traits
        if !item.isSketched {
            traits.numbers = old.traits.numbers
            traits.titleSketch = old.traits.titleSketch
            traits.textSketch = old.traits.textSketch
        }
        if SortedItems.differ(old.keys.id, item.keys.id)
            || SortedItems.differ(old.keys.link, item.keys.link)
        {
            renamed += 1
        }
        let identified = IdentifiedItem(index: index, key: old.key, record: record)
        let isEdited = seen.touch(
            record,
            keys: item.keys,
            fingerprint: item.fingerprint,
            traits: traits,
            now: now
        )
        if isEdited { edited.append(identified) } else { known.append(identified) }
    }

    private static func differ(_ left: UInt64, _ right: UInt64) -> Bool {
        left != 0 && right != 0 && left != right
    }

    /// Remembers an item that was never seen.
    fileprivate mutating func add(
        _ index: Int,
        _ window: inout WindowEvidence,
        seed: UInt64,
        now: Timestamp,
        used: inout Set<ItemKey>
    ) {
        window.sketch(index)
        let item = window.items[index]
        var key = ItemKey(
            ItemIdentity.combine(seed, item.keys.id, item.keys.link, item.keys.title)
        )
        // Another item has the same keys, and other text: its matches must not count as told.
        while !used.insert(key).inserted {
            key = ItemKey(
                ItemIdentity.combine(
                    key.rawValue,
                    UInt64(item.fingerprint),
                    UInt64(item.traits.published),
                    UInt64(SeenRecord.minutes(now))
                )
            )
        }
        new.append(IdentifiedItem(index: index, key: key, record: seen.records.count))
        seen.append(
            SeenRecord(
                keys: item.keys,
                key: key,
                lastSeen: SeenRecord.minutes(now),
                fingerprint: item.fingerprint,
                traits: item.traits
            )
        )
    }
}
