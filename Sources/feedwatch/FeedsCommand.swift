internal import ArgumentParser
internal import ConfigFile
internal import FeedModel
internal import Glibc
internal import OPML
internal import SQLiteStore
internal import ServiceHost
internal import WatchCore

/// The command `feedwatch feeds`.
struct FeedsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feeds",
        abstract: "Lists the feeds, takes them from other readers, and gives them to others.",
        subcommands: [FeedsListCommand.self, FeedsImportCommand.self, FeedsExportCommand.self],
        defaultSubcommand: FeedsListCommand.self
    )
}

/// A configuration's feeds with what is known of them.
struct KnownFeeds {
    /// The feeds, in the order of the configuration, each with its state; nil: never polled.
    let feeds: [(settings: FeedSettings, state: FeedState?)]

    /// The feeds of a configuration; before the daemon's first run there is no state.
    init(_ configuration: Configuration) throws {
        var states: [FeedID: FeedState] = [:]
        let directory = configuration.watch.statePath
        if FileBytes.exists(directory) {
            do {
                for state in try SQLiteReader(directory: directory).snapshot().feeds {
                    states[state.id] = state
                }
            } catch {
                // The list is there without a state, too.
                Output.error("feedwatch: \(error.message)")
            }
        }
        feeds = configuration.feeds.map { ($0, states[$0.id]) }
    }
}

/// The command `feedwatch feeds list`.
struct FeedsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the feeds of the configuration, with state."
    )

    @OptionGroup var options: ConfigOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let environment = ProcessEnvironment.current()
        let configuration = try options.loadOrEnd(environment).configuration
        let known = try KnownFeeds(configuration)
        let now = SystemClock().now()
        guard json else {
            var rows = [["STATE", "FEED", "ITEMS", "TITLE", "URL"]]
            for (settings, state) in known.feeds {
                rows.append([
                    FeedCondition(of: state, at: now).word,
                    VisibleText.escape(settings.id.rawValue),
                    "\(state?.items ?? 0)",
                    VisibleText.escape(settings.title ?? state?.title ?? "-"),
                    VisibleText.escape(URLRedaction.redacted(settings.url)),
                ])
            }
            for line in TextTable(rows: rows).lines { Output.line(line) }
            return
        }
        var json = JSONWriter()
        json.beginObject()
        json.key("schema")
        json.integer(1)
        json.key("feeds")
        json.beginArray()
        for (settings, state) in known.feeds {
            json.beginObject()
            json.key("feed")
            json.string(settings.id.rawValue)
            json.key("url")
            json.string(URLRedaction.redacted(settings.url))
            json.key("title")
            json.string(orNull: settings.title ?? state?.title)
            json.key("folders")
            json.beginArray()
            for folder in settings.folders { json.string(folder) }
            json.endArray()
            json.key("state")
            json.string(FeedCondition(of: state, at: now).word)
            json.key("items")
            json.integer(state?.items ?? 0)
            json.key("reason")
            json.string(orNull: state?.reason?.rawValue)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        json.newline()
        Output.bytes(json.bytes)
    }
}

/// The command `feedwatch feeds export`.
struct FeedsExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Prints the feeds of the configuration as OPML 2.0.",
        discussion: """
            Without secrets: names and passwords in addresses, header fields and credentials \
            stay here.
            """
    )

    @OptionGroup var options: ConfigOptions

    func run() throws {
        let configuration = try options.loadOrEnd(ProcessEnvironment.current()).configuration
        let feeds = try KnownFeeds(configuration).feeds.map { settings, state in
            OPMLFeed(
                url: URLRedaction.redacted(settings.url),
                title: settings.title ?? state?.title,
                folders: settings.folders
            )
        }
        let date = OPMLDate.text(of: SystemClock().now())
        let text = OPMLWriter.write(feeds, title: "feedwatch", date: date)
        Output.bytes(Array(text.utf8))
    }
}

/// Dates as OPML has them (RFC 822, with four digits for the year).
enum OPMLDate {
    /// The text of a moment.
    static func text(of moment: Timestamp) -> String {
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        let civil = moment.civil
        let parts = [civil.hour, civil.minute, civil.second].map { $0 < 10 ? "0\($0)" : "\($0)" }
        let date = "\(civil.day) \(months[civil.month - 1]) \(civil.year)"
        return "\(days[civil.weekday]), \(date) \(parts.joined(separator: ":")) GMT"
    }
}
