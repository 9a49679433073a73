import Glibc

/// Time and memory of this process.
enum Measure {
    /// Processor time in seconds.
    static func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// The least time of several runs, in seconds.
    static func best(of runs: Int, _ body: () -> Void) -> Double {
        (0..<runs).map { _ in
            let start = seconds()
            body()
            return seconds() - start
        }.min() ?? 0
    }

    /// The most memory that was resident, in MB.
    static func peakMegabytes() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Double(usage.ru_maxrss) / 1_000
    }

    /// Runs this program with arguments, in a process of its own, and answers whether it did well.
    static func run(_ arguments: [String]) -> Bool {
        fflush(nil)
        var words = (["bench-topics"] + arguments).map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        var child: pid_t = 0
        guard posix_spawn(&child, "/proc/self/exe", nil, nil, words, environ) == 0 else {
            return false
        }
        var status: Int32 = 0
        guard waitpid(child, &status, 0) == child else { return false }
        return status == 0
    }
}

/// What was measured, and what it may be.
struct Finding {
    /// What was measured.
    var name: String
    /// The figure.
    var value: Double
    /// Its unit.
    var unit: String
    /// The limit.
    var limit: Double
    /// Whether the figure may not be below the limit, rather than not above.
    var isLeast = false

    /// Whether the limit holds.
    var holds: Bool { isLeast ? value >= limit : value <= limit }

    /// Prints it on a line.
    func show() {
        func number(_ value: Double) -> String {
            value >= 100 ? "\(Int(value.rounded()))" : "\((value * 100).rounded() / 100)"
        }
        let left = name + String(repeating: " ", count: max(1, 58 - name.count))
        let bound = (isLeast ? "at least " : "at most ") + number(limit)
        print(
            "\(left)\(number(value)) \(unit) (\(bound))\(holds ? "" : "  TOO \(isLeast ? "LOW" : "HIGH")")"
        )
    }
}
