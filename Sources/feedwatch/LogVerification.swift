/// Checks the files of a log, oldest first, line by line.
struct LogVerification {
    /// Where a line stands.
    private struct Place {
        let file: Int
        let line: Int
    }

    private let report: (String) -> Void
    private var paths: [String] = []
    private var places: [String: Place] = [:]
    private var first: Int64?
    private var last: Int64?
    private var lines = 0
    /// Damaged lines since the last whole one: each may be one of the numbers that are missing.
    private var unread: Int64 = 0
    /// How much is wrong.
    private(set) var problems = 0

    /// A verification that tells what is wrong as it finds it.
    init(report: @escaping (String) -> Void) { self.report = report }

    /// The outcome in a line.
    var summary: String {
        let range = first.flatMap { first in last.map { ", seq \(first) to \($0)" } } ?? ""
        let outcome = problems == 0 ? "whole" : "damaged, \(problems) problems"
        return "\(outcome): \(lines) lines in \(paths.count) files\(range)"
    }

    /// Checks the next file.
    mutating func read(_ file: LogFile) throws {
        paths.append(file.path)
        var number = 0
        while let line = try file.next() {
            number += 1
            lines += 1
            let place = Place(file: paths.count - 1, line: number)
            if !line.isEnded { note("the line is not ended by a newline", at: place) }
            if let stamp = RecordStamp(line.bytes) {
                check(stamp, at: place)
            } else {
                if line.isEnded { note("the line is no whole record", at: place) }
                unread += 1
            }
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

    private mutating func note(_ message: String, at place: Place) {
        problems += 1
        report("\(paths[place.file]):\(place.line): \(message)")
    }
}
