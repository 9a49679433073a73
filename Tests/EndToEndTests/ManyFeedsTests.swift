import FeedLab
import Glibc
import Testing

@Suite(.serialized) struct ManyFeedsTests {
    private static let count = 1_000

    private func configure(
        _ workspace: Workspace,
        _ lab: FeedLab,
        interval: String = "300ms"
    ) throws {
        let many = (0..<Self.count).map { (id: "many-\($0)", path: "/many/\($0).xml") }
        try workspace.configure(feeds(many, at: lab), limits: "connections = 32")
        let text = Workspace.text(of: workspace.config)
            .replacing("interval = \"300ms\"", with: "interval = \"\(interval)\"")
        try workspace.write(topics + text, to: workspace.config)
    }

    @Test func aSecondRunSendsOnlyConditionalRequestsAndLogsNothingNew() async throws {
        let lab = try await FeedLab.start(manyFeeds: Self.count)
        let workspace = try Workspace()
        try configure(workspace, lab)
        let wanted = tellings(FeedLab.manyExpectations(count: Self.count))
        let first = try await Program.run(["run", "--once", "-c", workspace.config], in: workspace)
        #expect(first.status == 0, "\(first.errorOutput)")
        let told = tellings(try workspace.records())
        #expect(Set(told) == wanted)
        #expect(told.count == wanted.count)
        let requests = await lab.requests
        #expect(requests.count == Self.count)
        #expect(requests.allSatisfy { !$0.isConditional && $0.status == 200 })
        await lab.clearRequests()

        let second = try await Program.run(
            ["run", "--once", "-c", workspace.config],
            in: workspace
        )
        #expect(second.status == 0, "\(second.errorOutput)")
        let again = await lab.requests
        #expect(again.count == Self.count)
        #expect(again.allSatisfy { $0.isConditional && $0.status == 304 })
        #expect(tellings(try workspace.records()).count == wanted.count)
        let status = try await Program.run(["status", "-c", workspace.config], in: workspace)
        #expect(status.status == 0, "\(status.output.suffix(500))")
        await lab.stop()
    }

    @Test func aFeedThatIsNotDueIsNotPolledAfterARestart() async throws {
        let lab = try await FeedLab.start(manyFeeds: Self.count)
        let workspace = try Workspace()
        try configure(workspace, lab, interval: "1h")
        _ = try await Program.run(["run", "--once", "-c", workspace.config], in: workspace)
        await lab.clearRequests()
        let second = try await Program.run(
            ["run", "--once", "-c", workspace.config],
            in: workspace
        )
        #expect(second.status == 0)
        #expect(await lab.requests.isEmpty)
        await lab.stop()
    }

    @Test func killedAgainAndAgainItLosesNothingAndSaysNothingTwice() async throws {
        let lab = try await FeedLab.start(manyFeeds: Self.count)
        let workspace = try Workspace()
        try configure(workspace, lab, interval: "1h")
        let wanted = tellings(FeedLab.manyExpectations(count: Self.count))
        for round in 1...8 {
            await lab.clearRequests()
            let program = try Program(["run", "--once", "-c", workspace.config], in: workspace)
            let enough = 60 * round
            // Killed in the middle of the first poll, each time a little further on.
            _ = try await eventually(within: .seconds(10)) {
                let count = await lab.requests.count
                return count >= enough || !program.isRunning
            }
            program.send(SIGKILL)
            _ = try await program.wait()
        }
        let last = try await Program.run(["run", "--once", "-c", workspace.config], in: workspace)
        #expect(last.status == 0, "\(last.errorOutput)")
        let records = try workspace.records()
        let told = tellings(records)
        #expect(wanted.subtracting(told).sorted() == [], "lost")
        #expect(told.count == Set(told).count, "twice")
        #expect(records.map(\.seq) == Array(1...max(1, records.count)))
        await lab.stop()
    }
}
