import Delivery
import FeedModel
import Testing
import WatchCore

/// Drives a `LogWriter` as the deliverer does, over lines kept in memory, and lets it "crash".
final class LogHarness {
    static let name = "matches.jsonl"

    let folder: TemporaryFolder
    var disk: DiskCalls
    var lines: [LogLine] = []
    var noted = LogPosition()
    /// How many lines are handed over at a time.
    var batch = 1_000
    private(set) var writer: LogWriter

    init(folder: TemporaryFolder = TemporaryFolder(), disk: DiskCalls = .system) {
        self.folder = folder
        self.disk = disk
        writer = LogWriter(
            path: folder.file(LogHarness.name),
            noted: noted,
            bootID: "boot1",
            disk: disk
        )
    }

    /// Adds lines to the outbox.
    func store(_ count: Int, length: Int = 60) {
        for _ in 0..<count {
            let seq = Int64(lines.count + 1)
            let filler = String(repeating: "\u{431}", count: length / 2)
            let text = "{\"schema\":1,\"seq\":\(seq),\"title\":\"\(filler)\"}\n"
            lines.append(LogLine(seq: seq, bytes: Array(text.utf8)))
        }
    }

    /// Runs until there is nothing to do, noting each step.
    func run() throws(DeliveryError) {
        for _ in 0..<10_000 {
            let rest = lines.dropFirst(Int(writer.position.seq)).prefix(batch)
            let step = try writer.advance(Array(rest))
            noted = writer.position
            if step == .idle { return }
        }
        Issue.record("the writer does not come to rest")
    }

    /// Runs some steps and loses the note of the last one, as a process does that is killed.
    func run(steps: Int) throws(DeliveryError) {
        for _ in 0..<steps {
            noted = writer.position
            let rest = lines.dropFirst(Int(writer.position.seq)).prefix(batch)
            if try writer.advance(Array(rest)) == .idle { return }
        }
    }

    /// Ends the writer without a note and makes one that begins at the last note.
    func restart(bootID: String = "boot1") {
        writer = LogWriter(
            path: folder.file(LogHarness.name),
            noted: noted,
            bootID: bootID,
            disk: disk
        )
    }

    /// The text that the first `count` lines make.
    func wanted(_ range: Range<Int>) -> String {
        String(decoding: lines[range].flatMap(\.bytes), as: UTF8.self)
    }

    /// All lines as text.
    var wanted: String { wanted(0..<lines.count) }

    /// What stands in the log.
    var text: String { folder.text(LogHarness.name) }
}
