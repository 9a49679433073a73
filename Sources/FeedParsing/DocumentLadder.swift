import FeedModel

/// Reads a text in UTF-8 by the gentlest means that works.
///
/// Strict XML; then, on an error, our own repair of the text and strict again; last libxml2's own
/// recovery. What was wrong becomes problems of the feed.
struct DocumentLadder {
    let bytes: Bytes
    let base: [UInt8]
    let hints: DocumentHints

    /// The feed, or why there is none.
    func read() -> DocumentReading {
        let text = bytes.trimmed
        guard !text.isEmpty else {
            return .notAFeed(message: "the document is empty", announced: [])
        }
        if DocumentGuard.hasTooManyAttributes(text) {
            return .notAFeed(message: "a tag has too many attributes", announced: [])
        }
        var builder = FeedBuilder(count: text.count, base: base)
        let outcome = SAXParser.parse(text, into: &builder)
        if !builder.isFeed { return notAFeed(text, builder, outcome.failure) }
        if let failure = outcome.failure {
            builder.note("xml-error", failure.message, line: failure.line)
        }
        return .feed(builder.finish(contentLanguage: hints.contentLanguage))
    }

    private func notAFeed(
        _ text: Bytes,
        _ builder: FeedBuilder,
        _ failure: ParseFailure?
    ) -> DocumentReading {
        let announced = HTMLPage.announcedFeeds(in: text, base: base)
        let message: String
        if HTMLPage.looksLikePage(text) {
            message =
                announced.isEmpty
                ? "this is a web page, not a feed"
                : "this is a web page that announces \(announced.count) feeds"
        } else if let failure, builder.rootName.isEmpty {
            message = "this is not XML: \(failure.message)"
        } else {
            message = "the document's element is no feed's"
        }
        return .notAFeed(message: message, announced: announced)
    }
}
