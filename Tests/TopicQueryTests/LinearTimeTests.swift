import Glibc
import Testing

@testable import TopicQuery

/// What no text and no query may do: take more than time in proportion to the text.
@Suite(.serialized) struct LinearTimeTests {
    /// A query, and a piece of text to be repeated that is hard for it.
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var query: String
        var piece: String

        var testDescription: String { name }
    }

    private static let chain = Array(repeating: "a", count: 8)

    @Test(arguments: [
        Row(name: "near itself", query: chain.joined(separator: " NEAR/9 "), piece: "a "),
        Row(name: "before itself", query: chain.joined(separator: " BEFORE/9 "), piece: "a "),
        Row(name: "a sentence of itself", query: chain.joined(separator: " SENT "), piece: "a "),
        Row(
            name: "nested near",
            query: String(repeating: "(", count: 12) + "a NEAR/9 b"
                + String(repeating: ") NEAR/9 (a OR b)", count: 12),
            piece: "a b "
        ),
        Row(name: "not in", query: "(a PARA b) NOT IN (b NEAR/99 a)", piece: "a b "),
        Row(name: "not near", query: "(a SENT b) NOT NEAR/99 c", piece: "a b c "),
        Row(
            name: "beginnings",
            query: (3...60).map { String(repeating: "a", count: $0) + "*" }
                .joined(separator: " OR "),
            piece: String(repeating: "a", count: 80) + " "
        ),
        Row(
            name: "runs",
            query: (1...60).map { String(repeating: "朝", count: $0) }.joined(separator: " OR "),
            piece: "朝朝朝朝朝朝朝朝"
        ),
        Row(name: "a phrase of itself", query: "\"a a a a a a a a\"", piece: "a "),
        Row(name: "one long word", query: "aaa* OR =A OR a", piece: "aA"),
        Row(name: "stops and quotes", query: "a SENT b", piece: ".\"'( \n!…"),
        Row(name: "hyphens", query: "ab OR abab", piece: "ab-"),
        Row(name: "marks", query: "и OR й", piece: "и\u{306}\u{301}\u{AD}"),
        Row(name: "empty lines", query: "a PARA b", piece: "a \t\n"),
        Row(name: "hashtags", query: "a OR ab", piece: "#Ab"),
    ])
    func theTimeGrowsWithTheText(_ row: Row) throws {
        let matcher = try matcher(row.query)
        var scratch = TopicMatcher.Scratch()
        func time(_ count: Int) -> Double {
            let item = ItemText(title: String(repeating: row.piece, count: count))
            return (0..<3).map { _ in
                let start = Self.seconds()
                _ = matcher.match(item, using: &scratch)
                return Self.seconds() - start
            }.min() ?? 0
        }
        let short = time(250)
        let long = time(1_000)
        // Square time would be 16 times; a little is allowed for tables that outgrow a cache.
        #expect(long < 8 * short + 0.02, "\(short) s, \(long) s")
    }

    @Test(arguments: [
        ("a", "@s"), ("a", "title:@s NEAR/9 b"), ("b", "@s"), ("b", "@s SENT (@s NOT NEAR/3 a)"),
        ("b", "(@s PARA z) PARA a"),
    ])
    func explainingTakesTimeThatGrowsWithTheText(excepted: String, query: String) throws {
        // Every place, or every other one, is left out by not_in.
        let sets = [set("s", ["any": "a,b"], notIn: excepted)]
        let matcher = try matcher(query, sets: sets)
        var scratch = TopicMatcher.Scratch()
        func time(_ count: Int) -> Double {
            let item = ItemText(title: "z " + String(repeating: "a b ", count: count))
            return (0..<3).map { _ in
                let start = Self.seconds()
                _ = matcher.explain(item, topic: 0, using: &scratch)
                return Self.seconds() - start
            }.min() ?? 0
        }
        let short = time(500)
        let long = time(2_000)
        #expect(long < 8 * short + 0.02, "\(short) s, \(long) s")
    }

    private static func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
