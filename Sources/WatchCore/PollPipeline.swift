package import FeedModel
internal import TopicQuery

// How to read this file: `process` is the path of an item, a line a stage, over the transfers
// that one turn of the transport finished. Decisions are in PollPolicy, ItemIdentity and the
// topic matcher; reading and storing are behind ports. Nothing counts as seen and no validator
// moves before the one `commit` at the end.

/// Takes finished transfers to stored matches.
package struct PollPipeline: Sendable {
    private let reader: any DocumentReader
    private let store: any Store

    /// A pipeline over its ports.
    package init(reader: any DocumentReader, store: any Store) {
        self.reader = reader
        self.store = store
    }

    /// Takes `results` through all stages and stores what they bring in one transaction.
    ///
    /// Transfers of feeds that `states` or the plan no longer know are dropped. Throws only
    /// where the store fails; then nothing of the batch counts as seen.
    @concurrent package func process(
        _ results: consuming [TransferResult],
        states: [FeedID: FeedState],
        plan: WatchPlan,
        now: Timestamp
    ) async throws(StoreError) -> BatchReport {
        var polls = classify(results, states: states, plan: plan, now: now)
        try await recall(&polls)
        var desk = Desk(reader: reader, plan: plan, now: now)
        for index in polls.indices {
            let reading = desk.read(&polls[index])
            let older = try await archive(reading, of: polls[index], now: now)
            desk.settle(&polls[index], reading: reading, archive: older)
        }
        let receipt = try await store.commit(
            polls.map(\.commit),
            records: desk.events.map { $0.draft(hooks: plan.eventHooks) }
        )
        var report = BatchReport(polls: polls.map(\.report), lines: receipt.lines)
        report.events = desk.events.map(\.kind)
        return report
    }

    /// Stage: what each transfer means.
    private func classify(
        _ results: [TransferResult],
        states: [FeedID: FeedState],
        plan: WatchPlan,
        now: Timestamp
    ) -> [Poll] {
        results.compactMap { result in
            guard let settings = plan.settings(of: result.feed), let state = states[result.feed]
            else { return nil }
            if result.isPage {
                guard state.walk?.isActive == true else { return nil }
                let verdict = plan.policy.classifyPage(result, of: settings, now: now)
                return Poll(page: verdict, settings, state, duration: result.duration)
            }
            let verdict = plan.policy.classify(result, state: state, now: now)
            return Poll(
                settings: settings,
                state: state,
                verdict: verdict,
                answer: PollPipeline.answer(verdict, of: result, state: state, now: now),
                duration: result.duration
            )
        }
    }

    /// What a good answer tells of the next poll.
    private static func answer(
        _ verdict: PollVerdict,
        of result: TransferResult,
        state: FeedState,
        now: Timestamp
    ) -> PollAnswer {
        guard case .success(let response) = result.outcome else { return PollAnswer() }
        var answer = PollAnswer(of: response, from: state.address, now: now)
        if case .notModified(let validators) = verdict {
            answer.validators = validators
            answer.url = nil
            answer.isNotModified = true
        }
        return answer
    }

    /// Stage: what is remembered of the feeds that sent a document they have not sent before.
    private func recall(_ polls: inout [Poll]) async throws(StoreError) {
        let feeds = polls.filter(\.bringsDocument).map(\.settings.id)
        guard !feeds.isEmpty else { return }
        let packed = try await store.seen(of: feeds)
        for index in polls.indices where polls[index].bringsDocument {
            guard let bytes = packed[polls[index].settings.id] else { continue }
            guard let seen = SeenItems(packed: bytes) else {
                throw StoreError(
                    message: "the seen items of feed \(polls[index].settings.id) cannot be read"
                )
            }
            polls[index].seen = seen
        }
    }

    /// Stage: what the archive remembers, where a document shows items that are not among the
    /// recently seen.
    private func archive(
        _ reading: DocumentReading?,
        of poll: Poll,
        now: Timestamp
    ) async throws(StoreError) -> SeenItems? {
        guard
            case .feed(let feed)? = reading,
            ItemIdentity.needsArchive(feed, name: poll.settings.id, seen: poll.seen, now: now)
        else { return nil }
        let chunks = try await store.seenArchive(of: poll.settings.id)
        return SeenItems.joined(chunks.compactMap { SeenItems(packed: $0) })
    }
}

/// One poll on its way through the pipeline.
struct Poll: Sendable {
    /// The feed's settings.
    let settings: FeedSettings
    /// The feed's state before the poll.
    let state: FeedState
    /// What the transfer meant.
    var verdict: PollVerdict
    /// What a good answer tells of the next poll.
    var answer: PollAnswer
    /// What is remembered of the feed's items.
    var seen = SeenItems()
    /// What is stored.
    var commit: PollCommit
    /// What is reported.
    var report: PollReport
    /// The hash of the document, or 0.
    let bodyHash: UInt64
    /// Whether the document is a page of older items (`ArchiveWalk`).
    private(set) var isPage = false

    /// A poll whose transfer has been classified.
    init(
        settings: FeedSettings,
        state: FeedState,
        verdict: PollVerdict,
        answer: PollAnswer,
        duration: Duration
    ) {
        self.settings = settings
        self.state = state
        self.verdict = verdict
        self.answer = answer
        if case .document(let response) = verdict {
            bodyHash = max(1, ContentHash.of(response.body))
        } else {
            bodyHash = 0
        }
        commit = PollCommit(feed: state)
        report = PollReport(state: state, outcome: .unchanged, duration: duration)
    }

    /// A page whose transfer has been classified.
    init(
        page verdict: PollVerdict,
        _ settings: FeedSettings,
        _ state: FeedState,
        duration: Duration
    ) {
        self.init(
            settings: settings,
            state: state,
            verdict: verdict,
            answer: PollAnswer(),
            duration: duration
        )
        isPage = true
        report.isPage = true
    }

    /// Whether a document came that is not the same as the last.
    var bringsDocument: Bool {
        bodyHash != 0 && (isPage || !(state.hasBaseline && bodyHash == state.bodyHash))
    }
}
