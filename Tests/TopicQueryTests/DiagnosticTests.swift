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
        Row("a ⟦<near/5>⟧ b", "E105", "NEAR/5"),
        Row("a AND ⟦atleast2⟧ b", "E105", "ATLEAST/2"),
        Row("a AND ⟦nuke%⟧", "E105", "nuke*"),
    ])
    func errorsPointAtTheirPlaceAndSayWhatToWrite(_ row: Row) throws { try check(row) }

    @Test(arguments: [
        Row("a ⟦NEAR/100⟧ b", "E114", "NEAR/99"),
        Row("a ⟦NEAR5⟧ b", "E114", "NEAR/5"),
        Row("⟦ATLEAST⟧ a", "E114", "ATLEAST/5"),
        Row("ATLEAST/2 ⟦(a AND b)⟧", "E110", "OR inside"),
        Row("a SENT ⟦lang:ru⟧", "E110", "AND outside"),
        Row("a NOT ⟦NEAR⟧ b", "E114", "NEAR/5"),
        Row("a ⟦not⟧ IN b", "E105", "NOT"),
        Row("a ⟦IN⟧ b", "E107", "NOT IN"),
        Row("title:⟦⟧", "E103"),
        Row("⟦@⟧ OR a", "E103", "set's name"),
        Row("lang:⟦⟧", "E103", "without a blank"),
        Row("lang:⟦(⟧ru OR uk)", "E103", "(lang:… OR lang:…)"),
        Row("lang:⟦ru,uk⟧ AND a", "E103", "(lang:ru OR lang:uk)"),
        Row("(a AND b) OR c ⟦AND⟧ d", "E106", "((a AND b) OR c) AND d"),
        Row("a AND (⟦NOT b⟧ OR c)", "E109"),
        Row("⟦NOT a AND NOT b⟧", "E108"),
        Row("\"Kursk\"⟦*⟧", "E115", "inside of the quotes"),
        Row("⟦\"a*b c\"⟧", "E115"),
        Row("⟦+a⟧ AND b", "E105", "AND between"),
        Row("a ⟦+b⟧", "E105", "AND between"),
        Row("@kursk ⟦-⟧@kursk", "E107", "AND NOT @kursk"),
        Row("a ⟦-⟧\"b c\"", "E107", "AND NOT \"b c\""),
        Row("⟦=⟧@kursk", "E105", "@kursk"),
        Row("⟦K?rsk⟧", "E105", "with OR"),
        Row("⟦Kurs?⟧", "E105", "Kurs*"),
        Row("⟦Kursk!⟧", "E105", "Kursk*"),
        Row("⟦Kursk~⟧", "E105", "spellings"),
        Row("⟦Kursk~0.8⟧ OR a", "E105", "spellings"),
        Row("⟦Kursk^2⟧ AND a", "E105", "score"),
        Row("⟦/kur.k/⟧", "E105", "stem"),
        Row("⟦{a}⟧", "E105", "( )"),
        Row("⟦la=en⟧ AND a", "E105", "lang:en"),
        Row("⟦hd=⟧(a OR b)", "E105", "title:(…)"),
        Row("⟦HEADLINE⟧(a OR b)", "E105", "title:(…)"),
        Row("⟦intitle:⟧a", "E116", "write title:"),
        Row("⟦language:⟧ru", "E116", "write lang:"),
        Row("⟦site:⟧tass", "E116", "url:"),
        Row("⟦after:⟧2024", "E116", "--since"),
        Row("a ⟦AROUND(5)⟧ b", "E105", "NEAR/5"),
        Row("a ⟦ADJ⟧ b", "E105", "BEFORE/0"),
        Row("a ⟦adj5⟧ b", "E105", "BEFORE/4"),
        Row("a ⟦XOR⟧ b", "E105", "AND NOT"),
        Row("a ⟦ANDNOT⟧ b", "E105", "AND NOT"),
        Row("a ⟦SAME⟧ b", "E105", "SENT"),
        Row("a ⟦SENT/5⟧ b", "E105", "SENT"),
        Row("a ⟦/5⟧ b", "E105", "NEAR/5"),
        Row("a ⟦+5⟧ b", "E105", "BEFORE/5"),
        Row("a ⟦И⟧ b", "E105", "AND"),
        Row("a ⟦или⟧ b", "E105", "OR"),
        Row("a ⟦НЕ⟧ b", "E105", "AND NOT"),
        Row("a ⟦ODER⟧ b", "E105", "OR"),
        Row("\"a b\"⟦~5⟧", "E105", "a NEAR/5 b"),
        Row("a ⟦ＡＮＤ⟧ b", "E105", "AND"),
        Row("a ⟦NEAR／5⟧ b", "E105", "NEAR/5"),
        Row("⟦＠kursk⟧", "E105", "@kursk"),
        Row("⟦title：a⟧", "E105", "title:a"),
        Row("⟦＝a⟧ OR b", "E105", "=a"),
        Row("(a ⟦'b⟧ c')", "E104"),
        Row("(a OR b ⟦c⟧)", "E104"),
        Row("a1 OR b1 ⟦AND⟧ NOT c1", "E106"),
        Row("abc ⟦not⟧ def", "E105", "AND NOT"),
        Row("a ⟦SENTENCE⟧ b", "E105", "SENT"),
        Row("a ⟦paragraph⟧ b", "E105", "PARA"),
        Row("a ⟦same/3⟧ b", "E105", "SENT"),
    ])
    func otherToolsWaysAreRecognised(_ row: Row) throws { try check(row) }

    @Test(arguments: [
        "C++", "R&D", "AT&T", "O'Reilly", "'ndrangheta", "et AND и", "next", "не OR or-not",
        "COVID-19", "F-16", "50+", "#a\nb", "а1", "=И", "state-of-the-art", "km/h", "24/7",
        "title:\"a?\"", "feed:a* OR url:*?x=1*", "\"what?\"", "\"[a]\"", "author:\"K *\" AND a",
    ])
    func whatOnlyLooksForeignIsATerm(_ query: String) throws {
        let topic = TopicSource(id: "t", query: query)
        let errors = TopicMatcher.compile(topics: [topic], sets: []).diagnostics
            .filter { $0.severity == .error }
        #expect(errors.isEmpty, "\(errors)")
    }

    private func check(_ row: Row) throws {
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

    @Test(arguments: ["»", "“", "\"", "=»", "=", "«»", " » "]) func quotesAroundNothingAreAnError(
        term: String
    ) {
        let found = TopicMatcher.compile(topics: [], sets: [set("a", ["any": term])]).diagnostics
        #expect(found.map(\.code).filter { $0.hasPrefix("E") } == ["E117"])
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
        for word in [
            "AND ", "and ", "hd= ", "-", "NEAR ", "AROUND(5) ", "* ", "-(", "hd=(", "head(",
        ] {
            let topic = TopicSource(id: "t", query: String(repeating: word, count: 50_000))
            #expect(TopicMatcher.compile(topics: [topic], sets: []).matcher == nil)
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

    @Test(arguments: [
        ("ru", "солдаты Кима,солдат Кима", [0]), ("ru", "солдат Кима,солдаты Кима", [1]),
        ("en", "drones,drone", [0]), ("en", "Kursk,Kursk region", [1]), ("en", "US,us", [0]),
        ("ko", "북한,북한군", [1]), ("en", "Korea*,Koreans,North Korean", [1, 2]),
        ("en", "foo,foo*", [0]), ("zh", "朝鲜,朝鮮", [1]), ("uk", "Мала Локня,Малої Локні", [1]),
    ])
    func ofTwoEntriesTheOneThatFindsLessIsContained(
        language: String,
        entries: String,
        contained: [Int]
    ) {
        let topic = TopicSource(id: "t", query: "@s")
        let found = TopicMatcher.compile(topics: [topic], sets: [set("s", [language: entries])])
            .diagnostics.filter { $0.code == "W205" }
        #expect(found.map(\.place) == contained.map { .entry(set: 0, entry: $0) }, "\(found)")
    }

    @Test func whatIsAskedForAndLeftOutIsToldOnce() {
        for query in ["a1 AND NOT a1", "foo AND NOT foo"] {
            let topic = TopicSource(id: "t", query: query)
            let found = TopicMatcher.compile(topics: [topic], sets: []).diagnostics
            #expect(found.map(\.code) == ["W207"], "\(found)")
        }
        let topic = TopicSource(id: "t", query: "foo AND NOT foo*")
        let found = TopicMatcher.compile(topics: [topic], sets: []).diagnostics
        #expect(found.first { $0.code == "W206" }?.help?.contains("\"foo*\"") == true, "\(found)")
        let exact = TopicSource(id: "t", query: "foo AND NOT =Foo")
        let help = TopicMatcher.compile(topics: [exact], sets: []).diagnostics.first?.help
        #expect(help?.hasSuffix("NOT IN =\"Foo\"") == true)
    }

    @Test func commentsFullWidthBracketsAndQuotesAreRead() throws {
        let query = "（a OR «b c»）# or else\n AND „d e“"
        #expect(try match(query, ItemText(title: "b c d e")) != nil)
    }
}
