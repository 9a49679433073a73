internal import ConfigFile
internal import FeedModel
internal import ServiceHost
internal import WatchCore

/// The value of `--since`.
enum SinceOption {
    /// The moment that a duration back from now, or an RFC 3339 time, names.
    static func moment(_ text: String) throws -> Timestamp {
        if let duration = ValueGrammar.duration(text) {
            return SystemClock().now() - duration
        }
        if let moment = moment(rfc3339: text) { return moment }
        throw CommandFailure(
            .usage,
            "--since: '\(text)' is neither a duration (2h, 30d) nor a time (2025-06-17T09:30:00Z)"
        )
    }

    /// A time or day in UTC: `2025-06-17`, `2025-06-17T09:30`, `2025-06-17T09:30:00Z`.
    static func moment(rfc3339 text: String) -> Timestamp? {
        let parts = text.split { "-T:Z ".contains($0) }.map { Int($0) }
        guard text.allSatisfy({ $0.isNumber || "-T:Z ".contains($0) }), parts.count >= 3 else {
            return nil
        }
        let numbers = parts.compactMap(\.self)
        guard numbers.count == parts.count, numbers.count <= 6 else { return nil }
        func part(_ index: Int) -> Int { index < numbers.count ? numbers[index] : 0 }
        return Timestamp(
            year: numbers[0],
            month: numbers[1],
            day: numbers[2],
            hour: part(3),
            minute: part(4),
            second: part(5)
        )
    }
}
