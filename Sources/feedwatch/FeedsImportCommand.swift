internal import ArgumentParser
internal import ConfigFile
internal import Glibc
internal import ServiceHost
internal import WatchCore

/// The command `feedwatch feeds import`.
struct FeedsImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Turns a subscription list (OPML) to [[feed]] blocks.",
        discussion: """
            Prints them, or writes them to a new file; an existing one is added to with --append \
            only. Feeds whose addresses stand in the configuration already are left out. Exit \
            status 1 if something in the list could not be taken; the rest is.
            """
    )

    @OptionGroup var options: ConfigOptions

    @Option(help: ArgumentHelp("Write to this file.", valueName: "path"))
    var write: String?

    @Flag(help: "Add to the file if it exists.")
    var append = false

    @Argument(help: "The list; - is standard input.")
    var file: String

    func validate() throws {
        if append, write == nil { throw ValidationError("--append goes with --write.") }
    }

    func run() throws {
        guard let bytes = FileBytes.read(file) else {
            throw CommandFailure(.failed, "\(file): \(FileBytes.lastError)")
        }
        let environment = ProcessEnvironment.current()
        let watched = try ProbeSettings(options, environment).feeds
        let known = Set(watched.map { FeedURL.normalized($0.url) })
        let list = SubscriptionList(bytes)
        let problems = list.problems(path: file)
        ProblemPrinter(environment).print(problems)
        let feeds = list.subscriptions.filter { !known.contains(FeedURL.normalized($0.url)) }
        let blocks = feeds.map { feed in
            FeedBlock(url: feed.url, title: feed.title, folders: feed.folders).text
        }
        let text = blocks.joined(separator: "\n")
        if let write { try save(text, to: write) } else { Output.bytes(Array(text.utf8)) }
        let rest = list.subscriptions.count - feeds.count
        let note = rest > 0 ? ", \(rest) there already" : ""
        Output.error("\(feeds.count) feeds\(note)")
        let hasErrors = problems.contains { $0.severity == .error }
        if hasErrors { throw CommandFailure(.answerIsNo) }
    }

    private func save(_ text: String, to path: String) throws {
        let mode = append ? O_APPEND : O_EXCL
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | mode, 0o600)
        guard descriptor >= 0 else {
            let hint = errno == EEXIST ? "; --append adds to it" : ""
            throw CommandFailure(.failed, "\(path): \(FileBytes.lastError)\(hint)")
        }
        defer { close(descriptor) }
        // What stands there may end without a line break.
        var rest = Array(((append ? "\n" : "") + text).utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                throw CommandFailure(.failed, "\(path): \(FileBytes.lastError)")
            }
        }
    }
}
