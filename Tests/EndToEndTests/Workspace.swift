import FoundationEssentials
import Glibc
import Testing

/// A directory of a test's own, with a configuration, a state directory and a log.
final class Workspace {
    /// The directory.
    let directory: String
    private var number = 0

    /// A new directory.
    init() throws {
        var template = Array("/tmp/feedwatch-test-XXXXXX".utf8CString)
        let made = try #require(mkdtemp(&template))
        directory = String(cString: made)
    }

    deinit {
        // What is left behind in /tmp does no harm.
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// The configuration's path.
    var config: String { directory + "/feedwatch.toml" }
    /// The match log's path.
    var log: String { directory + "/log/matches.jsonl" }

    /// A number that was not given before.
    func nextNumber() -> Int {
        number += 1
        return number
    }

    /// Writes the configuration: settings that suit a test, then `text`.
    func configure(_ text: String, watch: String = "", limits: String = "") throws {
        let head = """
            [watch]
            contact = "mailto:tests@example.org"
            interval = "300ms"
            baseline = "match"
            state = "\(directory)/state"
            log = "\(log)"
            \(watch)

            [limits]
            min_interval = "100ms"
            host_spacing = "0s"
            connections_per_host = 16
            allow_networks = ["127.0.0.1/32"]
            \(limits)

            """
        try write(head + text, to: config)
    }

    /// Writes a file.
    func write(_ text: String, to path: String) throws {
        mkdir(directory + "/log", 0o755)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    /// Compresses a file, as logrotate does.
    func compress(_ path: String) throws {
        let gzip = try #require(popen("exec gzip -n '\(path)'", "r"))
        #expect(pclose(gzip) == 0)
    }

    /// The text of a file; empty while there is none.
    static func text(of path: String) -> String {
        guard let data = FileManager.default.contents(atPath: path) else { return "" }
        return String(decoding: data, as: UTF8.self)
    }

    /// The whole lines of the match log and of its rotated files, oldest first.
    func records(in paths: [String]? = nil) throws -> [Record] {
        try (paths ?? [log]).flatMap { path in
            let text = Self.text(of: path)
            #expect(text.isEmpty || text.hasSuffix("\n"), "\(path) ends in a torn line")
            return try text.split(separator: "\n").map { line in
                try JSONDecoder().decode(Record.self, from: Data(line.utf8))
            }
        }
    }
}

/// A record of the match log, as far as tests look at it.
struct Record: Decodable, Hashable {
    let schema: Int
    let seq: Int
    let id: String
    let time: String
    let topic: String
    let feed: String
    let guid: String?
    let title: String?
    let url: String?
    let hits: [Hit]
    let excerpt: String

    struct Hit: Decodable, Hashable {
        let term: String
        let field: String
        let start: Int
        let end: Int
        let text: String
    }
}
