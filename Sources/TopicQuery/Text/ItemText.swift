/// The text of one item, as it is matched.
///
/// Fields are plain text in UTF-8. U+2029 parts paragraphs, and so does an empty line; a single
/// line break is white space.
package struct ItemText: Sendable {
    /// The buffer that holds the fields.
    package var bytes: [UInt8] = []
    /// Where the title stands in the buffer.
    package var title = 0..<0
    /// Where the summary stands in the buffer.
    package var summary = 0..<0
    /// Where the content stands in the buffer.
    package var content = 0..<0
    /// The language (BCP 47), or empty.
    package var language = ""
    /// The feed's name.
    package var feed = ""
    /// The item's address, or empty.
    package var url = ""
    /// The authors' names.
    package var authors: [String] = []
    /// The categories.
    package var categories: [String] = []

    /// An empty text.
    package init() {}

    /// A text from strings, for tests and the command line.
    package init(title: String, summary: String = "", content: String = "", language: String = "") {
        func append(_ text: String) -> Range<Int> {
            let start = bytes.count
            bytes.append(contentsOf: text.utf8)
            return start..<bytes.count
        }
        self.title = append(title)
        self.summary = append(summary)
        self.content = append(content)
        self.language = language
    }

    /// Where a field stands in the buffer.
    package func range(of field: TextField) -> Range<Int> {
        switch field {
        case .title: title
        case .summary: summary
        case .content: content
        }
    }
}

/// A term at a place in a field.
package struct TopicHit: Hashable, Sendable {
    /// The term as written in the query or set.
    package var term: String
    /// The field.
    package var field: TextField
    /// The first scalar, counted in Unicode scalars of the field's plain text.
    package var start: Int
    /// The scalar behind the last.
    package var end: Int
    /// What stands there.
    package var text: String

    /// A hit.
    package init(term: String, field: TextField, start: Int, end: Int, text: String) {
        self.term = term
        self.field = field
        self.start = start
        self.end = end
        self.text = text
    }
}

/// A topic that an item met.
package struct TopicMatch: Hashable, Sendable {
    /// The topic's index among the topics that were compiled.
    package var topic: Int
    /// The hits that made it match, by field and place.
    package var hits: [TopicHit]
    /// The sentence with the most hits.
    package var excerpt: String
    /// How strongly it matched, 0 to 100.
    package var score: Int

    /// A match.
    package init(topic: Int, hits: [TopicHit], excerpt: String, score: Int) {
        self.topic = topic
        self.hits = hits
        self.excerpt = excerpt
        self.score = score
    }
}
