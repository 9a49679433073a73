package import FeedModel

/// When the logs are rotated by the daemon itself, and how many rotated files are kept.
package struct LogRotation: Hashable, Sendable {
    /// What makes a rotation due.
    package enum Rule: Hashable, Sendable {
        /// The next lines would let the file grow beyond this size.
        case size(ByteCount)
        /// A day (UTC) has begun since the last line.
        case daily
    }

    /// What makes a rotation due; nil: only somebody who asks for it.
    package var rule: Rule?
    /// How many rotated files of each log are kept; nil: all.
    package var kept: Int?

    /// Rotates only when asked, and keeps all.
    package init(rule: Rule? = nil, kept: Int? = nil) {
        self.rule = rule
        self.kept = kept
    }

    /// Whether a log of `size` bytes, last written to at `lastWrite`, is to be rotated before
    /// `adding` more bytes are appended.
    ///
    /// An empty log never is. Where the clock was set back nothing is due.
    package func isDue(
        size: Int64,
        adding: Int,
        lastWrite: Timestamp,
        now: Timestamp
    ) -> Bool {
        guard size > 0, let rule else { return false }
        return switch rule {
        case .size(let limit): adding > 0 && size + Int64(adding) > Int64(limit.bytes)
        case .daily: LogRotation.day(of: lastWrite) < LogRotation.day(of: now)
        }
    }

    /// The most that is to be appended at a time, where `batch` is the most without a rule.
    package func batch(_ batch: ByteCount) -> ByteCount {
        guard case .size(let limit) = rule else { return batch }
        return ByteCount(min(batch.bytes, limit.bytes))
    }

    private static func day(of time: Timestamp) -> Int64 {
        let length: Int64 = 86_400_000
        return (time.milliseconds - (time.milliseconds % length + length) % length) / length
    }
}
