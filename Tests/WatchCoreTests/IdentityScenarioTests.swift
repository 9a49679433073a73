import FeedModel
import Testing
import WatchCore

@Suite struct IdentityScenarioTests {
    @Test(arguments: IdentityScenario.changedKeys) func noItemIsToldTwice(
        scenario: IdentityScenario
    ) {
        #expect(scenario.run() == scenario.new)
    }

    @Test(arguments: IdentityScenario.trueNews + IdentityScenario.sharedKeys)
    func noNewItemIsSwallowed(
        scenario: IdentityScenario
    ) {
        #expect(scenario.run() == scenario.new)
    }

    @Test(arguments: IdentityScenario.doubted) func whenUnsureAnItemCountsAsNew(
        scenario: IdentityScenario
    ) {
        #expect(scenario.run() == scenario.new)
    }

    @Test func thereAreSixtyScenarios() {
        let all =
            IdentityScenario.changedKeys + IdentityScenario.trueNews
            + IdentityScenario.sharedKeys + IdentityScenario.doubted
        #expect(all.count >= 60)
        #expect(Set(all.map(\.name)).count == all.count)
    }
}
