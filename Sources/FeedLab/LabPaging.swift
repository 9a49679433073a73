/// A feed that shows its newest items only, and has the older ones on pages that its documents
/// lead to.
package struct LabPaging: Hashable, Sendable, Codable {
    /// How pages are cut and linked.
    package enum Style: String, Hashable, Sendable, Codable {
        /// Pages counted from the newest item on (`?page=2`), which shift with each new one: RFC
        /// 5005, section 3 (`rel="next"`), or `next_url` of JSON Feed.
        case pages
        /// Archives counted from the oldest item on (`?archive=1`), which never change: RFC 5005,
        /// section 4 (`rel="prev-archive"`).
        case archives
    }

    /// How pages are cut and linked.
    package var style: Style
    /// How many items the feed's own document shows.
    package var window: Int
    /// How many items a page holds.
    package var size: Int
    /// What page addresses start with: the base of another server; empty: the feed's own.
    package var base: String
    /// The page that the last one leads to; nil: to none.
    package var loop: Int?
    /// Whether older and older items are made up where there are no more.
    package var isEndless: Bool
    /// What is wrong with single pages, by number, in the words of `LabFault`.
    package var faults: [Int: String]

    /// Pages.
    package init(
        _ style: Style,
        window: Int,
        size: Int,
        base: String = "",
        loop: Int? = nil,
        isEndless: Bool = false,
        faults: [Int: String] = [:]
    ) {
        self.style = style
        self.window = window
        self.size = size
        self.base = base
        self.loop = loop
        self.isEndless = isEndless
        self.faults = faults
    }

    /// What one document shows.
    struct Cut: Hashable {
        /// The items, as a range of those shown, the newest being 0.
        var items: Range<Int>
        /// The number of the page it leads to; nil: to none.
        var next: Int?
    }

    /// The parameter that names a page.
    var parameter: String { style == .pages ? "page" : "archive" }

    /// The relation of the link to an older page.
    var relation: String { style == .pages ? "next" : "prev-archive" }

    /// What the page with this number shows of `count` items; nil is the feed's own document.
    func cut(_ number: Int?, of count: Int) -> Cut {
        switch style {
        case .pages:
            let page = max(1, number ?? 1)
            let start = page == 1 ? 0 : window + (page - 2) * size
            let end = page == 1 ? window : start + size
            let isLast = end >= count && !isEndless
            let items = min(start, count)..<min(end, count)
            return Cut(items: items, next: isLast ? loop : page + 1)
        case .archives:
            let whole = count / size
            guard let number else {
                let last = whole > 0 ? whole : loop
                return Cut(items: 0..<min(window, count), next: last)
            }
            let end = max(0, count - (number - 1) * size)
            return Cut(items: max(0, end - size)..<end, next: number > 1 ? number - 1 : loop)
        }
    }

    /// The address of a page of the feed at `path`.
    func address(of number: Int, path: String) -> String { "\(base)\(path)?\(parameter)=\(number)" }
}

extension LabFeed {
    /// The number of the page that the value of the feed's page parameter names; nil: the feed's
    /// own document.
    func page(_ value: (String) -> String?) -> Int? {
        paging.flatMap { value($0.parameter) }.flatMap { Int($0) }
    }

    /// The items of a page, and the address of the page it leads to.
    func cut(_ shown: [[UInt8]], page: Int?) -> (items: [[UInt8]], link: String?) {
        guard let paging else { return (shown, nil) }
        let cut = paging.cut(page, of: shown.count)
        var items = Array(shown[cut.items])
        if items.isEmpty, paging.isEndless {
            let number = page ?? 1
            items = (0..<paging.size).map { place in
                let item = LabItem(
                    id: "endless-\(number)-\(place)",
                    title: "Item \(place) of page \(number)",
                    published: LabDates.noon
                )
                return Array(document.format.render(item, inASCII: !document.isUTF8).utf8)
            }
        }
        return (items, cut.next.map { paging.address(of: $0, path: path) })
    }
}
