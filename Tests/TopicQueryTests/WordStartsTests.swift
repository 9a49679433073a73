import Testing

@testable import TopicQuery

@Suite struct WordStartsTests {
    private func scalars(_ text: String) -> [UInt32] { text.unicodeScalars.map(\.value) }

    /// Whether a word at the start of a text gets through.
    private func mayHold(_ starts: WordStarts, _ word: String) -> Bool {
        let bytes = Array((word + "         ").utf8.prefix(8))
        let first = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return starts.withView { $0.mayHold(first, length: word.utf8.count) }
    }

    @Test(arguments: ["kursk", "KURSK", "Kurs", "kurskaya", "un", "UN", "g7", "x"])
    func whatIsLookedForGetsThrough(word: String) {
        var starts = WordStarts()
        for form in ["kursk", "un", "g7", "x"] { starts.add(scalars(form)) }
        #expect(mayHold(starts, word))
    }

    @Test(arguments: ["korea", "unit", "u", "g", "xy", "ku", "kur"])
    func whatBeginsOtherwiseDoesNot(word: String) {
        var starts = WordStarts()
        for form in ["kursk", "un", "g7", "x"] { starts.add(scalars(form)) }
        #expect(!mayHold(starts, word))
    }

    @Test func shortStemsHoldEachOfTheirForms() {
        var starts = WordStarts()
        starts.add(scalars("spy"), endings: [[], scalars("s"), scalars("ing")])
        #expect(["spy", "spys", "spyi", "spying"].allSatisfy { mayHold(starts, $0) })
        #expect(!mayHold(starts, "spyx"))
    }

    @Test func beginningsHoldWhateverFollows() {
        var starts = WordStarts()
        starts.add(beginning: scalars("ko"))
        #expect(["ko", "kor", "korea", "ko9z", "KOZZZ"].allSatisfy { mayHold(starts, $0) })
        #expect(!mayHold(starts, "ka"))
        starts.add(beginning: [])
        #expect(mayHold(starts, "ka"))
    }

    @Test(arguments: [
        ("", 0), ("a", 1), ("Zz09@[`{/:", 4), ("abcdefgh", 8), ("abcdefg-", 7), ("ab\u{E9}d", 2),
    ])
    func aWordOfASCIIEndsWhereAnythingElseStands(text: String, length: Int) {
        let bytes = Array((text + "        ").utf8.prefix(8))
        let first = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        #expect(ASCIIWord.length(first) == length)
    }

    /// Words that are passed over count like all others: for distances, sentences and phrases.
    @Test(arguments: [
        (
            "\"grain deal\"", "Long before it the Grain Deal was never broken by anybody at all",
            true
        ),
        ("\"grain deal\"", "Long before it the grain, a deal was never broken by anybody", false),
        (
            "grain NEAR/3 deal", "Before the grain of one more deal was ever seen by anybody here",
            true
        ),
        (
            "grain NEAR/3 deal", "Before the grain of one more big deal was ever seen by anybody",
            false
        ),
        ("grain", "What extraordinarilylongwordsforanybody here grain has", true),
        ("grain*", "Nobody here saw grainfields before they came along the road", true),
        ("café", "Whoever was at the cafe that day saw nothing at all of it", true),
    ])
    func whatIsPassedOverStillCounts(query: String, text: String, isMet: Bool) throws {
        let source = TopicSource(id: "t", query: query)
        let matcher = try #require(
            TopicMatcher.compile(topics: [source], sets: []).matcher
        )
        var scratch = TopicMatcher.Scratch()
        #expect(matcher.match(ItemText(title: text), using: &scratch).isEmpty != isMet)
    }

    /// What the scanner says with a lexicon, where it passes over words, agrees with what it says
    /// without, where it reads each.
    @Test func readingFastIsReadingAllTheSame() throws {
        let source = TopicSource(id: "t", query: "kursk OR grain* OR \"the deal\" OR UN OR g7 OR é")
        let matcher = try #require(TopicMatcher.compile(topics: [source], sets: []).matcher)
        let pieces = [
            "kursk", "Grainfield", "the", "deal", "UN", "un", "G7", "g", "nobody", "saw",
            "extraordinarily", "x", "Dr", "it's", "well-known", "café", "Курск", "日本", "1945",
            String(repeating: "long", count: 20), "U.S.", "wasn’t",
        ]
        let gaps = [
            " ", " ", " ", " ", ", ", ". ", "! ", "\n\n", "  ", "-", "/", "; ", ": \"", "\u{2029}",
        ]
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            var text = ""
            for _ in 0..<Int.random(in: 0...60, using: &random) {
                text += pieces.randomElement(using: &random) ?? ""
                text += gaps.randomElement(using: &random) ?? ""
            }
            let bytes = Array(text.utf8)
            var slow = TextScanner()
            slow.reset(bytes, lexicon: nil)
            slow.scan(0..<bytes.count)
            var fast = TextScanner()
            fast.reset(bytes, lexicon: matcher.program.lexicon)
            fast.scan(0..<bytes.count)
            #expect(fast.token == slow.token, "\(text)")
            #expect(fast.position == slow.position, "\(text)")
            #expect(fast.sentenceStarts == slow.sentenceStarts, "\(text)")
            let found = Set(fast.hits.map { Int($0.start) })
            for hit in fast.hits where hit.count == 1 {
                let token = slow.tokens[Int(hit.token)]
                #expect(token.start == Int(hit.start), "\(text)")
                #expect(token.sentence == Int(hit.sentence), "\(text)")
            }
            let wanted = ["kursk", "grainfield", "deal", "g7"].map(scalars)
            for token in slow.tokens where wanted.contains(token.scalars) {
                #expect(found.contains(token.start), "\(text)")
            }
        }
    }
}
