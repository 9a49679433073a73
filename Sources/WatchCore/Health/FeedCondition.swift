package import FeedModel

/// How a feed stands, worst first.
package enum FeedCondition: Int, Comparable, Sendable, CaseIterable {
    /// Its server says that it is gone for good.
    case gone
    /// Its server does not give it to us, or its address may not be reached.
    case blocked
    /// What stands at its address is no feed.
    case notAFeed
    /// Its last poll failed.
    case failing
    /// Nothing new came for longer than chance allows.
    case silent
    /// Its server says falsely that nothing has changed: it is asked for whole documents.
    case stale304
    /// Its last document was damaged; what could be read of it was.
    case damaged
    /// It was never polled.
    case new
    /// Nothing new came for longer than ever before.
    case quiet
    /// It has moved for good, and is asked at its new address.
    case moved
    /// Its last poll succeeded.
    case ok

    package static func < (left: FeedCondition, right: FeedCondition) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The word for it, in status and metrics.
    package var word: String {
        switch self {
        case .gone: "gone"
        case .blocked: "blocked"
        case .notAFeed: "not-a-feed"
        case .failing: "failing"
        case .silent: "silent"
        case .stale304: "stale-304"
        case .damaged: "damaged"
        case .new: "new"
        case .quiet: "quiet"
        case .moved: "moved"
        case .ok: "ok"
        }
    }

    /// Whether somebody should look at it.
    package var isBad: Bool { self <= .silent }

    /// How a feed in `state` stands at `now`; nil: never polled.
    package init(of state: FeedState?, at now: Timestamp) {
        guard let state, state.polls > 0 else {
            self = .new
            return
        }
        if state.failures > 0 {
            switch state.reason {
            case .gone: self = .gone
            case .forbidden, .addressBlocked: self = .blocked
            case .notAFeed: self = .notAFeed
            default: self = .failing
            }
        } else if state.health.isSilent(at: now) {
            self = .silent
        } else if state.health.distrusts304(at: now) {
            self = .stale304
        } else if state.message != nil {
            self = .damaged
        } else if state.health.isQuiet(at: now) {
            self = .quiet
        } else {
            self = state.move?.isFollowed == true ? .moved : .ok
        }
    }

    /// Since when `state` stands so; nil: not known.
    package func since(_ state: FeedState) -> Timestamp? {
        switch self {
        case .gone, .blocked, .notAFeed, .failing: state.failingSince
        case .silent, .quiet: state.health.quietSince
        case .stale304: state.health.distrustedSince
        case .moved: state.move?.since
        case .damaged, .ok: state.health.standingSince
        case .new: nil
        }
    }
}
