internal import FeedModel
internal import WatchCore

/// An item as a simulated server writes it.
struct SimulatedItem {
    var id: [UInt8] = []
    var link: [UInt8] = []
    var title: [UInt8] = []
    var text: [UInt8] = []
    var date: Timestamp?
}

/// The form of simulated documents: lengths and dates of all items, then their text.
///
/// A value that becomes a `ParsedFeed` without a parser; what parsing can do wrong is tested
/// elsewhere.
enum SimulatedDocument {
    static let mark: UInt8 = 0x46
    /// The relation of the page before an archive.
    static let archiveRelation = Array("prev-archive".utf8)
    /// What a sold domain shows.
    static let page = Array("<html><title>This domain is for sale</title></html>".utf8)

    /// The document that shows `items`, and names an older one.
    static func encoded(_ items: [SimulatedItem], older: SimulatedPageLink?) -> [UInt8] {
        var bytes: [UInt8] = [mark]
        let texts = items.reduce(0) { sum, item in
            sum + item.id.count + item.link.count + item.title.count + item.text.count
        }
        bytes.reserveCapacity(5 + items.count * 16 + texts)
        func put<Number: FixedWidthInteger>(_ number: Number) {
            withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
        }
        put(UInt32(items.count))
        for item in items {
            for field in [item.id, item.link, item.title, item.text] { put(UInt16(field.count)) }
            put(item.date?.milliseconds ?? .min)
        }
        for item in items {
            for field in [item.id, item.link, item.title, item.text] {
                bytes.append(contentsOf: field)
            }
        }
        if let older {
            // What remains is the address; before it the relation, where it is an archive.
            if older.isArchive { bytes += archiveRelation }
            bytes += Array(older.url.utf8)
        }
        return bytes
    }
}

/// Reads simulated documents.
struct SimulatedReader: DocumentReader {
    func read(_ document: [UInt8], hints: DocumentHints) -> DocumentReading {
        guard document.first == SimulatedDocument.mark else {
            return .notAFeed(message: "an HTML page", announced: [])
        }
        var feed = ParsedFeed(format: .rss20)
        var start = 0
        document.withUnsafeBytes { bytes in
            func number<Number: FixedWidthInteger>(at offset: Int, as type: Number.Type) -> Number {
                Number(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
            }
            let count = Int(number(at: 1, as: UInt32.self))
            start = 5 + count * 16
            feed.items.reserveCapacity(count)
            for index in 0..<count {
                let head = 5 + index * 16
                func field(_ number: Int, _ length: UInt16) -> TextSpan {
                    defer { start += Int(length) }
                    return length == 0 ? .none : TextSpan(start: start, count: Int(length))
                }
                var item = ParsedItem()
                item.id = field(0, number(at: head, as: UInt16.self))
                item.url = field(1, number(at: head + 2, as: UInt16.self))
                item.title = field(2, number(at: head + 4, as: UInt16.self))
                item.summary = ParsedText(span: field(3, number(at: head + 6, as: UInt16.self)))
                let date = number(at: head + 8, as: Int64.self)
                if date != .min { item.published.timestamp = Timestamp(milliseconds: date) }
                feed.items.append(item)
            }
        }
        SimulatedReader.setOlder(from: start, in: document, of: &feed)
        feed.bytes = document
        return .feed(feed)
    }

    /// Takes the address of the older document from the bytes behind the items.
    private static func setOlder(from start: Int, in bytes: [UInt8], of feed: inout ParsedFeed) {
        let relation = SimulatedDocument.archiveRelation
        let isArchive = bytes[start...].starts(with: relation)
        let url = start + (isArchive ? relation.count : 0)
        guard url < bytes.count else { return }
        let href = TextSpan(start: url, count: bytes.count - url)
        if isArchive {
            let rel = TextSpan(start: start, count: relation.count)
            feed.links = [ParsedLink(rel: rel, href: href)]
        } else {
            feed.nextURL = href
        }
    }

    func appendPlainText(of text: ParsedText, in feed: ParsedFeed, to output: inout [UInt8]) {
        output.append(contentsOf: feed.bytes[text.span.range])
    }
}
