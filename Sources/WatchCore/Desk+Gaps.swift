import FeedModel

// How to read this file: an ordinary poll that shows a gap begins a walk (`judgeGap`); each page of
// the walk goes through the same stages as a document (`takePage`), but leaves the feed's
// validators, cadence and window as they are. `ArchiveWalk` decides.

extension Desk {
    /// Whether the document has nothing in common with what is remembered: others may have been
    /// missed between the two.
    ///
    /// An empty document shows nothing, and one that holds only what is new (RFC 3229) need not
    /// show more.
    func showsGap(
        _ sorted: SortedItems,
        _ feed: ParsedFeed,
        of poll: Poll,
        response: HTTPResponse
    ) -> Bool {
        guard poll.state.hasBaseline, !sorted.new.isEmpty, !poll.seen.records.isEmpty,
            !PollPolicy.isDelta(response)
        else { return false }
        // Dates are looked at where the answer is not plain.
        let known = sorted.known.count + sorted.edited.count
        guard known > 0, known <= WindowJoin.pinned else { return known == 0 }
        return WindowJoin.isApart(windowItems(sorted, feed, frontier: .max))
    }

    /// The items of a document with their standing; those whose record lies below `frontier`, or
    /// came back from the archive, were known before.
    private func windowItems(
        _ sorted: SortedItems,
        _ feed: ParsedFeed,
        frontier: Int,
        recent: Int = .max
    ) -> [WindowItem] {
        var items = feed.items.map { WindowItem(.since, date: ArchivePage.date(of: $0)) }
        for item in sorted.new { items[item.index].standing = .new }
        for item in sorted.known + sorted.edited {
            let wasBefore = item.record < frontier || item.record >= recent
            items[item.index].standing = wasBefore ? .before : .since
        }
        return items
    }

    /// Tells of a gap, and begins to close it where the feed names older pages.
    mutating func judgeGap(
        _ isApart: Bool,
        _ feed: ParsedFeed,
        of poll: Poll,
        response: HTTPResponse,
        in state: inout FeedState
    ) {
        let rules = WalkRules(plan.configuration.limits, poll.settings)
        if rules.pages == 0, state.walk?.isActive == true {
            state.walk?.finish(.turnedOff)
            tellEnd(in: &state)
        }
        guard isApart else {
            if !feed.items.isEmpty, !PollPolicy.isDelta(response) { state.health.hasGap = false }
            return
        }
        let isFirst = !state.health.hasGap
        state.health.hasGap = true
        let gap = gap(feed, of: poll, response: response, state: state)
        let last = state.walk
        var walk = ArchiveWalk.begin(gap, after: last, isFirst: isFirst, rules: rules, now: now)
        if ArchiveWalk.tells(isFirst: isFirst, after: last, now: now) {
            walk?.noteTold(now: now)
            tell(gap, feed, walk, of: poll)
        }
        if let walk { state.walk = walk }
        // Where there is nothing to read, the event of the gap says so.
        if walk?.end != nil, gap.link != nil, rules.pages > 0 { tellEnd(in: &state) }
    }

    /// What is known of the gap that a document shows.
    private func gap(
        _ feed: ParsedFeed,
        of poll: Poll,
        response: HTTPResponse,
        state: FeedState
    ) -> ArchiveWalk.Gap {
        var from = poll.state.lastSuccess ?? now
        // What a false 304 said of the time since the last document is worth nothing.
        if state.health.distrusts304(at: now) || state.health.falseAnswers > 0,
            let document = poll.state.health.lastDocument
        {
            from = min(from, document)
        }
        let oldest = feed.items.compactMap(ArchivePage.date).filter { $0 >= from && $0 <= now }
        return ArchiveWalk.Gap(
            from: from,
            until: oldest.min() ?? now,
            frontier: poll.seen.records.count,
            url: response.url,
            link: ArchivePage.link(of: feed, response)
        )
    }

    private mutating func tell(
        _ gap: ArchiveWalk.Gap,
        _ feed: ParsedFeed,
        _ walk: ArchiveWalk?,
        of poll: Poll
    ) {
        let (word, pages) =
            walk?.isActive == true
            ? ("read", "its older pages are read to find them")
            : gap.link == nil
                ? ("none", "it names no older pages") : ("unread", "its older pages are not read")
        var event = EventRecord(
            .feedGap,
            time: now,
            feed: poll.settings.id,
            message: """
                no item of its window was known: others may have been missed between \
                \(gap.from.rfc3339Seconds) and \(gap.until.rfc3339Seconds); \(pages)
                """
        )
        event.details = [
            ("from", gap.from.rfc3339), ("until", gap.until.rfc3339), ("older_pages", word),
        ]
        event.counts = [("items", feed.items.count)]
        record(event)
    }

    /// Tells how a walk ended, where that has to be told.
    private mutating func tellEnd(in state: inout FeedState) {
        guard let walk = state.walk, let end = walk.end else { return }
        if end == .closed { state.health.hasGap = false }
        guard end != .closed || walk.isTold else { return }
        var event = EventRecord(
            end == .closed ? .feedGapClosed : .feedGapOpen,
            time: now,
            feed: state.id,
            reason: end == .closed ? nil : walk.reason,
            message: Desk.message(of: walk, end)
        )
        event.details = [("from", walk.from.rfc3339), ("until", walk.until.rfc3339)]
        if end != .closed {
            event.details.append(("why", end.word))
            if let reached = walk.reached { event.details.append(("reached", reached.rfc3339)) }
        }
        event.counts = [
            ("pages", walk.pages), ("items", walk.items), ("matches", walk.matches),
        ]
        record(event)
    }

    private static func message(of walk: ArchiveWalk, _ end: ArchiveWalk.End) -> String {
        let pages = walk.pages == 1 ? "1 older page" : "\(walk.pages) older pages"
        let found = "\(walk.items) items with \(walk.matches) matches"
        let span = "between \(walk.from.rfc3339Seconds) and \(walk.until.rfc3339Seconds)"
        guard end != .closed else {
            return
                "nothing is missing \(span): \(pages) brought \(found), and what was known before"
        }
        let why =
            switch end {
            case .closed, .noMorePages: "there are no more"
            case .pageLimit, .itemLimit: "that is as much as is read"
            case .timeLimit: "it took too long"
            case .loop: "they lead in a circle"
            case .notAFeed: "the next is no feed"
            case .failed: "the next cannot be had"
            case .refused: "the next is where none may lead"
            case .past: "they are older than the last poll, and none of their items was known"
            case .overrun: "new gaps opened faster than they could be read"
            case .turnedOff: "the configuration wants no more"
            }
        return "items \(span) may be missing: \(pages) brought \(found), then \(why)"
    }

    // MARK: Pages

    /// Stages of a page: new items, matches, the commit and the report.
    mutating func settlePage(
        _ poll: inout Poll,
        reading: DocumentReading?,
        archive: SeenItems?
    ) {
        switch (poll.verdict, reading) {
        case (.document(let response), .feed(let feed)):
            takePage(feed, of: &poll, response: response, archive: archive)
        case (.document, .notAFeed(let message, _)):
            failPage(&poll, PollFailure(reason: .notAFeed, message: message))
        case (.failed(let failure), _):
            failPage(&poll, failure)
        case (.document, nil), (.notModified, _):
            failPage(&poll, PollFailure(reason: .notAFeed, message: "the page is empty"))
        }
    }

    private mutating func failPage(_ poll: inout Poll, _ failure: PollFailure) {
        var state = poll.state
        let host = state.walk?.next.map { URLRedaction.host(of: $0) } ?? ""
        state.walk?.fail(failure, now: now)
        if failure.reason == .rateLimited, let wait = failure.retryAfter {
            poll.report.hold = HostHold(host: host, until: now + wait)
            if host == URLRedaction.host(of: state.address) {
                // It holds for the feed itself, too, also after a restart.
                state.hostHeldUntil = max(state.hostHeldUntil ?? now, now + wait)
                state.notBefore = max(state.notBefore ?? now, now + wait)
                state.nextPoll = max(state.nextPoll, now + wait)
            }
        }
        tellEnd(in: &state)
        poll.commit.feed = state
        poll.report.state = state
        poll.report.outcome = .failed(failure)
    }

    private mutating func takePage(
        _ document: ParsedFeed,
        of poll: inout Poll,
        response: HTTPResponse,
        archive: SeenItems?
    ) {
        var state = poll.state
        guard var walk = state.walk else { return }
        var feed = document
        // Half an item must not count as seen: the page is asked for again.
        if feed.endsInItem { feed.items.removeLast() }
        let recent = poll.seen.records.count
        var sorted = ItemIdentity.sort(
            feed,
            name: poll.settings.id,
            seen: poll.seen,
            now: now,
            archive: archive
        )
        var page = ArchivePage(
            url: response.url,
            link: ArchivePage.link(of: feed, response),
            items: windowItems(sorted, feed, frontier: walk.frontier, recent: recent),
            bodyHash: poll.bodyHash
        )
        page.isCut = Desk.isCut(feed)
        let rules = WalkRules(plan.configuration.limits, poll.settings)
        let old = walk.read(page, rules: rules, now: now)
        poll.commit.history = look(at: &sorted, of: feed, in: &poll) { old.contains($0) }
        poll.commit.seen = sorted.seen.packed
        let matches = poll.commit.lines.count
        walk.matches += matches
        state.walk = walk
        state.items += sorted.new.count
        state.matches += matches
        tellEnd(in: &state)
        poll.commit.feed = state
        poll.report.state = state
        poll.report.outcome = .read(
            items: feed.items.count,
            new: sorted.new.count,
            matches: matches
        )
        poll.report.problems = feed.problems
    }
}
