import ConfigFile
import Testing
import WatchCore

@Suite struct HealthKeyTests {
    @Test func healthAndMetricsAreTakenOver() throws {
        let result = try load(
            """
            [health]
            failing_after = "10m"
            heartbeat = "1h"
            [metrics]
            file = "/srv/feedwatch.prom"
            interval = "30s"
            """
        )
        let health = try #require(result.configuration).health
        #expect(health.failingAfter == .seconds(600))
        #expect(health.heartbeat == .seconds(3_600))
        #expect(health.metricsFile == "/srv/feedwatch.prom")
        #expect(health.metricsInterval == .seconds(30))
    }

    @Test func aMetricsFileThatNobodyReadsIsAnError() throws {
        try Mistake(
            "[metrics]\nfile = ⟦'/srv/feedwatch.txt'⟧",
            "the node exporter reads files whose names end in .prom only"
        ).expect()
    }
}
