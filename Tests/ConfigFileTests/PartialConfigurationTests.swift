import ConfigFile
import Testing
import TopicQuery
import WatchCore

/// What is left of a configuration where a part is wrong or not in force.
@Suite struct PartialConfigurationTests {
    private static let topic = "[[topic]]\nid = 'a'\nquery = 'Kursk'\n"

    @Test func topicsKeepTheirTestsWhenAnotherIsWrong() throws {
        let wrong = "[[topic]]\nid = 'b'\nquery = 'a b'\n"
        let result = try load(Self.topic + "[[topic.test]]\ntext = 'x'\n" + wrong)
        #expect(result.configuration == nil)
        #expect(result.tests.map(\.topicID) == ["a"])
        #expect(result.matcher != nil)
    }

    @Test func topicsThatAreOffComeLastAndMatchNothing() throws {
        let off = Self.topic + "enabled = false\n"
        let result = try load(off + "[[topic]]\nid = 'b'\nquery = 'x'\n")
        #expect(result.topics.map(\.id) == ["b", "a"])
        let matcher = try #require(result.configuration?.matcher)
        var scratch = TopicMatcher.Scratch()
        let matches = matcher.match(ItemText(title: "Kursk x"), using: &scratch)
        #expect(matches.map(\.topic) == [0])
        let explanation = matcher.explain(ItemText(title: "Kursk"), topic: 1, using: &scratch)
        #expect(explanation?.query.holds == true)
    }

    @Test func anIntervalIsNotHeldAgainstALimitThatCouldNotBeRead() throws {
        let text = "[watch]\ninterval = '1s'\n[limits]\nmin_interval = '1s'\nx = = 1\n"
        let result = try load(text)
        #expect(result.errors.count == 1)
        #expect(result.errors.allSatisfy { !$0.message.contains("min_interval") })
    }
}
