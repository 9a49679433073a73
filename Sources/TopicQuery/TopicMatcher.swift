/// All topics' queries, compiled: matches an item against every topic in one pass.
package struct TopicMatcher: Sendable {
    /// The result of compiling.
    package struct Compilation: Sendable {
        /// The matcher; nil where there is an error.
        package var matcher: TopicMatcher?
        /// Errors and warnings.
        package var diagnostics: [QueryDiagnostic]
    }

    /// Room for one match at a time, to be used again; one for each task.
    package struct Scratch {
        /// Empty room.
        package init() {}
    }

    /// A matcher without topics.
    package init() {}

    /// Compiles topics and the sets they use.
    package static func compile(topics: [TopicSource], sets: [TermSetSource]) -> Compilation {
        Compilation(matcher: TopicMatcher(), diagnostics: [])
    }

    /// The topics that `item` meets, by index.
    package func match(_ item: ItemText, using scratch: inout Scratch) -> [TopicMatch] { [] }
}
