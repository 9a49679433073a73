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
}
