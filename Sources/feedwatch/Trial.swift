internal import ConfigFile
internal import FeedModel
internal import TopicQuery
internal import WatchCore

/// A configuration's topics, tried on items as the daemon would match them.
struct Trial {
    /// The configuration.
    let configuration: Configuration
    private let topicsOfFeeds: [String: Set<TopicID>]
    private let feeds: [String: FeedSettings]
    private let selected: Set<TopicID>?
    private var scratch = TopicMatcher.Scratch()

    /// The topics of a configuration, or some of them.
    init(_ configuration: Configuration, topics: [String]) {
        self.configuration = configuration
        selected = topics.isEmpty ? nil : Set(topics.map { TopicID($0) })
        var known: [String: FeedSettings] = [:]
        var watched: [String: Set<TopicID>] = [:]
        for feed in configuration.feeds {
            known[feed.id.rawValue] = feed
            if let topics = feed.topics { watched[feed.id.rawValue] = Set(topics) }
        }
        feeds = known
        topicsOfFeeds = watched
    }

    /// The matches of an item.
    mutating func matches(of item: TrialItem) -> [TrialMatch] {
        let watched = topicsOfFeeds[item.text.feed]
        return configuration.matcher.match(item.text, using: &scratch)
            .compactMap { match in
                let topic = configuration.topics[match.topic]
                guard watched?.contains(topic.id) ?? true, selected?.contains(topic.id) ?? true
                else { return nil }
                let feed = feeds[item.text.feed]
                return TrialMatch(item: item, topic: topic, feedTitle: feed?.title, match: match)
            }
    }
}

/// An item that met a topic in a trial.
struct TrialMatch {
    /// The item.
    let item: TrialItem
    /// The topic.
    let topic: TopicSettings
    /// The title the configuration has for the feed.
    let feedTitle: String?
    /// The match.
    let match: TopicMatch

    /// The match for people.
    var line: MatchLine {
        MatchLine(
            time: item.moment?.rfc3339 ?? "no date",
            topic: topic.id.rawValue,
            topic_title: topic.title,
            feed: item.text.feed,
            feed_title: feedTitle,
            title: item.text.title.isEmpty ? nil : item.string(.title),
            url: item.text.url.isEmpty ? nil : item.text.url,
            excerpt: match.excerpt,
            published: item.published?.rfc3339,
            hits: match.hits.map {
                MatchLine.Hit(field: $0.field.name, start: $0.start, end: $0.end, text: $0.text)
            }
        )
    }

    /// The match as a line of JSON, its keys those of a record; `change` where it is one.
    func json(change: String? = nil) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("schema")
        json.integer(1)
        if let change {
            json.key("change")
            json.string(change)
        }
        json.key("topic")
        json.string(topic.id.rawValue)
        json.key("topic_title")
        json.string(topic.title)
        json.key("feed")
        json.string(orNull: item.text.feed.isEmpty ? nil : item.text.feed)
        json.key("item")
        json.string(orNull: item.key?.description)
        json.key("guid")
        json.string(orNull: item.guid)
        json.key("title")
        json.string(orNull: item.text.title.isEmpty ? nil : item.string(.title))
        json.key("url")
        json.string(orNull: item.text.url.isEmpty ? nil : item.text.url)
        json.key("summary")
        json.string(orNull: item.text.summary.isEmpty ? nil : item.string(.summary))
        writeLists(to: &json)
        json.key("language")
        json.string(orNull: item.text.language.isEmpty ? nil : item.text.language)
        json.key("found")
        json.string(orNull: item.found?.rfc3339)
        json.key("published")
        json.string(orNull: item.published?.rfc3339)
        match.append(to: &json)
        json.endObject()
        json.newline()
        return json.bytes
    }

    private func writeLists(to json: inout JSONWriter) {
        for (key, list) in [
            ("authors", item.text.authors), ("categories", item.text.categories),
        ] {
            json.key(named: key)
            json.beginArray()
            for name in list { json.string(name) }
            json.endArray()
        }
    }
}
