import ConfigFile
import Testing

@Suite struct RenderingTests {
    @Test func theFormIsThatOfTheContract() {
        let problem = ConfigProblem(
            severity: .error,
            code: "E106",
            file: "topics.toml",
            line: 14,
            column: 21,
            length: 2,
            message: "AND and OR at the same level",
            hint: "write (@dprk AND @russia) OR @kursk, or @dprk AND (@russia OR @kursk)",
            sourceLine: "  @dprk AND @russia OR @kursk"
        )
        #expect(
            problem.rendered(colour: false) == """
                topics.toml:14:21: error[E106]: AND and OR at the same level
                   14 |   @dprk AND @russia OR @kursk
                      |                     ^^
                      = write (@dprk AND @russia) OR @kursk, or @dprk AND (@russia OR @kursk)
                """
        )
    }

    @Test func theCaretStandsBelowWideCharacters() throws {
        // Each Hangul syllable takes two columns, the mark on the и none.
        let problems = try load("[watch]\ncontact = 'x' # 북한\n'й북한' = 1\n").problems
        #expect(
            problems.map { $0.rendered(colour: false).split(separator: "\n").dropFirst() } == [
                [
                    "    3 | 'й북한' = 1",
                    "      | ^^^^^^^",
                ]
            ]
        )
    }

    @Test(arguments: [
        ("\tx", 2, "    x", "    ^"),
        ("ab\tx", 4, "ab  x", "    ^"),
        ("\u{202E}x", 2, "\\u{202E}x", "        ^"),
        ("\u{1B}[31mx", 6, "\\u{1B}[31mx", "          ^"),
        ("e\u{301}x", 3, "e\u{301}x", " ^"),
        ("朝鲜x", 3, "朝鲜x", "    ^"),
        ("🇰🇵x", 3, "🇰🇵x", "  ^"),
        ("ab", 4, "ab", "   ^"),
    ])
    func whatATerminalWouldActOnIsShown(
        line: String,
        column: Int,
        shown: String,
        caret: String
    ) {
        let problem = ConfigProblem(
            severity: .warning,
            file: "f",
            line: 1,
            column: column,
            length: 1,
            message: "m",
            sourceLine: line
        )
        let lines = problem.rendered(colour: false).split(separator: "\n")
        #expect(lines[0] == "f:1:\(column): warning: m")
        #expect(lines[1] == "    1 | \(shown)")
        #expect(lines[2] == "      | \(caret)")
    }

    @Test func aLongLineIsCutAroundTheCaret() {
        let line = String(repeating: "북", count: 5_000) + "x" + String(repeating: "한", count: 5_000)
        let problem = ConfigProblem(
            severity: .error,
            file: "f",
            line: 1,
            column: 5_001,
            length: 1,
            message: "m",
            sourceLine: line
        )
        let lines = problem.rendered(colour: false).split(separator: "\n")
        #expect(lines.allSatisfy { DisplayText.width(of: String($0)) < 180 })
        let before = lines[1].prefix { $0 != "x" }
        #expect(DisplayText.width(of: String(before)) == lines[2].count - 1)
    }

    @Test func messagesAreEscapedAndColoursOnlyOnDemand() {
        let problem = ConfigProblem(
            severity: .error,
            file: "a\u{1B}b",
            line: 1,
            column: 1,
            length: 1,
            message: "x\u{202E}\ny",
            hint: "h\u{7}",
            sourceLine: "z"
        )
        let plain = problem.rendered(colour: false)
        #expect(!plain.contains("\u{1B}"))
        #expect(plain.contains("x\\u{202E}\\ny"))
        #expect(plain.contains("= h\\u{7}"))
        let coloured = problem.rendered(colour: true)
        #expect(coloured.contains("\u{1B}[1;31merror:\u{1B}[0m"))
    }
}
