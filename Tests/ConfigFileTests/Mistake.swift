import ConfigFile
import Testing

/// A file with a mistake, marked, and what must be said of it.
struct Mistake: CustomTestStringConvertible, Sendable {
    let text: String
    let message: String
    let hint: String?

    init(_ text: String, _ message: String, _ hint: String? = nil) {
        self.text = text
        self.message = message
        self.hint = hint
    }

    var testDescription: String { message }

    /// Checks that each mark has a problem with the message, and nothing else has one.
    func expect(
        _ severity: ConfigProblem.Severity = .error,
        variables: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let marked = MarkedText(text)
        let result = try load(marked.text, variables: variables)
        let problems = result.problems.filter { $0.code != "W201" }
        #expect(problems.map(\.mark) == marked.marks, sourceLocation: sourceLocation)
        for problem in problems {
            #expect(problem.message == message, sourceLocation: sourceLocation)
            #expect(problem.hint == hint, sourceLocation: sourceLocation)
            #expect(problem.severity == severity, sourceLocation: sourceLocation)
        }
        #expect(
            (result.configuration == nil) == (severity == .error),
            sourceLocation: sourceLocation
        )
    }
}
