package import FeedModel

/// One remembered item.
package struct SeenRecord: Hashable, Sendable {
    /// What identified it when it was last seen.
    package var keys: ItemKeys
    /// The key it was first seen under.
    package var key: ItemKey
    /// When it was last seen, in minutes since 1970.
    package var lastSeen: UInt32
    /// A hash of its text.
    package var fingerprint: UInt32

    /// The packed size in bytes.
    static let size = 40

    /// Minutes since 1970, the unit of `lastSeen`.
    package static func minutes(_ moment: Timestamp) -> UInt32 {
        UInt32(clamping: moment.milliseconds / 60_000)
    }
}

/// The items of one feed that count as seen, as one packed value of the store.
///
/// Items are never forgotten: the ones that have left the feed's window move to the archive in
/// chunks that are not written again, so that the value stays small.
package struct SeenItems: Hashable, Sendable {
    /// The remembered items, oldest first.
    package private(set) var records: [SeenRecord] = []
    /// How many chunks were moved to the archive.
    package private(set) var archivedChunks = 0

    /// From this many records on, those that left the window are moved to the archive.
    static let archiveThreshold = 1_024

    private static let version: UInt8 = 1

    /// Nothing remembered.
    package init() {}

    /// Adds a record.
    mutating func append(_ record: SeenRecord) { records.append(record) }

    /// Notes that the record at `index` was seen again; true if its text has changed.
    mutating func touch(
        _ index: Int,
        keys: ItemKeys,
        fingerprint: UInt32,
        now: Timestamp
    ) -> Bool {
        let changed = records[index].fingerprint != fingerprint
        records[index].keys = keys
        records[index].fingerprint = fingerprint
        records[index].lastSeen = SeenRecord.minutes(now)
        return changed
    }

    /// Takes out the records that were not seen at `now`, if there are many: the chunk to archive.
    package mutating func takeArchivable(now: Timestamp) -> SeenItems? {
        guard records.count >= SeenItems.archiveThreshold else { return nil }
        let minute = SeenRecord.minutes(now)
        let old = records.filter { $0.lastSeen < minute }
        guard old.count >= SeenItems.archiveThreshold / 2 else { return nil }
        records.removeAll { $0.lastSeen < minute }
        archivedChunks += 1
        var chunk = SeenItems()
        chunk.records = old
        return chunk
    }

    /// All records of several chunks in one.
    package static func joined(_ chunks: [SeenItems]) -> SeenItems {
        var all = SeenItems()
        for chunk in chunks { all.records.append(contentsOf: chunk.records) }
        return all
    }

    // MARK: Packing

    /// The packed form: a version byte, the number of archived chunks (4 bytes), then 40 bytes a
    /// record, all little-endian.
    package var packed: [UInt8] {
        var writer = ByteWriter(capacity: 5 + records.count * SeenRecord.size)
        writer.put(SeenItems.version)
        writer.put(UInt32(clamping: archivedChunks))
        for record in records {
            writer.put(record.keys.id)
            writer.put(record.keys.link)
            writer.put(record.keys.title)
            writer.put(record.key.rawValue)
            writer.put(record.lastSeen)
            writer.put(record.fingerprint)
        }
        return writer.bytes
    }

    /// Reads the packed form; nil if it is damaged or of another version.
    package init?(packed bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        guard
            let version: UInt8 = reader.take(), version == SeenItems.version,
            let chunks: UInt32 = reader.take(), reader.remaining % SeenRecord.size == 0
        else { return nil }
        archivedChunks = Int(chunks)
        records.reserveCapacity(reader.remaining / SeenRecord.size)
        while let id: UInt64 = reader.take() {
            guard
                let link: UInt64 = reader.take(), let title: UInt64 = reader.take(),
                let key: UInt64 = reader.take(), let lastSeen: UInt32 = reader.take(),
                let fingerprint: UInt32 = reader.take()
            else { return nil }
            records.append(
                SeenRecord(
                    keys: ItemKeys(id: id, link: link, title: title),
                    key: ItemKey(key),
                    lastSeen: lastSeen,
                    fingerprint: fingerprint
                )
            )
        }
    }
}

/// Finds remembered items by two of their keys, or by the only one they have.
struct SeenIndex {
    /// Open addressing: a hash of the keys that stand together, and the record they belong to.
    private var hashes: [UInt64]
    private var indices: [Int32]
    private let mask: Int

    /// An index of `seen`.
    init(_ seen: SeenItems) {
        var size = 16
        while size < seen.records.count * 6 { size *= 2 }
        mask = size - 1
        hashes = Array(repeating: 0, count: size)
        indices = Array(repeating: 0, count: size)
        for index in seen.records.indices {
            let hashes = SeenIndex.hashes(of: seen.records[index].keys)
            for part in hashes.indices where hashes[part] != 0 {
                insert(hashes[part], Int32(index))
            }
        }
    }

    private mutating func insert(_ hash: UInt64, _ index: Int32) {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while hashes[slot] != 0, hashes[slot] != hash { slot = (slot + 1) & mask }
        hashes[slot] = hash
        indices[slot] = index
    }

    /// The index of the latest remembered item that `keys` identify, or nil.
    func find(_ keys: ItemKeys) -> Int? {
        var found: Int?
        let wanted = SeenIndex.hashes(of: keys)
        for part in wanted.indices where wanted[part] != 0 {
            let hash = wanted[part]
            var slot = Int(truncatingIfNeeded: hash) & mask
            while hashes[slot] != 0, hashes[slot] != hash { slot = (slot + 1) & mask }
            if hashes[slot] == hash { found = max(found ?? 0, Int(indices[slot])) }
        }
        return found
    }

    /// Hashes of each two of the keys, or of the only one; 0 for a pair that is not whole.
    private static func hashes(of keys: ItemKeys) -> [3 of UInt64] {
        func pair(_ left: UInt64, _ right: UInt64, _ salt: UInt64) -> UInt64 {
            left == 0 || right == 0 ? 0 : max(1, mix(left &+ salt, right))
        }
        var hashes: [3 of UInt64] = [
            pair(keys.id, keys.link, 1), pair(keys.id, keys.title, 2),
            pair(keys.link, keys.title, 3),
        ]
        if hashes[0] == 0, hashes[1] == 0, hashes[2] == 0 {
            let only = keys.id | keys.link | keys.title
            hashes[0] = only == 0 ? 0 : max(1, mix(only, 4))
        }
        return hashes
    }

    private static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = (left ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(
            by: right ^ 0xC2B2_AE3D_27D4_EB4F
        )
        return product.high ^ product.low
    }
}
