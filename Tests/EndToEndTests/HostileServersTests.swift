import FeedLab
import FoundationEssentials
import Glibc
import Testing

/// One good feed among stalled servers, dead names and bombs.
@Suite(.serialized) struct HostileServersTests {
    private struct Status: Decodable {
        let feeds: [Feed]

        struct Feed: Decodable {
            let feed: String
            let state: String
            let reason: String?
            let message: String?
        }
    }

    /// A number of `/proc/PID/status`, in KiB.
    private func memory(of process: pid_t, _ name: String) -> Int {
        let line = Workspace.text(of: "/proc/\(process)/status").split(separator: "\n")
            .first { $0.hasPrefix(name + ":") }
        return line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
    }

    private let topic = """
        [[topic]]
        id = "news"
        query = "sappers"

        """

    /// A lab with a good feed among stalled ones and bombs.
    private func lab() async throws -> FeedLab {
        let lab = try await FeedLab.start()
        await lab.add(LabFeed(id: "good", path: "/good.xml"))
        for index in 0..<20 {
            let path = "/stalled-\(index).xml"
            await lab.add(LabFeed(id: "stalled-\(index)", path: path, fault: .silence))
        }
        for index in 0..<5 {
            await lab.add(
                LabFeed(id: "bomb-\(index)", path: "/bomb-\(index).xml", fault: .gzipBomb)
            )
        }
        return lab
    }

    private let good = (id: "good", path: "/good.xml")

    /// The memory of a daemon that has nothing but the good feed.
    private func memoryAtRest(_ lab: FeedLab) async throws -> Int {
        let workspace = try Workspace()
        try workspace.configure(topic + feeds([good], at: lab))
        let daemon = try Program(["run", "-c", workspace.config], in: workspace)
        #expect(await lab.wait { $0.count > 2 })
        let memory = memory(of: daemon.process, "VmRSS")
        daemon.send(SIGTERM)
        _ = try await daemon.wait()
        await lab.clearRequests()
        return memory
    }

    private func configure(_ workspace: Workspace, _ lab: FeedLab) throws {
        let bad =
            (0..<20).map { (id: "stalled-\($0)", path: "/stalled-\($0).xml") }
            + (0..<5).map { (id: "bomb-\($0)", path: "/bomb-\($0).xml") }
        let dead = (0..<20)
            .map { "[[feed]]\nid = \"dead-\($0)\"\nurl = \"http://host-\($0).invalid/\"\n" }
        try workspace.configure(
            topic + feeds([good] + bad, at: lab) + dead.joined(separator: "\n"),
            limits: "response_time = \"3s\"\nconnect_time = \"3s\""
        )
        let text = Workspace.text(of: workspace.config)
            .replacing("connections_per_host = 16", with: "connections_per_host = 40")
        try workspace.write(text, to: workspace.config)
    }

    /// The status, once every feed but the good one has failed.
    private func settledStatus(_ workspace: Workspace) async throws -> [Status.Feed] {
        var last: [Status.Feed] = []
        #expect(
            try await eventually(within: .seconds(30)) {
                let run = try await Program.run(
                    ["status", "--json", "-c", workspace.config],
                    in: workspace
                )
                last = try JSONDecoder().decode(Status.self, from: Data(run.output.utf8)).feeds
                return last.allSatisfy { $0.feed == "good" || $0.reason != nil }
            }
        )
        return last
    }

    @Test func aGoodFeedIsNotDelayedAndMemoryStaysSmall() async throws {
        let lab = try await lab()
        let rest = try await memoryAtRest(lab)
        let workspace = try Workspace()
        try configure(workspace, lab)
        let daemon = try Program(["run", "-c", workspace.config], in: workspace)
        // The storm has begun: all bombs were asked for, and some of the stalled ones.
        #expect(
            await lab.wait { requests in
                let paths = Set(requests.map(\.path))
                return (0..<5).allSatisfy { paths.contains("/bomb-\($0).xml") }
                    && paths.contains("/stalled-0.xml") && paths.contains("/good.xml")
            }
        )
        var late: [Duration] = []
        for number in 0..<5 {
            let item = LabItem(id: "item-\(number)", title: "More sappers, \(number)")
            let start = ContinuousClock.now
            try await lab.publish(feed: "good", item: item)
            #expect(
                try await eventually(within: .seconds(10)) {
                    try workspace.records().contains { $0.title == item.title }
                }
            )
            // Its interval is 300 ms.
            let time = ContinuousClock.now - start
            if time >= .milliseconds(2_300) { late.append(time) }
        }
        // Once the machine itself may have been elsewhere.
        #expect(late.count <= 1, "\(late)")
        let status = try await settledStatus(workspace)
        let peak = memory(of: daemon.process, "VmHWM")
        #expect(peak - rest < 64 << 10, "\(rest) KiB at rest, \(peak) KiB at most")
        daemon.send(SIGTERM)
        #expect(try await daemon.wait(within: .seconds(5)) == 0)
        let reasons = ["stalled": "timed_out", "bomb": "too_large", "dead": "name_not_resolved"]
        for feed in status {
            let kind = String(feed.feed.prefix { $0 != "-" })
            #expect(feed.reason == reasons[kind], "\(feed.feed): \(feed.message ?? "")")
        }
        await lab.stop()
    }
}
