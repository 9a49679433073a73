internal import FeedModel
internal import FeedParsing
internal import ServiceHost
internal import WatchCore

/// What came of one request.
struct FetchReport {
    /// The transfer.
    let result: TransferResult
    /// What it means.
    let verdict: PollVerdict
    /// The document, where one came.
    let reading: DocumentReading?
    /// How many items to show.
    let items: Int

    /// Whether a feed came, or word that it has not changed.
    var isGood: Bool {
        switch (verdict, reading) {
        case (.notModified, _), (.document, .feed?): true
        default: false
        }
    }

    // MARK: For people

    /// The report's lines.
    var lines: [String] {
        var lines: [String] = []
        for (index, hop) in result.trace.enumerated() {
            if index > 0 { lines.append("") }
            lines.append("hop \(index + 1): \(shown(hop.url))\(answered(hop))")
            lines += hop.sent.map { "  > " + shown($0) }
            lines += hop.received.map { "  < " + shown($0) }
        }
        if !lines.isEmpty { lines.append("") }
        lines.append(summary)
        if case .feed(let feed)? = reading { lines += brief(of: feed) }
        if case .notAFeed(_, let announced)? = reading {
            lines += announced.map { "  the page announces \(shown($0.url))" }
        }
        return lines
    }

    private func answered(_ hop: HopTrace) -> String {
        var parts: [String] = []
        if let peer = hop.peer { parts.append(peer) }
        if let version = hop.version { parts.append("HTTP/\(version)") }
        let times = [
            ("name", hop.times.name), ("connect", hop.times.connect), ("tls", hop.times.secure),
            ("first byte", hop.times.firstByte), ("total", hop.times.total),
        ]
        parts += times.filter { $0.1 > .zero }.map { "\($0.0) \($0.1.wholeMilliseconds) ms" }
        return parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
    }

    private var summary: String {
        switch (verdict, reading) {
        case (.notModified, _): return "not modified: the feed is as it was"
        case (.failed(let failure), _):
            let wait = failure.retryAfter.map {
                "; to be asked again in \($0.wholeMilliseconds) ms"
            }
            return "\(failure.reason.rawValue): \(shown(failure.message))\(wait ?? "")"
        case (.document, .notAFeed(let message, _)?):
            return "\(FailureReason.notAFeed.rawValue): \(shown(message))"
        case (.document(let response), _):
            return "document: \(response.body.count) bytes after decompression"
        }
    }

    private func brief(of feed: ParsedFeed) -> [String] {
        var lines = [
            "feed: \(feed.format.rawValue), \(shown(feed.encoding)), \(feed.items.count) items"
        ]
        if let title = feed.stringIfPresent(feed.title) { lines.append("title: \(shown(title))") }
        for problem in feed.problems.prefix(5) {
            let place = "\(problem.code), line \(problem.line)"
            lines.append("problem: \(place): \(shown(problem.message))")
        }
        for item in feed.items.prefix(max(0, items)) {
            let time = (item.published.timestamp ?? item.updated.timestamp)?.rfc3339Seconds ?? "-"
            lines.append("  \(time)  \(shown(feed.string(item.title)))")
            if let url = feed.stringIfPresent(item.url) { lines.append("    \(shown(url))") }
        }
        return lines
    }

    private func shown(_ text: String) -> String {
        VisibleText.escape(URLRedaction.redacted(text))
    }
}

extension FetchReport {
    /// One JSON object, newline included.
    var json: [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("schema")
        json.integer(1)
        json.key("url")
        json.string(result.trace.first?.url ?? URLRedaction.redacted(result.feed.rawValue))
        write(verdict, to: &json)
        json.key("duration_ms")
        json.integer(result.duration.wholeMilliseconds)
        json.key("hops")
        json.beginArray()
        for hop in result.trace { write(hop, to: &json) }
        json.endArray()
        if case .success(let response) = result.outcome {
            json.key("status")
            json.integer(response.status)
            json.key("final_url")
            json.string(URLRedaction.redacted(response.url))
            json.key("bytes")
            json.integer(response.body.count)
        }
        if let reading {
            json.key("document")
            ParseJSON.append(reading, file: "-", to: &json)
        }
        json.endObject()
        json.newline()
        return json.bytes
    }

    private func write(_ verdict: PollVerdict, to json: inout JSONWriter) {
        json.key("verdict")
        switch (verdict, reading) {
        case (.notModified, _): json.string("not_modified")
        case (.document, .notAFeed(let message, _)?):
            json.string("failed")
            json.key("reason")
            json.string(FailureReason.notAFeed.rawValue)
            json.key("message")
            json.string(message)
        case (.document, _): json.string("document")
        case (.failed(let failure), _):
            json.string("failed")
            json.key("reason")
            json.string(failure.reason.rawValue)
            json.key("message")
            json.string(failure.message)
            json.key("retry_after_ms")
            json.integer(orNull: (failure.retryAfter?.wholeMilliseconds).map(Int.init))
        }
    }

    private func write(_ hop: HopTrace, to json: inout JSONWriter) {
        json.beginObject()
        json.key("url")
        json.string(URLRedaction.redacted(hop.url))
        json.key("peer")
        json.string(orNull: hop.peer)
        json.key("http_version")
        json.string(orNull: hop.version)
        json.key("sent")
        json.beginArray()
        for line in hop.sent { json.string(line) }
        json.endArray()
        json.key("received")
        json.beginArray()
        for line in hop.received { json.string(line) }
        json.endArray()
        json.key("total_ms")
        json.integer(hop.times.total.wholeMilliseconds)
        json.endObject()
    }
}
