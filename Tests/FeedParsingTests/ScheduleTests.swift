import FeedModel
import Testing

@testable import FeedParsing

/// When a feed says it is updated.
@Suite struct ScheduleTests {
    private func feed(_ words: String) throws -> ParsedFeed {
        let space = "xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'"
        let text = "<rss version='2.0' \(space)><channel><title>t</title>\(words)</channel></rss>"
        let reading = FeedParser().read(Array(text.utf8), hints: DocumentHints())
        guard case .feed(let feed) = reading else { throw NoFeed() }
        return feed
    }

    private struct NoFeed: Error {}

    @Test func theSyndicationModulesWordsAreRead() throws {
        let feed = try feed(
            """
            <sy:updatePeriod> Daily </sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>
            <sy:updateBase>2000-01-01T12:00+00:00</sy:updateBase>
            """
        )
        #expect(feed.updateHintSeconds == 43_200)
        #expect(feed.updateBase == Timestamp(seconds: 946_728_000))
        let nonsense = try self.feed(
            "<sy:updatePeriod>often</sy:updatePeriod><sy:updateBase>noon</sy:updateBase>"
        )
        #expect(nonsense.updateHintSeconds == nil)
        #expect(nonsense.updateBase == nil)
    }
}
