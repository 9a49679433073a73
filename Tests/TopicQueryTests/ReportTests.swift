import Testing

@testable import TopicQuery

@Suite struct ReportTests {
    @Test func hitsCountUnicodeScalarsOfTheField() throws {
        let item = ItemText(title: "🇷🇺 Ку\u{301}рск", summary: "Под Курском бои")
        let match = try #require(try match("Курск", item))
        #expect(match.hits.map(\.start) == [3, 4])
        #expect(match.hits.map(\.end) == [9, 11])
        #expect(match.hits.map(\.text) == ["Ку\u{301}рск", "Курском"])
        #expect(match.hits.map(\.field) == [.title, .summary])
        #expect(match.score == 45)
    }

    @Test func theExcerptIsTheSentenceWithTheMostHits() throws {
        let text = "Kursk first. Then a drone over Kursk came. The drone left."
        let match = try #require(try match("Kursk AND drone", ItemText(title: "", summary: text)))
        #expect(match.excerpt == "Then a drone over Kursk came.")
    }

    @Test func theExcerptIsOnOneLine() throws {
        let text = " A\t drone\u{A0}\u{3000}over\u{2003}Kursk\u{85}\u{2029} "
        let match = try #require(try match("Kursk", ItemText(title: "", summary: text)))
        #expect(match.excerpt == "A drone over Kursk")
    }

    @Test func aLongExcerptIsCutAroundItsFirstHit() throws {
        let words = String(repeating: "слово ", count: 100)
        let text = words + "Курск " + words
        let match = try #require(try match("Курск", ItemText(title: "", summary: text)))
        #expect(match.excerpt.hasPrefix("…") && match.excerpt.hasSuffix("…"))
        #expect(match.excerpt.contains("слово Курск слово"))
        #expect(match.excerpt.unicodeScalars.count <= 322)
        #expect(match.excerpt.unicodeScalars.count >= 316)
    }

    @Test func abbreviationsEndNoSentence() throws {
        let text = "Gen. Kim met Mr. Putin in Kursk. Later he left the No. 5 hall."
        #expect(try match("Kim SENT Kursk", ItemText(title: text)) != nil)
        #expect(try match("Kim SENT hall", ItemText(title: text)) == nil)
        let russian = ItemText(
            title: "В Курской обл. России работают 5 тыс. строителей из Сев. Кореи."
        )
        #expect(try match("Курск SENT \"Сев. Корея\"", russian) != nil)
    }

    @Test func onlyThePlacesThatHeldAreHits() throws {
        let text = "Kim spoke. Kim met Putin. Putin left."
        let match = try #require(try match("Kim SENT Putin", ItemText(title: text)))
        #expect(match.hits.map(\.start) == [11, 19])
        #expect(match.score == 70)
    }

    @Test func longContentIsCutAndLongTitlesAreNot() throws {
        let long = String(repeating: "x ", count: 10_000) + "Kursk"
        #expect(try match("Kursk", ItemText(title: "", content: long)) == nil)
        #expect(try match("Kursk", ItemText(title: long)) != nil)
    }

    @Test func aTopicsConditionsBesideItsQueryCount() throws {
        var topic = TopicSource(id: "t", query: "Kursk")
        topic.languages = ["ru"]
        topic.feeds = ["one"]
        topic.minScore = 30
        let matcher = try #require(TopicMatcher.compile(topics: [topic], sets: []).matcher)
        var scratch = TopicMatcher.Scratch()
        var item = ItemText(title: "Kursk", language: "ru-RU")
        item.feed = "one"
        #expect(matcher.match(item, using: &scratch).count == 1)
        item.language = "en"
        #expect(matcher.match(item, using: &scratch).isEmpty)
        #expect(
            matcher.explain(item, topic: 0, using: &scratch)?.reasons
                == ["language en is not among ru"]
        )
        item.language = ""
        #expect(matcher.match(item, using: &scratch).count == 1)
        item.feed = "two"
        #expect(matcher.match(item, using: &scratch).isEmpty)
        var low = ItemText(title: "", summary: "Kursk", language: "ru")
        low.feed = "one"
        #expect(matcher.match(low, using: &scratch).isEmpty)
    }

    @Test(arguments: [
        ("lang:ru AND Курск", true), ("lang:uk AND Курск", false), ("feed:yon* AND Курск", true),
        ("author:\"kim *\" AND Курск", true), ("category:war AND Курск", true),
        ("url:*/kursk/* AND Курск", true), ("url:kursk AND Курск", false), ("feed:yonhap", true),
    ])
    func filtersLookBesideTheText(_ query: String, _ isMatch: Bool) throws {
        var item = ItemText(title: "Бои под Курском")
        item.feed = "Yonhap"
        item.authors = ["A", "Kim Il"]
        item.categories = ["War"]
        item.url = "https://example.org/kursk/1"
        #expect(try (match(query, item) != nil) == isMatch)
    }

    @Test(arguments: [
        ("북한은 오늘", "ko"), ("北朝鮮の部隊が", "ja"), ("朝鲜工兵部队", "zh"), ("Бої під Курськом її", "uk"),
        ("The soldiers of the army", "en"), ("Die Soldaten und das Land", "de"),
        ("Les soldats dans la région", "fr"), ("123", ""),
    ])
    func theLanguageIsGuessedFromLettersAndCommonWords(_ text: String, _ language: String) {
        #expect(LanguageGuess.language(of: ItemText(title: text)) == language)
    }

    @Test func explanationsNameTheNearestMiss() throws {
        let sets = [set("dprk", ["en": "North Korea"]), set("russia", ["en": "Russia"])]
        let matcher = try matcher("@dprk NEAR/3 @russia", sets: sets)
        var scratch = TopicMatcher.Scratch()
        let item = ItemText(title: "North Korea a b c d e f Russia")
        let explanation = try #require(matcher.explain(item, topic: 0, using: &scratch))
        #expect(!explanation.isMatch)
        #expect(explanation.query.label == "NEAR/3")
        let note =
            "not found within 3 words (nearest: 6 words between “North Korea” and “Russia”)"
        #expect(explanation.query.note == note)
        #expect(explanation.query.children.map(\.label) == ["@dprk", "@russia"])
        #expect(explanation.query.children[0].hits.map(\.text) == ["North Korea"])
        let other = ItemText(title: "North Korea")
        let missing = try #require(matcher.explain(other, topic: 0, using: &scratch))
        #expect(missing.lines.contains("  ✗ @russia: not found"))
    }

    @Test(arguments: [
        ("title:@dprk", "✗ @dprk: not found in the title; it is in the summary"),
        ("@dprk BEFORE/3 Seoul", "never in one paragraph"),
        ("@dprk SENT Moscow", "never in one sentence (nearest: 1 word between “North Korea”"),
        ("@dprk NOT IN \"North Korea says\"", "every place is part of one of the others"),
        ("@dprk NOT NEAR/2 says", "every place has such a neighbour"),
        ("ATLEAST/2 @dprk", "found 1"),
        ("lang:ru AND @dprk", "lang:ru: is en"),
    ])
    func eachKindOfMissSaysWhy(_ query: String, _ line: String) throws {
        let sets = [set("dprk", ["en": "North Korea"])]
        var item = ItemText(
            title: "Seoul",
            summary: "North Korea says. Moscow is silent.",
            language: "en"
        )
        item.feed = "a"
        var scratch = TopicMatcher.Scratch()
        let matcher = try matcher(query, sets: sets)
        let explanation = try #require(matcher.explain(item, topic: 0, using: &scratch))
        #expect(!explanation.isMatch)
        #expect(explanation.lines.contains { $0.contains(line) }, "\(explanation.lines)")
    }

    @Test func aTopicThatLooksAtNoSuchFieldSaysSo() throws {
        var topic = TopicSource(id: "t", query: "summary:Kursk")
        topic.fields = [.title]
        let matcher = try #require(TopicMatcher.compile(topics: [topic], sets: []).matcher)
        var scratch = TopicMatcher.Scratch()
        let item = ItemText(title: "Kursk", summary: "Kursk")
        let explanation = try #require(matcher.explain(item, topic: 0, using: &scratch))
        #expect(explanation.lines.contains { $0.contains("the topic looks at no such field") })
    }

    @Test func explanationsNameWhatNotInLeftOut() throws {
        let sets = [set("dprk", ["zh": "朝鲜"], notIn: "朝鲜战争")]
        var scratch = TopicMatcher.Scratch()
        let matcher = try matcher("@dprk", sets: sets)
        let item = ItemText(title: "朝鲜战争")
        let explanation = try #require(matcher.explain(item, topic: 0, using: &scratch))
        #expect(explanation.query.note == "left out: in not_in “朝鲜战争”")
    }

    @Test func aSetsFormsAreListed() throws {
        let sets = [
            set("s", ["ru": "Курск,Ким Чен Ын", "ko": "북한,러", "en": "US"]), set("t", ["x": "@s"]),
        ]
        let forms = try #require(TermExpansion.ofSet("t", in: sets))
        let kursk = try #require(forms.first { $0.term == "Курск" })
        #expect(kursk.words[0].contains("курском") && kursk.words[0].contains("курской"))
        #expect(forms.first { $0.term == "Ким Чен Ын" }?.words.count == 3)
        #expect(forms.first { $0.term == "북한" }?.words == [["북한…"]])
        #expect(forms.first { $0.term == "US" }?.words == [["US", "USs"]])
        #expect(TermExpansion.ofSet("u", in: sets) == nil)
    }

    @Test func brokenTextIsReadAsFarAsItGoes() throws {
        var item = ItemText(title: "")
        item.bytes = [0xFF, 0x4B, 0x75, 0x72, 0x73, 0x6B, 0xE6, 0x9C, 0xF8, 0x20, 0xD0]
        item.title = 0..<item.bytes.count
        #expect(try match("Kursk", item)?.hits.map(\.text) == ["Kursk"])
        item.summary = 5..<400
        #expect(try match("Kursk", item) != nil)
    }

    @Test func allTopicsAreMatchedByOneMatcher() throws {
        let topics = (0..<3_000).map { TopicSource(id: "\($0)", query: "word\($0) OR Kursk\($0)x") }
        let matcher = try #require(TopicMatcher.compile(topics: topics, sets: []).matcher)
        var scratch = TopicMatcher.Scratch()
        let item = ItemText(title: "word7 word2999 kursk15x")
        #expect(matcher.match(item, using: &scratch).map(\.topic) == [7, 15, 2_999])
    }
}
