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

    /// Notes that a poll worked.
    func note(_ poll: Poll, in health: inout FeedHealth) {
        let watch = plan.configuration.watch
        var interval = watch.meanInterval
        if case .fixed(let time) = poll.settings.interval ?? watch.interval { interval = time }
        health.noteSuccess(
            before: poll.state,
            interval: interval,
            now: now
        )
        switch poll.verdict {
        case .notModified: health.noteNotModified(now: now)
        case .document where !poll.bringsDocument:
            _ = health.noteDocument(proves: false, suggests: false, now: now)
        case .document, .failed: break
        }
    }

    /// Whether the new items are no news but an archive, published again: more than 50, and each
    /// dated a day or more before the last poll that worked.
    ///
    /// Stricter than "no later than the newest seen": a busy feed whose items come late must not
    /// lose them.
    func isArchive(_ sorted: SortedItems, _ feed: ParsedFeed, of poll: Poll) -> Bool {
        guard poll.state.hasBaseline, sorted.new.count > Desk.archiveItems,
            let last = poll.state.lastSuccess, last <= now
        else { return false }
        let limit = last - Desk.archiveAge
        return sorted.new.allSatisfy { item in
            feed.items[item.index].published.timestamp.map { $0 < limit } ?? false
        }
    }

    /// Notes what a document shows, and tells of floods and false answers.
    mutating func judge(
        _ sorted: SortedItems,
        _ feed: ParsedFeed,
        of poll: Poll,
        response: HTTPResponse,
        in health: inout FeedHealth
    ) {
        let isFlood = isArchive(sorted, feed, of: poll)
        if isFlood {
            tell(
                .feedFlood,
                poll,
                """
                \(sorted.new.count) items at once, all older than the last poll: an archive, \
                published again. They are kept and not told; `feedwatch match` looks through them
                """
            )
        }
        judgeChurn(sorted, feed, of: poll, in: &health)
        judgeAnswers(sorted, feed, of: poll, response: response, in: &health)
        guard !sorted.new.isEmpty, poll.state.hasBaseline, !isFlood else { return }
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

    /// A document that changed under the validators of the last one, or shows items that are older
    /// than a 304, says that the 304 was false.
    private mutating func judgeAnswers(
        _ sorted: SortedItems,
        _ feed: ParsedFeed,
        of poll: Poll,
        response: HTTPResponse,
        in health: inout FeedHealth
    ) {
        let before = poll.state.health
        let validators = PollPolicy.validators(of: response)
        let wasAudited = before.notModified >= FeedHealth.auditAnswers
        var proves = false
        var suggests = false
        if poll.state.hasBaseline, wasAudited, !sorted.new.isEmpty,
            let lastAnswer = before.lastNotModified, let document = before.lastDocument
        {
            proves = validators == poll.state.validators && validators != Validators()
            suggests = sorted.new.contains { item in
                guard let date = feed.items[item.index].published.timestamp else { return false }
                return date > document && date < lastAnswer - .seconds(3_600)
            }
        }
        if health.noteDocument(proves: proves, suggests: suggests, now: now) {
            tell(
                .feedStale304,
                poll,
                """
                the server answered \(before.notModified) times that nothing had changed, and it \
                had; whole documents are asked for from now on
                """
            )
        }
    }

    private mutating func tell(_ kind: EventKind, _ poll: Poll, _ message: String) {
        record(EventRecord(kind, time: now, feed: poll.settings.id, message: message))
    }
}
