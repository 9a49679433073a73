import ArgumentParser
import Dispatch
import FeedLab
import Glibc

/// A scripted web server of feeds on loopback.
@main
struct FeedLabServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feedlab-server",
        abstract: "Serves scripted feeds on loopback until SIGTERM or SIGINT.",
        discussion: """
            Pages of its own: GET /lab/feeds, GET /lab/requests, GET /lab/wanted (the log lines \
            that are to come of what is published), GET /lab/unwanted (what must stay out), \
            POST /lab/publish?step=NAME, POST /lab/fault?feed=ID&fault=TEXT, POST /lab/clear.
            """
    )

    @Option(help: "The port to listen on; 0 takes a free one.")
    var port: UInt16 = 0

    @Option(help: "A directory with site.json, expectations.json and the documents they name.")
    var site: String?

    @Option(help: "How many generated feeds to serve: /many/0.xml and so on.")
    var many = 0

    @Flag(help: "Print the port alone instead of a sentence.")
    var printPort = false

    func validate() throws {
        guard many >= 0 else { throw ValidationError("--many takes a number from 0 on.") }
    }

    func run() async throws {
        // Before anything is printed: whoever reads the line may send a signal at once.
        let (signals, asked) = AsyncStream.makeStream(of: Void.self)
        let sources = [SIGTERM, SIGINT].map { Self.source(of: $0) { asked.yield() } }
        defer { for source in sources { source.cancel() } }

        let read = try site.map { try LabSite(directory: $0) } ?? LabSite()
        let lab = try await FeedLab.start(port: port, site: read, manyFeeds: many)
        Self.say(printPort ? "\(lab.port)\n" : "listening on \(lab.baseURL)\n")
        for await _ in signals { break }
        await lab.stop()
    }

    /// Calls the handler at each such signal, which does nothing else any more.
    private static func source(
        of number: Int32,
        handler: @escaping @Sendable () -> Void
    ) -> any DispatchSourceSignal {
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler(handler: handler)
        source.activate()
        return source
    }

    // `print` keeps a line back when it goes to a pipe; the reader waits for it.
    private static func say(_ line: String) {
        let bytes = Array(line.utf8)
        // Nobody reads the line: the server serves all the same.
        _ = write(STDOUT_FILENO, bytes, bytes.count)
    }
}
