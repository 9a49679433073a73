package import FeedModel

/// The items of one feed that count as seen, as one packed value of the store.
///
/// Items are never forgotten: the ones that have left the feed's window move to the archive in
/// chunks that are not written again, so that the value stays small.
package struct SeenItems: Hashable, Sendable {
    /// The remembered items, oldest first.
    package private(set) var records: [SeenRecord] = []
    /// How many chunks were moved to the archive.
    package private(set) var archivedChunks = 0
    /// A hash of the topics that the records' `topics` speak of; 0: none yet.
    package var topicSet: UInt64 = 0

    /// From this many records on, those that left the window are moved to the archive.
    static let archiveThreshold = 1_024

    private static let version: UInt8 = 2

    /// Nothing remembered.
    package init() {}

    /// Adds a record.
    mutating func append(_ record: SeenRecord) { records.append(record) }

    /// Notes that the record at `index` was seen again; true if its text has changed.
    mutating func touch(
        _ index: Int,
        keys: ItemKeys,
        fingerprint: UInt32,
        traits: ItemTraits,
        now: Timestamp
    ) -> Bool {
        let changed = records[index].fingerprint != fingerprint
        records[index].keys = keys
        records[index].fingerprint = fingerprint
        records[index].traits = traits
        records[index].isCombined = false
        records[index].lastSeen = SeenRecord.minutes(now)
        return changed
    }

    /// Notes the topics that the item of the record at `index` meets; those it had not met before.
    mutating func cover(_ index: Int, topics: [UInt32]) -> [UInt32] {
        guard !topics.isEmpty else { return [] }
        let fresh = topics.filter { !records[index].topics.contains($0) }
        let room = max(0, SeenRecord.topicLimit - records[index].topics.count)
        records[index].topics.append(contentsOf: fresh.prefix(room))
        return fresh
    }

    /// Counts an edit of the item at `index` that made it match anew; its number.
    mutating func nextRevision(of index: Int) -> Int {
        // Beyond the largest number the identity of a match may repeat: no feed edits so often.
        records[index].revision = min(records[index].revision, .max - 1) + 1
        return Int(records[index].revision)
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

    /// The packed form: a version byte, the number of archived chunks (4 bytes), the hash of the
    /// topics (8), then the records, all little-endian.
    package var packed: [UInt8] {
        let size = records.reduce(13) { $0 + $1.packedSize }
        // SAFETY: the records' packed sizes are what is written; the count says how far.
        return [UInt8](unsafeUninitializedCapacity: size) { room, count in
            var writer = RawWriter(UnsafeMutableRawBufferPointer(room))
            writer.put(SeenItems.version)
            writer.put(UInt32(clamping: archivedChunks))
            writer.put(topicSet)
            for record in records { record.pack(into: &writer) }
            count = writer.count
        }
    }

    /// Reads the packed form, also of older versions; nil if it is damaged or of a later one.
    package init?(packed bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        guard
            let version: UInt8 = reader.take(), (1...SeenItems.version).contains(version),
            let chunks: UInt32 = reader.take()
        else { return nil }
        archivedChunks = Int(chunks)
        if version == 1 {
            guard reader.remaining % SeenRecord.size1 == 0 else { return nil }
            records.reserveCapacity(reader.remaining / SeenRecord.size1)
        } else {
            guard let topicSet: UInt64 = reader.take() else { return nil }
            self.topicSet = topicSet
            records.reserveCapacity(reader.remaining / SeenRecord.size)
        }
        while reader.remaining > 0 {
            let next =
                version == 1
                ? SeenRecord(firstVersionFrom: &reader) : SeenRecord(from: &reader)
            guard let next else { return nil }
            records.append(next)
        }
    }
}
