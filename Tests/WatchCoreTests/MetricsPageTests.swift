import FeedModel
import Glibc
import Testing
import WatchCore

/// The page keeps the rules of the Prometheus text format, and those of `promtool check metrics`
/// for names, where that is not installed.
@Suite struct MetricsPageTests {
    private var page: String {
        var counts = PollCounts()
        let state = FeedState(id: FeedID("a"), url: "https://a.example/", nextPoll: start)
        let failure = PollFailure(reason: .timedOut, message: "late")
        counts.add(PollReport(state: state, outcome: .failed(failure), duration: .zero))
        return MetricsPage.text(
            HealthSummary(counts: counts, conditions: [.ok: 1], isNetworkDown: false),
            version: "1",
            start: start,
            waitingLines: 0,
            now: start
        )
    }
    private let start = Timestamp(seconds: 1_750_000_000)

    @Test func everySampleStandsUnderItsFamilyOnce() throws {
        var family = ""
        var families: Set<String> = []
        var samples: Set<Substring> = []
        let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.last == "")
        for line in lines.dropLast() {
            let words = line.split(separator: " ", maxSplits: 3)
            if line.hasPrefix("# HELP ") {
                family = String(words[2])
                #expect(families.insert(family).inserted, "\(family) comes twice")
                #expect(words.count == 4 && words[3].hasSuffix("."), "\(line)")
            } else if line.hasPrefix("# TYPE ") {
                #expect(words[2] == family)
                let isCounter = words[3] == "counter"
                #expect(isCounter == family.hasSuffix("_total"), "\(line)")
                #expect(isCounter || words[3] == "gauge")
            } else {
                let name = line.prefix { $0 != "{" && $0 != " " }
                #expect(name == family, "\(line)")
                let key = line[..<(line.lastIndex(of: " ") ?? line.endIndex)]
                #expect(samples.insert(key).inserted, "\(key) comes twice")
                #expect(Double(line[key.endIndex...].dropFirst()) != nil, "\(line)")
            }
        }
        #expect(families.allSatisfy { $0.hasPrefix("feedwatch_") })
    }

    @Test(.enabled(if: access("/usr/bin/promtool", X_OK) == 0))
    func promtoolHasNothingToSay() throws {
        let tool = try #require(popen("/usr/bin/promtool check metrics 2>&1 >/dev/null", "w"))
        let bytes = Array(page.utf8)
        #expect(fwrite(bytes, 1, bytes.count, tool) == bytes.count)
        #expect(pclose(tool) == 0)
    }

    @Test func theHeartbeatCountsWhatHappenedSinceTheLast() {
        var counts = PollCounts()
        let state = FeedState(id: FeedID("a"), url: "https://a.example/", nextPoll: start)
        let failure = PollFailure(reason: .timedOut, message: "late")
        counts.add(PollReport(state: state, outcome: .failed(failure), duration: .zero))
        let before = counts
        counts.add(
            PollReport(
                state: state,
                outcome: .read(items: 3, new: 2, matches: 1),
                duration: .zero
            )
        )
        let summary = HealthSummary(
            counts: counts,
            conditions: [.ok: 7, .silent: 1, .blocked: 2],
            isNetworkDown: false
        )
        let draft = summary.heartbeat(since: before, now: start).draft(hooks: [HookID("dog")])
        let text = String(decoding: draft.tail, as: UTF8.self)
        #expect(text.contains(#""event":"heartbeat""#))
        #expect(
            text.contains(
                #""polled":1,"failed":0,"matches":1,"feeds":10,"failing":2,"silent":1}"#
            )
        )
        #expect(draft.hooks == [HookID("dog")])
    }

    @Test func theMetricsPageNamesEveryConditionAndReason() {
        let summary = HealthSummary(
            counts: PollCounts(),
            conditions: [.ok: 7],
            isNetworkDown: true
        )
        let page = MetricsPage.text(
            summary,
            version: #"1"2\3"#,
            start: start,
            waitingLines: 4,
            now: start
        )
        #expect(page.contains(#"feedwatch_build_info{version="1\"2\\3"} 1"#))
        #expect(page.contains(#"feedwatch_feeds{state="ok"} 7"#))
        #expect(page.contains(#"feedwatch_feeds{state="stale-304"} 0"#))
        #expect(page.contains(#"feedwatch_poll_failures_total{reason="timed_out"} 0"#))
        #expect(page.contains("feedwatch_network_down 1\n"))
        #expect(page.contains(#"feedwatch_pages_total{outcome="failed"} 0"#))
        #expect(page.contains(#"feedwatch_feed_events_total{event="feed.gap_closed"} 0"#))
        #expect(!page.contains(#"event="heartbeat""#))
        #expect(page.contains("feedwatch_log_waiting_lines 4\n"))
    }
}
