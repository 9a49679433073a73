import FeedModel
import TopicQuery

// How to read this file: `look` matches new and edited items and remembers which topics an item
// has met, so that an edit is told once for each topic it makes the item meet.

extension Desk {
    /// Stage: matches of new and edited items; what is kept of them for looking back.
    ///
    /// New items are not matched where they are no news (`isOld`, by index) or belong to the
    /// baseline; the topics they meet are noted all the same, so that a trivial edit does not make
    /// them news.
    mutating func look(
        at sorted: inout SortedItems,
        of feed: ParsedFeed,
        in poll: inout Poll,
        isOld: (Int) -> Bool
    ) -> HistoryChunk? {
        let title = poll.settings.title ?? feed.stringIfPresent(feed.title)
        let settings = poll.settings
        let isMatched =
            poll.state.hasBaseline || plan.configuration.watch.baseline == .match
        let document = keptDocument(sorted, of: feed, in: poll)
        // Of a window that is new as a whole the texts are about as long as the document's.
        let isFirst = document == nil && sorted.known.isEmpty && sorted.edited.isEmpty
        var history = HistoryCodec(size: isFirst ? min(feed.bytes.count, 1 << 20) : 0)
        for item in sorted.new {
            render(feed.items[item.index], of: feed, settings: settings)
            if document == nil {
                history.add(item.key, feed.items[item.index], in: feed, text: text)
            }
            let matches = matches(settings)
            _ = sorted.seen.cover(item.record, topics: matches.map { topicHash($0.topic) })
            guard isMatched, !isOld(item.index) else { continue }
            for match in matches {
                write(match, item, of: feed, title: title, revision: 0, to: &poll)
            }
        }
        for item in sorted.edited {
            render(feed.items[item.index], of: feed, settings: settings)
            let matches = matches(settings)
            let hashes = matches.map { topicHash($0.topic) }
            let fresh = Set(sorted.seen.cover(item.record, topics: hashes))
            guard !fresh.isEmpty, poll.state.hasBaseline else { continue }
            history.add(item.key, feed.items[item.index], in: feed, text: text)
            let revision = sorted.seen.nextRevision(of: item.record)
            for (match, hash) in zip(matches, hashes) where fresh.contains(hash) {
                write(match, item, of: feed, title: title, revision: revision, to: &poll)
            }
        }
        // A page shows but a part of the items that are older than a new topic.
        if !poll.isPage { coverKnown(&sorted, of: feed, settings: settings) }
        return document?.chunk(time: now) ?? history.chunk(time: now)
    }

    /// The document itself, where all of its items are new: history keeps it in place of the texts.
    private func keptDocument(
        _ sorted: SortedItems,
        of feed: ParsedFeed,
        in poll: Poll
    ) -> HistoryDocument? {
        guard case .document(let response) = poll.verdict, sorted.edited.isEmpty else { return nil }
        return HistoryDocument(
            sorted.new,
            of: feed,
            packed: response.packed,
            hints: Desk.hints(of: response),
            language: poll.settings.language
        )
    }

    /// Where topics came since the feed was last read, notes which of them the known items meet:
    /// these are older than the topic, and no news when they are edited.
    private mutating func coverKnown(
        _ sorted: inout SortedItems,
        of feed: ParsedFeed,
        settings: FeedSettings
    ) {
        let topicSet = plan.topicSet(of: settings)
        guard sorted.seen.topicSet != topicSet else { return }
        for item in sorted.known {
            render(feed.items[item.index], of: feed, settings: settings)
            let hashes = matches(settings).map { topicHash($0.topic) }
            _ = sorted.seen.cover(item.record, topics: hashes)
        }
        sorted.seen.topicSet = topicSet
    }

    /// The matches of the item that is rendered, of topics that look at the feed.
    private mutating func matches(_ settings: FeedSettings) -> [TopicMatch] {
        plan.configuration.matcher.match(text, using: &scratch)
            .filter { plan.watches(settings, topic: $0.topic) }
    }

    private func topicHash(_ topic: Int) -> UInt32 {
        WatchPlan.hash(of: plan.configuration.topics[topic].id)
    }

    private mutating func write(
        _ match: TopicMatch,
        _ item: IdentifiedItem,
        of feed: ParsedFeed,
        title: String?,
        revision: Int,
        to poll: inout Poll
    ) {
        let record = MatchRecord(
            time: now,
            topic: plan.configuration.topics[match.topic],
            feed: poll.settings,
            feedTitle: title,
            item: item.key,
            revision: revision,
            match: match
        )
        poll.commit.lines.append(
            record.draft(
                feed.items[item.index],
                in: feed,
                text: text,
                hooks: plan.hooks(forTopic: match.topic)
            )
        )
    }
}
