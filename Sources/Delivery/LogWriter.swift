internal import CPosix
internal import FeedModel
internal import Glibc
package import WatchCore

/// Appends numbered lines to one log file so that each stands there once and whole, whatever
/// happens to the process, the disk and the file (docs/durability.md: steps W and R, rotation).
///
/// The caller repeats: take the outbox's lines after `position.seq`, hand them to `advance`, and
/// note `position` (step T2) when it has changed, until the answer is `idle`. The lines handed
/// over must be all there are, in order, up to some limit. After an error nothing is lost: the
/// same is tried again later, from what was noted.
///
/// Confined to the queue of its owner.
package final class LogWriter {
    /// What a call of `advance` did.
    package enum Step: Hashable, Sendable {
        /// It recovered or changed to another file, and has written none of the lines yet, or
        /// has found some of them in the log already. Note the position and call again.
        case moved
        /// So many lines are in the log and durable.
        case appended(Int)
        /// There was nothing to do.
        case idle
    }

    /// The path of the log.
    package let path: String
    /// How far the log is known to be written and synced.
    package internal(set) var position: LogPosition
    /// Whether the file is open, whole, and ends where `position` says.
    package internal(set) var isReady = false

    /// How far back to look for lines in a file that no note belongs to: more than one batch.
    static let unknownTail: Int64 = 8 << 20

    /// Within how many bytes of its start a line gives its number.
    static let longestPrefix = 64

    /// What somebody did to the file, as far as was found since this was last set to nil.
    package var disturbance: String?

    let bootID: String
    let disk: DiskCalls
    var file: LogFile?
    private var isPoisoned = false

    /// A writer that goes on from `noted`.
    ///
    /// Nothing is opened yet.
    /// `bootID` tells this boot from others; empty: unknown, and no rubbish is ever cut.
    package init(path: String, noted: LogPosition, bootID: String, disk: DiskCalls = .system) {
        self.path = path
        position = noted
        self.bootID = bootID
        self.disk = disk
    }

    /// Brings the log one step further with `lines`, the outbox's lines after `position.seq`.
    package func advance(_ lines: [LogLine]) throws(DeliveryError) -> Step {
        try guarded { () throws(DeliveryError) in
            if let first = lines.first, first.seq != position.seq + 1 {
                throw .linesMissing(path: path, expected: position.seq + 1, found: first.seq)
            }
            guard let file = try fileIfUndisturbed() else { return try recover(lines) }
            return lines.isEmpty ? .idle : try write(lines, to: file)
        }
    }

    /// What became of a rotation.
    package enum Rotation: Hashable, Sendable {
        /// The log stands under this name now, and a new one is open. Note the position.
        case rotated(String)
        /// The log is empty; there is nothing to rotate.
        case empty
        /// The file was disturbed; call `advance` first.
        case notReady
        /// The folder does not let it be renamed, for this reason; the log can be written as before.
        case refused(String)
    }

    /// Renames the log to the first of `names` that is free in its folder, and opens a new one.
    ///
    /// Called between two calls of `advance`, so that a follower gets the last line of the one
    /// and the first of the other.
    package func rotate(to names: some Sequence<String>) throws(DeliveryError) -> Rotation {
        try guarded { () throws(DeliveryError) in
            guard try fileIfUndisturbed() != nil else { return .notReady }
            guard position.offset > 0 else { return .empty }
            for name in names {
                let target = LogFile.folder(of: path) + "/" + name
                let failure = fw_rename_exclusively(path, target)
                if failure == EEXIST { continue }
                guard failure == 0 else {
                    return .refused("\(path): cannot rename: \(describe(failure))")
                }
                isReady = false
                _ = try openCurrent(lines: [])
                return .rotated(target)
            }
            return .refused("\(path): cannot rename: no free name")
        }
    }

    /// When the log was last written to, by the file's own time; nil: it is not open.
    func lastWrite() throws(DeliveryError) -> Timestamp? {
        guard isReady, let file else { return nil }
        return Timestamp(seconds: try file.status().written)
    }

    /// Closes the file; `advance` would open it again.
    package func close() {
        isReady = false
        file = nil
    }

    /// Runs `work`; after a failure the file is looked at afresh, after a failed sync never again.
    private func guarded<Result>(
        _ work: () throws(DeliveryError) -> Result
    ) throws(DeliveryError) -> Result {
        guard !isPoisoned else { throw .stopped }
        do {
            return try work()
        } catch {
            isReady = false
            isPoisoned = error.isFatal
            throw error
        }
    }

    /// The open file, if it still stands at the path and ends where it was left.
    private func fileIfUndisturbed() throws(DeliveryError) -> LogFile? {
        guard isReady, let file, let status = try LogFile.status(at: path) else { return nil }
        guard status.inode == file.inode, status.device == file.device,
            status.size == position.offset
        else { return nil }
        return file
    }

    private func write(_ lines: [LogLine], to file: LogFile) throws(DeliveryError) -> Step {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(lines.reduce(0) { $0 + $1.bytes.count })
        var seq = position.seq
        for line in lines {
            seq += 1
            guard line.seq == seq else {
                throw .linesMissing(path: path, expected: seq, found: line.seq)
            }
            bytes.append(contentsOf: line.bytes)
        }
        try file.append(bytes, at: position.offset)
        let end = file.writeEnd
        try file.sync()
        guard try file.status().links > 0 else {
            // Deleted just before the write: nobody can read the lines, so they go into the
            // next file.
            isReady = false
            return .moved
        }
        position.seq = seq
        position.offset = end
        return .appended(lines.count)
    }
}
