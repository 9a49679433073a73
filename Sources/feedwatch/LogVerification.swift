internal import SQLiteStore
internal import WatchCore

/// Checks the files of a log, oldest first, line by line.
struct LogVerification {
    /// Where a line stands.
    private struct Place {
        let file: Int
        let line: Int
    }

    private let report: (String) -> Void
    /// What the state knows of the log; nil: it is not asked.
    private let witness: LogWitness?
    private var paths: [String] = []
    private var places: [String: Place] = [:]
    private var first: Int64?
    private var last: Int64?
    private var lines = 0
    /// Damaged lines since the last whole one: each may be one of the numbers that are missing.
    private var unread: Int64 = 0
    /// The line before, where it is whole: its number, its hash, and where it stands.
    private var before: (seq: Int64, hash: String, place: Place)?
    /// The first line that carries the hash of the line before it.
    private var chainedFrom: Int64?
    /// How much is wrong.
    private(set) var problems = 0

    /// A verification that tells what is wrong as it finds it.
    init(witness: LogWitness? = nil, report: @escaping (String) -> Void) {
        self.witness = witness
        self.report = report
    }

    /// The outcome in a line.
    var summary: String {
        let range = first.flatMap { first in last.map { ", seq \(first) to \($0)" } } ?? ""
        func count(_ number: Int, _ word: String) -> String {
            "\(number) \(word)\(number == 1 ? "" : "s")"
        }
        let outcome = problems == 0 ? "whole" : "damaged, " + count(problems, "problem")
        let chain = chainedFrom.map { ", chained from seq \($0)" } ?? ""
        return
            "\(outcome): \(count(lines, "line")) in \(count(paths.count, "file"))\(range)\(chain)"
    }

    /// Checks the next file.
    mutating func read(_ file: LogFile) throws {
        paths.append(file.path)
        var number = 0
        while let line = try next(of: file) {
            number += 1
            lines += 1
            let place = Place(file: paths.count - 1, line: number)
            if !line.isEnded { note("the line is not ended by a newline", at: place) }
            if let stamp = RecordStamp(line.bytes) {
                check(stamp, at: place)
                checkChain(stamp, line, at: place)
            } else {
                if line.isEnded { note("the line is no whole record", at: place) }
                unread += 1
                before = nil
            }
        }
    }

    /// The next line; nil where a file has ended, or where it cannot be unpacked any further.
    private mutating func next(of file: LogFile) throws -> LogFile.Line? {
        do {
            return try file.next()
        } catch let failure as CommandFailure where failure.status == .answerIsNo {
            problems += 1
            report(failure.message ?? file.path)
            before = nil
            return nil
        }
    }

    /// Checks that the log begins and ends where the state says.
    mutating func finish() {
        guard let witness else { return }
        if let first, first > witness.droppedSeq + 1 {
            problems += 1
            let dropped =
                witness.droppedSeq == 0
                ? "feedwatch dropped none" : "feedwatch dropped those up to \(witness.droppedSeq)"
            report("the lines before seq \(first) are not there; \(dropped)")
        }
        if witness.notedSeq > last ?? 0 {
            problems += 1
            let noted = witness.notedSeq
            report("the log ends with seq \(last ?? 0), the state has written up to \(noted)")
        }
    }

    private mutating func check(_ stamp: RecordStamp, at place: Place) {
        if let last {
            if stamp.seq <= last {
                note("seq \(stamp.seq) follows \(last)", at: place)
            } else if stamp.seq - last - 1 > unread {
                let missing = stamp.seq - last - 1 - unread
                note("seq \(stamp.seq) follows \(last): \(missing) missing", at: place)
            }
        }
        unread = 0
        first = first ?? stamp.seq
        last = stamp.seq
        if let other = places[stamp.id] {
            let path = paths[other.file]
            note("id \(stamp.id) stands at \(path):\(other.line) already", at: place)
        } else {
            places[stamp.id] = place
        }
    }

    /// Checks that a line carries the hash of the line before it, and is the line the state knows.
    private mutating func checkChain(_ stamp: RecordStamp, _ line: LogFile.Line, at place: Place) {
        if let prev = stamp.prev {
            chainedFrom = chainedFrom ?? stamp.seq
            // Where numbers are missing, that is told already, and nothing is there to compare.
            if let before, before.seq == stamp.seq - 1, before.hash != prev {
                let other = "\(paths[before.place.file]):\(before.place.line)"
                note("prev is not the hash of \(other): one of the two was changed", at: place)
            }
            if stamp.seq == 1 { note("the first line has a line before it", at: place) }
        } else if chainedFrom != nil {
            note("prev is missing: the chain is broken here", at: place)
        }
        let bytes = Array(line.bytes) + (line.isEnded ? [UInt8(ascii: "\n")] : [])
        let hash = LineHash(of: bytes)
        before = hash.map { (stamp.seq, $0.hexadecimal, place) }
        guard let witness, let hash else { return }
        let known = [(witness.lastSeq, witness.lastHash), (witness.notedSeq, witness.notedHash)]
        if known.contains(where: { $0.0 == stamp.seq && $0.1 != nil && $0.1 != hash }) {
            note("seq \(stamp.seq) is not the line that the state has written", at: place)
        }
    }

    private mutating func note(_ message: String, at place: Place) {
        problems += 1
        report("\(paths[place.file]):\(place.line): \(message)")
    }
}
