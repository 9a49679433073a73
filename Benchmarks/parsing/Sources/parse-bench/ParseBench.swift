internal import FeedModel
internal import FeedParsing
internal import Glibc

/// Reads documents over and over: `parse-bench MODE ROUNDS FILE...`.
///
/// Mode `read` reads the feed as each poll does; mode `plain` also makes the texts of all items
/// plain, as for a feed whose every item is new.
@main
struct ParseBench {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count > 3, let rounds = Int(arguments[2]) else {
            print("parse-bench read|plain ROUNDS FILE...")
            exit(2)
        }
        let documents = arguments.dropFirst(3).compactMap(bytes)
        let parser = FeedParser()
        var items = 0
        var text = 0
        var refused = 0
        var plain: [UInt8] = []
        for _ in 0..<rounds {
            for document in documents {
                let hints = DocumentHints(url: "https://bench.example/feed")
                guard case .feed(let feed) = parser.read(document, hints: hints) else {
                    refused += 1
                    continue
                }
                items += feed.items.count
                for item in feed.items {
                    text += Int(item.title.count + item.summary.span.count)
                    text += Int(item.content.span.count)
                    guard arguments[1] == "plain" else { continue }
                    plain.removeAll(keepingCapacity: true)
                    parser.appendPlainText(of: item.summary, in: feed, to: &plain)
                    parser.appendPlainText(of: item.content, in: feed, to: &plain)
                }
            }
        }
        print("feedwatch: \(items) items, \(text) bytes of text, \(refused) documents not read")
    }

    private static func bytes(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        fseek(file, 0, SEEK_END)
        let size = ftell(file)
        rewind(file)
        var bytes = [UInt8](repeating: 0, count: size)
        return fread(&bytes, 1, size, file) == size ? bytes : nil
    }
}
