import FeedLab
import Glibc
import Testing

/// What the daemon tells of its feeds and of itself.
@Suite struct HealthTests {
    @Test func metricsAndHeartbeatsSayHowTheDaemonDoes() async throws {
        let lab = try await FeedLab.start(site: LabSite(directory: checkout + "/config/lab"))
        let workspace = try Workspace()
        let metrics = workspace.directory + "/feedwatch.prom"
        try workspace.configure(
            """
            [health]
            failing_after = "0s"
            heartbeat = "1s"
            [metrics]
            file = "\(metrics)"
            interval = "1s"
            \(feeds([("harbour-wire", "/harbour-wire.xml"), ("lost", "/lost.xml")], at: lab))
            [[topic]]
            id = "t"
            query = "sappers"
            [[hook]]
            id = "dog"
            exec = ["/bin/sh", "-c", "cat >> \(workspace.directory)/beats"]
            on = "heartbeat"
            """
        )
        let daemon = try Program(["run", "-c", workspace.config], in: workspace)
        let isWritten = try await eventually {
            Workspace.text(of: metrics).contains("feedwatch_feeds{state=\"ok\"} 1\n")
        }
        #expect(isWritten, "\(Workspace.text(of: metrics))")
        let isTold = try await eventually {
            Workspace.text(of: workspace.directory + "/beats").contains(#""event":"heartbeat""#)
        }
        #expect(isTold)
        daemon.send(SIGTERM)
        #expect(try await daemon.wait(within: .seconds(10)) == 0)
        let status = try await Program.run(
            ["status", "--json", "-c", workspace.config],
            in: workspace
        )
        #expect(status.status == 1)
        #expect(status.output.contains(#""state":"failing""#), "\(status.output)")
        await lab.stop()
    }
}
