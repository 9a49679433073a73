/// A subscription list, as another reader wrote it.
package struct OPMLDocument: Sendable {
    /// The list's title.
    package var title: String?
    /// The feeds, in the order of the list; one that stands in several folders comes several times.
    package var feeds: [OPMLFeed] = []
    /// What is wrong with it.
    package var problems: [OPMLProblem] = []
    /// The text in UTF-8, without a byte order mark: what places are counted in.
    package var text: [UInt8] = []

    /// An empty list.
    package init() {}
}

/// A feed of a subscription list.
package struct OPMLFeed: Hashable, Sendable {
    /// The feed's address, as written but for entities.
    package var url: String
    /// The title; nil: none.
    package var title: String?
    /// The address of the page that the feed belongs to.
    package var page: String?
    /// The titles of the folders it stands in, from the outside.
    package var folders: [String]
    /// Where the address stands, as offsets into the text.
    package var place: Range<Int>

    /// A feed.
    package init(
        url: String,
        title: String? = nil,
        page: String? = nil,
        folders: [String] = [],
        place: Range<Int> = 0..<0
    ) {
        self.url = url
        self.title = title
        self.page = page
        self.folders = folders
        self.place = place
    }
}

/// Something wrong with a subscription list.
package struct OPMLProblem: Hashable, Sendable {
    /// Whether feeds may be missing.
    package var isError: Bool
    /// What it is, for people.
    package var message: String
    /// Where, as offsets into the text.
    package var place: Range<Int>
}
