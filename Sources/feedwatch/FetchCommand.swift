internal import ArgumentParser
internal import Daemon
internal import FeedModel
internal import SQLiteStore
internal import ServiceHost
internal import WatchCore

/// The command `feedwatch fetch`.
struct FetchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch",
        abstract: "Makes one request as the daemon would, and tells all about it.",
        discussion: """
            Shows every hop with the fields that were sent and received, secrets left out, what \
            the answer means, and the feed in brief. Changes no state. Exit status 0 for a feed, \
            or word that it has not changed; 1 for anything else.
            """
    )

    @OptionGroup var options: ConfigOptions

    @Flag(help: "Send the validators that the daemon has stored, as its next poll would.")
    var conditional = false

    @Option(
        name: [.customShort("n"), .long],
        help: ArgumentHelp("How many items to show.", valueName: "count")
    )
    var items = 5

    @Flag(help: "Print JSON.")
    var json = false

    @Argument(help: ArgumentHelp("An address, or a feed of the configuration.", valueName: "url"))
    var feed: String

    func run() async throws {
        let environment = ProcessEnvironment.current()
        let settings = try ProbeSettings(options, environment)
        let feed = try settings.feed(feed)
        let now = SystemClock().now()
        var state = FeedState(id: feed.id, url: feed.url, nextPoll: now)
        if conditional { state = try stored(feed, settings) ?? state }
        var plain = feed
        plain.noConditional = feed.noConditional || !conditional
        let policy = PollPolicy(watch: settings.watch)
        let request = policy.request(for: plain, state: state)
        let probe = settings.probe
        let result = await probe.fetch(request)
        await probe.stop()
        let verdict = policy.classify(result, state: state, now: now)
        var reading: DocumentReading?
        if case .document(let response) = verdict { reading = probe.read(response) }
        let report = FetchReport(result: result, verdict: verdict, reading: reading, items: items)
        if json {
            Output.bytes(report.json)
        } else {
            for line in report.lines { Output.line(line) }
        }
        if !report.isGood { throw CommandFailure(.answerIsNo) }
    }

    private func stored(_ feed: FeedSettings, _ settings: ProbeSettings) throws -> FeedState? {
        do {
            let snapshot = try SQLiteReader(directory: settings.watch.statePath).snapshot()
            return snapshot.feeds.first { $0.id == feed.id && $0.url == feed.url }
        } catch {
            throw CommandFailure(.failed, error.message)
        }
    }
}
