import FeedModel

/// What a poll changed of where a feed is asked, told as events.
enum PollEvents {
    /// The events between the states before and after a poll.
    static func records(
        of before: FeedState,
        _ after: FeedState,
        now: Timestamp
    ) -> [EventRecord] {
        var records: [EventRecord] = []
        let wasProven = before.move?.isProven ?? false
        if let move = after.move, move.isFollowed, !wasProven {
            let place = URLRedaction.redacted(move.url)
            records.append(
                EventRecord(
                    .feedMoved,
                    time: now,
                    feed: after.id,
                    message: "has moved for good to \(place), and is asked there from now on"
                )
            )
        }
        if wasProven, !(after.move?.isProven ?? false) {
            let home = URLRedaction.redacted(after.url)
            let why = after.reason == nil ? "is no longer redirected" : "fails where it moved to"
            records.append(
                EventRecord(
                    .feedMoved,
                    time: now,
                    feed: after.id,
                    reason: after.reason,
                    message: "\(why), and is asked at \(home) again"
                )
            )
        }
        let proof = PollPolicy.goneProof
        if after.goneLooks >= proof, before.goneLooks < proof {
            records.append(
                EventRecord(
                    .feedGone,
                    time: now,
                    feed: after.id,
                    reason: after.reason,
                    message: "is gone for good, its server says (410); it is looked at once a day"
                )
            )
        }
        return records
    }
}
