package import FeedModel

/// Reads feed documents: bytes and what is known beside them to a `ParsedFeed`.
///
/// May be used from any number of tasks at once; holds no state. Time and memory are bounded by
/// the size of the document.
package struct FeedParser: Sendable {
    /// The largest document that is read.
    private static let sizeLimit = 256 << 20

    /// A parser.
    package init() {}

    /// Reads one document; never fails but by saying that it is no feed.
    package func read(_ document: [UInt8], hints: DocumentHints) -> DocumentReading {
        document.withUnsafeBufferPointer { read($0, hints) }
    }

    /// Appends what a reader sees of `text` to `output`: white space collapsed, the ends trimmed,
    /// paragraphs parted by U+2029 and everything else by one blank.
    package func appendPlainText(
        of text: ParsedText,
        in feed: ParsedFeed,
        to output: inout [UInt8]
    ) {
        feed.bytes.withUnsafeBufferPointer {
            PlainText.append(
                $0.part(text.span.range),
                isMarkup: text.isMarkup,
                paragraphs: true,
                to: &output
            )
        }
    }

    private func read(_ document: Bytes, _ hints: DocumentHints) -> DocumentReading {
        guard document.count <= FeedParser.sizeLimit else {
            return .notAFeed(message: "the document is larger than 256 MiB", announced: [])
        }
        guard document.contains(where: { !$0.isASCIISpace }) else {
            return .notAFeed(message: "the document is empty", announced: [])
        }
        let base = FeedParser.base(hints)
        let text = DocumentDecoder.decode(document, contentType: hints.contentType, checked: false)
        if text.isUnchecked, let feed = readStrict(document, text, base, hints) {
            return .feed(feed)
        }
        return readChecked(document, base, hints)
    }

    /// The usual case: well-formed and in UTF-8, as everything says.
    ///
    /// Nil where not.
    private func readStrict(
        _ document: Bytes,
        _ text: DocumentDecoder.Text,
        _ base: [UInt8],
        _ hints: DocumentHints
    ) -> ParsedFeed? {
        // libxml2 takes a NUL behind the document for its end.
        guard document.last != 0, !DocumentGuard.hasTooManyAttributes(document) else { return nil }
        var builder = FeedBuilder(count: document.count, base: base)
        let outcome = SAXParser.parse(document, into: &builder)
        guard outcome.failure == nil, builder.isFeed, builder.isComplete, !outcome.wasStopped else {
            return nil
        }
        return builder.finish(contentLanguage: hints.contentLanguage)
    }

    /// Every other case.
    private func readChecked(
        _ document: Bytes,
        _ base: [UInt8],
        _ hints: DocumentHints
    ) -> DocumentReading {
        let text = DocumentDecoder.decode(document, contentType: hints.contentType, checked: true)
        if let converted = text.converted {
            return converted.withUnsafeBufferPointer { readText($0, text, base, hints) }
        }
        return readText(document.from(text.offset), text, base, hints)
    }

    private func readText(
        _ bytes: Bytes,
        _ text: DocumentDecoder.Text,
        _ base: [UInt8],
        _ hints: DocumentHints
    ) -> DocumentReading {
        let reading = DocumentLadder(bytes: bytes, base: base, hints: hints).read()
        guard case .feed(var feed) = reading else { return reading }
        feed.encoding = text.encoding
        feed.problems.insert(contentsOf: text.problems, at: 0)
        return .feed(feed)
    }

    /// The address that relative references start from, as HTTP has it.
    private static func base(_ hints: DocumentHints) -> [UInt8] {
        let url = Array((hints.url ?? "").utf8)
        guard let location = hints.contentLocation, !location.isEmpty else { return url }
        let resolved = Array(location.utf8).withUnsafeBufferPointer { location in
            url.withUnsafeBufferPointer { URLReference.resolve(location.trimmed, against: $0) }
        }
        // "javascript:" and the like are no place that a document was found at.
        return resolved.withUnsafeBufferPointer(URLReference.isWeb) ? resolved : url
    }
}
