import FeedModel

/// What a document says of one item that helps to know it again.
struct ItemEvidence {
    /// The hashes of identifier, link and title.
    var keys: ItemKeys
    /// A hash of title and text.
    var fingerprint: UInt32
    /// What it looks like; the sketches are drawn when they are needed.
    var traits: ItemTraits
    /// Whether its sketches are drawn.
    var isSketched = false
    /// Whether the document gives its identifier to this item only.
    var hasOwnID: Bool
    /// Whether the document gives its link to this item only.
    var hasOwnLink: Bool
    /// Whether its identifier is nothing but its link.
    var idIsLink: Bool { keys.id != 0 && keys.id == keys.link }
}

/// What holds for all items of a document.
struct WindowFacts {
    /// Whether three items or more have an identifier each, all different.
    var idsDistinguish = false
    /// Whether three items or more have a link each, all different.
    var linksDistinguish = false
    /// Whether the items' dates differ, as far as there are two of them.
    var datesDistinguish = true
    /// When the document was read, in minutes since 1970.
    var minute: UInt32
}

/// What a document says of its items, all taken together.
struct WindowEvidence {
    /// The items, in document order.
    private(set) var items: [ItemEvidence]
    /// What holds for all of them.
    private(set) var facts: WindowFacts
    private let feed: ParsedFeed

    /// The evidence of a document of a feed whose hashes start from `seed`.
    init(_ feed: ParsedFeed, seed: UInt64, now: Timestamp) {
        self.feed = feed
        facts = WindowFacts(minute: SeenRecord.minutes(now))
        items = feed.bytes.withUnsafeBytes { bytes in
            feed.items.map { WindowEvidence.evidence(of: $0, in: bytes, seed: seed) }
        }
        judgeDates()
        facts.idsDistinguish = areDistinct(\.id)
        facts.linksDistinguish = areDistinct(\.link)
        findSharedLinks()
        findSharedIDs()
    }

    /// Draws the sketches of the item at `index`, once.
    mutating func sketch(_ index: Int) {
        guard !items[index].isSketched else { return }
        let item = feed.items[index]
        feed.bytes.withUnsafeBytes { bytes in
            func part(_ span: TextSpan) -> UnsafeRawBufferPointer {
                UnsafeRawBufferPointer(rebasing: bytes[span.range])
            }
            let title = part(item.title)
            items[index].traits.titleSketch = TextSketch.ofTitle(title)
            items[index].traits.numbers = TextSketch.ofNumbers(title)
            items[index].traits.textSketch = TextSketch.ofText(
                part(item.summary.span),
                part(item.content.span)
            )
        }
        items[index].isSketched = true
    }

    /// A hash of title and text together, as older versions identified an item without
    /// identifier and link.
    func combined(_ index: Int, seed: UInt64) -> UInt64 {
        let item = feed.items[index]
        return feed.bytes.withUnsafeBytes { bytes in
            ItemIdentity.combine(
                seed,
                WindowEvidence.hash(item.title, in: bytes, seed: seed),
                WindowEvidence.hash(item.summary.span, in: bytes, seed: 0),
                WindowEvidence.hash(item.content.span, in: bytes, seed: 0)
            )
        }
    }

    // MARK: What the items have in common

    private func areDistinct(_ key: KeyPath<ItemKeys, UInt64>) -> Bool {
        guard items.count >= 3 else { return false }
        var values: Set<UInt64> = []
        values.reserveCapacity(items.count)
        for item in items {
            let value = item.keys[keyPath: key]
            guard value != 0, values.insert(value).inserted else { return false }
        }
        return true
    }

    private mutating func judgeDates() {
        var first: UInt32?
        var count = 0
        for item in items where item.traits.published != 0 {
            if let first, first != item.traits.published { return }
            first = first ?? item.traits.published
            count += 1
        }
        facts.datesDistinguish = count < 2
    }

    /// A link that stands for items of different identifier, title, text or date is a page that
    /// says nothing of them.
    private mutating func findSharedLinks() {
        guard !facts.linksDistinguish else { return }
        let shared = sharedValues(of: \.link) { one, other in
            one.keys.id != other.keys.id || one.keys.title != other.keys.title
                || one.traits.text != other.traits.text
                || one.keys.id == 0 && one.traits.published != other.traits.published
                || one.traits.enclosure != other.traits.enclosure
        }
        guard !shared.isEmpty else { return }
        for index in items.indices where shared.contains(items[index].keys.link) {
            items[index].hasOwnLink = false
        }
    }

    /// An identifier that stands for items of different title, or of one title and texts that
    /// are not versions of each other, identifies nothing.
    private mutating func findSharedIDs() {
        guard !facts.idsDistinguish else { return }
        var first: [UInt64: Int] = [:]
        var shared: Set<UInt64> = []
        for index in items.indices where items[index].keys.id != 0 {
            let id = items[index].keys.id
            guard let earlier = first[id] else {
                first[id] = index
                continue
            }
            if items[earlier].keys.title != items[index].keys.title {
                shared.insert(id)
            } else if items[earlier].traits.text != items[index].traits.text {
                sketch(earlier)
                sketch(index)
                let alike = TextSketch.areAlike(
                    items[earlier].traits.textSketch,
                    items[index].traits.textSketch
                )
                if !alike { shared.insert(id) }
            }
        }
        for index in items.indices where shared.contains(items[index].keys.id) {
            items[index].hasOwnID = false
        }
    }

    private func sharedValues(
        of key: KeyPath<ItemKeys, UInt64>,
        byDifferent differ: (ItemEvidence, ItemEvidence) -> Bool
    ) -> Set<UInt64> {
        var first: [UInt64: Int] = [:]
        first.reserveCapacity(items.count)
        var shared: Set<UInt64> = []
        for index in items.indices {
            let value = items[index].keys[keyPath: key]
            guard value != 0 else { continue }
            guard let earlier = first[value] else {
                first[value] = index
                continue
            }
            if differ(items[earlier], items[index]) { shared.insert(value) }
        }
        return shared
    }

    // MARK: Hashes

    private static func evidence(
        of item: ParsedItem,
        in bytes: UnsafeRawBufferPointer,
        seed: UInt64
    ) -> ItemEvidence {
        let link = hash(address: item.url, in: bytes, seed: seed)
        let title = hash(item.title, in: bytes, seed: 0)
        let summary = hash(item.summary.span, in: bytes, seed: 0)
        let content = hash(item.content.span, in: bytes, seed: 0)
        var traits = ItemTraits()
        let length = Int(item.summary.span.count) + Int(item.content.span.count)
        if length > 0 {
            traits.text = max(
                1,
                UInt32(truncatingIfNeeded: ItemIdentity.combine(summary, content))
            )
            traits.textLength = UInt16(clamping: length)
        }
        traits.place = place(item.url, in: bytes)
        if let file = item.enclosures.first { traits.enclosure = place(file.url, in: bytes) }
        traits.published = item.published.timestamp.map(SeenRecord.minutes) ?? 0
        return ItemEvidence(
            keys: ItemKeys(
                id: hash(address: item.id, in: bytes, seed: seed),
                link: link,
                title: hash(item.title, in: bytes, seed: seed)
            ),
            fingerprint: UInt32(
                truncatingIfNeeded: ItemIdentity.combine(0, title, summary, content)
            ),
            traits: traits,
            hasOwnID: !item.id.isEmpty,
            hasOwnLink: !item.url.isEmpty
        )
    }

    private static func hash(
        _ span: TextSpan,
        in bytes: UnsafeRawBufferPointer,
        seed: UInt64
    ) -> UInt64 {
        guard !span.isEmpty else { return 0 }
        return max(
            1,
            ContentHash.of(UnsafeRawBufferPointer(rebasing: bytes[span.range]), seed: seed)
        )
    }

    /// The hash of an address or identifier in the form in which it is compared.
    private static func hash(
        address span: TextSpan,
        in bytes: UnsafeRawBufferPointer,
        seed: UInt64
    ) -> UInt64 {
        guard !span.isEmpty else { return 0 }
        return AddressForm.hash(UnsafeRawBufferPointer(rebasing: bytes[span.range]), seed: seed)
    }

    private static func place(_ span: TextSpan, in bytes: UnsafeRawBufferPointer) -> UInt32 {
        guard !span.isEmpty else { return 0 }
        let path = AddressForm.path(of: UnsafeRawBufferPointer(rebasing: bytes[span.range]))
        // A path of a few letters is a section, not a page.
        guard path.count >= 6 else { return 0 }
        return max(1, UInt32(truncatingIfNeeded: ContentHash.of(path)))
    }
}
