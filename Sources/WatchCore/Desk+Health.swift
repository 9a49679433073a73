import FeedModel

// How to read this file: what a poll shows of the feed's ways. Floods and false 304 are told
// here, in the poll's own transaction; failures and silence by `HealthSweep`.

extension Desk {
    /// From so many new items on, all of them old, a document is a republished archive.
    static let archiveItems = 50
    /// How much older than the last poll such items are.
    static let archiveAge: Duration = .seconds(86_400)
    /// How often churn is told of.
    static let floodTime: Duration = .seconds(7 * 86_400)

    /// Notes that a poll worked; true where its answer was false, and that has to be told.
    func note(_ poll: Poll, in health: inout FeedHealth) -> Bool {
        let watch = plan.configuration.watch
        var interval = watch.meanInterval
        if case .fixed(let time) = poll.settings.interval ?? watch.interval { interval = time }
        health.noteSuccess(
            before: poll.state,
            interval: interval,
            now: now
        )
        switch poll.verdict {
        case .notModified: return health.noteNotModified(now: now)
        case .document where !poll.bringsDocument:
            return health.noteDocument(proves: false, now: now)
        case .document, .failed: return false
        }
    }

    /// The new items, by index, that are no news but an archive, published again: more than 50,
    /// each dated a day or more before the last poll that worked; empty: there is none.
    ///
    /// Stricter than "no later than the newest seen": a busy feed whose items come late must not
    /// lose them. What is news beside an archive is told.
    func archived(_ sorted: SortedItems, _ feed: ParsedFeed, of poll: Poll) -> Set<Int> {
        guard poll.state.hasBaseline, sorted.new.count > Desk.archiveItems,
            let last = poll.state.lastSuccess, last <= now
        else { return [] }
        let limit = last - Desk.archiveAge
        let old = sorted.new.lazy.map(\.index).filter { index in
            feed.items[index].published.believed.map { $0 < limit } ?? false
        }
        let indices = Set(old)
        return indices.count > Desk.archiveItems ? indices : []
    }

    /// Notes what a document shows, and tells of floods and false answers.
    mutating func judge(
        _ sorted: SortedItems,
        _ archived: Set<Int>,
        _ feed: ParsedFeed,
        of poll: Poll,
        response: HTTPResponse,
        in health: inout FeedHealth
    ) {
        if !archived.isEmpty {
            tell(
                .feedFlood,
                poll,
                """
                \(archived.count) items at once, older than the last poll: an archive, \
                published again. They are kept and not told; `feedwatch match` looks through them
                """
            )
        }
        judgeChurn(sorted, feed, of: poll, in: &health)
        judgeAnswers(sorted, feed, of: poll, response: response, in: &health)
        guard sorted.new.count > archived.count, poll.state.hasBaseline else { return }
        health.noteArrival(now: now)
        guard health.isSilenceTold else { return }
        health.isSilenceTold = false
        let since = poll.state.health.quietSince ?? now
        tell(.feedRecovered, poll, "has something new again after \((now - since).shortText)")
    }

    private mutating func judgeChurn(
        _ sorted: SortedItems,
        _ feed: ParsedFeed,
        of poll: Poll,
        in health: inout FeedHealth
    ) {
        let items = feed.items.count
        guard sorted.renamed >= 3, sorted.renamed * 2 > items else { return }
        let told = health.floodTold
        health.floodTold = now
        // A feed that changes its links at each request is told of once.
        if let told, now - told < Desk.floodTime { return }
        tell(
            .feedFlood,
            poll,
            """
            \(sorted.renamed) of \(items) items have other identifiers or links than before; \
            they are known by title and text, and not told again
            """
        )
    }

    /// A document that changed under the validators of the last one says that the 304 was false.
    ///
    /// One that comes with others, and with new items, makes suspect whoever said for days that
    /// nothing had changed: he is asked with the old validators once more, which no longer hold.
    private mutating func judgeAnswers(
        _ sorted: SortedItems,
        _ feed: ParsedFeed,
        of poll: Poll,
        response: HTTPResponse,
        in health: inout FeedHealth
    ) {
        let before = poll.state.health
        let validators = PollPolicy.validators(of: response)
        let known = poll.state.validators
        let isNews =
            poll.state.hasBaseline && before.notModified >= FeedHealth.auditAnswers
            && !sorted.new.isEmpty && known != Validators() && validators != Validators()
        if health.noteDocument(proves: isNews && validators == known, now: now) {
            tellFalseAnswers(poll)
        }
        if isNews, validators != known, before.wantsWhole(at: poll.state.nextPoll) {
            health.suspect(known)
        }
    }

    /// Tells that a server says falsely that nothing has changed.
    mutating func tellFalseAnswers(_ poll: Poll) {
        tell(
            .feedStale304,
            poll,
            """
            the server answered again and again that nothing had changed, and it had; whole \
            documents are asked for from now on
            """
        )
    }

    private mutating func tell(_ kind: EventKind, _ poll: Poll, _ message: String) {
        record(EventRecord(kind, time: now, feed: poll.settings.id, message: message))
    }
}
