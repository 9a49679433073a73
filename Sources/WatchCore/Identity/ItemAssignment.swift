import FeedModel

/// Which items of a document are which remembered ones, each at most once.
///
/// Strong evidence goes first: what is the same in everything, then what shares identifier or
/// link, then what shares title and text, then the window as a whole.
struct ItemAssignment {
    /// For each item its record, or nil.
    private(set) var records: [Int?]
    /// How many items were recognised only because most of the window changed its keys at once.
    private(set) var churned = 0

    /// Assigns the items of `window` to `known`; those in `skipped` are left alone.
    init(
        _ window: inout WindowEvidence,
        to known: [SeenRecord],
        skipping skipped: Set<Int> = [],
        seed: UInt64,
        findsChurn: Bool
    ) {
        records = Array(repeating: nil, count: window.items.count)
        guard !known.isEmpty else { return }
        var index = SeenIndex(known)
        let open = window.items.indices.filter { !skipped.contains($0) }
        assignWhole(open, window, &index)
        assignCombined(open, window, known, &index, seed: seed)
        let rest = open.filter { records[$0] == nil }
        guard !rest.isEmpty else { return }
        for item in rest { window.sketch(item) }
        assignByKeys(rest, window, known, &index)
        assignByWording(rest, window, known, &index)
        if findsChurn { assignChurn(window, known, &index) }
    }

    private mutating func assign(_ item: Int, _ record: Int?, _ index: inout SeenIndex) {
        guard let record else { return }
        records[item] = record
        index.take(record)
    }

    private mutating func assignWhole(
        _ open: [Int],
        _ window: borrowing WindowEvidence,
        _ index: inout SeenIndex
    ) {
        for item in open {
            let evidence = window.items[item]
            let key = SeenIndex.whole(
                evidence.keys,
                evidence.fingerprint,
                published: evidence.traits.published
            )
            assign(item, index.first(.whole, key) { _ in true }, &index)
        }
    }

    /// Items that an older version stored with a hash of title and text in place of the title.
    private mutating func assignCombined(
        _ open: [Int],
        _ window: borrowing WindowEvidence,
        _ known: [SeenRecord],
        _ index: inout SeenIndex,
        seed: UInt64
    ) {
        guard known.contains(where: \.isCombined) else { return }
        for item in open where records[item] == nil {
            let combined = window.combined(item, seed: seed)
            let key = SeenIndex.wording(combined, 0)
            let record = index.first(.wording, key) { known[$0].isCombined }
            assign(item, record, &index)
        }
    }

    private mutating func assignByKeys(
        _ rest: [Int],
        _ window: borrowing WindowEvidence,
        _ known: [SeenRecord],
        _ index: inout SeenIndex
    ) {
        for item in rest {
            let evidence = window.items[item]
            func fits(_ record: Int) -> Bool {
                ItemLikeness(evidence, known[record], in: window.facts).isSameByKeys
            }
            let record =
                index.first(.page, SeenIndex.pair(evidence.keys.link, evidence.keys.title)) {
                    evidence.keys.id == known[$0].keys.id && fits($0)
                }
                ?? (evidence.hasOwnID ? index.first(.id, evidence.keys.id, where: fits) : nil)
                ?? index.first(
                    .page,
                    SeenIndex.pair(evidence.keys.link, evidence.keys.title),
                    where: fits
                )
                ?? (evidence.hasOwnLink ? index.first(.link, evidence.keys.link, where: fits) : nil)
            assign(item, record, &index)
        }
    }

    private mutating func assignByWording(
        _ rest: [Int],
        _ window: borrowing WindowEvidence,
        _ known: [SeenRecord],
        _ index: inout SeenIndex
    ) {
        for item in rest where records[item] == nil {
            let evidence = window.items[item]
            func fits(_ record: Int) -> Bool {
                ItemLikeness(evidence, known[record], in: window.facts).isSameByWording
            }
            let traits = evidence.traits
            let record =
                index.first(
                    .wording,
                    SeenIndex.wording(evidence.keys.title, traits.text),
                    where: fits
                )
                ?? index.first(
                    .place,
                    SeenIndex.pair(UInt64(traits.place), evidence.keys.title),
                    where: fits
                )
                ?? (traits.textLength >= ItemLikeness.longText
                    ? index.first(.text, UInt64(traits.text), where: fits) : nil)
            assign(item, record, &index)
        }
    }

    /// Most of a window has other keys than in the last one, and the same titles and texts: a move
    /// or a regeneration, not news.
    ///
    /// Only titles that name one item each count.
    private mutating func assignChurn(
        _ window: borrowing WindowEvidence,
        _ known: [SeenRecord],
        _ index: inout SeenIndex
    ) {
        let open = records.indices.filter { records[$0] == nil }
        let matched = records.count - open.count
        guard open.count >= 2, matched <= open.count else { return }
        let last = known.map(\.lastSeen).max() ?? 0
        var candidates: [UInt64: Int] = [:]
        for (record, entry) in known.enumerated() where entry.lastSeen == last {
            let name = ItemAssignment.name(entry.keys, entry.traits)
            guard name != 0 else { continue }
            // Two of one name: neither is told apart by it.
            candidates[name] = candidates[name] == nil ? record : -1
        }
        var names: [UInt64: Int] = [:]
        for item in window.items {
            names[ItemAssignment.name(item.keys, item.traits), default: 0] += 1
        }
        let pairs = open.compactMap { item -> (item: Int, record: Int)? in
            let evidence = window.items[item]
            let name = ItemAssignment.name(evidence.keys, evidence.traits)
            guard name != 0, names[name] == 1, let record = candidates[name], record >= 0,
                !index.isTaken(record),
                ItemLikeness(evidence, known[record], in: window.facts).isSameInChurn
            else { return nil }
            return (item, record)
        }
        guard pairs.count >= 2, pairs.count * 10 >= open.count * 6 else { return }
        for pair in pairs { assign(pair.item, pair.record, &index) }
        churned = pairs.count
    }

    /// What an item is called in a window: its title, else its text.
    private static func name(_ keys: ItemKeys, _ traits: ItemTraits) -> UInt64 {
        keys.title != 0 ? keys.title : UInt64(traits.text)
    }
}
