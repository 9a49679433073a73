import ConfigFile
import Testing
import WatchCore

/// What the query compiler says is shown where it stands in the file.
@Suite struct QueryErrorTests {
    private static let sets = "[terms.dprk]\nen = 'DPRK'\n[terms.russia]\nen = 'Russia'\n"

    @Test(arguments: [
        ("query = '''\n  @dprk AND @russia ⟦OR⟧ Kursk\n'''", "E106"),
        ("query = '@dprk AND @russia ⟦OR⟧ Kursk'", "E106"),
        ("query = \"\\\"DPRK\\\" AND \\u0041 ⟦OR⟧ @russia\"", "E106"),
        ("query = \"\"\"\\\n  @dprk AND \\\n\n  @russia \\\n  ⟦OR⟧ Kursk \\\n\"\"\"", "E106"),
        ("query = '북한 ⟦NEAR⟧ @dprk AND @russia'", "E114"),
        ("query = '@dprk AND @russia'\nexclude = '북한 AND ⟦(⟧x'", "E102"),
        ("query = '@dprk AND @russia AND ⟦@rusia⟧'", "E112"),
    ])
    func anErrorInAQueryPointsIntoTheFile(keys: String, code: String) throws {
        let marked = MarkedText(Self.sets + "[[topic]]\nid = 'a'\n" + keys)
        let result = try load(marked.text)
        #expect(result.configuration == nil)
        #expect(result.errors.map(\.code) == [code])
        #expect(result.errors.map(\.mark) == marked.marks)
    }

    @Test func anErrorIsShownInTheFormOfTheContract() throws {
        let sandbox = try ConfigSandbox([
            "feedwatch.toml": """
            [terms]
            dprk.en = "DPRK"
            russia.en = "Russia"
            kursk.ko = "쿠르스크"
            [[topic]]
            id = "a"
            query = '''
              @dprk AND @russia OR @kursk
            '''
            """
        ])
        let result = sandbox.load()
        #expect(
            result.errors.map { $0.rendered(colour: false) } == [
                """
                \(sandbox.path("feedwatch.toml")):8:21: error[E106]: AND and OR at the same level
                    8 |   @dprk AND @russia OR @kursk
                      |                     ^^
                      = write (@dprk AND @russia) OR @kursk, or @dprk AND (@russia OR @kursk)
                """
            ]
        )
    }

    @Test func anErrorInATermSetPointsAtItsEntry() throws {
        let marked = MarkedText(
            """
            [terms.a]
            any = ["x", "⟦@b⟧"]
            not_in = ["y"]
            """
        )
        let topic = "\n[[topic]]\nid = 't'\nquery = '@a'\n"
        let result = try load(marked.text + topic)
        #expect(result.errors.map(\.code) == ["E112"])
        #expect(result.errors.map(\.mark) == marked.marks)
    }

    @Test func aTopicThatIsOffIsCheckedLikeTheOthers() throws {
        let marked = MarkedText("[[topic]]\nid = 'a'\nquery = 'x ⟦y⟧'\nenabled = false")
        let result = try load(marked.text)
        #expect(result.errors.map(\.code) == ["E104"])
        #expect(result.errors.map(\.mark) == marked.marks)
    }

    @Test func whatAFileLacksThatCouldNotBeReadIsNoError() throws {
        let sandbox = try ConfigSandbox([
            "feedwatch.toml": """
            include = ["sets.toml"]
            [[topic]]
            id = "a"
            query = "@dprk AND x"
            """,
            "sets.toml": "[terms.dprk]\nen = 'DPRK\n",
        ])
        let errors = sandbox.load().errors
        #expect(errors.map(\.message) == ["the string is not closed on its line"])
    }

    @Test func theTopicTestsOfAConfigurationRun() throws {
        let result = try load(
            Self.sets + """
                [[topic]]
                id = 'off'
                query = 'x'
                enabled = false
                [[topic]]
                id = 'a'
                query = '@dprk AND @russia'
                [[topic.test]]
                text = 'DPRK and Russia'
                hits = ['DPRK', 'Russia']
                [[topic.test]]
                text = 'DPRK and Russia'
                hits = ['Kursk']
                [[topic.test]]
                text = 'DPRK and Russia'
                match = false
                [[topic.test]]
                text = 'DPRK'
                match = false
                """
        )
        let configuration = try #require(result.configuration)
        let outcome = ConfigFile.run(tests: result.tests, with: configuration.matcher)
        #expect(outcome.map(\.passed) == [true, false, false, true])
        #expect(
            outcome.compactMap(\.problem).map(\.message) == [
                "the topic a matches, but not at: Kursk", "the topic a matches, and must not",
            ]
        )
    }
}
