import Testing

@testable import TopicQuery

@Suite struct TopicSenseTests {
    private static let sets = [
        set("s", ["en": "Kursk,Suja"]), set("common", ["en": "Kursk,the"]),
        set("guarded", ["en": "Kursk,Suja"], notIn: "Kursk submarine"),
        set("outer", ["any": "@s,Belgorod"]),
    ]

    private func codes(_ topic: TopicSource) throws -> [String] {
        let compilation = TopicMatcher.compile(topics: [topic], sets: Self.sets)
        #expect(compilation.matcher != nil)
        let found = compilation.diagnostics.filter { ["W207", "W208"].contains($0.code) }
        for warning in found {
            #expect(warning.place == .query(topic: 0))
            #expect(warning.range == 0..<topic.query.unicodeScalars.count)
        }
        return found.map(\.code)
    }

    @Test(arguments: [
        "Kursk AND NOT Kursk", "Kursk AND Suja AND NOT Kursk", "@s AND NOT @s",
        "@s AND NOT @outer", "Kursk AND NOT (Suja OR Kursk)", "Kursk NEAR/5 Suja AND NOT Suja",
        "title:Kursk AND NOT Kursk", "ATLEAST/2 @s AND NOT @s", "@guarded AND NOT @s",
        "lang:ru AND lang:uk AND Kursk", "feed:a AND feed:b AND Kursk",
        "Kursk AND feed:c AND lang:ru AND lang:ko", "Kursk NOT IN Kursk", "@s NOT IN @outer",
        "Kursk NOT IN (Suja OR Kursk)", "@guarded NOT IN @s", "(@s NOT IN @s) NEAR/5 Belgorod",
    ])
    func aTopicThatContradictsItselfCanNeverMatch(_ query: String) throws {
        #expect(try codes(TopicSource(id: "t", query: query)) == ["W207"])
    }

    @Test func whatTheTopicLeavesOutOtherwiseCountsToo() throws {
        var topic = TopicSource(id: "t", query: "@s AND Belgorod", exclude: "Belgorod OR x1")
        #expect(try codes(topic) == ["W207"])
        topic.exclude = "Belgorod AND x1"
        #expect(try codes(topic) == [])
        topic = TopicSource(id: "t", query: "title:Kursk")
        topic.fields = [.summary]
        #expect(try codes(topic) == ["W207"])
        topic.fields = [.summary, .title]
        #expect(try codes(topic) == [])
        topic = TopicSource(id: "t", query: "Kursk AND lang:ru AND feed:a*")
        topic.languages = ["ko", "ru-RU"]
        topic.feeds = ["b", "ab"]
        #expect(try codes(topic) == [])
        topic.languages = ["ko"]
        #expect(try codes(topic) == ["W207"])
        topic.languages = []
        topic.feeds = ["b"]
        #expect(try codes(topic) == ["W207"])
    }

    @Test(arguments: [
        "the", "Kursk OR the", "@common", "title:и", "the AND NOT Kursk", "the AND of",
        "lang:ru", "feed:a OR feed:b", "lang:ru AND feed:a AND NOT Kursk", "lang:ru AND the",
        "ATLEAST/0 Kursk", "Kursk OR ATLEAST/0 Suja",
    ])
    func aTopicThatAsksForNothingMatchesNearlyEverything(_ query: String) throws {
        #expect(try codes(TopicSource(id: "t", query: query)) == ["W208"])
    }

    @Test(arguments: [
        "Kursk", "@s AND NOT Kursk", "@s AND NOT \"Kursk submarine\"", "@outer AND NOT @s",
        "@s AND NOT @guarded", "Kursk AND NOT title:Kursk", "Kursk AND NOT (Kursk NEAR/5 Suja)",
        "Kursk NOT IN \"Kursk submarine\"", "Kursk NOT NEAR/5 Suja AND Suja", "Kursk AND the",
        "Kursk AND NOT (Kursk AND Suja)", "\"the Kursk\"", "OF", "lang:ru AND Kursk",
        "lang:zh AND lang:zh-TW AND Kursk", "feed:a* AND feed:ab AND Kursk", "author:smith",
        "category:war AND category:peace", "Kursk OR feed:a", "Kursk AND NOT ATLEAST/2 Kursk",
        "@s NOT IN Kursk", "Kursk NOT IN title:Kursk", "Kursk NOT NEAR/3 Kursk",
    ])
    func aTopicThatMakesSenseIsNoWarning(_ query: String) throws {
        #expect(try codes(TopicSource(id: "t", query: query)) == [])
    }
}
