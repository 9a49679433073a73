internal import ArgumentParser
internal import ConfigFile
internal import FeedModel
internal import ServiceHost
internal import TopicQuery
internal import WatchCore

/// The command `feedwatch explain`.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Shows why a text, or an item of the past, meets a topic or does not.",
        discussion: """
            Give a text (--text, --title, --summary), an item of stored history (--item), or a feed \
            document (--file), whose items are explained one by one. \
            Prints each topic's query as a tree, ✓ or ✗ at each node, with the words behind it or \
            what was missing. Exit status 0 if any topic matches, 1 if none does.
            """
    )

    @OptionGroup var options: ConfigOptions

    @Option(help: "A text, put where the topic looks first.")
    var text: String?

    @Option(help: "A title.")
    var title: String?

    @Option(help: "A summary.")
    var summary: String?

    @Option(help: "The text's language, such as ru.")
    var language: String?

    @Option(
        help: ArgumentHelp(
            "An item of stored history: the 16 digits of a record's 'item'.",
            valueName: "key"
        )
    )
    var item: String?

    @Option(
        help: ArgumentHelp(
            "A feed document; each of its items counts as coming from the topic's first feed.",
            valueName: "path"
        )
    )
    var file: String?

    @OptionGroup var only: TopicOption

    func validate() throws {
        let isText = text != nil || title != nil || summary != nil
        let given = [isText, item != nil, file != nil].count { $0 }
        if given > 1 { throw ValidationError("A text, --item and --file exclude one another.") }
        if given == 0 {
            throw ValidationError("Give --text, --title or --summary, or --item, or --file.")
        }
        if language != nil, !isText {
            throw ValidationError("--language goes with a text: an item has its own.")
        }
    }

    func run() throws {
        let loaded = try options.loadOrEnd(ProcessEnvironment.current())
        let configuration = loaded.configuration
        try only.check(against: loaded.result.topics)
        let topics = loaded.result.topics.enumerated()
            .filter {
                only.names.isEmpty ? $0.element.isInForce : only.names.contains($0.element.id)
            }
        var scratch = TopicMatcher.Scratch()
        var isAnyMet = false
        func explain(_ stored: StoredItem?, _ item: (TopicSource) -> ItemText) {
            for (index, source) in topics {
                let explanation = configuration.matcher.explain(
                    item(source),
                    topic: index,
                    using: &scratch
                )
                guard let explanation else { continue }
                if show(explanation, of: source, stored) { isAnyMet = true }
            }
        }
        if let file {
            try forEachItem(of: file) { item in
                explain(nil) { topic in
                    var text = item.text
                    text.feed = topic.feeds.first ?? ""
                    return text
                }
            }
        } else {
            let stored = try item.map { try StoredItem.find($0, configuration) }
            if let stored { for line in stored.lines { Output.line(line) } }
            explain(stored) { stored?.text ?? given(for: $0) }
        }
        if !isAnyMet { throw CommandFailure(.answerIsNo) }
    }

    /// Hands on the items of a document, their titles printed.
    private func forEachItem(of file: String, _ body: (TrialItem) -> Void) throws {
        let source = TrialSource(files: [file], feed: "", statePath: "", since: nil)
        var number = 0
        try source.forEach { item in
            number += 1
            let title = item.text.title.isEmpty ? "(no title)" : item.string(.title)
            Output.line(VisibleText.escape("item \(number): \(title)"))
            body(item)
        }
    }

    /// The item that the options describe, as a topic test would.
    private func given(for topic: TopicSource) -> ItemText {
        topic.item(
            text: text,
            title: title,
            summary: summary,
            content: nil,
            language: language
        )
    }

    /// Prints a topic's explanation; answers whether the daemon would record a match.
    private func show(
        _ explanation: TopicExplanation,
        of topic: TopicSource,
        _ stored: StoredItem?
    ) -> Bool {
        let isWatched = stored?.isWatched(TopicID(topic.id)) ?? true
        let isMet = explanation.isMatch && isWatched
        Output.line("topic \(topic.id): \(isMet ? "matches" : "does not match")")
        if !topic.isInForce { Output.line("  it is not in force: enabled = false") }
        for line in explanation.lines { Output.line("  " + VisibleText.escape(line)) }
        if !isWatched { Output.line("  the item's feed is not watched for this topic") }
        return isMet
    }
}
