import Testing

@testable import TopicQuery

@Suite struct DiagnosticTests {
    /// A query with ⟦ ⟧ around the place where the error must point.
    struct Row: Sendable, CustomTestStringConvertible {
        var marked: String
        var code: String
        var help: String?

        init(_ marked: String, _ code: String, _ help: String? = nil) {
            self.marked = marked
            self.code = code
            self.help = help
        }

        var testDescription: String { marked }
        var text: String { marked.filter { $0 != "⟦" && $0 != "⟧" } }
        var range: Range<Int> {
            let scalars = Array(marked.unicodeScalars)
            let start = scalars.firstIndex(of: "⟦") ?? 0
            let end = scalars.firstIndex(of: "⟧") ?? start + 1
            return start..<end - 1
        }
    }

    @Test(arguments: [
        Row("a AND ⟦\"b c⟧", "E101"),
        Row("a AND ⟦(⟧b OR c", "E102"),
        Row("a AND b⟦)⟧", "E102"),
        Row("a AND b⟦)⟧) OR c)", "E102"),
        Row("a AND ⟦(⟧b OR (c AND (d", "E102"),
        Row("⟦(⟧(a AND b) OR c", "E102"),
        Row("a AND⟦⟧", "E103"),
        Row("⟦AND⟧ a", "E103"),
        Row("a AND (⟦)⟧", "E103"),
        Row("a ⟦b⟧", "E104", "(\"a b\")"),
        Row("a ⟦b⟧ c", "E104"),
        Row("a ⟦and⟧ b", "E105", "AND"),
        Row("a ⟦near/3⟧ b", "E105", "NEAR/3"),
        Row("a AND b ⟦OR⟧ c", "E106", "(a AND b) OR c, or a AND (b OR c)"),
        Row("a ⟦NOT⟧ b", "E107", "AND NOT leaves out"),
        Row("a AND ⟦-b⟧", "E107", "AND NOT b"),
        Row("a ⟦-b⟧", "E107", "AND NOT b"),
        Row("⟦NOT a⟧", "E108"),
        Row("a OR ⟦NOT b⟧", "E109"),
        Row("a NEAR/5 ⟦(b AND c)⟧", "E110"),
        Row("a NEAR/5 b ⟦SENT⟧ c", "E111"),
        Row("⟦@kurks⟧", "E112", "@kursk"),
        Row("a ⟦NEAR⟧ b", "E114", "NEAR/5"),
        Row("⟦ab*⟧", "E115"),
        Row("⟦a*bcd⟧", "E115"),
        Row("⟦titel:⟧a", "E116", "did you mean title:?"),
        Row("⟦…⟧", "E117"),
        Row("a ⟦w/5⟧ b", "E105", "NEAR/5"),
        Row("a ⟦/s⟧ b", "E105", "SENT"),
        Row("a ⟦/p⟧ b", "E105", "PARA"),
        Row("a ⟦pre/5⟧ b", "E105", "BEFORE/5"),
        Row("a ⟦onear/5⟧ b", "E105", "BEFORE/5"),
        Row("a ⟦near/5f⟧ b", "E105", "NEAR/5"),
        Row("\"a b\"⟦~5⟧ c", "E105", "NEAR/5"),
        Row("a ⟦&&⟧ b", "E105", "AND"),
        Row("a ⟦||⟧ b", "E105", "OR"),
    ])
    func errorsPointAtTheirPlaceAndSayWhatToWrite(_ row: Row) throws {
        let sets = [set("kursk", ["en": "Kursk"])]
        let topic = TopicSource(id: "t", query: row.text)
        let found = TopicMatcher.compile(topics: [topic], sets: sets).diagnostics
            .filter { $0.severity == .error }
        let error = try #require(found.first, "no error")
        #expect(found.count == 1, "\(found)")
        #expect(error.code == row.code, "\(error)")
        #expect(error.range == row.range, "\(error)")
        if let help = row.help { #expect(error.help?.contains(help) == true, "\(error)") }
    }

    @Test func allErrorsOfAQueryAreToldAtOnce() {
        let topic = TopicSource(id: "t", query: "a b AND (c NEAR d) AND @nope AND \"e")
        let codes = TopicMatcher.compile(topics: [topic], sets: []).diagnostics.map(\.code)
        #expect(Set(codes) == ["E101", "E104", "E112", "E114"])
    }

    @Test func setsThatReferToOneAnotherAreNamed() throws {
        let sets = [set("a", ["any": "@b"]), set("b", ["any": "@a"])]
        let found = TopicMatcher.compile(topics: [], sets: sets).diagnostics
        let error = try #require(found.first { $0.code == "E113" })
        #expect(error.message.contains("@a → @b → @a"))
        #expect(error.place == .entry(set: 1, entry: 0))
    }

    @Test func deepNestingIsAnErrorAndNoCrash() {
        for text in [
            String(repeating: "(", count: 100_000), String(repeating: "NOT ", count: 100_000),
            String(repeating: "title:", count: 100_000),
            String(repeating: "ATLEAST/2 ", count: 100_000),
        ] {
            let topic = TopicSource(id: "t", query: text + "a")
            let compilation = TopicMatcher.compile(topics: [topic], sets: [])
            #expect(compilation.matcher == nil)
            #expect(compilation.diagnostics.count == 1)
        }
        for text in [String(repeating: "(a OR ", count: 90), String(repeating: ")", count: 9_000)] {
            let topic = TopicSource(id: "t", query: "a OR b" + text)
            #expect(TopicMatcher.compile(topics: [topic], sets: []).diagnostics.count <= 4)
        }
    }

    @Test func longChainsAreFine() throws {
        let words = (0..<20_000).map { "a\($0)" }
        for join in [" OR ", " AND ", " NEAR/2 "] {
            let text = words.joined(separator: join)
            #expect(try match(text, ItemText(title: words.joined(separator: " "))) != nil)
        }
    }

    @Test func warningsNameWhatIsProbablyNotMeant() {
        let topic = TopicSource(id: "t", query: "@s AND NOT \"Kursk submarine\"")
        let sets = [
            set("s", ["en": "Kursk,Kursk region,Кursk", "zh": "俄"]), set("unused", ["en": "x1"]),
        ]
        let found = TopicMatcher.compile(topics: [topic], sets: sets).diagnostics
        let codes = ["W202", "W203", "W204", "W205", "W206"]
        #expect(found.map(\.severity).allSatisfy { $0 == .warning }, "\(found)")
        #expect(Set(found.map(\.code)) == Set(codes), "\(found)")
        #expect(found.first { $0.code == "W204" }?.message.contains("К in \"Кursk\"") == true)
        #expect(found.first { $0.code == "W205" }?.place == .entry(set: 0, entry: 1))
    }

    @Test func commentsFullWidthBracketsAndQuotesAreRead() throws {
        let query = "（a OR «b c»）# or else\n AND „d e“"
        #expect(try match(query, ItemText(title: "b c d e")) != nil)
    }
}
