import CBareLog
import Delivery
import Glibc
import WatchCore

/// Appends the same lines with the same number of syncs by `LogWriter` and by a loop in C, in
/// turn, and prints the times and their ratio.
@main
enum BenchLog {
    static let count = 100_000
    static let length = 1_500
    static let rounds = 5

    static func main() throws {
        let folder = CommandLine.arguments.dropFirst().first ?? "/tmp"
        let text = "{\"schema\":1,\"seq\":1,\"title\":\""
        let filler = String(repeating: "x", count: length - text.utf8.count - 3)
        let line = Array((text + filler + "\"}\n").utf8)
        for batch in [700, 100] {
            var pairs: [(ours: Double, bare: Double)] = []
            for round in 0..<rounds {
                let path = "\(folder)/bench-log-\(getpid())-\(round)"
                let ours = try ours(path + "-swift", line, batch)
                let bare = bare_log(path + "-c", line, line.count, Int32(count), Int32(batch))
                unlink(path + "-swift")
                unlink(path + "-c")
                pairs.append((ours, bare))
            }
            let ours = median(pairs.map(\.ours))
            let bare = median(pairs.map(\.bare))
            let ratio = median(pairs.map { $0.ours / $0.bare })
            print(
                "\(count) lines of \(line.count) bytes, \(batch) to a sync: feedwatch",
                "\(rounded(ours)) s, C \(rounded(bare)) s, ratio \(rounded(ratio))"
            )
        }
    }

    /// The seconds that the log's writer takes.
    private static func ours(_ path: String, _ line: [UInt8], _ batch: Int) throws -> Double {
        let writer = LogWriter(path: path, noted: LogPosition(), bootID: "bench")
        while !writer.isReady { _ = try writer.advance([]) }
        let begun = now()
        while writer.position.seq < Int64(count) {
            let seq = writer.position.seq
            let end = min(seq + Int64(batch), Int64(count))
            _ = try writer.advance((seq + 1...end).map { LogLine(seq: $0, bytes: line) })
        }
        let seconds = now() - begun
        writer.close()
        return seconds
    }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func median(_ values: [Double]) -> Double {
        values.sorted()[values.count / 2]
    }

    private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
