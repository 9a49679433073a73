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
        let most = MatchReport.longestExcerpt
        let leadCount = scalars(in: range.lowerBound..<focus)
        let restCount = scalars(in: focus..<range.upperBound)
        if leadCount + restCount <= most { return tidy(range) }
        let leadRoom = min(leadCount, max(most / 3, most - restCount))
        let start = place(leadCount - leadRoom, from: range.lowerBound, to: focus)
        let end = place(most - leadRoom, from: focus, to: range.upperBound)
        let first = leadRoom < leadCount ? "…" : ""
        let last = restCount > most - leadRoom ? "…" : ""
        return first + tidy(start..<end) + last
    }

    private func scalars(in range: Range<Int>) -> Int {
        var count = 0
        for index in range where item.bytes[index] & 0xC0 != 0x80 { count += 1 }
        return count
    }

    /// The byte that `count` scalars stand before.
    private func place(_ count: Int, from start: Int, to end: Int) -> Int {
        var left = count
        for index in start..<end where item.bytes[index] & 0xC0 != 0x80 {
            if left == 0 { return index }
            left -= 1
        }
        return end
    }

    /// The text of a range with one blank for each run of white space, none at the ends.
    private func tidy(_ range: Range<Int>) -> String {
        var line: [UInt8] = []
        line.reserveCapacity(range.count)
        var isApart = false
        var index = range.lowerBound
        while index < range.upperBound {
            let space = spaceLength(at: index, to: range.upperBound)
            if space > 0 {
                isApart = !line.isEmpty
                index += space
                continue
            }
            if isApart { line.append(0x20) }
            isApart = false
            line.append(item.bytes[index])
            index += 1
        }
        return String(decoding: line, as: UTF8.self)
    }

    /// How many bytes of white space (Unicode's property) begin at an index: one character's.
    private func spaceLength(at index: Int, to end: Int) -> Int {
        let first = item.bytes[index]
        if first < 0x80 { return first == 0x20 || 0x09...0x0D ~= first ? 1 : 0 }
        guard index + 1 < end else { return 0 }
        let second = item.bytes[index + 1]
        if first == 0xC2 { return second == 0x85 || second == 0xA0 ? 2 : 0 }
        guard 0xE1...0xE3 ~= first, index + 2 < end else { return 0 }
        let third = item.bytes[index + 2]
        let isSpace =
            switch (first, second) {
            case (0xE1, 0x9A), (0xE3, 0x80): third == 0x80
            case (0xE2, 0x80): third <= 0x8A || 0xA8...0xA9 ~= third || third == 0xAF
            case (0xE2, 0x81): third == 0x9F
            default: false
            }
        return isSpace ? 3 : 0
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
