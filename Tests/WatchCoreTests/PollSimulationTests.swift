import Testing
import WatchTesting

/// The bounds of issue 5, on fewer feeds and coarser counts than the table of docs/polling.md.
@Suite struct PollSimulationTests {
    @Test func theRuleFindsNewsSoonerThanOthersAtEqualRequests() {
        let simulation = PollSimulation(feeds: 30, seed: 3)
        func outcome(_ rule: PollSimulation.Rule) -> PollSimulation.Outcome {
            simulation.outcome(of: rule, requests: 16, tolerance: 0.03)
        }
        let fixed = outcome(.fixed)
        let gap = outcome(.meanGap)
        let learned = outcome(.learned)
        let known = outcome(.known)
        for other in [fixed, gap, known] {
            #expect(abs(other.requests / learned.requests - 1) < 0.06)
        }
        #expect(learned.mean <= 0.5 * fixed.mean)
        #expect(learned.mean <= 0.7 * gap.mean)
        #expect(learned.ninth <= 0.65 * fixed.ninth)
        #expect(learned.ninth <= 0.75 * gap.ninth)
        #expect(learned.mean <= 1.1 * known.mean)
    }
}
