import Glibc
import Testing

@testable import TopicQuery

/// The guide "Writing topics" shows only what can be written.
@Suite struct GuideTests {
    /// The queries of docs/topics.md: those in its examples, and those within its text.
    private func queries() throws -> [String] {
        let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
        let file = try #require(fopen(root + "/docs/topics.md", "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        let text = String(decoding: bytes.prefix(count), as: UTF8.self)
        var queries: [String] = []
        for (index, block) in text.split(separator: "```", omittingEmptySubsequences: false)
            .enumerated()
        {
            queries += index % 2 == 1 ? assigned(in: String(block)) : inline(in: String(block))
        }
        return queries
    }

    /// What stands between the quotes behind `query =` and `exclude =`.
    private func assigned(in block: String) -> [String] {
        guard block.hasPrefix("toml") else { return [] }
        let quote = block.contains("'''") ? "'''" : "'"
        let parts = block.split(separator: quote, omittingEmptySubsequences: false).map(String.init)
        return zip(parts, parts.dropFirst()).compactMap { before, text in
            let key = before.split(separator: "\n").last?.filter { $0 != " " }
            return key == "query=" || key == "exclude=" ? text : nil
        }
    }

    /// Code within text that joins two things.
    private func inline(in block: String) -> [String] {
        let operators = [" SENT ", " PARA ", " NEAR/", " BEFORE/", " NOT IN ", " AND ", " OR "]
        let spans = block.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
        return spans.filter { span in
            operators.contains { span.contains($0) } && !span.hasPrefix("AND ")
                && !span.hasPrefix("NOT ")
        }
    }

    @Test func everyQueryOfTheGuideCompiles() throws {
        let queries = try queries()
        #expect(queries.count >= 15, "\(queries)")
        for query in queries {
            let names = (" " + query).split(separator: "@").dropFirst().map { part in
                String(part.prefix { $0.isLetter || $0 == "-" })
            }
            let sets = Set(names).map { set($0, ["en": "\($0)x"]) }
            let topic = TopicSource(id: "t", query: query)
            let errors = TopicMatcher.compile(topics: [topic], sets: sets).diagnostics
                .filter { $0.severity == .error }
            #expect(errors.isEmpty, "\(query): \(errors)")
        }
    }
}
