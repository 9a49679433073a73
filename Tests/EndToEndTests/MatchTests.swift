import FoundationEssentials
import Testing

/// `feedwatch match`, and what else reads feed documents for topics.
@Suite struct MatchTests {
    private static let document = """
        <rss version="2.0"><channel><title>Desk</title>
        <item><guid>1</guid><title>Sappers reach Kursk</title><category>war</category>
        <author>kim@desk.example (Kim Jo)</author>
        <pubDate>Tue, 17 Jun 2025 09:00:00 GMT</pubDate></item>
        <item><guid>2</guid><title>Kursk submarine film</title>
        <pubDate>Mon, 16 Jun 2025 09:00:00 GMT</pubDate></item>
        <item><guid>3</guid><title>Weather</title>
        <pubDate>Sun, 15 Jun 2025 09:00:00 GMT</pubDate></item>
        </channel></rss>
        """

    private static func topic(_ query: String) -> String {
        """
        [[topic]]
        id = "kursk"
        title = "Kursk"
        query = '\(query)'

        """
    }

    /// A workspace with a feed in a file, which was polled once.
    private func workspace(_ topics: String, polled: Bool = true) async throws -> Workspace {
        let workspace = try Workspace()
        let path = workspace.directory + "/desk.xml"
        try workspace.write(Self.document, to: path)
        let feed = "[[feed]]\nid = \"desk\"\nurl = \"file://\(path)\"\n"
        try workspace.configure(
            feed + topics,
            limits: "allow_files = [\"\(workspace.directory)\"]"
        )
        if polled {
            let once = try await Program.run(
                ["run", "--once", "-c", workspace.config],
                in: workspace
            )
            #expect(once.status == 0, "\(once.errorOutput)")
        }
        return workspace
    }

    @Test func matchTriesTopicsOnStoredHistory() async throws {
        let workspace = try await workspace(Self.topic("Kursk"))
        let run = try await Program.run(["match", "-c", workspace.config], in: workspace)
        #expect(run.status == 0, "\(run.errorOutput)")
        #expect(run.output.contains("2025-06-17 09:00  Kursk  desk\n  Sappers reach [Kursk]\n"))
        #expect(run.output.contains("kursk  2\n"), "\(run.output)")
        #expect(run.output.contains("2025-06-16  1\n"), "\(run.output)")
        #expect(run.output.hasSuffix("3 items, 2 of them meet a topic\n"), "\(run.output)")
    }

    @Test func matchFindsAuthorsAndCategoriesInHistory() async throws {
        let query = "Kursk AND category:war AND author:\"Kim *\""
        let workspace = try await workspace(Self.topic(query))
        let run = try await Program.run(["match", "-c", workspace.config], in: workspace)
        #expect(run.status == 0, "\(run.errorOutput)")
        #expect(run.output.contains("kursk  1\n"), "\(run.output)")
    }

    @Test func matchEndsWithOneWhereNothingMatches() async throws {
        let workspace = try await workspace(Self.topic("Kursk"))
        let run = try await Program.run(
            ["match", "-c", workspace.config, "--since", "2100-01-01"],
            in: workspace
        )
        #expect(run.status == 1, "\(run.output)")
        #expect(run.output.hasSuffix("0 items, 0 of them meet a topic\n"), "\(run.output)")
    }

    @Test func matchReadsDocumentsAndTheirDates() async throws {
        let workspace = try await workspace(Self.topic("Kursk"), polled: false)
        let run = try await Program.run(
            [
                "match", "-c", workspace.config, "--since", "2025-06-17", "--feed", "desk",
                workspace.directory + "/desk.xml",
            ],
            in: workspace
        )
        #expect(run.status == 0, "\(run.errorOutput)")
        #expect(run.output.hasSuffix("1 items, 1 of them meet a topic\n"), "\(run.output)")
        #expect(run.output.contains("desk  1\n"), "\(run.output)")
    }

    @Test func matchReadsLinesOfJSONAndNamesThoseThatAreNone() async throws {
        let workspace = try await workspace(Self.topic("Kursk"), polled: false)
        let lines = workspace.directory + "/items.jsonl"
        try workspace.write(
            """
            {"title": "Курск", "published": "2025-06-17T09:00:00Z"}
            {"title": 3}
            {"file": "x", "feed": {"title": "x"}, "entries": [{"title": "Kursk"}]}

            """,
            to: lines
        )
        let run = try await Program.run(["match", "-c", workspace.config, lines], in: workspace)
        #expect(run.status == 3)
        #expect(run.errorOutput.contains("items.jsonl:2: this is no JSON object with an item"))
        #expect(run.output.contains("no date  Kursk"), "\(run.output)")
        #expect(run.output.contains("2 items, "), "\(run.output)")
    }

    @Test func aMatchAsJSONHasWhatIsKnownOfTheItem() async throws {
        let workspace = try await workspace(Self.topic("Kursk AND category:war"))
        let run = try await Program.run(["match", "--json", "-c", workspace.config], in: workspace)
        let known = #""summary":null,"authors":["Kim Jo"],"categories":["war"],"language":null"#
        #expect(run.output.contains(known), "\(run.output)")
    }

    @Test func matchShowsWhatAChangeGainsAndLoses() async throws {
        let workspace = try await workspace(Self.topic("(Kursk NOT NEAR/2 film) OR weather"))
        let text = try String(contentsOfFile: workspace.config, encoding: .utf8)
        let old = workspace.directory + "/old.toml"
        let query = "(Kursk NOT NEAR/2 film) OR weather"
        let parts = text.split(separator: query, omittingEmptySubsequences: false)
        try workspace.write(parts.joined(separator: "Kursk"), to: old)
        let run = try await Program.run(
            ["match", "-c", workspace.config, "--against", old],
            in: workspace
        )
        #expect(run.status == 1, "\(run.errorOutput)")
        #expect(run.output.contains("+ 2025-06-15 09:00  Kursk  desk\n"), "\(run.output)")
        #expect(run.output.contains("- 2025-06-16 09:00  Kursk  desk\n"), "\(run.output)")
        #expect(run.output.contains("kursk  2 → 2    +1      -1\n"), "\(run.output)")
        let same = try await Program.run(
            ["match", "-c", workspace.config, "--against", workspace.config, "--json"],
            in: workspace
        )
        #expect(same.status == 0)
        #expect(
            same.output.contains(
                #""topics":{"kursk":{"before":2,"after":2,"gained":0,"lost":0}}"#
            ),
            "\(same.output)"
        )
    }

    @Test(arguments: ["match", "explain", "test", "tail"])
    func anUnknownTopicIsAnsweredWithTheNearest(command: String) async throws {
        let workspace = try await workspace(Self.topic("Kursk"))
        var arguments = [command, "-c", workspace.config, "--topic", "kursc"]
        if command == "explain" { arguments += ["--text", "x"] }
        let run = try await Program.run(arguments, in: workspace)
        #expect(run.status == 2)
        #expect(run.errorOutput.contains("did you mean kursk?"), "\(run.errorOutput)")
    }

    @Test func explainGoesThroughADocument() async throws {
        let workspace = try await workspace(Self.topic("Kursk"), polled: false)
        let run = try await Program.run(
            ["explain", "-c", workspace.config, "--file", workspace.directory + "/desk.xml"],
            in: workspace
        )
        #expect(run.status == 0, "\(run.errorOutput)")
        #expect(run.output.hasPrefix("item 1: Sappers reach Kursk\ntopic kursk: matches\n"))
        #expect(run.output.contains("item 3: Weather\ntopic kursk: does not match\n"))
    }

    @Test func explainSaysThatATopicIsNotInForce() async throws {
        let workspace = try await workspace(
            Self.topic("Kursk") + "enabled = false\n",
            polled: false
        )
        let run = try await Program.run(
            ["explain", "-c", workspace.config, "--topic", "kursk", "--text", "Kursk"],
            in: workspace
        )
        #expect(run.status == 0, "\(run.errorOutput)")
        #expect(run.output.contains("it is not in force: enabled = false\n"), "\(run.output)")
    }

    @Test func aSuggestedSetPassesTheCheck() async throws {
        let workspace = try await workspace(Self.topic("@kp"), polled: false)
        let terms = try await Program.run(["terms", "suggest", "North Korea"], in: workspace)
        #expect(terms.status == 0)
        let text = try String(contentsOfFile: workspace.config, encoding: .utf8)
        try workspace.write(text + terms.output, to: workspace.config)
        let check = try await Program.run(["check", "-c", workspace.config], in: workspace)
        #expect(check.status == 0, "\(check.errorOutput)")
        let unknown = try await Program.run(["terms", "suggest", "Grmany"], in: workspace)
        #expect(unknown.status == 2)
        #expect(unknown.errorOutput.contains("did you mean Germany?"), "\(unknown.errorOutput)")
        let several = try await Program.run(["terms", "suggest", "korea"], in: workspace)
        let both = "did you mean KP (North Korea) or KR (South Korea)?"
        #expect(several.errorOutput.contains(both), "\(several.errorOutput)")
    }

    @Test func aTestIsRunThoughAnotherTopicIsWrong() async throws {
        let wrong = "[[topic]]\nid = \"wrong\"\nquery = 'a b'\n"
        let failing = "[[topic.test]]\ntext = \"Weather\"\n"
        let workspace = try await workspace(
            Self.topic("Kursk") + failing + wrong,
            polled: false
        )
        for command in ["check", "test"] {
            let run = try await Program.run([command, "-c", workspace.config], in: workspace)
            #expect(run.status == 2)
            #expect(run.errorOutput.contains("E104"), "\(run.errorOutput)")
            #expect(run.errorOutput.contains("the topic kursk does not match, and must"))
            #expect(run.errorOutput.contains("✗ Kursk: not found"), "\(run.errorOutput)")
        }
    }
}
