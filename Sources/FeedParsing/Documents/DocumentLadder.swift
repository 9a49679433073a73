import FeedModel

/// Reads a text in UTF-8 by the gentlest means that works.
///
/// Strict XML; then, on an error, our own repair of the text and strict again; last libxml2's own
/// recovery over the repaired text. What was wrong becomes problems of the feed, and the problem
/// `xml-malformed` says which step read it.
struct DocumentLadder {
    let bytes: Bytes
    let base: [UInt8]
    let hints: DocumentHints

    /// The feed, or why there is none.
    func read() -> DocumentReading {
        var reading = readTrimmed()
        let start = bytes.firstIndex { !$0.isASCIISpace } ?? 0
        let skipped = bytes.part(0..<start).reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) }
        if skipped > 0, case .feed(var feed) = reading {
            for index in feed.problems.indices where feed.problems[index].line > 1 {
                feed.problems[index].line += skipped
            }
            reading = .feed(feed)
        }
        return reading
    }

    private func readTrimmed() -> DocumentReading {
        let text = bytes.trimmed.withoutTail(of: 0)
        guard let first = text.first else {
            return .notAFeed(message: "the document is empty", announced: [])
        }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            return JSONFeedReader.read(text, base: base, hints: hints)
        }
        if DocumentGuard.hasTooManyAttributes(text) {
            return .notAFeed(message: "a tag has too many attributes", announced: [])
        }
        var builder = FeedBuilder(count: text.count, base: base)
        let outcome = SAXParser.parse(XMLDeclaration.withoutIllegalName(text), into: &builder)
        if builder.rootName == "html" { return notAFeed(text, builder, outcome.failure) }
        let hasBlanksFirst =
            bytes.first?.isASCIISpace == true
            && (text.hasPrefix("<?xml") || text.hasPrefix("\u{FEFF}"))
        if outcome.failure == nil, !builder.isTooDeep, outcome.wasStopped || builder.isComplete {
            guard builder.isFeed else { return notAFeed(text, builder, nil) }
            if hasBlanksFirst {
                builder.note("xml-junk", "blanks stand before the XML declaration", line: 1)
            }
            if text.count < bytes.trimmed.count {
                builder.note("xml-junk", "the document ends in NUL bytes")
            }
            return .feed(builder.finish(contentLanguage: hints.contentLanguage))
        }
        return readRepaired(text, builder, outcome.failure)
    }

    private func readRepaired(
        _ text: Bytes,
        _ strict: FeedBuilder,
        _ failure: ParseFailure?
    ) -> DocumentReading {
        let repaired = RepairPass.repair(text)
        var builder = FeedBuilder(count: text.count, base: base)
        var outcome = repaired.text.withUnsafeBufferPointer {
            SAXParser.parse($0, into: &builder)
        }
        var step = "repaired"
        if outcome.failure != nil, !outcome.wasStopped {
            step = "recovered"
            builder = FeedBuilder(count: text.count, base: base)
            builder.keepsOpenItem = false
            outcome = repaired.text.withUnsafeBufferPointer {
                SAXParser.parse($0, into: &builder, recovering: true)
            }
        }
        guard builder.isFeed else { return notAFeed(text, strict, failure) }
        var feed = builder.finish(contentLanguage: hints.contentLanguage)
        feed.problems.insert(contentsOf: repaired.problems, at: 0)
        // What is nested too deep is flattened, but well-formed for all we know.
        if failure != nil || !strict.isTooDeep {
            let problem = ParseProblem(
                code: "xml-malformed",
                line: failure?.line ?? 0,
                message: "not well-formed (\(step)): \(failure?.message ?? "cut off")"
            )
            feed.problems.insert(problem, at: 0)
        }
        feed.endsInItem = repaired.endsInItem && builder.keepsOpenItem && !feed.items.isEmpty
        return .feed(feed)
    }

    private func notAFeed(
        _ text: Bytes,
        _ builder: FeedBuilder,
        _ failure: ParseFailure?
    ) -> DocumentReading {
        let announced = HTMLPage.announcedFeeds(in: text, base: base)
        let message: String
        if HTMLPage.looksLikePage(text) {
            message =
                announced.isEmpty
                ? "this is a web page, not a feed"
                : "this is a web page that announces "
                    + (announced.count == 1 ? "a feed" : "\(announced.count) feeds")
        } else if let failure, builder.rootName.isEmpty {
            message = "this is not XML: \(failure.message)"
        } else {
            message = "the document's element is no feed's"
        }
        return .notAFeed(message: message, announced: announced)
    }
}
