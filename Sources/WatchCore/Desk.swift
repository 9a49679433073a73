import FeedModel
import TopicQuery

/// Where a batch of polls is worked on: reads documents, finds new items, matches them, and draws
/// up what is to be stored.
///
/// One for a batch, so that its buffers are used again.
struct Desk {
    private let reader: any DocumentReader
    let plan: WatchPlan
    let now: Timestamp
    var scratch = TopicMatcher.Scratch()
    var text = ItemText()
    /// The events of the batch.
    private(set) var events: [EventRecord] = []

    /// A desk for a batch that is worked on at `now`.
    init(reader: any DocumentReader, plan: WatchPlan, now: Timestamp) {
        self.reader = reader
        self.plan = plan
        self.now = now
    }

    /// Stage: the document, read; nil where there is none to read.
    ///
    /// The body is given up.
    func read(_ poll: inout Poll) -> DocumentReading? {
        guard poll.bringsDocument, case .document(var response) = poll.verdict else { return nil }
        let body = response.body
        response.body = []
        poll.verdict = .document(response)
        return reader.read(body, hints: Desk.hints(of: response))
    }

    /// What a response says of its document.
    static func hints(of response: HTTPResponse) -> DocumentHints {
        DocumentHints(
            url: response.url,
            contentType: response.header("content-type"),
            contentLocation: response.header("content-location"),
            contentLanguage: response.header("content-language")
        )
    }

    /// Stages: new items, matches, and the poll's commit and report.
    mutating func settle(_ poll: inout Poll, reading: DocumentReading?, archive: SeenItems?) {
        if poll.isPage { return settlePage(&poll, reading: reading, archive: archive) }
        switch (poll.verdict, reading) {
        case (.failed(let failure), _):
            fail(&poll, failure)
        case (.document, .notAFeed(let message, let announced)):
            let hint = announced.first.map { "; the page announces \($0.url)" } ?? ""
            fail(&poll, PollFailure(reason: .notAFeed, message: message + hint))
        case (.notModified, _):
            finish(&poll, state: succeeded(poll), outcome: .notModified)
        case (.document, nil):
            finish(&poll, state: succeeded(poll), outcome: .unchanged)
        case (.document(let response), .feed(let feed)):
            take(feed, of: &poll, response: response, archive: archive)
        }
    }

    private mutating func fail(_ poll: inout Poll, _ failure: PollFailure) {
        let state = plan.policy.failed(
            poll.state,
            settings: poll.settings,
            failure: failure,
            now: now
        )
        events += PollEvents.records(of: poll.state, state, now: now)
        finish(&poll, state: state, outcome: .failed(failure))
    }

    private mutating func succeeded(_ poll: Poll) -> FeedState {
        var state = plan.policy.succeeded(
            poll.state,
            settings: poll.settings,
            answer: poll.answer,
            now: now
        )
        if note(poll, in: &state.health) { tellFalseAnswers(poll) }
        events += PollEvents.records(of: poll.state, state, now: now)
        return state
    }

    private func finish(_ poll: inout Poll, state: FeedState, outcome: PollOutcome) {
        poll.commit.feed = state
        poll.report.state = state
        poll.report.outcome = outcome
    }

    mutating func record(_ event: EventRecord) { events.append(event) }

    private mutating func take(
        _ document: ParsedFeed,
        of poll: inout Poll,
        response: HTTPResponse,
        archive: SeenItems?
    ) {
        var feed = document
        // Half an item must not count as seen: the whole one comes with the whole document.
        if feed.endsInItem { feed.items.removeLast() }
        var sorted = ItemIdentity.sort(
            feed,
            name: poll.settings.id,
            seen: poll.seen,
            now: now,
            archive: archive
        )
        let archived = archived(sorted, feed, of: poll)
        let isApart = archived.isEmpty && showsGap(sorted, feed, of: poll, response: response)
        let history = look(at: &sorted, of: feed, in: &poll) { archived.contains($0) }
        // A walk tells what was known before its gap by the place among the seen items.
        if !isApart, poll.state.walk?.isActive != true {
            poll.commit.seenArchive = sorted.seen.takeArchivable(now: now)?.packed
        }
        poll.commit.seen = sorted.seen.packed
        poll.commit.history = history
        // Of a document that was cut off, validators would hide what is missing behind a 304.
        let isWhole = !Desk.isCut(feed)
        if !isWhole { poll.answer.validators = Validators() }
        poll.answer.findings = PollFindings(
            of: feed,
            new: sorted.new.map(\.index),
            matches: poll.commit.lines.count,
            state: poll.state,
            isDelta: PollPolicy.isDelta(response)
        )
        var state = succeeded(poll)
        judge(sorted, archived, feed, of: poll, response: response, in: &state.health)
        judgeGap(isApart, feed, of: poll, response: response, in: &state)
        state.bodyHash = isWhole ? poll.bodyHash : 0
        // A first document that was cut off is no baseline; one that always is must become one.
        state.hasBaseline = isWhole || poll.state.lastSuccess != nil
        state.title = feed.stringIfPresent(feed.title) ?? state.title
        state.items += sorted.new.count
        state.matches += poll.commit.lines.count
        state.message = Desk.damage(of: feed)
        if (state.message == nil) != (poll.state.message == nil) {
            state.health.standingSince = now
        }
        if !sorted.new.isEmpty { state.lastNewItem = now }
        finish(
            &poll,
            state: state,
            outcome: .read(
                items: feed.items.count,
                new: sorted.new.count,
                matches: poll.commit.lines.count
            )
        )
        poll.report.problems = feed.problems
    }

    /// Whether a document was cut off: what came after is missing.
    static func isCut(_ feed: ParsedFeed) -> Bool {
        feed.endsInItem || feed.problems.contains { $0.code == "xml-truncated" }
    }

    /// What is wrong with a document that may have cost items or text, for people; nil: nothing.
    private static func damage(of feed: ParsedFeed) -> String? {
        // What was refused says more than what followed from it.
        for kind in ["entity-", "encoding-", "xml-"] {
            if let problem = feed.problems.first(where: { $0.code.hasPrefix(kind) }) {
                return "\(problem.code), line \(problem.line): \(problem.message)"
            }
        }
        return nil
    }

    /// The item's plain text, into the buffer that is used again.
    mutating func render(
        _ item: ParsedItem,
        of feed: ParsedFeed,
        settings: FeedSettings
    ) {
        text.fill(from: item, of: feed, language: settings.language, reader: reader)
        text.feed = settings.id.rawValue
    }
}
