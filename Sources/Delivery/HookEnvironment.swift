internal import WatchCore

/// The environment of a hook's program: what is listed here and nothing of the daemon's own, so
/// that no program can speak for the daemon to the service manager or find its credentials.
package struct HookEnvironment: Hashable, Sendable {
    /// The variables as `NAME=value`.
    package private(set) var entries: [String]

    /// Where programs are looked for.
    private static let searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    /// The longest value; Linux refuses a variable of 128 KiB and more.
    private static let longestValue = 64 << 10

    /// The environment for telling `message`.
    ///
    /// All variables of the contract are always there, empty where the record has no such member,
    /// or where the records of a group do not agree on it. `FEEDWATCH_TITLE` is an event's message,
    /// and says of a group how many records it has.
    package init(of message: HookMessage, home: String) {
        let fields = message.fields
        let title = fields.title(isMatches: message.stream == .matches)
        entries = [
            "PATH=" + HookEnvironment.searchPath,
            "LANG=C.UTF-8",
            "HOME=" + home,
            "FEEDWATCH_EVENT=" + HookEnvironment.oneLine(message.kind(fields)),
            "FEEDWATCH_TOPIC=" + HookEnvironment.oneLine(fields.common("topic") ?? ""),
            "FEEDWATCH_ID=" + HookEnvironment.oneLine(message.id),
            "FEEDWATCH_ATTEMPT=" + String(message.attempt),
            "FEEDWATCH_COUNT=" + String(message.records.count),
            "FEEDWATCH_URL=" + HookEnvironment.address(fields.common("url") ?? ""),
            "FEEDWATCH_TITLE=" + HookEnvironment.oneLine(title),
        ]
    }

    /// The text in one line: breaks and tabs become blanks, all other control characters and the
    /// marks that turn the direction of writing go, and what is too long is cut.
    package static func oneLine(_ text: String) -> String {
        var line = String.UnicodeScalarView()
        var length = 0
        for scalar in text.unicodeScalars {
            let kept: Unicode.Scalar
            switch scalar.value {
            case 0x09...0x0D, 0x85, 0x2028, 0x2029: kept = " "
            case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x061C, 0x202A...0x202E, 0x2066...0x2069:
                continue
            default: kept = scalar
            }
            length += UTF8.width(kept)
            if length > longestValue { break }
            line.append(kept)
        }
        return String(line)
    }

    /// The end of a text, its lines kept, without control characters and without the marks that
    /// turn the direction of writing.
    static func printable(_ text: String, limit: Int) -> String {
        let whole = text.split(whereSeparator: \.isNewline).map { oneLine(String($0)) }
            .joined(separator: "\n")
        let end = whole.suffix(limit)
        // A line whose beginning is lost is left out.
        guard end.startIndex > whole.startIndex, let newline = end.firstIndex(of: "\n") else {
            return String(end)
        }
        return String(end[end.index(after: newline)...])
    }

    /// An address without control characters; empty if it is too long, as half of one is useless.
    private static func address(_ text: String) -> String {
        text.utf8.count <= longestValue ? oneLine(text) : ""
    }
}
