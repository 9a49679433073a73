internal import FeedModel
internal import WatchCore

/// How a simulated feed gives its older items.
struct SimulatedPages {
    /// Whether the pages are archives that never change (RFC 5005, section 4); else they are
    /// counted from the newest item (section 3, JSON Feed).
    let isArchive: Bool
    /// So many times the window are on older pages; nil: all items are.
    var depth: Int?
    /// How many items a page has, as a part of the window.
    var part = 1
    /// Whether they answer 404.
    var isMissing = false
    /// Whether the second leads to the first.
    var isCircle = false
    /// How long they are out of reach after the first of them was asked for.
    var delay: Duration = .zero
    /// Whether the trouble is about them.
    var isPlanted = true

    /// The pages that belong to a trouble; those of a feed that has no trouble with them exist
    /// where it `isLucky`.
    init?(_ trouble: SimulatedTrouble, isLucky: Bool) {
        isArchive = trouble == .floodsOverArchives
        switch trouble {
        case .floodsOverPages, .floodsOverArchives: break
        case .floodsOverSlowPages: delay = .seconds(10 * 60)
        case .floodsPastPages: depth = 1
        case .floodsOverNoPages: isMissing = true
        case .floodsInCircles: isCircle = true
        case .floodsTooDeep: part = 16
        // An archive beside one that is published again says nothing more, and who is asked
        // elsewhere or not at all has no pages.
        case .floods, .floodsUnderPin, .republishes, .moves: return nil
        default:
            guard isLucky else { return nil }
            isPlanted = false
        }
    }

    /// Whether they bring all that was lost.
    var areWhole: Bool { depth == nil && !isMissing && !isCircle && part == 1 }
}

/// The address of a page of older items.
struct SimulatedPageLink {
    let url: String
    let isArchive: Bool
}

/// Giving older items.
extension SimulatedSource {
    /// How many items a page has.
    private var pageSize: Int { max(1, style.window / (pages?.part ?? 1)) }

    /// The page with what is older than the feed's document shows; nil: there is none.
    var olderThanWindow: SimulatedPageLink? {
        guard let pages, published > style.window else { return nil }
        // The last archive that is full: the document shows all that is in none.
        return link(pages.isArchive ? published / pageSize - 1 : 0)
    }

    /// Whether the pages hold all of `lost`, and an item before it.
    func pagesHold(_ lost: Range<Int>) -> Bool {
        guard let pages, !pages.isMissing else { return false }
        if let depth = pages.depth { return lost.count < depth * style.window }
        if pages.isCircle { return lost.count < pageSize * 2 }
        return pages.areWhole || lost.count < pageSize * Limits().archivePages
    }

    private func link(_ page: Int) -> SimulatedPageLink? {
        pages.map { pages in
            SimulatedPageLink(
                url: "http://\(host)/feed\(number)?page=\(page)",
                isArchive: pages.isArchive
            )
        }
    }

    /// The answer where `url` is one of the pages; nil: it is the feed itself.
    mutating func page(
        _ url: String,
        now: Timestamp
    ) -> Result<HTTPResponse, TransportFailure>? {
        guard let pages, let mark = url.firstRange(of: "?page="),
            let page = Int(url[mark.upperBound...])
        else { return nil }
        if pagesAsked == nil || now - (pagesAsked ?? now) > .seconds(86_400) { pagesAsked = now }
        if pages.isMissing { return .success(HTTPResponse(status: 404, url: url)) }
        if let pagesAsked, now - pagesAsked < pages.delay {
            return .success(HTTPResponse(status: 503, url: url))
        }
        let shown: Range<Int>
        var older: Int?
        if pages.isArchive {
            shown = page * pageSize..<(page + 1) * pageSize
            older = page > 0 ? page - 1 : nil
        } else {
            let end = max(0, published - style.window - page * pageSize)
            shown = max(0, end - pageSize)..<end
            let isLast = pages.depth.map { page + 1 >= $0 * pages.part } ?? false
            older = shown.lowerBound > 0 && !isLast ? page + 1 : nil
            if pages.isCircle, page > 0 { older = 0 }
        }
        for index in shown { stories[index].wasShown = true }
        let body = SimulatedDocument.encoded(
            items(shown, now: now),
            older: older.flatMap { link($0) }
        )
        return .success(HTTPResponse(status: 200, body: body, url: url))
    }
}
