internal import FeedModel
internal import WatchCore

/// Tries a configuration, or two against one another, item by item, and prints what comes of it.
struct TrialReport {
    private var trial: Trial
    private var older: Trial?
    private let printer: TrialPrinter
    /// The counts so far.
    private(set) var counts: TrialCounts

    /// A report on the topics of a configuration, or some of them.
    init(
        _ configuration: Configuration,
        against older: Configuration?,
        topics: [String],
        printer: TrialPrinter
    ) {
        trial = Trial(configuration, topics: topics)
        self.older = older.map { Trial($0, topics: topics) }
        self.printer = printer
        let names = (configuration.topics + (older?.topics ?? [])).map(\.id.rawValue)
        counts = TrialCounts(
            topics: topics.isEmpty ? names : names.filter(topics.contains),
            isComparison: older != nil
        )
    }

    /// Tries an item.
    mutating func take(_ item: TrialItem) {
        let matches = trial.matches(of: item)
        counts.count(isMatched: !matches.isEmpty)
        guard let before = older?.matches(of: item) else {
            for match in matches {
                counts.count(match)
                printer.show(match, change: nil)
            }
            return
        }
        for match in matches {
            if before.contains(where: { $0.topic.id == match.topic.id }) {
                counts.countKept(match)
            } else {
                counts.countChange(match, isGain: true)
                printer.show(match, change: .gained)
            }
        }
        for match in before where !matches.contains(where: { $0.topic.id == match.topic.id }) {
            counts.countChange(match, isGain: false)
            printer.show(match, change: .lost)
        }
    }

    /// Prints the counts.
    func finish() { printer.show(counts) }
}

/// Prints matches and counts for people or as JSON.
struct TrialPrinter {
    /// What becomes of a match with another configuration.
    enum Change: String {
        case gained
        case lost
    }

    /// How matches look.
    let formatter: MatchFormatter
    /// Whether lines of JSON are printed.
    let isJSON: Bool
    /// Whether only counts are printed.
    let isQuiet: Bool

    /// Prints a match.
    func show(_ match: TrialMatch, change: Change?) {
        guard !isQuiet else { return }
        if isJSON {
            Output.bytes(match.json(change: change?.rawValue))
        } else {
            let mark = change.map { $0 == .gained ? "+ " : "- " } ?? ""
            Output.line(mark + formatter.text(of: match.line))
        }
    }

    /// Prints the counts.
    func show(_ counts: TrialCounts) {
        if isJSON {
            Output.bytes(counts.json)
        } else {
            for line in (isQuiet ? [] : [""]) + counts.lines { Output.line(line) }
        }
    }
}
