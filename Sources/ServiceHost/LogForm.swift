internal import FeedModel
internal import Glibc
internal import Logging

/// How a log entry looks: for the journal, or for people.
package enum LogForm: Hashable, Sendable {
    /// A priority such as `<4>` before each line; the journal adds the time (sd-daemon(3)).
    case journal
    /// Time and level before the message.
    case plain
    /// The same, with the level in colour.
    case coloured

    /// The form for what `descriptor` leads to.
    ///
    /// It is the journal if that is the very stream that JOURNAL_STREAM names, and not if somebody
    /// turned standard error to a file.
    package init(for descriptor: Int32, environment: ProcessEnvironment) {
        var status = stat()
        if let stream = environment["JOURNAL_STREAM"], fstat(descriptor, &status) == 0,
            stream == "\(status.st_dev):\(status.st_ino)"
        {
            self = .journal
        } else if isatty(descriptor) == 1, !environment.refusesColour,
            environment["TERM"] != "dumb"
        {
            self = .coloured
        } else {
            self = .plain
        }
    }
}

/// Makes the bytes of log entries.
struct LogFormatter: Sendable {
    /// How entries look.
    let form: LogForm

    // The journal cuts a line at 48 KiB, and what it cuts off loses its priority.
    private static let longestLine = ByteCount.kibibytes(16)

    /// The keys that come first, in this order; all others follow by name.
    private static let firstKeys = [
        "feed", "host", "topic", "item", "stage", "reason", "attempt", "duration_ms",
    ]

    /// The bytes of one entry, newlines included: a line, or several if the message has several.
    func entry(
        level: Logger.Level,
        message: String,
        metadata: Logger.Metadata,
        time: Timestamp
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        let lines = message.split(separator: "\n", omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() {
            var text = prefix(level: level, time: time, isFirst: number == 0)
            text += VisibleText.escape(String(line))
            if number == 0 { text += values(metadata) }
            bytes.append(contentsOf: shortened(text).utf8)
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    private func prefix(level: Logger.Level, time: Timestamp, isFirst: Bool) -> String {
        switch form {
        case .journal: "<\(level.priority)>" + (isFirst ? "" : "  ")
        case .plain where isFirst: "\(time.rfc3339) \(level.padded) "
        case .coloured where isFirst:
            "\(time.rfc3339) \u{1B}[\(level.colour)m\(level.padded)\u{1B}[0m "
        case .plain, .coloured: "  "
        }
    }

    private func values(_ metadata: Logger.Metadata) -> String {
        func rank(_ key: String) -> Int {
            Self.firstKeys.firstIndex(of: key) ?? Self.firstKeys.count
        }
        return metadata.sorted { (rank($0.key), $0.key) < (rank($1.key), $1.key) }
            .map { " \(VisibleText.escape($0.key))=\(VisibleText.value(plain($0.value)))" }
            .joined()
    }

    private func plain(_ value: Logger.Metadata.Value) -> String {
        switch value {
        case .string(let text): text
        case .stringConvertible(let value): value.description
        case .array(let values): values.map(plain).joined(separator: ",")
        case .dictionary(let values):
            values.sorted { $0.key < $1.key }
                .map { "\($0.key)=\(plain($0.value))" }
                .joined(separator: ",")
        }
    }

    private func shortened(_ text: String) -> String {
        let limit = Int(Self.longestLine.bytes)
        guard text.utf8.count > limit else { return text }
        var kept = String.UnicodeScalarView()
        var size = 0
        for scalar in text.unicodeScalars {
            size += UTF8.width(scalar)
            if size > limit { break }
            kept.append(scalar)
        }
        return String(kept) + "…"
    }
}

extension Logger.Level {
    /// The syslog priority.
    fileprivate var priority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }

    /// The name, as wide as the longest.
    fileprivate var padded: String {
        rawValue + String(repeating: " ", count: max(0, 8 - rawValue.count))
    }

    /// The SGR parameters of the name's colour.
    fileprivate var colour: String {
        switch self {
        case .trace, .debug: "2"
        case .info: "32"
        case .notice: "36"
        case .warning: "33"
        case .error: "31"
        case .critical: "1;31"
        }
    }
}
