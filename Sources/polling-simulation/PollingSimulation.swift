import WatchTesting

/// Prints the table of docs/polling.md.
@main
enum PollingSimulation {
    static func main() {
        let simulation = PollSimulation(feeds: 400)
        var table = """
            | rule | requests a feed and day | mean delay, min | median | 90th percentile |
            | --- | --- | --- | --- | --- |

            """
        for rule in PollSimulation.Rule.allCases {
            let outcome = simulation.outcome(of: rule, requests: 48)
            let numbers = [outcome.requests, outcome.mean, outcome.median, outcome.ninth]
                .map { "\(($0 * 10).rounded() / 10)" }
            table += "| \(rule.rawValue) | \(numbers.joined(separator: " | ")) |\n"
        }
        Output.write(table)
    }
}
