internal import FeedModel
internal import TopicQuery
internal import WatchCore

/// How many matches there were, by topic, feed and day.
///
/// With `--against`, days and feeds count what was gained or lost.
struct TrialCounts {
    /// A topic's numbers.
    struct Topic {
        /// Matches with the older configuration; without one as many as `after`.
        var before = 0
        /// Matches with the configuration.
        var after = 0
        /// Matches that only the configuration has.
        var gained = 0
        /// Matches that only the older one has.
        var lost = 0
    }

    /// Whether two configurations are compared.
    let isComparison: Bool
    /// How many items there were.
    private(set) var items = 0
    /// How many of them met a topic.
    private(set) var matched = 0
    private var topics: [String: Topic] = [:]
    private var feeds: [String: Int] = [:]
    private var days: [String: Int] = [:]

    /// No counts yet; every topic is named, also one that nothing meets.
    init(topics names: [String], isComparison: Bool) {
        self.isComparison = isComparison
        for name in names { topics[name] = Topic() }
    }

    /// All matches.
    var matches: Int { topics.values.reduce(0) { $0 + $1.after } }
    /// All matches that were gained.
    var gained: Int { topics.values.reduce(0) { $0 + $1.gained } }
    /// All matches that were lost.
    var lost: Int { topics.values.reduce(0) { $0 + $1.lost } }

    /// Counts an item.
    mutating func count(isMatched: Bool) {
        items += 1
        if isMatched { matched += 1 }
    }

    /// Counts a match, and shows it under its feed and day.
    mutating func count(_ match: TrialMatch) {
        topics[match.topic.id.rawValue, default: Topic()].after += 1
        note(match)
    }

    /// Counts a match that both configurations have.
    mutating func countKept(_ match: TrialMatch) {
        topics[match.topic.id.rawValue, default: Topic()].before += 1
        topics[match.topic.id.rawValue, default: Topic()].after += 1
    }

    /// Counts a match that one of the configurations has.
    mutating func countChange(_ match: TrialMatch, isGain: Bool) {
        var topic = topics[match.topic.id.rawValue] ?? Topic()
        if isGain {
            topic.after += 1
            topic.gained += 1
        } else {
            topic.before += 1
            topic.lost += 1
        }
        topics[match.topic.id.rawValue] = topic
        note(match)
    }

    private mutating func note(_ match: TrialMatch) {
        feeds[match.item.text.feed, default: 0] += 1
        days[match.item.day, default: 0] += 1
    }

    /// The counts for people.
    var lines: [String] {
        var lines: [String] = []
        if isComparison {
            let rows = topics.sorted { $0.key < $1.key }
                .map { [$0, "\($1.before) → \($1.after)", "+\($1.gained)", "-\($1.lost)"] }
            lines += TextTable(rows: [["topic", "matches", "gained", "lost"]] + rows).lines
        } else {
            let rows = topics.sorted { ($1.value.after, $0.key) < ($0.value.after, $1.key) }
                .map { [$0, String($1.after)] }
            lines += TextTable(rows: [["topic", "matches"]] + rows).lines
        }
        let what = isComparison ? "changes" : "matches"
        let byCount = feeds.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { [$0.isEmpty ? "no feed" : $0, String($1)] }
        if !byCount.isEmpty { lines += [""] + TextTable(rows: [["feed", what]] + byCount).lines }
        let byDay = days.sorted { $0.key < $1.key }.map { [$0, String($1)] }
        if !byDay.isEmpty { lines += [""] + TextTable(rows: [["day", what]] + byDay).lines }
        lines.append("")
        lines.append("\(items) items, \(matched) of them meet a topic")
        return lines
    }

    /// The counts as a line of JSON.
    var json: [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("schema")
        json.integer(1)
        json.key("counts")
        json.beginObject()
        json.key("items")
        json.integer(items)
        json.key("matched")
        json.integer(matched)
        json.key("topics")
        json.beginObject()
        for (name, topic) in topics.sorted(by: { $0.key < $1.key }) {
            json.key(named: name)
            append(topic, to: &json)
        }
        json.endObject()
        json.key("feeds")
        append(feeds, to: &json)
        json.key("days")
        append(days, to: &json)
        json.endObject()
        json.endObject()
        json.newline()
        return json.bytes
    }

    private func append(_ topic: Topic, to json: inout JSONWriter) {
        guard isComparison else { return json.integer(topic.after) }
        json.beginObject()
        for (name, value) in [
            ("before", topic.before), ("after", topic.after), ("gained", topic.gained),
            ("lost", topic.lost),
        ] {
            json.key(named: name)
            json.integer(value)
        }
        json.endObject()
    }

    private func append(_ counts: [String: Int], to json: inout JSONWriter) {
        json.beginObject()
        for (name, value) in counts.sorted(by: { $0.key < $1.key }) {
            json.key(named: name)
            json.integer(value)
        }
        json.endObject()
    }
}
