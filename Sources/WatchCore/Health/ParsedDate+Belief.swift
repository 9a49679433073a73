import FeedModel

extension ParsedDate {
    /// Nothing was published in a feed before 1995-01-01: such dates are what programs write for
    /// none (1970, the year 1), or tell of what an item is about.
    private static let firstFeeds = Timestamp(milliseconds: 788_918_400_000)

    /// The moment, if it can be one at which a feed was told something: what an item is called
    /// old by, as nobody is told of what is old.
    var believed: Timestamp? {
        guard let timestamp, timestamp >= ParsedDate.firstFeeds else { return nil }
        return timestamp
    }
}
