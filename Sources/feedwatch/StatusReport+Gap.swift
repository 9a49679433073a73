internal import FeedModel
internal import WatchCore

/// What `status` says of gaps.
extension StatusReport {
    /// How long a gap that stayed open is shown.
    private static let shownTime: Duration = .seconds(7 * 86_400)

    /// What may be missing of a feed, for people; nil: nothing.
    static func gap(of state: FeedState, at now: Timestamp) -> String? {
        guard let walk = state.walk else {
            return state.health.hasGap ? "items before its last window may be missing" : nil
        }
        let span = "between \(walk.from.rfc3339Seconds) and \(walk.until.rfc3339Seconds)"
        if walk.isActive {
            return "reads older pages for items \(span): \(walk.pages) so far"
        }
        guard let end = walk.end, end != .closed, now - walk.begun < shownTime else { return nil }
        return "items \(span) may be missing (\(end.word))"
    }

    /// Writes how far the last gap of a feed was closed, or null.
    static func writeGap(of state: FeedState?, to json: inout JSONWriter) {
        json.key("gap_walk")
        guard let walk = state?.walk else { return json.null() }
        json.beginObject()
        json.key("state")
        json.string(walk.end?.word ?? "walking")
        json.key("from")
        json.string(walk.from.rfc3339)
        json.key("until")
        json.string(walk.until.rfc3339)
        json.key("reached")
        json.string(orNull: walk.reached?.rfc3339)
        json.key("pages")
        json.integer(walk.pages)
        json.key("items")
        json.integer(walk.items)
        json.key("matches")
        json.integer(walk.matches)
        json.key("reason")
        json.string(orNull: walk.reason?.rawValue)
        json.key("next_page")
        json.string(orNull: walk.isActive ? walk.notBefore.rfc3339 : nil)
        json.endObject()
    }
}
