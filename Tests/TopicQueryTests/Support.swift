import Testing

@testable import TopicQuery

/// Compiles one query with the sets of the tests.
func matcher(
    _ query: String,
    exclude: String? = nil,
    sets: [TermSetSource] = []
) throws -> TopicMatcher {
    let topic = TopicSource(id: "t", query: query, exclude: exclude)
    let compilation = TopicMatcher.compile(topics: [topic], sets: sets)
    let errors = compilation.diagnostics.filter { $0.severity == .error }
    return try #require(compilation.matcher, "\(errors)")
}

/// The match of one topic in one item.
func match(
    _ query: String,
    _ item: ItemText,
    sets: [TermSetSource] = []
) throws -> TopicMatch? {
    var scratch = TopicMatcher.Scratch()
    return try matcher(query, sets: sets).match(item, using: &scratch).first
}

/// What one topic hits in a title.
func hits(_ query: String, _ title: String, sets: [TermSetSource] = []) throws -> [String] {
    try match(query, ItemText(title: title), sets: sets)?.hits.map(\.text) ?? []
}

/// A set from languages and their terms, parted by commas.
func set(_ name: String, _ terms: [String: String], notIn: String = "") -> TermSetSource {
    func entries(_ list: String, _ language: String) -> [TermEntry] {
        list.split(separator: ",").map { TermEntry(text: String($0), language: language) }
    }
    return TermSetSource(
        name: name,
        entries: terms.sorted { $0.key < $1.key }.flatMap { entries($1, $0) },
        notIn: entries(notIn, "any")
    )
}
