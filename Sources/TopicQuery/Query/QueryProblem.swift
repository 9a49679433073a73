/// An error or warning in one text, not yet tied to the topic or set it belongs to.
struct QueryProblem: Hashable, Sendable {
    var code: String
    var message: String
    var help: String?
    var range: Range<Int>

    /// The diagnostic for the text at `place`.
    func diagnostic(at place: QueryPlace) -> QueryDiagnostic {
        QueryDiagnostic(code: code, message: message, help: help, place: place, range: range)
    }
}
