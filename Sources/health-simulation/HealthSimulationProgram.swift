import Glibc
import WatchTesting

/// Prints the tables of docs/health.md; `--examples` what is behind their wrong numbers, too.
@main
enum HealthSimulationProgram {
    static func main() async {
        let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        let feeds = numbers.first ?? 2_600
        let days = numbers.count > 1 ? numbers[1] : 90
        do {
            let report = try await HealthSimulation(feeds: feeds, days: days).run()
            write(report.tables)
            if CommandLine.arguments.contains("--examples") {
                write("\n" + report.examples.joined(separator: "\n") + "\n")
            }
        } catch {
            write("\(error)\n")
            exit(3)
        }
    }

    private static func write(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes {
                Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count)
            }
            guard count > 0 else { exit(3) }
            bytes = bytes.dropFirst(count)
        }
    }
}
