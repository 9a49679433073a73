/// A feed document taken apart, so that its items can be published one after another.
///
/// The bytes are not decoded: tags are ASCII in every encoding that the lab serves.
struct FeedDocument: Sendable {
    /// What stands before the first item.
    let head: [UInt8]
    /// The items, in document order.
    let items: [ScriptedItem]
    /// What stands after the last item.
    let tail: [UInt8]
    /// The dialect.
    let format: FeedFormat
    /// Whether the document says that it is UTF-8, or says nothing.
    let isUTF8: Bool

    /// Takes a document apart; throws where a timeline instruction cannot be read.
    init(_ bytes: [UInt8]) throws {
        var items: [ScriptedItem] = []
        var head = bytes
        var rest = bytes[...]
        while let range = Self.nextItem(in: rest) {
            if items.isEmpty { head = Array(rest[..<range.lowerBound]) }
            items.append(try ScriptedItem(Array(rest[range])))
            rest = rest[range.upperBound...]
        }
        self.head = head
        self.items = items
        self.tail = items.isEmpty ? [] : Array(rest)
        let start = Array(bytes.prefix(1_024))
        self.format = FeedFormat(head: start)
        let declaration = String(decoding: start.prefix { $0 != UInt8(ascii: ">") }, as: UTF8.self)
        isUTF8 = !declaration.contains("encoding=") || declaration.lowercased().contains("utf-8")
    }

    /// An empty document of a dialect.
    init(format: FeedFormat, title: String) {
        head = Array(format.head(title: title).utf8)
        items = []
        tail = Array(format.tail.utf8)
        self.format = format
        isUTF8 = true
    }

    /// The document with these items in it, and a link to an older page.
    func render(_ shown: [[UInt8]], link: (relation: String, address: String)? = nil) -> [UInt8] {
        var document = head
        if let link { document += format.link(link.relation, link.address).utf8 }
        document += format.opening.utf8
        for (index, item) in shown.enumerated() {
            if index > 0 { document += format.separator.utf8 }
            document += item
            document.append(UInt8(ascii: "\n"))
        }
        return document + tail
    }

    /// The next `<item>` or `<entry>`, tags included.
    private static func nextItem(in bytes: ArraySlice<UInt8>) -> Range<Int>? {
        var best: Range<Int>?
        for name in ["item", "entry"] {
            let close = Array("</\(name)>".utf8)
            guard
                let start = firstTag(name, in: bytes),
                let end = bytes[start...].firstRange(of: close)
            else { continue }
            if best.map({ start < $0.lowerBound }) ?? true { best = start..<end.upperBound }
        }
        return best
    }

    /// Where a start tag of this name begins; `<items>` is none of `item`.
    private static func firstTag(_ name: String, in bytes: ArraySlice<UInt8>) -> Int? {
        let open = Array("<\(name)".utf8)
        var rest = bytes
        while let found = rest.firstRange(of: open) {
            rest = rest[found.upperBound...]
            guard let next = rest.first else { return nil }
            if next == UInt8(ascii: ">") || next == UInt8(ascii: " ") { return found.lowerBound }
        }
        return nil
    }
}
