package import FeedModel

/// What an item looks like beside its keys, so that it is known again when they change.
package struct ItemTraits: Hashable, Sendable {
    /// A hash of summary and content; 0: none, or not known.
    package var text: UInt32 = 0
    /// The length of that text in bytes, cut to what fits.
    package var textLength: UInt16 = 0
    /// A hash of the numbers in the title; 0: none.
    package var numbers: UInt16 = 0
    /// A sketch of the text; 0: none.
    package var textSketch: UInt64 = 0
    /// A sketch of the title; 0: none.
    package var titleSketch: UInt32 = 0
    /// A hash of the link's path, without host and query; 0: it has none worth the name.
    package var place: UInt32 = 0
    /// A hash of the path of the first file that is attached; 0: none.
    package var enclosure: UInt32 = 0
    /// When it says that it was published, in minutes since 1970; 0: it does not say.
    package var published: UInt32 = 0

    /// Nothing known.
    package init() {}
}

/// One remembered item.
package struct SeenRecord: Hashable, Sendable {
    /// What identified it when it was last seen.
    package var keys: ItemKeys
    /// The key it was first seen under.
    package var key: ItemKey
    /// When it was last seen, in minutes since 1970.
    package var lastSeen: UInt32
    /// A hash of its title and text.
    package var fingerprint: UInt32
    /// What it looked like when it was last seen.
    package var traits = ItemTraits()
    /// The topics it met, as hashes: an edit that meets one of them again says nothing new.
    package var topics: [UInt32] = []
    /// How many of its edits made it match anew.
    package var revision: UInt8 = 0
    /// Whether `keys.title` is a hash of title and text, as older versions stored it for items
    /// without identifier and link.
    package var isCombined = false

    /// The most topics that are kept of an item: the size of their count.
    static let topicLimit = 255

    /// A record of an item that met no topic.
    package init(
        keys: ItemKeys,
        key: ItemKey,
        lastSeen: UInt32,
        fingerprint: UInt32,
        traits: ItemTraits = ItemTraits()
    ) {
        self.keys = keys
        self.key = key
        self.lastSeen = lastSeen
        self.fingerprint = fingerprint
        self.traits = traits
    }

    /// Minutes since 1970, the unit of `lastSeen`.
    package static func minutes(_ moment: Timestamp) -> UInt32 {
        UInt32(clamping: moment.milliseconds / 60_000)
    }

    // MARK: Packing

    /// The packed size in bytes, without topics.
    static let size = 76
    /// The packed size in bytes.
    var packedSize: Int { SeenRecord.size + min(topics.count, SeenRecord.topicLimit) * 4 }
    /// The packed size of the first version.
    static let size1 = 40

    /// Writes the record: 76 bytes and 4 for each topic.
    func pack(into writer: inout RawWriter) {
        writer.put(keys.id)
        writer.put(keys.link)
        writer.put(keys.title)
        writer.put(key.rawValue)
        writer.put(lastSeen)
        writer.put(fingerprint)
        writer.put(traits.text)
        writer.put(traits.textLength)
        writer.put(traits.numbers)
        writer.put(traits.textSketch)
        writer.put(traits.titleSketch)
        writer.put(traits.place)
        writer.put(traits.enclosure)
        writer.put(traits.published)
        writer.put(revision)
        writer.put(UInt8(clamping: topics.count))
        writer.put(UInt8(isCombined ? 1 : 0))
        writer.put(UInt8(0))
        for topic in topics.prefix(SeenRecord.topicLimit) { writer.put(topic) }
    }

    /// Reads a record; nil where the bytes are damaged.
    init?(from reader: inout ByteReader) {
        self.init(firstVersionFrom: &reader)
        isCombined = false
        guard
            let text: UInt32 = reader.take(), let length: UInt16 = reader.take(),
            let numbers: UInt16 = reader.take(), let textSketch: UInt64 = reader.take(),
            let titleSketch: UInt32 = reader.take(), let place: UInt32 = reader.take(),
            let enclosure: UInt32 = reader.take(), let published: UInt32 = reader.take(),
            let revision: UInt8 = reader.take(), let count: UInt8 = reader.take(),
            let flags: UInt8 = reader.take(), let _: UInt8 = reader.take(),
            reader.remaining >= Int(count) * 4
        else { return nil }
        traits.text = text
        traits.textLength = length
        traits.numbers = numbers
        traits.textSketch = textSketch
        traits.titleSketch = titleSketch
        traits.place = place
        traits.enclosure = enclosure
        traits.published = published
        self.revision = revision
        isCombined = flags & 1 != 0
        topics.reserveCapacity(Int(count))
        for _ in 0..<count {
            guard let topic: UInt32 = reader.take() else { return nil }
            topics.append(topic)
        }
    }

    /// Reads a record of the first version: 40 bytes, without traits and topics.
    init?(firstVersionFrom reader: inout ByteReader) {
        guard
            let id: UInt64 = reader.take(), let link: UInt64 = reader.take(),
            let title: UInt64 = reader.take(), let key: UInt64 = reader.take(),
            let lastSeen: UInt32 = reader.take(), let fingerprint: UInt32 = reader.take()
        else { return nil }
        self.init(
            keys: ItemKeys(id: id, link: link, title: title),
            key: ItemKey(key),
            lastSeen: lastSeen,
            fingerprint: fingerprint
        )
        isCombined = id == 0 && link == 0
    }
}
