import FeedLab
import FoundationEssentials
import Glibc
import Testing

/// `fetch`, `discover` and `feeds`, as people use them.
@Suite(.serialized) struct FetchingCommandTests {
    private func feed(_ workspace: Workspace, _ lab: FeedLab, _ more: String = "") throws {
        let secret = workspace.directory + "/secret"
        try workspace.write("planted-s3cret\n", to: secret)
        try workspace.configure(
            """
            [[feed]]
            id = "wire"
            url = "\(lab.url("/harbour-wire.xml"))"
            headers = { X-Api-Key = { file = "\(secret)" } }
            auth = { user = "desk", password = { file = "\(secret)" } }
            \(more)
            """
        )
    }

    private func lab() async throws -> FeedLab {
        try await FeedLab.start(site: LabSite(directory: checkout + "/config/lab"))
    }

    @Test func fetchTellsTheWholeStoryAndNoSecret() async throws {
        let lab = try await lab()
        let workspace = try Workspace()
        try feed(workspace, lab)
        let config = ["-c", workspace.config]
        let text = try await Program.run(["fetch", "wire"] + config, in: workspace)
        #expect(text.status == 0, "\(text.errorOutput)")
        for part in [
            "hop 1: \(lab.url("/harbour-wire.xml"))", "  > GET /harbour-wire.xml HTTP/1.1",
            "  > X-Api-Key: ***", "  > Authorization: ***", "mailto:tests@example.org",
            "  < HTTP/1.1 200", "document: ", "feed: ",
        ] {
            #expect(text.output.contains(part), "\(part) in \(text.output)")
        }
        let url = lab.url("/harbour-wire.xml")
        let json = try await Program.run(["fetch", url, "--json"] + config, in: workspace)
        #expect(json.status == 0)
        #expect(json.output.contains("\"verdict\":\"document\""))
        try await lab.set(fault: .status(429, retryAfter: 7), for: "/harbour-wire.xml")
        let limited = try await Program.run(["fetch", "wire"] + config, in: workspace)
        #expect(limited.status == 1)
        #expect(limited.output.contains("rate_limited"))
        let unknown = try await Program.run(["fetch", "nothing"] + config, in: workspace)
        #expect(unknown.status == 2)
        // An address that may not be reached is named as such, also without a configuration.
        let bare = try await Program.run(["fetch", url, "--json"], in: workspace)
        #expect(bare.status == 1)
        #expect(bare.output.contains("\"reason\":\"address_blocked\""))
        for run in [text, json, limited] {
            #expect(!(run.output + run.errorOutput).contains("planted-s3cret"))
        }
        await lab.stop()
    }

    @Test func aSecretIsWrittenNowhere() async throws {
        let lab = try await lab()
        let workspace = try Workspace()
        try feed(
            workspace,
            lab,
            """
            [[feed]]
            id = "gone"
            url = "http://desk:planted-s3cret@127.0.0.1:1/"
            [[feed]]
            id = "proxied"
            url = "http://feeds.example.org/"
            proxy = { url = "http://127.0.0.1:1", user = "desk", password = { file = "secret" } }
            [[hook]]
            id = "desk"
            exec = ["/bin/cp", "/dev/stdin", "\(workspace.directory)/hook.json"]
            on = ["feed"]
            """
        )
        let config = ["-c", workspace.config]
        for _ in 0..<4 {
            _ = try await Program.run(
                ["run", "--once", "--log-level", "debug"] + config,
                in: workspace
            )
            usleep(350_000)
        }
        for command in [
            ["status"], ["status", "--json"], ["feeds"], ["feeds", "export"], ["check"],
        ] {
            _ = try await Program.run(command + config, in: workspace)
        }
        // All that was printed, logged and stored.
        let written = try FileManager.default.subpathsOfDirectory(atPath: workspace.directory)
        #expect(written.contains { $0.hasSuffix("events.jsonl") })
        for name in written where name != "secret" && name != "feedwatch.toml" {
            let path = workspace.directory + "/" + name
            guard let data = FileManager.default.contents(atPath: path) else { continue }
            let bytes = [UInt8](data)
            for secret in ["planted-s3cret", "cGxhbnRlZC1zM2NyZXQ"] {
                #expect(bytes.firstRange(of: Array(secret.utf8)) == nil, "\(name)")
            }
        }
        await lab.stop()
    }

    @Test func whatDiscoverPrintsPassesCheck() async throws {
        let lab = try await lab()
        await lab.add(LabFeed(id: "usual", path: "/feed.xml"))
        try await lab.set(fault: .htmlPage, for: "/svitlo.xml")
        let workspace = try Workspace()
        try feed(workspace, lab)
        let config = ["-c", workspace.config]
        let page = lab.url("/svitlo.xml")
        let found = try await Program.run(["discover", page] + config, in: workspace)
        #expect(found.status == 0, "\(found.errorOutput)")
        #expect(found.output.contains("[[feed]]\nurl = \"http://127.0.0.1:"))
        try workspace.configure(found.output)
        let check = try await Program.run(["check"] + config, in: workspace)
        #expect(check.status == 0, "\(check.errorOutput)")
        let itself = lab.url("/harbour-wire.xml")
        let direct = try await Program.run(["discover", itself, "--json"] + config, in: workspace)
        #expect(direct.output.contains("\"origin\":\"the address itself\""))
        await lab.stop()
    }

    @Test func listsComeInAndGoOut() async throws {
        let workspace = try Workspace()
        try workspace.configure("[[feed]]\nurl = \"http://known.example/\"\ntitle = \"K\"\n")
        let many = (0..<3_000)
            .map {
                "<outline text='Feed &amp; \($0)' xmlURL='http://h\($0).example/rss?a=1&amp;b=2'/>"
            }
        let list = """
            <opml version="1.0"><body><outline text="All">\(many.joined())</outline>
            <outline title="K" xmlUrl="http://known.example/"/></body></opml>
            """
        try workspace.write(list, to: workspace.directory + "/in.opml")
        let config = ["-c", workspace.config]
        let target = workspace.directory + "/feeds.toml"
        let arguments = ["feeds", "import", workspace.directory + "/in.opml", "--write", target]
        let taken = try await Program.run(arguments + config, in: workspace)
        #expect(taken.status == 0, "\(taken.errorOutput)")
        #expect(taken.errorOutput.contains("3000 feeds, 1 there already"))
        // It never writes over anything.
        #expect(try await Program.run(arguments + config, in: workspace).status == 3)
        try workspace.configure("", watch: "")
        let text = Workspace.text(of: workspace.config)
        try workspace.write("include = [\"feeds.toml\"]\n" + text, to: workspace.config)
        let exported = try await Program.run(["feeds", "export"] + config, in: workspace)
        #expect(exported.status == 0, "\(exported.errorOutput.suffix(300))")
        #expect(exported.output.contains("xmlUrl=\"http://h2999.example/rss?a=1&amp;b=2\""))
        #expect(exported.output.contains("<outline text=\"All\" title=\"All\">"))
        // And what went out is a list that a configuration can name.
        try workspace.write(exported.output, to: workspace.directory + "/out.opml")
        try workspace.configure("[[feeds]]\nopml = \"out.opml\"\n")
        let shown = try await Program.run(["feeds"] + config, in: workspace)
        #expect(shown.output.split(separator: "\n").count == 3_001)
        #expect(shown.output.contains("Feed & 17"))
    }
}
