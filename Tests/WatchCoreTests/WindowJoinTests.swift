import FeedModel
import Testing
import WatchCore

/// Items in the tests' notation, in document order: `n` new, `b` known before, `s` found since;
/// the number is the hour of its date.
private func items(_ text: String) -> [WindowItem] {
    text.split(separator: " ").map { word in
        let standing: WindowItem.Standing =
            switch word.first {
            case "n": .new
            case "b": .before
            default: .since
            }
        let date = Int64(word.dropFirst()).map { Timestamp(seconds: $0 * 3_600) }
        return WindowItem(standing, date: date)
    }
}

/// Whether a document joins what was known before it.
@Suite struct WindowJoinTests {
    @Test(
        "a document joins where a known item stands in its place",
        arguments: [
            ("n9 n8 b7 b6", [2, 3], "newest first"),
            ("b6 b7 n8 n9", [0, 1], "oldest first"),
            ("n9 n8 b7", [2], "one known item at the end"),
            ("n9 b7", [1], "one new item has no order"),
            ("b9 b8 b7", [0, 1, 2], "nothing new"),
            ("n9 n8 n7", [], "nothing known"),
            ("b1 n9 n8 n7", [], "an old item kept on top joins nothing"),
            ("b1 b2 n9 n8 n7 b6", [5], "but what stands below does"),
            ("n7 n8 n9 b1", [], "nor one kept at the end of what rises"),
            ("n b n", [1], "without dates all stand in their place"),
            ("b n n", [0], "also on top"),
            ("s8 s7 n6 n5", [], "what was found since joins nothing"),
            ("n9 s8 n7 b6", [3], "and is in nobody's way"),
            ("n9 n9 b9", [2], "equal dates are in order"),
            ("", [], "an empty page"),
        ] as [(String, [Int], Comment)]
    )
    func joints(_ text: String, _ expected: [Int], _ why: Comment) {
        #expect(WindowJoin.joints(items(text)) == expected, why)
    }

    @Test(
        "a window is apart from the last where nothing or only what is kept on top is known",
        arguments: [
            ("n9 n8 n7", true, "nothing known"),
            ("n9", true, "a window of one"),
            ("", false, "an empty window shows nothing"),
            ("b9 b8", false, "a window that shrank"),
            ("b9", false, "to one item"),
            ("b3 b9 b1 n7 b5 n8", false, "one that was put in another order"),
            ("b1 n9 n8 n7", true, "one item kept on top"),
            ("b1 b2 b3 n9 n8 n7 n6 n5 n4 n4 n4 n4", true, "three items kept on top"),
            ("b1 b2 b3 b2 n9 n8 n7 n6 n5 n4 n4 n4 n4 n4 n4 n4", false, "four are no longer few"),
            ("b1 n9 n8", false, "nor is one of three"),
            ("n n n n b", false, "without dates a known item joins below new ones"),
            ("b n n n", true, "but may be kept on top of them"),
        ] as [(String, Bool, Comment)]
    )
    func isApart(_ text: String, _ expected: Bool, _ why: Comment) {
        #expect(WindowJoin.isApart(items(text)) == expected, why)
    }
}
