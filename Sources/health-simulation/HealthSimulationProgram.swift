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
            Output.write(report.tables)
            if CommandLine.arguments.contains("--examples") {
                Output.write("\n" + report.examples.joined(separator: "\n") + "\n")
            }
        } catch {
            Output.fail("\(error)")
        }
    }
}
