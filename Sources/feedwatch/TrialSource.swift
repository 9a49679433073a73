internal import FeedModel
internal import FeedParsing
internal import Glibc
internal import SQLiteStore
internal import WatchCore

/// Where the items to try topics on come from; they are handed on one by one.
struct TrialSource {
    /// The most polls of history read at a time.
    private static let pageSize = 64

    /// The files, none for stored history; `-` and names that end in `.jsonl` are JSON lines.
    let files: [String]
    /// The feed that items of files count as coming from; empty: none.
    let feed: String
    /// The language of that feed's items where they name none.
    var language: String?
    /// The state directory.
    let statePath: String
    /// The moment before which items do not count.
    let since: Timestamp?

    /// Hands on each item; fails where something cannot be read, files after the others.
    func forEach(_ body: (TrialItem) -> Void) throws {
        guard !files.isEmpty else { return try readHistory(body) }
        var isAnyUnreadable = false
        for file in files {
            let isWhole =
                file == "-" || file.hasSuffix(".jsonl")
                ? readLines(file, body) : readDocument(file, body)
            if !isWhole { isAnyUnreadable = true }
        }
        if isAnyUnreadable { throw CommandFailure(.failed) }
    }

    private func readHistory(_ body: (TrialItem) -> Void) throws {
        do throws(StoreError) {
            let reader = try SQLiteReader(directory: statePath)
            let start = since ?? Timestamp(milliseconds: Int64.min)
            var row: Int64 = 0
            while true {
                let page = try reader.history(since: start, afterRow: row, limit: Self.pageSize)
                guard let last = page.last else { return }
                for entry in page {
                    for item in try StoredHistory.items(in: entry.chunk, row: entry.row) {
                        body(TrialItem(item, of: entry.feed, found: entry.chunk.time))
                    }
                }
                row = last.row
            }
        } catch {
            throw CommandFailure(.failed, error.message)
        }
    }

    /// Hands on the items of a feed document; false where there are none to be had.
    private func readDocument(_ file: String, _ body: (TrialItem) -> Void) -> Bool {
        guard let bytes = FileBytes.read(file) else {
            Output.error("feedwatch: \(file): \(FileBytes.lastError)")
            return false
        }
        let parser = FeedParser()
        switch parser.read(bytes, hints: DocumentHints(url: nil)) {
        case .notAFeed(let message, _):
            Output.error("feedwatch: \(file): \(message)")
            return false
        case .feed(let document):
            for item in document.items {
                handOn(
                    TrialItem(
                        item,
                        of: document,
                        feed: feed,
                        language: language,
                        reader: parser
                    ),
                    body
                )
            }
            return true
        }
    }

    /// Hands on the items of lines of JSON; false where a line is none.
    private func readLines(_ file: String, _ body: (TrialItem) -> Void) -> Bool {
        guard var lines = LineReader(file) else {
            Output.error("feedwatch: \(file): \(FileBytes.lastError)")
            return false
        }
        var isWhole = true
        var number = 0
        while let line = lines.next() {
            number += 1
            guard line.contains(where: { $0 > 0x20 }) else { continue }
            guard let parsed = TrialLine(line) else {
                Output.error("feedwatch: \(file):\(number): this is no JSON object with an item")
                isWhole = false
                continue
            }
            for item in parsed.items { handOn(TrialItem(item, feed: feed), body) }
        }
        if let failure = lines.failure {
            Output.error("feedwatch: \(file): \(failure)")
            isWhole = false
        }
        return isWhole
    }

    /// Leaves out what is too old; what has no date is not known to be.
    private func handOn(_ item: TrialItem, _ body: (TrialItem) -> Void) {
        if let since, let published = item.published, published < since { return }
        body(item)
    }
}
