internal import ArgumentParser
internal import ConfigFile
internal import FeedModel
internal import ServiceHost
internal import TopicQuery
internal import WatchCore

/// The command `feedwatch match`.
struct MatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "match",
        abstract: "Shows what the topics match in stored history, or in files.",
        discussion: """
            Without files: the items of stored history; the daemon may run. Files are feed \
            documents or, with a name that ends in .jsonl, lines of JSON with title, summary, \
            content, language, feed, url, published; - is such lines on standard input. After the \
            matches come counts by topic, feed and day. Exit status 0 if anything matches, 1 if \
            nothing does; with --against 1 if any match is lost, else 0.
            """
    )

    @OptionGroup var options: ConfigOptions

    @OptionGroup var only: TopicOption

    @Option(
        help: ArgumentHelp(
            "Only items found (of files: published) since: a duration back (2h, 30d) or a time.",
            valueName: "time"
        )
    )
    var since: String?

    @Option(
        help: ArgumentHelp(
            "An older configuration: show what the configuration gains and loses against it.",
            valueName: "old.toml"
        )
    )
    var against: String?

    @Option(
        help: ArgumentHelp("The feed that items of files count as coming from.", valueName: "id")
    )
    var feed: String?

    @Flag(help: "Print the counts only.")
    var counts = false

    @Flag(help: "Print each match as a line of JSON, and the counts as the last line.")
    var json = false

    @Argument(help: "Feed documents, files of JSON lines, or - for such lines.")
    var files: [String] = []

    func run() throws {
        let environment = ProcessEnvironment.current()
        let loaded = try options.loadOrEnd(environment)
        var older: (configuration: Configuration, result: ConfigResult)?
        if let against {
            var other = options
            other.config = against
            older = try other.loadOrEnd(environment)
        }
        let known = loaded.result.topics + (older?.result.topics ?? [])
        // A topic that one of the two has is enough: it may be new, or gone.
        try only.check(against: known.filter(\.isInForce) + known)
        if older == nil { try only.check(against: known, mustBeInForce: true) }
        if let feed, !loaded.configuration.feeds.contains(where: { $0.id.rawValue == feed }) {
            let names = loaded.configuration.feeds.map(\.id.rawValue)
            let hint = Suggestion.hint(for: feed, among: names).map { "; " + $0 } ?? ""
            throw CommandFailure(.usage, "--feed: there is no feed '\(feed)'\(hint)")
        }
        let source = TrialSource(
            files: files,
            feed: feed ?? "",
            language: loaded.configuration.feeds.first { $0.id.rawValue == feed }?.language,
            statePath: loaded.configuration.watch.statePath,
            since: try since.map(SinceOption.moment)
        )
        var report = TrialReport(
            loaded.configuration,
            against: older?.configuration,
            topics: only.names,
            printer: TrialPrinter(
                formatter: MatchFormatter(
                    isColoured: Output.isColoured(refused: environment.refusesColour)
                ),
                isJSON: json,
                isQuiet: counts
            )
        )
        var failure: (any Error)?
        do { try source.forEach { report.take($0) } } catch { failure = error }
        report.finish()
        if let failure { throw failure }
        let isAnswerNo = older == nil ? report.counts.matches == 0 : report.counts.lost > 0
        if isAnswerNo { throw CommandFailure(.answerIsNo) }
    }

    func validate() throws {
        if feed != nil, files.isEmpty { throw ValidationError("--feed goes with files.") }
    }
}
