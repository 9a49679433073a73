internal import FeedModel
internal import TopicQuery
internal import WatchCore

/// An item to try topics on: of stored history, of a feed document, or a line of JSON.
struct TrialItem {
    /// What topics look at.
    var text = ItemText()
    /// The item's key; nil where the item is not of stored history.
    var key: ItemKey?
    /// The identifier as the feed wrote it.
    var guid: String?
    /// When it was found; nil where the item is not of stored history.
    var found: Timestamp?
    /// When it says it was published.
    var published: Timestamp?

    /// An item of stored history.
    init(_ item: HistoryItem, of feed: FeedID, found: Timestamp) {
        text = item.text(of: feed)
        key = item.key
        guid = item.guid.isEmpty ? nil : item.guid
        self.found = found
        published = item.published
    }

    /// An item of a document.
    init(
        _ item: ParsedItem,
        of document: ParsedFeed,
        feed: String,
        language: String?,
        reader: any DocumentReader
    ) {
        text.fill(from: item, of: document, language: language, reader: reader)
        text.feed = feed
        guid = document.stringIfPresent(item.id)
        published = item.published.timestamp ?? item.updated.timestamp
    }

    /// An item of a line of JSON.
    init(_ item: TrialLine.Item, feed: String) {
        text = ItemText(
            title: item.title ?? item.text ?? "",
            summary: item.summary ?? (item.title == nil ? "" : item.text ?? ""),
            content: item.content ?? "",
            language: item.language ?? ""
        )
        text.feed = item.feed ?? feed
        text.url = item.url ?? ""
        text.authors = item.authors
        text.categories = item.categories
        guid = item.guid ?? item.id
        published = (item.published ?? item.time).flatMap(SinceOption.moment(rfc3339:))
    }

    /// A field as text.
    func string(_ field: TextField) -> String {
        String(decoding: text.bytes[text.range(of: field)], as: UTF8.self)
    }

    /// When it was published, or else found.
    var moment: Timestamp? { published ?? found }

    /// The day it is counted under: in UTC.
    var day: String { moment.map { String($0.rfc3339.prefix(10)) } ?? "no date" }
}
