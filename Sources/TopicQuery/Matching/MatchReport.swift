/// Turns places into what people read: hits with their text, and the excerpt.
struct MatchReport {
    /// The longest excerpt, in Unicode scalars.
    static let longestExcerpt = 320

    private let item: ItemText
    private let sentenceStarts: [Int32]

    init(_ item: ItemText, sentenceStarts: [Int32]) {
        self.item = item
        self.sentenceStarts = sentenceStarts
    }

    /// The hits at places, by field and place, each stretch once.
    func hits(_ places: [Place], _ program: MatcherProgram) -> [TopicHit] {
        let sorted = places.sorted {
            ($0.field, $0.start, -$0.end, $0.leaf) < ($1.field, $1.start, -$1.end, $1.leaf)
        }
        var hits: [TopicHit] = []
        var last: Place?
        var counter = ScalarCounter(item)
        for place in sorted {
            if let last, last.field == place.field, last.start == place.start, last.end == place.end
            {
                continue
            }
            last = place
            guard let field = TextField(rawValue: Int(place.field)) else { continue }
            let start = counter.scalars(before: Int(place.start), in: field)
            let bytes = item.bytes[Int(place.start)..<Int(place.end)]
            let text = String(decoding: bytes, as: UTF8.self)
            hits.append(
                TopicHit(
                    term: place.leaf < 0 ? "" : program.leaves[Int(place.leaf)].written,
                    field: field,
                    start: start,
                    end: start + text.unicodeScalars.count,
                    text: text
                )
            )
        }
        return hits
    }

    /// The sentence with the most hits; the first of several.
    func excerpt(_ places: [Place]) -> String {
        var counts: [Int32: Set<Int32>] = [:]
        for place in places { counts[place.sentence, default: []].insert(place.start) }
        let best = counts.max { ($0.value.count, -$0.key) < ($1.value.count, -$1.key) }
        guard let best, let place = places.first(where: { $0.sentence == best.key }),
            let field = TextField(rawValue: Int(place.field))
        else { return "" }
        let range = item.range(of: field).clamped(to: item.bytes.indices)
        let start = Int(sentenceStarts[Int(best.key)])
        var end = range.upperBound
        if Int(best.key) + 1 < sentenceStarts.count {
            let next = Int(sentenceStarts[Int(best.key) + 1])
            if range.contains(next), next > start { end = next }
        }
        return cut(start..<max(start, end), around: Int(best.value.min() ?? place.start))
    }

    /// The text of a range on one line, cut around a byte where it is long.
    private func cut(_ range: Range<Int>, around focus: Int) -> String {
        let lead = String(decoding: item.bytes[range.lowerBound..<focus], as: UTF8.self)
        let rest = String(decoding: item.bytes[focus..<range.upperBound], as: UTF8.self)
        let most = MatchReport.longestExcerpt
        let leadCount = lead.unicodeScalars.count
        let restCount = rest.unicodeScalars.count
        if leadCount + restCount <= most { return MatchReport.tidy(lead + rest) }
        let leadRoom = min(leadCount, max(most / 3, most - restCount))
        var text = String.UnicodeScalarView()
        text.append(contentsOf: lead.unicodeScalars.suffix(leadRoom))
        text.append(contentsOf: rest.unicodeScalars.prefix(most - leadRoom))
        let first = leadRoom < leadCount ? "…" : ""
        let last = restCount > most - leadRoom ? "…" : ""
        return first + MatchReport.tidy(String(text)) + last
    }

    private static func tidy(_ text: String) -> String {
        text.split { $0.isWhitespace || $0 == "\u{2029}" }.joined(separator: " ")
    }
}

/// Counts the scalars before bytes of a field, asked in order.
private struct ScalarCounter {
    private let item: ItemText
    private var field = TextField.title
    private var at: Int
    private var count = 0

    init(_ item: ItemText) {
        self.item = item
        at = item.title.lowerBound
    }

    mutating func scalars(before byte: Int, in field: TextField) -> Int {
        if field != self.field || byte < at {
            self.field = field
            at = item.range(of: field).lowerBound
            count = 0
        }
        while at < byte {
            if item.bytes[at] & 0xC0 != 0x80 { count += 1 }
            at += 1
        }
        return count
    }
}
