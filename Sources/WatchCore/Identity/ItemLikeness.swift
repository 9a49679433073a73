import FeedModel

/// Whether an item of a document is a remembered one: the rules.
///
/// Keys that agree are not enough where the texts differ and the item says that it was published
/// after the other was last seen; keys that differ do not matter where the texts are long and the
/// same. When unsure the answer is no: telling twice is better than not at all.
/// docs/health.md has the rules as a table; `IdentityScenarioTests` are their examples.
struct ItemLikeness {
    /// How two texts stand to each other.
    private enum Text {
        /// They are the same.
        case same
        /// They have much in common.
        case alike
        /// They have little in common.
        case other
        /// At least one is missing.
        case none
        /// Both are missing.
        case absent
    }

    /// From this many bytes on, a text of its own can identify an item.
    static let longText: UInt16 = 200
    /// From this many bytes on, a text can confirm what path and title say.
    static let shortText: UInt16 = 40

    private let item: ItemEvidence
    private let record: SeenRecord
    private let window: WindowFacts
    private let text: Text
    /// Whether the item says that it was published after the record was last seen.
    private let isLater: Bool

    /// Compares an item whose sketches are drawn with a record.
    init(_ item: ItemEvidence, _ record: SeenRecord, in window: WindowFacts) {
        self.item = item
        self.record = record
        self.window = window
        text = ItemLikeness.compare(item, record)
        isLater = ItemLikeness.isLater(item, record, window)
    }

    private static func compare(_ item: ItemEvidence, _ record: SeenRecord) -> Text {
        if item.fingerprint == record.fingerprint {
            return item.traits.text == 0 ? .absent : .same
        }
        if item.traits.text == 0 || record.traits.text == 0 {
            return item.traits.text == record.traits.text ? .absent : .none
        }
        if item.traits.text == record.traits.text { return .same }
        return TextSketch.areAlike(item.traits.textSketch, record.traits.textSketch)
            ? .alike : .other
    }

    private static func isLater(
        _ item: ItemEvidence,
        _ record: SeenRecord,
        _ window: WindowFacts
    ) -> Bool {
        let published = item.traits.published
        // Of the minute in which it was seen nobody can tell: another date says that it is later.
        guard published >= record.lastSeen, published != record.traits.published,
            window.datesDistinguish
        else { return false }
        // A feed that stamps its items with the time of the request says nothing by it.
        let wasStamped =
            record.traits.published != 0
            && distance(record.traits.published, record.lastSeen) <= 2
        return !(wasStamped && distance(published, window.minute) <= 2)
    }

    private static func distance(_ left: UInt32, _ right: UInt32) -> UInt32 {
        left > right ? left - right : right - left
    }

    private var sameTitle: Bool { item.keys.title != 0 && item.keys.title == record.keys.title }
    private var sameID: Bool {
        item.hasOwnID && item.keys.id != 0 && item.keys.id == record.keys.id
    }
    private var sameLink: Bool {
        item.hasOwnLink && item.keys.link != 0 && item.keys.link == record.keys.link
    }
    /// Whether both have an identifier that is more than the link, and another one.
    private var otherID: Bool {
        guard item.hasOwnID, record.keys.id != 0, item.keys.id != record.keys.id else {
            return false
        }
        return !(item.idIsLink && record.keys.id == record.keys.link)
    }
    private var otherLink: Bool {
        item.hasOwnLink && record.keys.link != 0 && item.keys.link != record.keys.link
    }
    private var titlesAlike: Bool {
        if item.keys.title == record.keys.title { return true }
        return item.traits.numbers == record.traits.numbers
            && TextSketch.areAlike(titles: item.traits.titleSketch, record.traits.titleSketch)
    }
    private var otherFile: Bool {
        item.traits.enclosure != 0 && record.traits.enclosure != 0
            && item.traits.enclosure != record.traits.enclosure
    }

    // MARK: The rules

    /// Whether identifier or link, with the rest, say that it is the same item.
    var isSameByKeys: Bool {
        switch (sameID, sameLink) {
        case (true, _): isSameByID
        case (false, true): isSameByLink
        case (false, false): false
        }
    }

    private var isSameByID: Bool {
        if sameTitle {
            guard text == .other else { return text == .same || !(otherLink && isLater) }
            if otherLink { return window.idsDistinguish && !isLater }
            // An identifier that is only the address of a page may stand for bulletins.
            if item.idIsLink { return window.idsDistinguish && !isLater }
            return window.idsDistinguish || !isLater
        }
        if otherLink {
            // Reused, unless the text says otherwise.
            return text == .same && item.traits.textLength >= ItemLikeness.shortText
                || text == .alike && !isLater
        }
        switch text {
        case .same, .alike: return true
        case .other:
            return window.idsDistinguish && sameLink && (titlesAlike || !isLater)
        case .none, .absent: return titlesAlike || window.idsDistinguish && sameLink
        }
    }

    private var isSameByLink: Bool {
        if sameTitle {
            switch text {
            case .same: return true
            case .alike, .none: return !isLater
            case .other: return false
            case .absent: return window.linksDistinguish || !isLater
            }
        }
        if otherID {
            return text == .same && item.traits.textLength >= ItemLikeness.longText
                || text == .alike && window.linksDistinguish && titlesAlike && !isLater
        }
        switch text {
        case .same:
            return window.linksDistinguish || item.traits.textLength >= ItemLikeness.shortText
        case .alike: return !isLater
        case .other: return false
        case .none, .absent: return window.linksDistinguish && titlesAlike && !isLater
        }
    }

    /// Whether title and text say that it is the same item, under other keys.
    var isSameByWording: Bool {
        guard !otherFile else { return false }
        let isLong = item.traits.textLength >= ItemLikeness.longText
        guard sameTitle || item.keys.title == 0 && record.keys.title == 0 else {
            return text == .same && isLong && titlesAlike
        }
        if !item.hasOwnID || record.keys.id == 0, !item.hasOwnLink || record.keys.link == 0 {
            // Title and text are all there is to compare; dates may tell, where they are.
            guard text == .absent else { return text == .same }
            return !differsInDate
        }
        if text == .same, isLong { return true }
        guard item.traits.place != 0, item.traits.place == record.traits.place, !otherID else {
            return false
        }
        // The same path at another host, or with another query.
        switch text {
        case .same: return item.traits.textLength >= ItemLikeness.shortText
        case .alike: return !isLater
        case .other, .none, .absent: return false
        }
    }

    /// Whether it may be the same item, if nearly all items of the window changed their keys at
    /// once.
    var isSameInChurn: Bool {
        guard !otherFile else { return false }
        switch text {
        case .same: return true
        case .alike, .absent, .none: return !isLater
        case .other: return false
        }
    }

    private var differsInDate: Bool {
        guard item.traits.published != 0, record.traits.published != 0,
            item.traits.published != record.traits.published, window.datesDistinguish
        else { return false }
        let stamped =
            ItemLikeness.distance(record.traits.published, record.lastSeen) <= 2
            && ItemLikeness.distance(item.traits.published, window.minute) <= 2
        return !stamped
    }
}
