/// What is allowed but probably not meant.
extension TopicCompiler {
    /// Adds the warnings about everything that was compiled.
    mutating func warn(queries: [QuerySyntax?]) {
    }
}
