/// An entry of a term set, as written.
package struct TermEntry: Hashable, Sendable {
    /// The list item: a word, a phrase, `=exact`, `prefix*` or `@other-set`.
    package var text: String
    /// The key it stood under: a language code, or any other word for none in particular.
    package var language: String

    /// An entry.
    package init(text: String, language: String) {
        self.text = text
        self.language = language
    }
}

/// A `[terms.NAME]` table: a named set of terms.
package struct TermSetSource: Hashable, Sendable {
    /// The name, without `@`.
    package var name: String
    /// The entries in order.
    package var entries: [TermEntry]
    /// What an occurrence may not be part of.
    package var notIn: [TermEntry]

    /// A set.
    package init(name: String, entries: [TermEntry], notIn: [TermEntry] = []) {
        self.name = name
        self.entries = entries
        self.notIn = notIn
    }
}

/// A field of an item's text.
package enum TextField: Int, Hashable, Sendable, CaseIterable {
    case title
    case summary
    case content

    /// The name in queries and records.
    package var name: String {
        switch self {
        case .title: "title"
        case .summary: "summary"
        case .content: "content"
        }
    }
}

/// A `[[topic]]`, as written.
package struct TopicSource: Hashable, Sendable {
    /// The topic's name.
    package var id: String
    /// What must hold.
    package var query: String
    /// What must not hold.
    package var exclude: String?
    /// The fields that are looked at.
    package var fields: [TextField] = TextField.allCases
    /// The languages an item must be in; empty: any.
    package var languages: [String] = []
    /// The feeds an item must come from, by name; empty: any.
    package var feeds: [String] = []
    /// The least score.
    package var minScore = 0
    /// Whether items are matched with it; one that is not in force is checked and explained all
    /// the same.
    package var isInForce = true

    /// A topic over all fields, languages and feeds.
    package init(id: String, query: String, exclude: String? = nil) {
        self.id = id
        self.query = query
        self.exclude = exclude
    }
}

/// The text that a diagnostic speaks of.
package enum QueryPlace: Hashable, Sendable {
    /// The query of the topic with this index.
    case query(topic: Int)
    /// The exclusion of the topic with this index.
    case exclude(topic: Int)
    /// The entry with this index of the set with this index.
    case entry(set: Int, entry: Int)
    /// The same among the set's `not_in` entries.
    case notIn(set: Int, entry: Int)
    /// The set with this index as a whole.
    case termSet(Int)
    /// The topic with this index as a whole.
    case topic(Int)
}

/// An error or warning about a query or term set.
package struct QueryDiagnostic: Hashable, Sendable {
    /// How bad it is.
    package enum Severity: String, Sendable {
        case error
        case warning
    }

    /// `E101` …, `W201` … (docs/topics.md).
    package var code: String
    /// The message in one line.
    package var message: String
    /// A suggestion in one line, or nil.
    package var help: String?
    /// The text it speaks of.
    package var place: QueryPlace
    /// Where in that text, as offsets in Unicode scalars.
    package var range: Range<Int>

    /// A diagnostic.
    package init(
        code: String,
        message: String,
        help: String? = nil,
        place: QueryPlace,
        range: Range<Int>
    ) {
        self.code = code
        self.message = message
        self.help = help
        self.place = place
        self.range = range
    }

    /// How bad it is: by the code's letter.
    package var severity: Severity { code.hasPrefix("E") ? .error : .warning }
}
