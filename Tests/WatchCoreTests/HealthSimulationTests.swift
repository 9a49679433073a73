import Testing
import WatchTesting

/// What must hold of gaps, deaths, churn, lies and outages (issue 7), on fewer feeds, days and
/// polls than the tables of docs/health.md.
@Suite struct HealthSimulationTests {
    @Test func allThatIsPlantedIsToldInTimeAndNothingElse() async throws {
        let report = try await HealthSimulation(
            feeds: 50,
            days: 24,
            seed: 5,
            meanInterval: .seconds(3 * 3_600)
        ).run()
        let examples = report.examples.joined(separator: "\n")
        for row in report.rows {
            #expect(row.reported == row.planted, "\(row.name): \(examples)")
            #expect(row.late == 0, "\(row.name): \(examples)")
        }
        let unplanted = report.rows.filter { $0.planted == 0 }.map(\.name)
        #expect(unplanted == [])
        for alarm in report.falseAlarms {
            #expect(alarm.count <= alarm.allowed, "\(alarm.event): \(examples)")
        }
        #expect(report.planted > 500)
        #expect(report.recovered > 50)
        #expect(report.repeated == 0, "\(examples)")
        #expect(report.missed == 0, "\(examples)")
        #expect(report.wrong == 0, "\(examples)")
        #expect(report.once + report.missedTold == report.planted)
    }
}
