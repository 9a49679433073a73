package import FeedModel

/// The metrics in the text format of Prometheus (docs/health.md has their names).
package enum MetricsPage {
    /// The page of a daemon of `version` that started at `start`.
    package static func text(
        _ summary: HealthSummary,
        version: String,
        start: Timestamp,
        waitingLines: Int,
        now: Timestamp
    ) -> String {
        var page = Page()
        page.family("feedwatch_build_info", "gauge", "The version that runs.")
        page.sample("feedwatch_build_info", [("version", version)], 1)
        page.family("feedwatch_start_time_seconds", "gauge", "When the daemon started.")
        page.sample("feedwatch_start_time_seconds", [], start.milliseconds / 1_000)
        page.family("feedwatch_update_time_seconds", "gauge", "When these numbers were taken.")
        page.sample("feedwatch_update_time_seconds", [], now.milliseconds / 1_000)
        page.family("feedwatch_feeds", "gauge", "Feeds, by how they stand.")
        for condition in FeedCondition.allCases {
            page.sample(
                "feedwatch_feeds",
                [("state", condition.word)],
                Int64(summary.conditions[condition] ?? 0)
            )
        }
        page.family("feedwatch_network_down", "gauge", "Whether nearly all feeds fail together.")
        page.sample("feedwatch_network_down", [], summary.isNetworkDown ? 1 : 0)
        page.add(summary.counts)
        page.family("feedwatch_log_waiting_lines", "gauge", "Lines stored and not yet in the logs.")
        page.sample("feedwatch_log_waiting_lines", [], Int64(waitingLines))
        return page.text
    }

    private struct Page {
        var text = ""

        /// What happened since the start.
        mutating func add(_ counts: PollCounts) {
            family("feedwatch_polls_total", "counter", "Polls, by how they ended.")
            for outcome in counts.outcomes.sorted(by: { $0.key < $1.key }) {
                sample("feedwatch_polls_total", [("outcome", outcome.key)], Int64(outcome.value))
            }
            family("feedwatch_poll_failures_total", "counter", "Failed polls, by reason.")
            for reason in FailureReason.allCases {
                sample(
                    "feedwatch_poll_failures_total",
                    [("reason", reason.rawValue)],
                    Int64(counts.failures[reason] ?? 0)
                )
            }
            family(
                "feedwatch_pages_total",
                "counter",
                "Requests for older pages to close gaps, by how they ended."
            )
            sample("feedwatch_pages_total", [("outcome", "document")], Int64(counts.pages))
            sample(
                "feedwatch_pages_total",
                [("outcome", "failed")],
                Int64(counts.failedPages)
            )
            family(
                "feedwatch_feed_events_total",
                "counter",
                "Events told of feeds, hosts and the network, by kind."
            )
            for event in EventKind.allCases where event.isOfFeeds {
                sample(
                    "feedwatch_feed_events_total",
                    [("event", event.rawValue)],
                    Int64(counts.events[event] ?? 0)
                )
            }
            family("feedwatch_items_total", "counter", "Items found new.")
            sample("feedwatch_items_total", [], Int64(counts.items))
            family("feedwatch_matches_total", "counter", "Matches recorded.")
            sample("feedwatch_matches_total", [], Int64(counts.matches))
        }

        mutating func family(_ name: String, _ type: String, _ help: String) {
            text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
        }

        mutating func sample(_ name: String, _ labels: [(String, String)], _ value: Int64) {
            let shown = labels.map { "\($0.0)=\"\(escaped($0.1))\"" }.joined(separator: ",")
            text += shown.isEmpty ? "\(name) \(value)\n" : "\(name){\(shown)} \(value)\n"
        }

        private func escaped(_ value: String) -> String {
            var result = ""
            for character in value.unicodeScalars {
                switch character {
                case "\\": result += "\\\\"
                case "\"": result += "\\\""
                case "\n": result += "\\n"
                default: result.unicodeScalars.append(character)
                }
            }
            return result
        }
    }
}
