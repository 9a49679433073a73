import FeedModel

/// Finds remembered items by what they have in common with an item.
///
/// Several records may share a key: each key has a chain of records, the latest first. A record
/// that was taken for one item of a document is not offered for another.
struct SeenIndex {
    /// What records are looked up by.
    enum Kind: UInt64 {
        /// Keys, text and date: all the same.
        case whole = 1
        /// The identifier.
        case id
        /// The link.
        case link
        /// Link and title.
        case page
        /// Title and text.
        case wording
        /// The link's path, and the title.
        case place
        /// The text alone, where it is long.
        case text
    }

    /// The most records that one look-up offers, and the most it passes over.
    private static let offers = 4
    private static let steps = 32

    private struct Entry {
        var hash: UInt64
        var record: Int32
        /// The next entry of the same hash; -1: none.
        var next: Int32
    }

    private var entries: [Entry] = []
    /// Open addressing: the first entry of a chain; -1: free.
    private var heads: [Int32]
    private let mask: Int
    private var isTaken: [Bool]

    /// An index of `records` by all kinds.
    init(_ records: [SeenRecord]) {
        var size = 16
        while size < records.count * 12 { size *= 2 }
        mask = size - 1
        heads = Array(repeating: -1, count: size)
        isTaken = Array(repeating: false, count: records.count)
        entries.reserveCapacity(records.count * 6)
        for (index, record) in records.enumerated() {
            let keys = record.keys
            let traits = record.traits
            insert(
                .whole,
                SeenIndex.whole(keys, record.fingerprint, published: traits.published),
                index
            )
            insert(.id, keys.id, index)
            insert(.link, keys.link, index)
            insert(.page, SeenIndex.pair(keys.link, keys.title), index)
            insert(.wording, SeenIndex.wording(keys.title, traits.text), index)
            insert(.place, SeenIndex.pair(UInt64(traits.place), keys.title), index)
            if traits.textLength >= ItemLikeness.longText {
                insert(.text, UInt64(traits.text), index)
            }
        }
    }

    /// Whether a record was taken.
    func isTaken(_ record: Int) -> Bool { isTaken[record] }

    /// Takes a record: it is not offered again.
    mutating func take(_ record: Int) { isTaken[record] = true }

    /// The first record under a key that `fits`, the latest first; only a few are offered.
    mutating func first(
        _ kind: Kind,
        _ key: UInt64,
        where fits: (Int) -> Bool
    ) -> Int? {
        guard key != 0 else { return nil }
        let hash = SeenIndex.hash(kind, key)
        let slot = slot(of: hash)
        // Records at the head that were taken are not passed over again.
        while heads[slot] >= 0, isTaken[Int(entries[Int(heads[slot])].record)],
            entries[Int(heads[slot])].next >= 0
        {
            heads[slot] = entries[Int(heads[slot])].next
        }
        var at = heads[slot]
        var offered = 0
        var steps = 0
        while at >= 0, offered < SeenIndex.offers, steps < SeenIndex.steps {
            let entry = entries[Int(at)]
            if !isTaken[Int(entry.record)] {
                if fits(Int(entry.record)) { return Int(entry.record) }
                offered += 1
            }
            steps += 1
            at = entry.next
        }
        return nil
    }

    private mutating func insert(_ kind: Kind, _ key: UInt64, _ record: Int) {
        guard key != 0 else { return }
        let hash = SeenIndex.hash(kind, key)
        let slot = slot(of: hash)
        entries.append(Entry(hash: hash, record: Int32(record), next: heads[slot]))
        heads[slot] = Int32(entries.count - 1)
    }

    private func slot(of hash: UInt64) -> Int {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while heads[slot] >= 0, entries[Int(heads[slot])].hash != hash { slot = (slot + 1) & mask }
        return slot
    }

    // MARK: Keys

    /// The key of all that identifies an item.
    static func whole(_ keys: ItemKeys, _ fingerprint: UInt32, published: UInt32) -> UInt64 {
        mix(
            mix(keys.id &+ 1, keys.link &+ 2) &+ keys.title,
            UInt64(fingerprint) << 32 | UInt64(published)
        ) | 1
    }

    /// The key of two that stand together; 0 where one is absent.
    static func pair(_ left: UInt64, _ right: UInt64) -> UInt64 {
        left == 0 || right == 0 ? 0 : max(1, mix(left, right))
    }

    /// The key of title and text; 0 where both are absent.
    static func wording(_ title: UInt64, _ text: UInt32) -> UInt64 {
        title == 0 && text == 0 ? 0 : max(1, mix(title, UInt64(text) &+ 7))
    }

    private static func hash(_ kind: Kind, _ key: UInt64) -> UInt64 { mix(key, kind.rawValue) }

    private static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = (left ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(
            by: right ^ 0xC2B2_AE3D_27D4_EB4F
        )
        return product.high ^ product.low
    }
}
