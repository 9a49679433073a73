package import FeedModel

/// An item of a document, as far as it tells whether the document joins what was known before.
package struct WindowItem: Hashable, Sendable {
    /// What is known of the item.
    package enum Standing: Sendable {
        /// Nothing: it was never seen.
        case new
        /// It was known before the gap.
        case before
        /// It was found since the gap.
        case since
    }

    /// When it says that it was published.
    package var date: Timestamp?
    /// What is known of it.
    package var standing: Standing

    /// An item.
    package init(_ standing: Standing, date: Timestamp? = nil) {
        self.standing = standing
        self.date = date
    }
}

/// Decides whether a document joins what was known before it: whether nothing can have been
/// missed between the two.
package enum WindowJoin {
    /// No more known items than these can be kept on top of a document for good.
    static let pinned = 3

    /// The items known before that stand in their place by date, so that the document goes on
    /// where the known ones end: indices, in order.
    ///
    /// One that is kept on top although it is older than what stands below it joins nothing. An
    /// item without date stands in its place.
    package static func joints(_ items: [WindowItem]) -> [Int] {
        let order = order(items)
        var (lowAbove, highAbove): (Timestamp?, Timestamp?) = (nil, nil)
        var below: [(low: Timestamp?, high: Timestamp?)] = Array(
            repeating: (nil, nil),
            count: items.count
        )
        var (low, high): (Timestamp?, Timestamp?) = (nil, nil)
        for index in items.indices.reversed() {
            below[index] = (low, high)
            guard items[index].standing == .new, let date = items[index].date else { continue }
            (low, high) = (min(low ?? date, date), max(high ?? date, date))
        }
        var joints: [Int] = []
        for (index, item) in items.enumerated() {
            let date = item.date
            switch (item.standing, date) {
            case (.before, nil):
                joints.append(index)
            case (.before, let date?):
                let falls = (lowAbove ?? date) >= date && (below[index].high ?? date) <= date
                let rises = (highAbove ?? date) <= date && (below[index].low ?? date) >= date
                if order >= 0 && falls || order <= 0 && rises { joints.append(index) }
            case (.new, let date?):
                lowAbove = min(lowAbove ?? date, date)
                highAbove = max(highAbove ?? date, date)
            case (.new, nil), (.since, _):
                continue
            }
        }
        return joints
    }

    /// Whether a whole document has nothing in common with what was known before it, but for a
    /// few items that are kept on top.
    ///
    /// Of known items without dates above all new ones nobody can tell whether they are kept
    /// there: better to tell of a gap that is none.
    package static func isApart(_ items: [WindowItem]) -> Bool {
        let known = items.count { $0.standing == .before }
        guard known > 0 else { return !items.isEmpty }
        guard known <= pinned, known * 4 <= items.count else { return false }
        let firstNew = items.firstIndex { $0.standing == .new } ?? items.endIndex
        return joints(items).allSatisfy { items[$0].date == nil && $0 < firstNew }
    }

    /// How the new items lie by date: above 0 the newest first, below it the oldest first.
    static func order(_ items: [WindowItem]) -> Int {
        var order = 0
        var last: Timestamp?
        for item in items where item.standing == .new {
            guard let date = item.date else { continue }
            if let last, last != date { order += last > date ? 1 : -1 }
            last = date
        }
        return order
    }
}
