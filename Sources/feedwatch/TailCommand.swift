internal import ArgumentParser
internal import ConfigFile
internal import FeedModel
internal import Glibc
internal import ServiceHost
internal import TopicQuery
internal import WatchCore

/// The command `feedwatch tail`.
struct TailCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Shows the match log to people, the matched words marked.",
        discussion: "Goes back over rotated files, also such as gzip has compressed."
    )

    @OptionGroup var options: ConfigOptions

    @Flag(name: .shortAndLong, help: "Wait for more lines, across rotation, until interrupted.")
    var follow = false

    @Option(
        name: [.customShort("n"), .long],
        help: ArgumentHelp(
            "How many matches to show at first; 10, or with --since all.",
            valueName: "count"
        )
    )
    var lines: Int?

    @Option(
        help: ArgumentHelp("Only matches of this topic; may be given again.", valueName: "id")
    )
    var topic: [String] = []

    @Option(
        help: ArgumentHelp(
            "Only matches recorded since: a duration back (2h, 30d) or an RFC 3339 time.",
            valueName: "time"
        )
    )
    var since: String?

    @Flag(help: "Print the records as they stand in the log.")
    var json = false

    @Argument(help: "A match log; by default the configuration's.")
    var file: String?

    func run() throws {
        let environment = ProcessEnvironment.current()
        let result = file == nil ? try options.loadOrEnd(environment).result : nil
        let path = file ?? result?.configuration?.watch.logPath ?? ""
        let oldest = try since.map(SinceOption.moment)?.rfc3339
        let printer = TailPrinter(
            formatter: MatchFormatter(
                isColoured: Output.isColoured(refused: environment.refusesColour)
            ),
            isRaw: json,
            topics: Set(topic),
            oldest: oldest
        )
        var follower = LogFollower(path: path)
        // Before a daemon's first match there is no log yet, nor right behind a rotation.
        let isMissing = !follower.exists
        if !follow, isMissing, file != nil || errno != ENOENT {
            throw CommandFailure(.failed, "\(path): \(FileBytes.lastError)")
        }
        let past = follower.newLines()
        if !isMissing, follower.inode == 0 {
            throw CommandFailure(.failed, "\(path): is no regular file")
        }
        if !topic.isEmpty { try checkTopics(against: result?.topics.map(\.id) ?? [], past) }
        let count = max(0, lines ?? (since == nil ? 10 : Int.max))
        var shown = past.filter(printer.shows)
        // Of a file that was named, only that file is meant.
        if file == nil, shown.count < count {
            shown = earlier(than: follower, count - shown.count, printer) + shown
        }
        for line in shown.suffix(count) { printer.show(line) }
        if shown.isEmpty, isMissing {
            Output.error("feedwatch: there is no match yet: \(path) does not exist")
        } else if shown.isEmpty, past.isEmpty, topic.isEmpty, oldest == nil {
            Output.error("feedwatch: there is no match yet: \(path) is empty")
        }
        guard follow else { return }
        while true {
            for line in follower.newLines() where printer.shows(line) { printer.show(line) }
            // As coarse as a person sees; works on file systems without inotify too.
            usleep(100_000)
        }
    }

    /// Lines of rotated files that are to be shown, from so many on, oldest first.
    private func earlier(
        than follower: LogFollower,
        _ count: Int,
        _ printer: TailPrinter
    ) -> [[UInt8]] {
        let files = LogFile.rotated(of: follower.path).filter { $0.inode != follower.inode }
        var found: [[UInt8]] = []
        for file in LogFile.byAge(files).reversed() where found.count < count {
            var lines: [[UInt8]] = []
            // What cannot be read is not shown; `log verify` says why.
            while let line = try? file.next() { lines.append(Array(line.bytes)) }
            found = lines.filter(printer.shows) + found
            // Whatever stands in older files is older than its first line.
            if let first = lines.first, printer.isTooOld(first) { break }
        }
        return found
    }

    /// Ends with a suggestion where a topic is neither in the configuration nor in the log.
    private func checkTopics(against topics: [String], _ lines: [[UInt8]]) throws {
        var unknown = Set(topic).subtracting(topics)
        guard !unknown.isEmpty else { return }
        var logged: Set<String> = []
        for line in lines {
            guard let name = MatchLine(line)?.topic else { continue }
            logged.insert(name)
            unknown.remove(name)
        }
        // Of a log alone it is not known which topics may still come.
        let isLogAlone = file != nil && follow
        guard let name = topic.first(where: unknown.contains), !isLogAlone else { return }
        throw TopicOption.unknown(name, among: (topics + logged).sorted())
    }
}

/// Prints the lines that were asked for.
struct TailPrinter {
    /// How matches look.
    let formatter: MatchFormatter
    /// Whether lines are printed as they stand.
    let isRaw: Bool
    /// The topics that are shown; empty: all.
    let topics: Set<String>
    /// The time before which nothing is shown.
    let oldest: String?

    /// Whether a line is among those asked for.
    func shows(_ line: [UInt8]) -> Bool {
        guard !topics.isEmpty || oldest != nil else { return true }
        guard let match = MatchLine(line) else { return false }
        // Times of the log have one length and zone: they compare as text.
        return (topics.isEmpty || topics.contains(match.topic)) && match.time >= oldest ?? ""
    }

    /// Whether a line was recorded before the time asked for.
    func isTooOld(_ line: [UInt8]) -> Bool {
        guard let oldest, let match = MatchLine(line) else { return false }
        return match.time < oldest
    }

    /// Prints a line.
    func show(_ line: [UInt8]) {
        if isRaw {
            Output.bytes(line + [UInt8(ascii: "\n")])
        } else if let match = MatchLine(line) {
            Output.line(formatter.text(of: match))
        } else {
            Output.error("feedwatch: a line of the log is no match record; see 'log verify'")
        }
    }
}
