package import FeedModel

/// Where a feed has moved to, by permanent redirects (301, 308) from its configured address.
///
/// A redirect is believed once it has led to a good feed at the same place several times, over
/// a day or more; then the new place is asked directly. The old one is looked at again now and
/// then, and when the new one fails.
package struct FeedMove: Hashable, Sendable {
    /// Where the redirects lead.
    package var url: String
    /// When they first did.
    package var since: Timestamp
    /// When they last did.
    package var confirmed: Timestamp
    /// How many polls in a row they did, up to `provenPolls`.
    package var polls: Int
    /// Whether the new place is asked directly.
    package var isFollowed: Bool

    /// So many polls prove a move.
    package static let provenPolls = 3
    /// So long a move must have lasted.
    package static let provenTime: Duration = .seconds(86_400)
    /// After so long the configured address is asked again.
    package static let recheck: Duration = .seconds(7 * 86_400)

    /// A redirect seen for the first time.
    package init(url: String, at now: Timestamp) {
        self.url = url
        since = now
        confirmed = now
        polls = 1
        isFollowed = false
    }

    /// Whether the move was believed once.
    package var isProven: Bool {
        polls >= FeedMove.provenPolls && confirmed - since >= FeedMove.provenTime
    }

    /// The place that the redirects of `response` make permanent for whoever asked `url`: as far
    /// as they are permanent from the first on; nil: nowhere.
    package static func target(of response: HTTPResponse, from url: String) -> String? {
        let permanent = response.hops.prefix { $0.status == 301 || $0.status == 308 }
        guard let target = permanent.last?.url, target != url else { return nil }
        return target
    }
}

extension FeedMove {
    private static let version: UInt8 = 1

    /// The move as the store keeps it.
    package var packed: [UInt8] {
        var writer = ByteWriter(capacity: 32 + url.utf8.count)
        writer.put(FeedMove.version)
        writer.put(counted: url.utf8)
        writer.put(since.milliseconds)
        writer.put(confirmed.milliseconds)
        writer.put(UInt32(clamping: polls))
        writer.put(UInt8(isFollowed ? 1 : 0))
        return writer.bytes
    }

    /// The move that `packed` kept; nil where the bytes are damaged.
    package init?(packed: [UInt8]) {
        var reader = ByteReader(packed)
        guard let version: UInt8 = reader.take(), version == FeedMove.version,
            let url = reader.takeCounted(), let since: Int64 = reader.take(),
            let confirmed: Int64 = reader.take(), let polls: UInt32 = reader.take(),
            let isFollowed: UInt8 = reader.take()
        else { return nil }
        self.url = String(decoding: url, as: UTF8.self)
        self.since = Timestamp(milliseconds: since)
        self.confirmed = Timestamp(milliseconds: confirmed)
        self.polls = Int(polls)
        self.isFollowed = isFollowed == 1
    }
}
