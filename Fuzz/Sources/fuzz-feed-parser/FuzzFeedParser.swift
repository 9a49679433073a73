import FeedModel
import FeedParsing

/// Reads any bytes as a document, writes the JSON of it, and checks what must hold of every result.
///
/// The first byte picks what HTTP says of the document.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFeedParser(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 0 else { return 0 }
    let document = Array(UnsafeBufferPointer(start: start + 1, count: count - 1))
    var hints = DocumentHints()
    if start[0] & 1 != 0 { hints.url = "https://fuzz.example/a/b?c=d" }
    if start[0] & 2 != 0 { hints.contentLocation = "../x" }
    switch start[0] >> 2 & 7 {
    case 1: hints.contentType = "text/xml; charset=windows-1251"
    case 2: hints.contentType = "text/xml; charset=euc-kr"
    case 3: hints.contentType = "text/xml; charset=utf-16"
    case 4: hints.contentType = "application/xml; charset=gb2312"
    case 5: hints.contentType = "text/xml; charset=iso-2022-jp"
    default: break
    }
    let parser = FeedParser()
    let reading = parser.read(document, hints: hints)
    var writer = JSONWriter()
    ParseJSON.append(reading, file: "fuzz", to: &writer)
    if case .feed(let feed) = reading { check(feed, of: document.count, parser) }
    return 0
}

private func check(_ feed: ParsedFeed, of count: Int, _ parser: FeedParser) {
    precondition(isUTF8(feed.bytes), "the buffer is not UTF-8")
    precondition(feed.bytes.count <= count * 16 + (2 << 20), "the buffer outgrows the document")
    for item in feed.items {
        for text in [item.summary, item.content] {
            precondition(text.span.range.upperBound <= feed.bytes.count, "a span leaves the buffer")
            var plain: [UInt8] = []
            parser.appendPlainText(of: text, in: feed, to: &plain)
            precondition(isUTF8(plain), "plain text is not UTF-8")
            precondition(plain.first != 0x20 && plain.last != 0x20, "plain text is not trimmed")
        }
    }
}

private func isUTF8(_ bytes: [UInt8]) -> Bool { String(validating: bytes, as: UTF8.self) != nil }
