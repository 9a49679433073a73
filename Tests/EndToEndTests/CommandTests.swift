import FeedLab
import Glibc
import Testing

/// Two topics and a term set, without feeds.
private let sampleTopics = """
    [terms.dprk]
    en = ["North Korea", "Pyongyang"]
    ko = ["북한"]
    not_in = ["North Korea Street"]

    [[topic]]
    id = "sappers"
    query = '''@dprk SENT sapper'''
    exclude = '''football'''

    [[topic]]
    id = "summaries"
    query = '''bridge AND lang:ru'''
    fields = ["summary"]
    languages = ["ru"]

    """

@Suite struct CommandTests {
    // MARK: explain

    @Test func explainShowsTheTreeOfATopicThatMatches() async throws {
        let workspace = try Workspace()
        try workspace.configure(sampleTopics)
        let run = try await Program.run(
            [
                "explain", "-c", workspace.config, "--topic", "sappers",
                "--text", "Sappers left Pyongyang",
            ],
            in: workspace
        )
        #expect(run.status == 0, "\(run.errorOutput)")
        #expect(run.output.hasPrefix("topic sappers: matches\n  ✓ SENT"), "\(run.output)")
        #expect(run.output.contains("    ✓ @dprk: “Pyongyang” (title 13)\n"), "\(run.output)")
        #expect(run.output.contains("  score "), "\(run.output)")
        #expect(!run.output.contains("summaries"))
    }

    @Test func explainSaysWhatIsMissingAndEndsWithOneWhereNoTopicMatches() async throws {
        let workspace = try Workspace()
        try workspace.configure(sampleTopics)
        let run = try await Program.run(
            ["explain", "-c", workspace.config, "--title", "Pyongyang", "--text", "no football"],
            in: workspace
        )
        #expect(run.status == 1, "\(run.errorOutput)")
        #expect(run.output.contains("topic sappers: does not match\n"), "\(run.output)")
        #expect(run.output.contains("✗ sapper: not found\n"), "\(run.output)")
        #expect(run.output.contains("✓ football: “football” (summary 3)\n"), "\(run.output)")
        #expect(run.output.contains("left out by exclude"), "\(run.output)")
        #expect(run.output.contains("topic summaries: does not match\n"), "\(run.output)")
    }

    @Test func explainPutsTextWhereATopicTestWould() async throws {
        let workspace = try Workspace()
        try workspace.configure(sampleTopics)
        let run = try await Program.run(
            ["explain", "-c", workspace.config, "--text", "A bridge"],
            in: workspace
        )
        #expect(run.status == 0, "\(run.output)\(run.errorOutput)")
        #expect(run.output.contains("topic summaries: matches\n"), "\(run.output)")
        let other = try await Program.run(
            ["explain", "-c", workspace.config, "--text", "A bridge", "--language", "en"],
            in: workspace
        )
        #expect(other.status == 1)
        #expect(other.output.contains("language en is not among ru"), "\(other.output)")
    }

    @Test(arguments: [
        ["--text", "a", "--topic", "nobody"], ["--text", "a", "--item", "0123456789abcdef"], [],
        ["--item", "+123456789abcdef"], ["--item", "12"],
    ]) func explainRefusesWrongUsage(arguments: [String]) async throws {
        let workspace = try Workspace()
        try workspace.configure(sampleTopics)
        let run = try await Program.run(
            ["explain", "-c", workspace.config] + arguments,
            in: workspace
        )
        #expect(run.status == 2, "\(run.output)\(run.errorOutput)")
        #expect(run.output.isEmpty)
    }

    @Test func explainFindsAnItemOfThePastAndShowsNothingRaw() async throws {
        let lab = try await FeedLab.start()
        let title = "Sappers left Pyongyang \u{202E}now"
        await lab.add(
            LabFeed(
                id: "desk",
                path: "/desk.xml",
                format: .rss20,
                title: "Desk",
                items: [
                    LabItem(
                        id: "1",
                        title: title,
                        summary: "",
                        link: "https://desk.example/1",
                        published: 1_750_000_000
                    )
                ]
            )
        )
        let workspace = try Workspace()
        try workspace.configure(feeds([("desk", "/desk.xml")], at: lab) + "\n" + sampleTopics)
        let once = try await Program.run(["run", "--once", "-c", workspace.config], in: workspace)
        #expect(once.status == 0, "\(once.errorOutput)")
        let record = Workspace.text(of: workspace.log)
        let start = try #require(record.firstRange(of: "\"item\":\"")?.upperBound)
        let key = String(record[start...].prefix(16))
        let run = try await Program.run(
            ["explain", "-c", workspace.config, "--item", key],
            in: workspace
        )
        #expect(run.status == 0, "\(run.errorOutput)")
        #expect(run.output.hasPrefix("item \(key) of feed desk, found "), "\(run.output)")
        #expect(run.output.contains("  Sappers left Pyongyang \\u{202E}now\n"), "\(run.output)")
        #expect(run.output.contains("topic sappers: matches\n"), "\(run.output)")
        #expect(!run.output.unicodeScalars.contains("\u{202E}"))
        let none = try await Program.run(
            ["explain", "-c", workspace.config, "--item", "0123456789abcdef"],
            in: workspace
        )
        #expect(none.status == 1)
        #expect(none.errorOutput.contains("no item 0123456789abcdef"), "\(none.errorOutput)")
        await lab.stop()
    }

    // MARK: check --forms

    @Test func checkShowsTheFormsOfATermSet() async throws {
        let workspace = try Workspace()
        try workspace.configure(sampleTopics)
        let run = try await Program.run(
            ["check", "-c", workspace.config, "--forms", "@dprk"],
            in: workspace
        )
        #expect(run.status == 0, "\(run.errorOutput)")
        let lines = run.output.split(separator: "\n")
        #expect(lines.first == "@dprk: 3 terms")
        #expect(lines.contains { $0.hasPrefix("en  North Korea  {north, norths") }, "\(lines)")
        #expect(lines.contains { $0.hasPrefix("en  Pyongyang    pyongyang, ") }, "\(lines)")
        #expect(lines.contains { $0.hasPrefix("ko  북한         북한") }, "\(lines)")
        #expect(lines.last == "not in: North Korea Street")
    }

    @Test func checkNamesTheTermSetsThereAre() async throws {
        let workspace = try Workspace()
        try workspace.configure(sampleTopics)
        let run = try await Program.run(
            ["check", "-c", workspace.config, "--forms", "@drpk"],
            in: workspace
        )
        #expect(run.status == 2)
        #expect(run.output.isEmpty)
        #expect(run.errorOutput.contains("no term set @drpk; known: @dprk"), "\(run.errorOutput)")
    }
}
