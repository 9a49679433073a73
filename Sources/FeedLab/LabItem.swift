/// An item that a test or a script publishes into a feed.
package struct LabItem: Hashable, Sendable, Codable {
    /// The item's id within its feed: `guid`, `atom:id` or `rdf:about`.
    package var id: String
    /// The headline.
    package var title: String
    /// The text below the headline; may hold markup, which is escaped where the format wants it.
    package var summary: String
    /// The link to the page.
    package var link: String
    /// When it says it was published, in seconds since 1970.
    package var published: Int

    /// An item.
    package init(
        id: String,
        title: String,
        summary: String = "",
        link: String? = nil,
        published: Int = LabDates.noon
    ) {
        self.id = id
        self.title = title
        self.summary = summary
        self.link = link ?? "https://lab.example/items/\(id)"
        self.published = published
    }
}
