import FeedModel
import Glibc
import SQLiteStore
import WatchCore

/// A temporary state directory, removed with all in it at the end of its test.
final class Workshop: Sendable {
    let directory: String
    var state: String { directory + "/state" }
    var database: String { state + "/state.sqlite" }

    init() throws {
        var template = Array("/tmp/feedwatch-store-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw StoreError(message: "mkdtemp: \(errno)") }
        directory = String(
            decoding: template.dropLast().map(UInt8.init(bitPattern:)),
            as: UTF8.self
        )
    }

    deinit { Workshop.remove(directory) }

    private static func remove(_ path: String) {
        if let stream = opendir(path) {
            while let entry = readdir(stream) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != ".", name != ".." { remove(path + "/" + name) }
            }
            closedir(stream)
            rmdir(path)
        } else {
            unlink(path)
        }
    }

    /// The bytes of a file; nil: none.
    static func read(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = Glibc.read(descriptor, &buffer, buffer.count), count > 0 {
            bytes += buffer[..<count]
        }
        return bytes
    }

    /// Makes a file of `bytes`.
    static func write(_ bytes: [UInt8], to path: String) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// What a SIGKILL at this moment would leave of the state, under another name.
    func image(_ name: String) -> String {
        let copy = directory + "/" + name
        mkdir(copy, 0o755)
        for suffix in ["", "-wal"] {
            if let bytes = Workshop.read(database + suffix) {
                Workshop.write(bytes, to: copy + "/state.sqlite" + suffix)
            }
        }
        return copy
    }
}

/// Moments, feeds and drafts that tests share.
enum Sample {
    static let start = Timestamp(seconds: 1_750_000_000)

    static func feed(_ number: Int, polls: Int = 1) -> FeedState {
        var feed = FeedState(
            id: FeedID("feed-\(number)"),
            url: "https://news-\(number).example.org/feeds/all.rss",
            nextPoll: start + .seconds(900)
        )
        feed.validators = Validators(
            etag: "W/\"\(number)-abcdef0123456789\"",
            lastModified: "Tue, 17 Jun 2025 09:30:00 GMT"
        )
        feed.validatorsURL = "https://cdn.example.org/\(number)"
        feed.bodyHash = .max - UInt64(number)
        feed.lastPoll = start
        feed.lastSuccess = start
        feed.hasBaseline = true
        feed.title = "Feed number \(number)"
        feed.polls = polls
        return feed
    }

    static func draft(
        _ id: String,
        stream: LogStream = .matches,
        time: Timestamp = start,
        hooks: [String] = []
    ) -> LogDraft {
        LogDraft(
            stream: stream,
            id: id,
            topic: TopicID("kursk"),
            feed: FeedID("feed-1"),
            item: ItemKey(.max),
            time: time,
            tail: Array(",\"id\":\"\(id)\",\"title\":\"Саперы — 북한\"}\n".utf8),
            hooks: hooks.map(HookID.init)
        )
    }

    static func commit(_ number: Int, lines: [LogDraft] = []) -> PollCommit {
        var commit = PollCommit(feed: feed(number))
        commit.lines = lines
        return commit
    }
}

extension SQLiteStore {
    /// Appends nothing anywhere but notes that the log is written up to `seq`.
    func pretendAppended(_ seq: Int64, _ stream: LogStream = .matches) throws {
        try note(LogPosition(seq: seq, device: 1, inode: 2, offset: 3, bootID: "b"), of: stream)
    }
}
