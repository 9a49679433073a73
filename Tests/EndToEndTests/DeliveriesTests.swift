import FeedLab
import FoundationEssentials
import Glibc
import Testing

/// The JSON of `feedwatch deliveries`, as far as tests look at it.
private struct Listing: Decodable {
    let schema: Int
    let pending: Int?
    let dead: Int?
    let deliveries: [Promise]

    struct Promise: Decodable {
        let state: String
        let hook: String
        let log: String
        let seq: Int
        let id: String
        let attempts: Int
        let next: String?
        let message: String?
        let record: Record?
    }
}

@Suite struct DeliveriesTests {
    /// A workspace in which one match was recorded, told to one hook and not to another.
    private func workspace(thenWith hooks: String? = nil) async throws -> Workspace {
        let lab = try await FeedLab.start()
        let item = LabItem(
            id: "1",
            title: "Sappers \u{202E}here",
            summary: "",
            link: "https://desk.example/1",
            published: 1_750_000_000
        )
        await lab.add(
            LabFeed(id: "desk", path: "/desk.xml", format: .rss20, title: "Desk", items: [item])
        )
        let workspace = try Workspace()
        let head = """
            \(feeds([("desk", "/desk.xml")], at: lab))
            [[topic]]
            id = "t"
            query = "sappers"

            """
        let both = hook("good", "/bin/true") + hook("bad", "/bin/false")
        for text in [both, hooks].compactMap(\.self) {
            try workspace.configure(head + text)
            let once = try await Program.run(
                ["run", "--once", "-c", workspace.config],
                in: workspace
            )
            #expect(once.status == 0, "\(once.errorOutput)")
        }
        await lab.stop()
        return workspace
    }

    private func hook(_ id: String, _ program: String) -> String {
        "[[hook]]\nid = \"\(id)\"\nexec = [\"\(program)\"]\n"
    }

    private func listing(
        _ workspace: Workspace,
        _ arguments: [String] = []
    ) async throws
        -> Listing
    {
        let run = try await Program.run(
            ["deliveries"] + arguments + ["--json", "-c", workspace.config],
            in: workspace
        )
        #expect(run.status == 0, "\(run.errorOutput)")
        return try JSONDecoder().decode(Listing.self, from: Data(run.output.utf8))
    }

    @Test func whatAHookDidNotTakeIsPending() async throws {
        let workspace = try await workspace()
        let listing = try await listing(workspace)
        #expect(listing.schema == 1)
        #expect(listing.pending == 1)
        #expect(listing.dead == 0)
        let promise = try #require(listing.deliveries.first)
        #expect(listing.deliveries.count == 1)
        #expect(promise.state == "pending")
        #expect(promise.hook == "bad")
        #expect(promise.log == "matches.jsonl")
        #expect(promise.seq == 1)
        #expect(promise.attempts >= 1)
        #expect(promise.next != nil)
        #expect(promise.message != nil)
        #expect(promise.record == nil)
        let run = try await Program.run(["deliveries", "-c", workspace.config], in: workspace)
        #expect(run.status == 0)
        let lines = run.output.split(separator: "\n")
        #expect(lines.first?.hasPrefix("STATE    HOOK  ID ") == true, "\(run.output)")
        #expect(lines.dropFirst().first?.hasPrefix("pending  bad   \(promise.id)  ") == true)
        #expect(lines.last == "1 pending, 0 dead")
    }

    @Test func whatWasPromisedToAHookThatLeftIsKeptAndComesBackWithIt() async throws {
        let without = hook("good", "/bin/true")
        let workspace = try await workspace(thenWith: without)
        let listing = try await listing(workspace, ["list"])
        #expect(listing.pending == 1 && listing.dead == 0)
        let head = try #require(Workspace.text(of: workspace.config).firstRange(of: without))
        let text = Workspace.text(of: workspace.config)
        try workspace.write(
            String(text[..<head.lowerBound]) + without + hook("bad", "/bin/true"),
            to: workspace.config
        )
        let retry = ["deliveries", "retry", "-c", workspace.config]
        #expect(try await Program.run(retry, in: workspace).status == 0)
        let once = ["run", "--once", "-c", workspace.config]
        _ = try await Program.run(once, in: workspace)
        #expect(try await self.listing(workspace).pending == 0)
    }

    @Test func showTellsTheDeliveriesOfARecord() async throws {
        let workspace = try await workspace()
        let record = try #require(try workspace.records().first)
        let listing = try await listing(workspace, ["show", record.id])
        #expect(Set(listing.deliveries.map(\.hook)) == ["good", "bad"])
        #expect(Set(listing.deliveries.map(\.state)) == ["delivered", "pending"])
        #expect(listing.deliveries.map(\.record) == [record, record])
        let run = try await Program.run(
            ["deliveries", "show", record.id, "-c", workspace.config],
            in: workspace
        )
        #expect(run.status == 0)
        #expect(run.output.contains("hook good: delivered\n"), "\(run.output)")
        #expect(run.output.contains("hook bad: pending\n"), "\(run.output)")
        #expect(run.output.contains("matches.jsonl, seq 1:\n{"), "\(run.output)")
        #expect(!run.output.unicodeScalars.contains("\u{202E}"))
        let none = try await Program.run(
            ["deliveries", "show", "nothing", "-c", workspace.config],
            in: workspace
        )
        #expect(none.status == 1)
        #expect(none.errorOutput.contains("no delivery of a record or group 'nothing'"))
    }

    @Test func withoutAStateThereIsNothingToRead() async throws {
        let workspace = try Workspace()
        try workspace.configure("")
        let run = try await Program.run(["deliveries", "-c", workspace.config], in: workspace)
        #expect(run.status == 3)
        #expect(run.errorOutput.contains("no state yet"), "\(run.errorOutput)")
        let count = try await Program.run(
            ["deliveries", "-n", "0", "-c", workspace.config],
            in: workspace
        )
        #expect(count.status == 2)
    }
}
