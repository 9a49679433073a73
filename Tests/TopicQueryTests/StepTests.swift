import Testing

@testable import TopicQuery

/// How many places the operators look at, compare and move grows with the text, and not faster.
@Suite struct StepTests {
    /// A query, and a piece of text to be repeated in which its terms stand everywhere.
    struct Row: Sendable, CustomTestStringConvertible {
        var query: String
        var piece: String

        var testDescription: String { query }
    }

    private static let chain = Array(repeating: "a", count: 8)

    @Test(arguments: [
        Row(query: chain.joined(separator: " NEAR/9 "), piece: "a "),
        Row(query: chain.joined(separator: " BEFORE/9 "), piece: "a "),
        Row(query: chain.joined(separator: " SENT "), piece: "a "),
        Row(query: "a NEAR/0 a", piece: "a "),
        Row(query: "a NEAR/99 b", piece: "a b "),
        Row(query: "(a OR b) NEAR/50 (a OR c)", piece: "a b c "),
        Row(query: "((a NEAR/99 b) NEAR/99 c) NEAR/99 a", piece: "a b c "),
        Row(query: "a NOT NEAR/99 z", piece: "a b "),
        Row(query: "(a OR b) NOT NEAR/5 (b NEAR/5 c)", piece: "a b c "),
        Row(query: "(a NEAR/99 b) NOT IN (b NEAR/99 a NEAR/99 c)", piece: "a b c "),
        Row(query: "(a PARA b) NOT IN (b NEAR/99 a)", piece: "a b "),
        Row(query: "(a PARA b) SENT c", piece: "b. A. c. "),
        Row(query: "(a PARA b) NOT SENT c", piece: "b. A. c. a. "),
        Row(query: "(a PARA b) NEAR/1 (c PARA b)", piece: "A. B. c. "),
        Row(query: "((a PARA z) PARA b) NOT NEAR/0 c", piece: "a b c "),
        Row(query: "(a SENT b) BEFORE/99 (a SENT c)", piece: "a b c "),
        Row(query: "(a OR \"a b c a b c\") BEFORE/3 (b OR \"b c a b\")", piece: "a b c "),
        Row(query: "ATLEAST/99 (a SENT b)", piece: "a b c "),
        Row(query: "朝 NEAR/99 鲜", piece: "朝鲜俄"),
        Row(
            query: String(repeating: "(", count: 12) + "a NEAR/9 b"
                + String(repeating: ") NEAR/9 (a OR b)", count: 12),
            piece: "a b "
        ),
    ])
    func theStepsGrowWithTheText(_ row: Row) throws {
        let matcher = try matcher(row.query)
        var scratch = TopicMatcher.Scratch()
        func steps(_ count: Int) -> Int {
            _ = matcher.match(
                ItemText(title: "z " + String(repeating: row.piece, count: count)),
                using: &scratch
            )
            return scratch.evaluation.steps
        }
        // Both need two digits of the sorter.
        let short = steps(1_500)
        let long = steps(15_000)
        #expect(short > 0)
        // Ten times the text; the edges of the text count for a little.
        #expect(long <= 10 * short + short / 5, "\(short), \(long)")
    }

    @Test(arguments: [
        ("NEAR/99", "a b "), ("PARA", "a b "), ("NEAR/99", "a "), ("NOT NEAR/0", "a b "),
    ])
    func aLongChainKeepsNoMoreThanAFewPlacesAWord(_ join: String, _ piece: String) throws {
        let words = (0..<30).map { ["a", "b"][$0 % 2] }
        let matcher = try matcher(words.joined(separator: " \(join) "))
        var scratch = TopicMatcher.Scratch()
        let text = String(repeating: piece, count: 300)
        _ = matcher.match(ItemText(title: text, summary: text), using: &scratch)
        let count = 2 * text.split(separator: " ").count
        #expect(scratch.evaluation.pool.count <= 20 * count, "\(scratch.evaluation.pool.count)")
    }

    @Test func manyTermsInNoOrderAreSortedInStepsThatGrowWithThem() throws {
        // Each word begins a phrase longer than the next one, so that places nest.
        let words = (0..<200).map { "w\($0)" }
        let phrases = (0..<150).map { start in
            "\"" + words[start..<min(200, start + 2 + (start * 7) % 40)].joined(separator: " ")
                + "\""
        }
        let all = phrases.joined(separator: " OR ")
        let matcher = try matcher("((\(all)) NEAR/9 (\(all))) NOT IN (w1 NEAR/9 w3)")
        var scratch = TopicMatcher.Scratch()
        func steps(_ count: Int) -> Int {
            let text = String(repeating: words.joined(separator: " ") + " ", count: count)
            _ = matcher.match(ItemText(title: text), using: &scratch)
            return scratch.evaluation.steps
        }
        let short = steps(10)
        let long = steps(100)
        #expect(long <= 10 * short + short / 5, "\(short), \(long)")
    }

    @Test func numbersAreSortedByTheirKeysAndKeepTheirOrder() {
        var random = SystemRandomNumberGenerator()
        for most in [1, 3, 2_047, 2_048, 5_000_000, Int32.max - 1] {
            let keys = (0..<3_000).map { _ in Int32.random(in: 0...most, using: &random) }
            var numbers = keys.enumerated().map { DigitSorter.number($1, Int32($0)) }
            var sorter = DigitSorter()
            sorter.sort(&numbers)
            let expected = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
            #expect(numbers.map { Int(DigitSorter.value(of: $0)) } == expected)
            #expect(sorter.steps <= 3 * keys.count)
        }
    }
}
