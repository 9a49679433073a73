internal import ArgumentParser
internal import FeedModel
internal import FeedParsing
internal import Glibc

/// The command `feedwatch parse`.
struct ParseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parse",
        abstract: "Prints feed documents as normalized JSON.",
        discussion: """
            One JSON object a file; - is standard input. With --batch each line of standard input \
            is a job, {"file": PATH, "url": URL?, "headers": {NAME: VALUE}?}, and gets one line.
            """
    )

    @Flag(help: "Read jobs from standard input, a line each.")
    var batch = false

    @Option(help: "The document's address, the base of relative references.")
    var url: String?

    @Argument(help: "Feed documents.")
    var files: [String] = []

    func validate() throws {
        if batch, !files.isEmpty || url != nil {
            throw ValidationError("--batch takes its files and addresses from standard input.")
        }
        if !batch, files.isEmpty { throw ValidationError("Name a file, or use --batch.") }
    }

    func run() throws {
        guard !batch else { return try runBatch() }
        var isAnyRefused = false
        var isAnyUnreadable = false
        for file in files {
            guard let document = FileBytes.read(file) else {
                Output.error("feedwatch: \(file): \(FileBytes.lastError)")
                isAnyUnreadable = true
                continue
            }
            let result = parse(document, file: file, hints: DocumentHints(url: url))
            Output.bytes(result.line)
            if !result.isFeed { isAnyRefused = true }
        }
        if isAnyUnreadable { throw CommandFailure(.failed) }
        if isAnyRefused { throw CommandFailure(.answerIsNo) }
    }

    private func runBatch() throws {
        while let line = readLine() {
            guard !line.isEmpty else { continue }
            guard let job = ParseJob(line) else {
                Output.bytes(error("bad-job", of: nil, "this is no JSON object with a file"))
                continue
            }
            if let document = FileBytes.read(job.file) {
                Output.bytes(parse(document, file: job.file, hints: job.hints).line)
            } else {
                Output.bytes(error("unreadable", of: job.file, FileBytes.lastError))
            }
        }
    }

    private func parse(
        _ document: [UInt8],
        file: String,
        hints: DocumentHints
    ) -> (line: [UInt8], isFeed: Bool) {
        let reading = FeedParser().read(document, hints: hints)
        var json = JSONWriter()
        ParseJSON.append(reading, file: file, to: &json)
        json.newline()
        if case .feed = reading { return (json.bytes, true) }
        return (json.bytes, false)
    }

    private func error(_ code: String, of file: String?, _ message: String) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("file")
        json.string(orNull: file)
        json.key("error")
        json.beginObject()
        json.key("code")
        json.string(code)
        json.key("message")
        json.string(message)
        json.endObject()
        json.endObject()
        json.newline()
        return json.bytes
    }
}
