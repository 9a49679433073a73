@testable import TopicQuery

/// Gives any query and any text to the matcher, and checks what must hold of every answer.
///
/// The input is parted by zero bytes: query, exclude, title, summary, content; what is missing is
/// empty. The queries may name the sets `@a` and `@b`.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTopics(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: start, count: count)
    let parts = input.split(separator: 0, maxSplits: 4, omittingEmptySubsequences: false)
    func bytes(_ index: Int) -> [UInt8] { index < parts.count ? Array(parts[index]) : [] }
    func text(_ index: Int) -> String { String(decoding: bytes(index), as: UTF8.self) }
    var topics = [TopicSource(id: "t", query: text(0), exclude: text(1))]
    // A second topic reads the query as words of a set.
    topics.append(TopicSource(id: "u", query: "@c"))
    let words = text(0).split(separator: " ").prefix(20).map(String.init)
    var sets = sets
    sets.append(
        TermSetSource(name: "c", entries: words.map { TermEntry(text: $0, language: "ru") })
    )
    let compilation = TopicMatcher.compile(topics: topics, sets: sets)
    let lengths = [topics[0].query, topics[0].exclude ?? ""].map { $0.unicodeScalars.count }
    for diagnostic in compilation.diagnostics {
        switch diagnostic.place {
        case .query(0): precondition(diagnostic.range.upperBound <= lengths[0], "range")
        case .exclude(0): precondition(diagnostic.range.upperBound <= lengths[1], "range")
        default: break
        }
    }
    var item = ItemText()
    item.bytes = bytes(2) + bytes(3) + bytes(4)
    item.title = 0..<bytes(2).count
    item.summary = item.title.upperBound..<item.title.upperBound + bytes(3).count
    item.content = item.summary.upperBound..<item.bytes.count
    if let matcher = compilation.matcher { check(matcher, item, topics.count) }
    // Text that no query of this input speaks of is read with one that always compiles.
    check(fixed, item, 1)
    return 0
}

private let sets = [
    TermSetSource(
        name: "a",
        entries: [
            TermEntry(text: "Курск", language: "ru"), TermEntry(text: "北韓", language: "zh"),
            TermEntry(text: "Kim Jong Un", language: "en"), TermEntry(text: "북한", language: "ko"),
        ],
        notIn: [TermEntry(text: "북한산", language: "any")]
    ),
    TermSetSource(
        name: "b",
        entries: [
            TermEntry(text: "러", language: "ko"), TermEntry(text: "=РФ", language: "ru"),
            TermEntry(text: "russ*", language: "en"), TermEntry(text: "🇷🇺", language: "any"),
        ]
    ),
]

private let fixed: TopicMatcher = {
    let topic = TopicSource(
        id: "f",
        query: "(@a SENT @b) OR (@a NEAR/3 @b NEAR/3 a) OR (title:@a AND NOT @b) OR ATLEAST/2 @b"
    )
    return TopicMatcher.compile(topics: [topic], sets: sets).matcher ?? TopicMatcher()
}()

/// Matches, explains, and checks that both say the same and point into the text.
private func check(_ matcher: TopicMatcher, _ item: ItemText, _ topics: Int) {
    var scratch = TopicMatcher.Scratch()
    let matches = matcher.match(item, using: &scratch)
    for match in matches {
        precondition(0...100 ~= match.score, "score")
        for hit in match.hits {
            let field = item.bytes[item.range(of: hit.field)]
            precondition(hit.start < hit.end, "an empty hit")
            precondition(hit.end <= field.count, "a hit outside of its field")
        }
    }
    for topic in 0..<topics {
        let explanation = matcher.explain(item, topic: topic, using: &scratch)
        let isMatch = matches.contains { $0.topic == topic }
        precondition(explanation?.isMatch == isMatch, "explained otherwise")
        precondition(explanation?.lines.isEmpty == false, "no lines")
    }
}
