import ConfigFile
import Testing

/// Every code of the topic language, once, as `check` shows it: the place, the line, a caret below
/// wide characters, and what to write instead.
@Suite struct DiagnosticTableTests {
    /// A query or a whole file, the code it must be answered with, and the lines of the answer.
    struct Row: Sendable, CustomTestStringConvertible {
        var code: String
        var query: String
        var place: String
        var message: String
        var caret: String
        var help: String

        init(
            _ code: String,
            _ query: String,
            _ place: String,
            _ message: String,
            _ caret: String,
            _ help: String
        ) {
            self.code = code
            self.query = query
            self.place = place
            self.message = message
            self.caret = caret
            self.help = help
        }

        var testDescription: String { code }
    }

    private static let test = "[[topic.test]]\ntext = 'x'\nmatch = false\n"

    // An ideograph, a syllable and a flag take two columns each.
    private static let errors: [Row] = [
        Row(
            "E101",
            "朝鲜 AND \"库尔斯克",
            "5:17",
            "quote is not closed",
            "                  ^^^^^^^^^",
            "close it on the same line"
        ),
        Row(
            "E102",
            "朝鲜 AND (俄罗斯 OR 普京",
            "5:17",
            "missing )",
            "                  ^",
            "close this ("
        ),
        Row(
            "E103",
            "쿠르스크 AND",
            "5:18",
            "a term is missing here",
            "                     ^",
            "put one beside the operator"
        ),
        Row(
            "E104",
            "北朝鮮 ロシア",
            "5:14",
            "two terms without an operator",
            "                ^^^^^^",
            "quote them for a phrase (\"北朝鮮 ロシア\"), or put AND / OR / NEAR/5 between them"
        ),
        Row(
            "E105",
            "🇰🇵 and Курск",
            "5:13",
            "operators are written in capitals",
            "            ^^^",
            "AND"
        ),
        Row(
            "E106",
            "朝鲜 AND 俄罗斯 OR 库尔斯克",
            "5:21",
            "AND and OR at the same level",
            "                         ^^",
            "write (朝鲜 AND 俄罗斯) OR 库尔斯克, or 朝鲜 AND (俄罗斯 OR 库尔斯克)"
        ),
        Row(
            "E107",
            "朝鲜 NOT 韩国",
            "5:13",
            "NOT needs AND before it",
            "              ^^^",
            "AND NOT leaves out the item; NOT IN / NOT NEAR/5 leave out the place"
        ),
        Row(
            "E108",
            "NOT 朝鲜",
            "5:10",
            "a query may not be only NOT",
            "         ^^^^^^^^",
            "say what must occur: … AND NOT …"
        ),
        Row(
            "E109",
            "朝鲜 OR NOT 韩国",
            "5:16",
            "OR NOT matches almost everything",
            "                 ^^^^^^^^",
            "put AND before NOT, or leave the NOT out"
        ),
        Row(
            "E110",
            "朝鲜 NEAR/5 (俄罗斯 AND 普京)",
            "5:20",
            "NEAR/5 needs places on both sides; AND, NOT and filters have none",
            "                     ^^^^^^^^^^^^^^^^^",
            "use OR inside the parentheses, or AND outside"
        ),
        Row(
            "E111",
            "朝鲜 NEAR/5 俄罗斯 SENT 普京",
            "5:24",
            "different proximity operators at the same level",
            "                            ^^^^",
            "add parentheses: (朝鲜 NEAR/5 俄罗斯) SENT …"
        ),
        Row(
            "E112",
            "朝鲜 SENT @kurks",
            "5:18",
            "unknown term set @kurks",
            "                   ^^^^^^",
            "did you mean @kursk?"
        ),
        Row(
            "E114",
            "朝鲜 NEAR 俄罗斯",
            "5:13",
            "NEAR needs a distance",
            "              ^^^^",
            "NEAR/5"
        ),
        Row(
            "E115",
            "朝鲜 OR ab*",
            "5:16",
            "* needs at least three letters before it and may only stand at the end",
            "                 ^^^",
            "write a longer stem, or the spellings with OR"
        ),
        Row(
            "E116",
            "朝鲜 AND titel:俄罗斯",
            "5:17",
            "unknown field titel",
            "                  ^^^^^^",
            "did you mean title:? fields: title, summary, content, text, lang, feed, author,"
        ),
        Row(
            "E117",
            "朝鲜 OR \"…\"",
            "5:16",
            "nothing left to search for after normalisation",
            "                 ^^^",
            "a term needs a letter, a digit or a flag"
        ),
    ]

    @Test(arguments: errors)
    func eachErrorOfAQueryPointsAtItsPlaceAndSaysWhatToWrite(_ row: Row) throws {
        let source = """
            [terms.kursk]
            zh = '库尔斯克'
            [[topic]]
            id = 't'
            query = '\(row.query)'

            """
        let result = try load(source + Self.test)
        #expect(result.configuration == nil)
        try check(result.errors, row, severity: "error", line: "query = '\(row.query)'")
    }

    @Test func setsInACircleAreShownAtTheEntryThatClosesIt() throws {
        let source = "[terms.loop]\nany = ['朝鲜', '@loop']\n[[topic]]\nid = 't'\nquery = '@loop'\n"
        let row = Row(
            "E113",
            "",
            "2:15",
            "term sets refer to one another: @loop → @loop",
            "                ^^^^^",
            ""
        )
        let errors = try load(source + Self.test).errors
        try check(errors, row, severity: "error", line: "any = ['朝鲜', '@loop']")
    }

    private static let warnings: [Row] = [
        Row(
            "W201",
            "[[topic]]\n⟦id = 't'⟧\nquery = '库尔斯克'\n",
            "2:6",
            "topic t has no test",
            "     ^^^",
            "a [[topic.test]] with a text that must match keeps it honest"
        ),
        Row(
            "W202",
            "⟦[terms.\"un\"]⟧\nzh = ['朝鲜']\n[[topic]]\nid = 't'\nquery = '库尔斯克'\n",
            "1:8",
            "term set @un is not used",
            "       ^^^^",
            ""
        ),
        Row(
            "W203",
            "[[topic]]\nid = 't'\n⟦query = '库尔斯克 OR 俄'⟧\n",
            "3:18",
            "one-character term without not_in",
            "                     ^^",
            "name the words it may not be part of: not_in, or NOT IN"
        ),
        Row(
            "W204",
            "[[topic]]\nid = 't'\n⟦query = '库尔斯克 OR Кursk'⟧\n",
            "3:18",
            "word mixes Latin and Cyrillic letters (К in \"Кursk\")",
            "                     ^^^^^",
            "the Cyrillic letter only looks like the other one; type it anew"
        ),
        Row(
            "W205",
            "[terms.s]\n⟦zh = ['库尔斯克', '库尔斯克州']⟧\n[[topic]]\nid = 't'\nquery = '@s'\n",
            "2:16",
            "库尔斯克州 is contained in another entry of the set: 库尔斯克",
            "                   ^^^^^^^^^^",
            "leave it out: 库尔斯克 finds it already"
        ),
        Row(
            "W206",
            "[terms.s]\nzh = '库尔斯克'\n[[topic]]\nid = 't'\n⟦query = '@s AND NOT \"库尔斯克号\"'⟧\n",
            "5:17",
            "NOT with a term of the same set leaves out whole items",
            "                ^^^^^^^^^^^^^^^^",
            "NOT IN leaves out the place only: … NOT IN \"库尔斯克号\""
        ),
        Row(
            "W207",
            "[[topic]]\nid = 't'\n⟦query = '库尔斯克 AND NOT 库尔斯克'⟧\n",
            "3:10",
            "topic can never match",
            "         ^^^^^^^^^^^^^^^^^^^^^^^^^",
            "NOT, NOT IN, exclude, or another filter or field leaves out what it asks for"
        ),
        Row(
            "W208",
            "[[topic]]\nid = 't'\n⟦query = '库尔斯克 OR the'⟧\n",
            "3:10",
            "topic matches nearly everything",
            "         ^^^^^^^^^^^^^^^",
            "say what must occur: … AND …"
        ),
        Row(
            "W209",
            "[[topic]]\nid = 't'\nquery = '库尔斯克'\n[[topic.test]]\ntext = 'x'\nmatch = false\n⟦[[topic.test]]⟧\n",
            "7:1",
            "the test duplicates another of the topic",
            "^^^^^^^^^^^^^^",
            "the first one is at "
        ),
    ]

    @Test(arguments: warnings)
    func eachWarningPointsAtItsPlaceAndSaysWhatToDo(_ row: Row) throws {
        let parts = row.query.split(separator: "⟦", omittingEmptySubsequences: false)
        let line = try #require(parts.last?.split(separator: "⟧").first)
        var source = String(row.query.filter { $0 != "⟦" && $0 != "⟧" })
        if row.code == "W209" {
            source += "text = 'x'\nmatch = false\n"
        } else if row.code != "W201" {
            source += Self.test
        }
        let result = try load(source)
        #expect(result.errors.isEmpty)
        #expect(result.configuration != nil)
        try check(result.warnings, row, severity: "warning", line: String(line))
    }

    private func check(
        _ problems: [ConfigProblem],
        _ row: Row,
        severity: String,
        line: String
    ) throws {
        let problem = try #require(problems.first { $0.code == row.code }, "\(problems)")
        let shown = problem.rendered(colour: false).split(separator: "\n").map(String.init)
        let number = String(row.place.prefix { $0 != ":" })
        let head = ":\(row.place): \(severity)[\(row.code)]: \(row.message)"
        #expect(shown[0].hasSuffix(head), "\(shown[0])")
        #expect(shown[1] == "    \(number) | \(line)")
        #expect(shown[2] == "      | \(row.caret)")
        if row.help.isEmpty {
            #expect(shown.count == 3)
        } else {
            #expect(shown.count == 4)
            #expect(shown.last?.hasPrefix("      = \(row.help)") == true, "\(shown)")
        }
    }
}
