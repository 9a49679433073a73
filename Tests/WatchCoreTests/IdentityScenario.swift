import FeedModel
import WatchCore

/// An item as a publisher means it: `tag` says which one it is, the rest how it is written.
struct WrittenItem: Sendable {
    var tag: String
    var id = ""
    var link = ""
    var title = ""
    var text = ""
    /// Hours after the first poll; nil: no date.
    var hour: Double?
    var file = ""
}

/// Several polls of one feed, an hour apart, and the items that each must find new.
struct IdentityScenario: Sendable, CustomStringConvertible {
    var name: String
    var polls: [[WrittenItem]]
    /// The tags of the items that each poll finds new.
    var new: [[String]]
    var hoursApart = 1.0

    var description: String { name }

    /// A scenario.
    init(
        _ name: String,
        _ polls: [[WrittenItem]],
        new: [[String]],
        hoursApart: Double = 1
    ) {
        self.name = name
        self.polls = polls
        self.new = new
        self.hoursApart = hoursApart
    }

    /// The tags that each poll finds new, as the rules see it.
    func run() -> [[String]] {
        let start = Timestamp(seconds: 1_750_000_020)
        var seen = SeenItems()
        return polls.enumerated().map { poll, items in
            let now = start + .milliseconds(Int64(hoursApart * 3_600_000) * Int64(poll))
            let sorted = ItemIdentity.sort(
                IdentityScenario.document(items, start: start),
                name: FeedID("a"),
                seen: SeenItems(packed: seen.packed) ?? seen,
                now: now,
                archive: nil
            )
            seen = sorted.seen
            return sorted.new.map { items[$0.index].tag }.sorted()
        }
    }

    private static func document(_ items: [WrittenItem], start: Timestamp) -> ParsedFeed {
        var feed = WatchCoreTests.document(items.map { ($0.id, $0.link, $0.title, $0.text) })
        for (index, item) in items.enumerated() {
            if let hour = item.hour {
                feed.items[index].published.timestamp =
                    start + .milliseconds(Int64(hour * 3_600_000))
            }
            if !item.file.isEmpty {
                let span = TextSpan(start: feed.bytes.count, count: item.file.utf8.count)
                feed.bytes.append(contentsOf: item.file.utf8)
                feed.items[index].enclosures = [ParsedEnclosure(url: span)]
            }
        }
        return feed
    }
}

/// A text of about 300 bytes that has nothing to do with that of another number.
func prose(_ number: Int) -> String {
    let words = [
        "river", "minister", "signed", "bridge", "market", "winter", "report", "soldiers",
        "harbour", "engine", "council", "border", "letters", "grain", "factory", "museum",
        "vote", "storm", "railway", "doctors", "island", "budget", "teachers", "coal",
        "satellite", "forest", "judge", "festival", "pipeline", "farmers", "tunnel", "bank",
    ]
    var state = UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15 | 1
    var text: [String] = []
    for _ in 0..<45 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text.append(words[Int(state >> 40) % words.count])
    }
    return text.joined(separator: " ")
}

/// The same text with a sentence more.
func amended(_ number: Int) -> String { prose(number) + " The ministry declined to comment." }
