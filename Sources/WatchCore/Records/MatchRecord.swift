package import FeedModel
package import TopicQuery

/// A line of `matches.jsonl` before it has a number.
package struct MatchRecord: Sendable {
    /// When it was recorded.
    package var time: Timestamp
    /// The topic.
    package var topic: TopicSettings
    /// The feed.
    package var feed: FeedSettings
    /// The title to show for the feed.
    package var feedTitle: String?
    /// The item's key.
    package var item: ItemKey
    /// 0 for a new item, n for its nth edit.
    package var revision: Int
    /// The match.
    package var match: TopicMatch

    /// The largest number of Unicode scalars of the summary that a record holds.
    package static let summaryLength = 1_000

    /// A record.
    package init(
        time: Timestamp,
        topic: TopicSettings,
        feed: FeedSettings,
        feedTitle: String?,
        item: ItemKey,
        revision: Int,
        match: TopicMatch
    ) {
        self.time = time
        self.topic = topic
        self.feed = feed
        self.feedTitle = feedTitle
        self.item = item
        self.revision = revision
        self.match = match
    }

    /// The record's stable identity: the same topic, item and revision always give the same.
    package var id: String {
        let text = "\(topic.id.rawValue)\u{0}\(item)\u{0}\(revision)"
        return ContentHash.hexadecimal(ContentHash.of(text))
            + ContentHash.hexadecimal(ContentHash.of(text, seed: 1))
    }

    /// The draft of the line, for `hooks`, from the item as parsed and its plain text.
    package func draft(
        _ parsed: ParsedItem,
        in document: ParsedFeed,
        text: ItemText,
        hooks: [HookID]
    ) -> LogDraft {
        let id = self.id
        var json = JSONWriter(continuing: [])
        json.key("id")
        json.string(id)
        json.key("time")
        json.string(time.rfc3339)
        json.key("topic")
        json.string(topic.id.rawValue)
        json.key("topic_title")
        json.string(topic.title)
        json.key("feed")
        json.string(feed.id.rawValue)
        json.key("feed_title")
        json.string(orNull: feedTitle)
        json.key("feed_url")
        json.string(URLRedaction.redacted(feed.url))
        json.key("item")
        json.string(item.description)
        writeItem(parsed, document, text, to: &json)
        json.key("revision")
        json.integer(revision)
        match.append(to: &json)
        for key in ["story", "duplicate_of", "similarity", "origin"] {
            json.key(named: key)
            json.null()
        }
        json.endObject()
        json.newline()
        return LogDraft(
            stream: .matches,
            id: id,
            topic: topic.id,
            feed: feed.id,
            item: item,
            time: time,
            tail: json.bytes,
            hooks: hooks
        )
    }

    private func writeItem(
        _ parsed: ParsedItem,
        _ document: ParsedFeed,
        _ text: ItemText,
        to json: inout JSONWriter
    ) {
        json.key("guid")
        json.string(orNull: document.stringIfPresent(parsed.id))
        json.key("title")
        json.string(orNull: document.stringIfPresent(parsed.title))
        json.key("url")
        json.string(orNull: document.stringIfPresent(parsed.url).map(URLRedaction.redacted))
        json.key("summary")
        writeSummary(text, to: &json)
        json.key("authors")
        json.beginArray()
        for author in parsed.authors {
            let shown = author.name.isEmpty ? author.email : author.name
            if !shown.isEmpty { json.string(document.string(shown)) }
        }
        json.endArray()
        json.key("categories")
        json.beginArray()
        for category in parsed.categories { json.string(document.string(category)) }
        json.endArray()
        json.key("language")
        json.string(orNull: text.language.isEmpty ? nil : text.language)
        json.key("published")
        json.string(orNull: parsed.published.timestamp?.rfc3339)
        json.key("updated")
        json.string(orNull: parsed.updated.timestamp?.rfc3339)
        if parsed.published.timestamp == nil, !parsed.published.text.isEmpty {
            json.key("published_text")
            json.string(document.string(parsed.published.text))
        }
    }

    /// Writes the beginning of the summary, on one line.
    private func writeSummary(_ text: ItemText, to json: inout JSONWriter) {
        guard !text.summary.isEmpty else { return json.null() }
        var cut: [UInt8] = []
        cut.reserveCapacity(min(text.summary.count, MatchRecord.summaryLength * 4))
        var count = 0
        for byte in text.bytes[text.summary] {
            if byte & 0xC0 != 0x80 {
                guard count < MatchRecord.summaryLength else { break }
                count += 1
            }
            cut.append(byte)
            if byte == 0xA9, cut.suffix(3).elementsEqual([0xE2, 0x80, 0xA9]) {
                // U+2029 parts the paragraphs.
                cut.removeLast(3)
                cut.append(UInt8(ascii: " "))
            }
        }
        cut.withUnsafeBufferPointer { json.string($0) }
    }
}

extension TopicMatch {
    /// Appends the keys `hits`, `excerpt` and `score` of a record.
    package func append(to json: inout JSONWriter) {
        json.key("hits")
        json.beginArray()
        for hit in hits {
            json.beginObject()
            json.key("term")
            json.string(hit.term)
            json.key("field")
            json.string(hit.field.name)
            json.key("start")
            json.integer(hit.start)
            json.key("end")
            json.integer(hit.end)
            json.key("text")
            json.string(hit.text)
            json.endObject()
        }
        json.endArray()
        json.key("excerpt")
        json.string(excerpt)
        json.key("score")
        json.integer(score)
    }
}
