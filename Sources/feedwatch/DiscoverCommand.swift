internal import ArgumentParser
internal import Daemon
internal import FeedModel
internal import ServiceHost
internal import WatchCore

/// The command `feedwatch discover`.
struct DiscoverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discover",
        abstract: "Finds the feeds of a web page and prints them as [[feed]] blocks.",
        discussion: """
            Looks at what the page announces, and asks the places where feeds usually are if it \
            announces none: at most 25 requests, spaced as [limits] says. What was asked in vain \
            goes to standard error. Exit status 1 if there is no feed.
            """
    )

    @OptionGroup var options: ConfigOptions

    @Flag(help: "Ask the usual places also where feeds are announced.")
    var all = false

    @Flag(help: "Print JSON.")
    var json = false

    @Argument(help: ArgumentHelp("The address of a page.", valueName: "url"))
    var page: String

    func run() async throws {
        let settings = try ProbeSettings(options, ProcessEnvironment.current())
        let probe = settings.probe
        let discovery = FeedDiscovery(
            probe: probe,
            spacing: settings.limits.hostSpacing,
            looksEverywhere: all
        )
        let outcome = await discovery.search(ProbeSettings.address(page))
        await probe.stop()
        for miss in outcome.misses where !json {
            let url = URLRedaction.redacted(miss.url)
            Output.error("\(VisibleText.escape(url)): \(VisibleText.escape(miss.message))")
        }
        if json {
            Output.bytes(Self.json(outcome))
        } else {
            let blocks = outcome.found.map(Self.block)
            if !blocks.isEmpty { Output.line(blocks.joined(separator: "\n")) }
        }
        if outcome.found.isEmpty {
            throw CommandFailure(.answerIsNo, json ? nil : "there is no feed to be found")
        }
    }

    private static func block(_ found: FeedDiscovery.Found) -> String {
        var comment =
            "\(found.origin): \(found.feed.format.rawValue), \(found.feed.items.count) items"
        let newest = found.feed.items.compactMap { $0.published.timestamp ?? $0.updated.timestamp }
            .max()
        if let newest { comment += ", the newest of \(newest.rfc3339Seconds)" }
        return FeedBlock(comments: [comment], url: found.url, title: found.title).text
    }

    private static func json(_ outcome: FeedDiscovery.Outcome) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("schema")
        json.integer(1)
        json.key("feeds")
        json.beginArray()
        for found in outcome.found {
            json.beginObject()
            json.key("url")
            json.string(found.url)
            json.key("title")
            json.string(orNull: found.title)
            json.key("format")
            json.string(found.feed.format.rawValue)
            json.key("items")
            json.integer(found.feed.items.count)
            json.key("origin")
            json.string(found.origin)
            json.endObject()
        }
        json.endArray()
        json.key("misses")
        json.beginArray()
        for miss in outcome.misses {
            json.beginObject()
            json.key("url")
            json.string(URLRedaction.redacted(miss.url))
            json.key("message")
            json.string(miss.message)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        json.newline()
        return json.bytes
    }
}
