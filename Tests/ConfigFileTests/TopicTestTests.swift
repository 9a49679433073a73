import ConfigFile
import Testing
import TopicQuery
import WatchCore

@Suite struct TopicTestTests {
    private static let topic = """
        [[topic]]
        id = 'a'
        query = 'Kursk'

        """

    private func tests(_ text: String) throws -> [TopicTest] {
        let result = try load(text)
        #expect(result.errors.isEmpty)
        return result.tests
    }

    private func text(of field: TextField, in test: TopicTest) -> String {
        String(decoding: test.item.bytes[test.item.range(of: field)], as: UTF8.self)
    }

    @Test func aTextStandsInTheFirstFieldThatIsFree() throws {
        let plain = try tests(Self.topic + "[[topic.test]]\ntext = 'x'")
        #expect(text(of: .title, in: plain[0]) == "x")
        let titled = try tests(Self.topic + "[[topic.test]]\ntext = 'x'\ntitle = 't'")
        #expect(text(of: .title, in: titled[0]) == "t")
        #expect(text(of: .summary, in: titled[0]) == "x")
        let narrow = try tests(Self.topic + "fields = ['content']\n[[topic.test]]\ntext = 'x'")
        #expect(text(of: .content, in: narrow[0]) == "x")
        let whole = try tests(
            Self.topic + "[[topic.test]]\ntext = 'x'\ntitle = 'a'\nsummary = 'b'\ncontent = 'c'"
        )
        #expect(text(of: .content, in: whole[0]) == "c\n\nx")
    }

    @Test func aTestSpeaksTheTopicsLanguageAndComesFromItsFeed() throws {
        let text = """
            [[feed]]
            id = 'f'
            url = 'http://a/'
            [[topic]]
            id = 'a'
            query = 'x'
            languages = ['ko', 'en']
            feeds = ['f']
            [[topic.test]]
            text = 'x'
            [[topic.test]]
            text = 'x'
            lang = 'en'
            """
        let tests = try tests(text)
        #expect(tests.map(\.item.language) == ["ko", "en"])
        #expect(tests.map(\.item.feed) == ["f", "f"])
    }

    @Test func testsOfTopicsThatAreOffDoNotRun() throws {
        let off = Self.topic + "enabled = false\n[[topic.test]]\ntext = 'x'\n"
        let on = "[[topic]]\nid = 'b'\nquery = 'x'\n[[topic.test]]\ntext = 'y'\n"
        let tests = try tests(off + on)
        #expect(tests.map(\.topicID) == ["b"])
        #expect(tests.map(\.topic) == [0])
    }

    @Test func aTopicWithoutATestIsAWarning() throws {
        let marked = MarkedText("[[topic]]\nid = ⟦'a'⟧\nquery = 'Kursk'\n")
        let result = try load(marked.text)
        #expect(result.problems.map(\.code) == ["W201"])
        #expect(result.problems.map(\.severity) == [.warning])
        #expect(result.problems.map(\.mark) == marked.marks)
        #expect(result.configuration != nil)
    }

    @Test func aTestThatDuplicatesAnotherIsAWarning() throws {
        let marked = MarkedText(
            Self.topic + """
                [[topic.test]]
                text = 'in Kursk'
                ⟦[[topic.test]]⟧
                text = 'in  Kursk '
                match = true
                """
        )
        let result = try load(marked.text)
        #expect(result.problems.map(\.code) == ["W209"])
        #expect(result.problems.map(\.mark) == marked.marks)
        #expect(result.configuration != nil)
    }

    @Test(arguments: [
        "text = 'in KURSK'", "text = \"in\\nKursk\"", "text = 'in Kursk'\nlang = 'en'",
        "text = 'in Kursk'\nsummary = 'a'", "text = 'in Kúrsk'",
    ])
    func aTestOfAnotherTextOrLanguageIsNoDuplicate(_ test: String) throws {
        let first = Self.topic + "[[topic.test]]\ntext = 'in Kursk'\n"
        #expect(try load(first + "[[topic.test]]\n" + test).problems.isEmpty)
        let other = "[[topic]]\nid = 'b'\nquery = 'Kursk'\n[[topic.test]]\ntext = 'in Kursk'\n"
        #expect(try load(first + other).problems.isEmpty)
    }

    @Test func hitsOfATestThatMustNotMatchAreAnError() throws {
        try Mistake(
            Self.topic + "[[topic.test]]\ntext = 'x'\nmatch = false\nhits = [⟦'x'⟧]",
            "a test that must not match can have no hits"
        ).expect()
    }

    @Test func aFailedTestIsAProblemAtItsPlace() throws {
        let marked = MarkedText(
            Self.topic + """
                  ⟦[[topic.test]]⟧
                  text = 'nothing of the kind'
                """
        )
        let result = try load(marked.text)
        let configuration = try #require(result.configuration)
        let outcome = ConfigFile.run(tests: result.tests, with: configuration.matcher)
        #expect(outcome.count == 1)
        #expect(outcome.first?.passed == false)
        let problem = try #require(outcome.first?.problem)
        #expect(problem.message == "the topic a does not match, and must")
        #expect([problem.mark] == marked.marks)
        #expect(problem.sourceLine == "  [[topic.test]]")
    }
}
