import FeedModel

@testable import FeedParsing

/// Gives any bytes to the parser, and checks what must hold of every result.
///
/// What starts like a document is one; else the first byte picks what is read: a document with
/// what HTTP says of it, a JSON Feed, markup, a date, or an address against another.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFeedParser(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 0 else { return 0 }
    // A document as it is, such as the fixtures.
    if start[0] == UInt8(ascii: "<") || start[0] == UInt8(ascii: "{") {
        fuzzDocument(Array(UnsafeBufferPointer(start: start, count: count)), flags: 1)
        return 0
    }
    let input = Array(UnsafeBufferPointer(start: start + 1, count: count - 1))
    switch start[0] >> 5 {
    case 4: fuzzJSON(input)
    case 5: fuzzMarkup(input)
    case 6: fuzzDate(input)
    case 7: fuzzAddress(input)
    default: fuzzDocument(input, flags: start[0])
    }
    return 0
}

/// A document, with what HTTP says of it.
private func fuzzDocument(_ document: [UInt8], flags: UInt8) {
    var hints = DocumentHints()
    if flags & 1 != 0 { hints.url = "https://fuzz.example/a/b?c=d" }
    if flags & 2 != 0 { hints.contentLocation = "../x" }
    switch flags >> 2 & 7 {
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
    precondition(isUTF8(writer.bytes), "the JSON is not UTF-8")
    if case .feed(let feed) = reading { check(feed, of: document.count, parser) }
}

/// JSON after a head that makes it a feed.
private func fuzzJSON(_ input: [UInt8]) {
    let head = #"{"version":"https://jsonfeed.org/version/1.1","items":["#
    fuzzDocument(Array(head.utf8) + input, flags: 1)
}

/// Markup and plain text to what a reader sees, and markup to markup with absolute addresses.
private func fuzzMarkup(_ input: [UInt8]) {
    input.withUnsafeBufferPointer { text in
        for isMarkup in [true, false] {
            var marked: [UInt8] = []
            var blank: [UInt8] = []
            PlainText.append(text, isMarkup: isMarkup, paragraphs: true, to: &marked)
            PlainText.append(text, isMarkup: isMarkup, paragraphs: false, to: &blank)
            if isUTF8(input) { precondition(isUTF8(marked), "plain text is not UTF-8") }
            precondition(blank.count <= marked.count, "paragraphs take less room than blanks")
        }
        _ = MarkupSniffer.look(at: text)
        _ = MarkupSniffer.unescapedIfEscapedTwice(text)
        Array("https://fuzz.example/a/b".utf8).withUnsafeBufferPointer {
            _ = AbsoluteMarkup.make(text, base: $0)
        }
    }
}

/// A date: nothing or a moment of the years that have four digits.
private func fuzzDate(_ input: [UInt8]) {
    input.withUnsafeBufferPointer {
        guard let moment = DateReader.read($0) else { return }
        precondition((-1...10_000).contains(moment.civil.year), "a date is far out")
    }
}

/// An address against another, parted by the first line break.
private func fuzzAddress(_ input: [UInt8]) {
    let parts = input.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
    Array(parts[0]).withUnsafeBufferPointer { reference in
        Array(parts.last ?? []).withUnsafeBufferPointer { base in
            let resolved = URLReference.resolve(reference, against: base)
            precondition(resolved.count <= reference.count + base.count + 4, "an address grew")
        }
    }
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
