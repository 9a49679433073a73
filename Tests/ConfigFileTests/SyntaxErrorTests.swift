import ConfigFile
import Foundation
import Testing

@Suite struct SyntaxErrorTests {
    @Test(arguments: [
        Mistake("[[⟦[⟧x", "expected a key, saw '[' (in a key)"),
        Mistake("a = ⟦'''⟧x\ny\n", "the string is not closed"),
        Mistake("a = ⟦\"⟧x", "the string is not closed"),
        Mistake(
            "[watch]\ncontact = \"x⟦\n⟧interval = \"1m\"\n",
            "the string is not closed on its line",
            "''' and \"\"\" span several lines"
        ),
        Mistake(
            "[watch]\ninterval = 15⟦m⟧\n",
            "expected digit, saw 'm' (in a decimal integer)",
            "durations and sizes stand in quotation marks: \"15m\""
        ),
        Mistake(
            "[watch]\ncontact = 'x⟦\r⟧\ninterval = \"1m\"\n",
            "the string is not closed on its line",
            "''' and \"\"\" span several lines"
        ),
        Mistake(
            "[watch]\nbaseline = ⟦s⟧ilent\n",
            "this is no value",
            "strings stand in quotation marks: \"…\""
        ),
        Mistake("a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a⟦.⟧a = 1", "a key may have at most 16 parts"),
        Mistake(
            "a = [[[[[[[[[[[[[[[[⟦[⟧[[]]]]]]]]]]]]]]]]]]]",
            "lists and inline tables may not stand so deep within one another"
        ),
        Mistake(
            "[watch]\n⟦[⟧watch]\n",
            "cannot redefine existing table 'watch' (in a table header)",
            "each key and each [table] may stand once; lists of tables are [[table]]"
        ),
        Mistake("a ⟦?⟧ = 1", "expected '=', saw '?' (in a key-value pair)"),
    ])
    func aSyntaxErrorPointsAtItsPlace(mistake: Mistake) throws { try mistake.expect() }

    @Test(
        arguments: [
            [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82],
            [0x80],
        ] as [[UInt8]]
    )
    func whatIsNoUTF8IsShownWhereItStands(bytes: [UInt8]) throws {
        let sandbox = try ConfigSandbox()
        try sandbox.write(
            "feedwatch.toml",
            Data("[watch]\n# é".utf8) + Data(bytes) + Data("\n".utf8)
        )
        let result = sandbox.load()
        #expect(result.problems.map(\.message) == ["the file is not valid UTF-8 here"])
        #expect(result.problems.map(\.line) == [2])
        #expect(result.problems.map(\.column) == [4])
    }

    @Test func aByteOrderMarkIsNoColumn() throws {
        let problem = try #require(try load("\u{FEFF}a\0 = 1").problems.first)
        #expect(problem.message == "expected '=', saw '\\u0000' (in a key-value pair)")
        #expect(problem.line == 1)
        #expect(problem.column == 2)
        #expect(problem.sourceLine == "a\0 = 1")
    }

    @Test func errorsInSeveralFilesAreReportedInOneRun() throws {
        let sandbox = try ConfigSandbox([
            "feedwatch.toml": "include = 'd/*.toml'\n[watch]\nintervall = '1m'\n",
            "d/1.toml": "x = [",
            "d/2.toml": "[[topic]]\nid = 'a'\nquery = '@dprk'\nfeeds = ['none']\n[limits]\ny = 1\n",
        ])
        let problems = sandbox.load().problems.filter { $0.severity == .error }
        #expect(problems.map(\.line) == [3, 1, 6])
        #expect(problems.map(\.column) == [1, 6, 1])
        // What is missing may be in the file that could not be read.
        #expect(!problems.contains { $0.message.contains("none") || $0.code == "E112" })
    }

    @Test func aSyntaxErrorDoesNotShowASecretThatMayBeOnItsLine() throws {
        let texts = [
            "[[feed]]\nheaders = { Authorization = \"Bearer hunter2 }\n",
            "[feed.headers]\nAuthorization = hunter2\n",
            "[[feed]]\nurl = https://me:hunter2@example.org/\n",
        ]
        for text in texts {
            let problems = try load(text).problems
            #expect(problems.count == 1)
            for problem in problems {
                #expect(!problem.rendered(colour: false).contains("hunter2"))
            }
        }
    }
}
