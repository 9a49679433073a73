package import WatchCore

/// What the state knows of a log's lines, to hold against what stands in its files.
package struct LogWitness: Hashable, Sendable {
    /// The last number given; 0: none.
    package var lastSeq: Int64 = 0
    /// The hash of that line.
    package var lastHash: LineHash?
    /// The last line that is known to be in the log; 0: none.
    package var notedSeq: Int64 = 0
    /// The hash of that line, where the state still has it.
    package var notedHash: LineHash?
    /// Up to this number lines went with rotated files that were dropped (`keep`).
    package var droppedSeq: Int64 = 0

    /// Knows nothing.
    package init() {}
}
