import FeedLab
import Glibc
import Testing

@Suite struct LogVerifyTests {
    /// Lines of a log: what `log verify` looks at, with these numbers.
    private func lines(_ numbers: ClosedRange<Int>) -> String {
        numbers.map { "{\"schema\":1,\"seq\":\($0),\"id\":\"m\($0)\"}\n" }.joined()
    }

    private func verify(
        _ workspace: Workspace,
        _ arguments: [String] = []
    ) async throws -> (
        status: Int32?, output: String, errorOutput: String
    ) {
        try workspace.configure("")
        return try await Program.run(
            ["log", "verify", "-c", workspace.config] + arguments,
            in: workspace
        )
    }

    @Test func rotatedFilesAreReadInOrderOfAgeWhateverTheirNames() async throws {
        let workspace = try Workspace()
        try workspace.write(lines(8...9), to: workspace.log)
        try workspace.write(lines(1...3), to: workspace.log + ".2")
        try workspace.write(lines(4...6), to: workspace.log + ".10")
        try workspace.write(lines(7...7), to: workspace.log + "-20260101")
        try workspace.write("", to: workspace.log + ".3")
        try workspace.write("{}", to: workspace.directory + "/log/events.jsonl")
        #expect(mkdir(workspace.log + ".folder", 0o755) == 0)
        let run = try await verify(workspace)
        #expect(run.status == 0, "\(run.output)\(run.errorOutput)")
        #expect(run.output == "whole: 9 lines in 5 files, seq 1 to 9\n")
        let named = try await verify(
            workspace,
            [workspace.log, workspace.log + ".10", workspace.log + "-20260101"]
        )
        #expect(named.status == 0, "\(named.output)")
        #expect(named.output == "whole: 6 lines in 3 files, seq 4 to 9\n")
    }

    @Test(arguments: [
        // A line that is missing, a line that stands twice, and one that stands out of order.
        ("1 2 4", [":3: seq 4 follows 2: 1 missing"]),
        ("1 2 2", [":3: seq 2 follows 2", ":3: id m2 stands at LOG:2 already"]),
        ("2 1", [":2: seq 1 follows 2"]),
        // A damaged line stands for its number, and for no other.
        ("1 x 3", [":2: the line is no whole record"]),
        ("1 x 4", [":2: the line is no whole record", ":3: seq 4 follows 1: 1 missing"]),
        ("1 x 2", [":2: the line is no whole record"]),
        ("1 0", [":2: the line is no whole record"]),
    ]) func damageIsToldWithItsPlace(log: String, problems: [String]) async throws {
        let workspace = try Workspace()
        let text = log.split(separator: " ").map { word in
            Int(word).map { lines($0...$0) } ?? "{\"schema\":1,\"seq\":2,\"id\":\"m2\n"
        }
        try workspace.write(text.joined(), to: workspace.log)
        let run = try await verify(workspace)
        #expect(run.status == 1, "\(run.errorOutput)")
        let expected = problems.map {
            workspace.log + $0.split(separator: "LOG").joined(separator: workspace.log)
        }
        let told = run.output.split(separator: "\n").map(String.init)
        #expect(Array(told.dropLast()) == expected)
        #expect(told.last?.hasPrefix("damaged, \(problems.count) problem") == true)
    }

    @Test func aTornLastLineIsDamage() async throws {
        let workspace = try Workspace()
        try workspace.write(lines(1...2).dropLast() + "", to: workspace.log)
        let whole = try await verify(workspace)
        #expect(whole.status == 1)
        #expect(
            whole.output.hasPrefix("\(workspace.log):2: the line is not ended by a newline\n"),
            "\(whole.output)"
        )
        try workspace.write(lines(1...2) + "\0\0\0\n", to: workspace.log)
        let zeros = try await verify(workspace)
        #expect(zeros.status == 1)
        #expect(zeros.output.contains(":3: the line is no whole record"), "\(zeros.output)")
    }

    @Test func whatGzipHasCompressedIsReadToo() async throws {
        let workspace = try Workspace()
        try workspace.write(lines(1...3), to: workspace.log + ".20260101T000000Z")
        try workspace.write(lines(4...5), to: workspace.log)
        try workspace.compress(workspace.log + ".20260101T000000Z")
        let run = try await verify(workspace)
        #expect(run.status == 0, "\(run.output)\(run.errorOutput)")
        #expect(run.output == "whole: 5 lines in 2 files, seq 1 to 5\n")
        // While gzip is at work both stand there.
        try workspace.write(lines(1...3), to: workspace.log + ".20260101T000000Z")
        #expect(try await verify(workspace).output == run.output)
        #expect(unlink(workspace.log + ".20260101T000000Z") == 0)
        #expect(truncate(workspace.log + ".20260101T000000Z.gz", 40) == 0)
        let cut = try await verify(workspace)
        #expect(cut.status == 1, "\(cut.errorOutput)")
        #expect(cut.output.contains(".gz: cannot be unpacked: unexpected end of file"))
    }

    @Test func whatCannotBeReadEndsWithThree() async throws {
        let workspace = try Workspace()
        let none = try await verify(workspace)
        #expect(none.status == 3, "\(none.output)")
        #expect(none.errorOutput.contains("matches.jsonl"))
        let folder = try await verify(workspace, [workspace.directory])
        #expect(folder.status == 3, "\(folder.output)")
        #expect(mkfifo(workspace.log, 0o600) == 0)
        let pipe = try await verify(workspace)
        #expect(pipe.status == 3 && pipe.errorOutput.contains("is no regular file"))
        let tail = try await Program.run(["tail", "-c", workspace.config], in: workspace)
        #expect(tail.status == 3 && tail.errorOutput.contains("is no regular file"))
    }

    @Test func theLogOfARunIsWhole() async throws {
        let lab = try await FeedLab.start()
        let items = (1...3).map { number in
            LabItem(
                id: "i\(number)",
                title: "Sappers \(number)",
                summary: "",
                link: "https://desk.example/\(number)",
                published: 1_750_000_000 + number
            )
        }
        await lab.add(
            LabFeed(id: "desk", path: "/desk.xml", format: .rss20, title: "Desk", items: items)
        )
        let workspace = try Workspace()
        let topic = "\n[[topic]]\nid = \"t\"\nquery = \"sappers\"\n"
        try workspace.configure(feeds([("desk", "/desk.xml")], at: lab) + topic)
        let once = try await Program.run(["run", "--once", "-c", workspace.config], in: workspace)
        #expect(once.status == 0, "\(once.errorOutput)")
        let run = try await verify(workspace)
        #expect(run.status == 0, "\(run.output)")
        #expect(run.output == "whole: 3 lines in 1 file, seq 1 to 3, chained from seq 2\n")
        await lab.stop()
        try await damage(workspace)
    }

    /// What a hand can do to the log of a run, and what is told of it.
    private func damage(_ workspace: Workspace) async throws {
        let whole = Workspace.text(of: workspace.log)
        let lines = whole.split(separator: "\n").map { "\($0)\n" }
        let altered = lines.map { $0.replacing("desk.example", with: "disk.example") }
        let unchained = lines.map { $0.replacing(/"prev":"[0-9a-f]+"/, with: "\"prev\":null") }
        let rows: [([String], [String])] = [
            ([lines[0], altered[1], lines[2]], [":3: prev is not the hash of"]),
            ([altered[0], lines[1], lines[2]], [":2: prev is not the hash of"]),
            ([lines[0], lines[1], altered[2]], [":3: seq 3 is not the line that the state"]),
            ([lines[0], lines[1]], ["the log ends with seq 2, the state has written up to 3"]),
            ([lines[0], lines[2]], [":2: seq 3 follows 1: 1 missing"]),
            (
                [lines[0], lines[1], unchained[2]],
                [":3: prev is missing", ":3: seq 3 is not the line"]
            ),
        ]
        for (text, problems) in rows {
            try workspace.write(text.joined(), to: workspace.log)
            let run = try await verify(workspace)
            #expect(run.status == 1, "\(run.output)")
            let told = run.output.split(separator: "\n").dropLast()
            #expect(told.count == problems.count, "\(run.output)")
            for (line, problem) in zip(told, problems) {
                #expect(line.contains(problem), "\(run.output)")
            }
        }
        try workspace.write(lines[1...].joined(), to: workspace.log)
        let late = try await verify(workspace)
        #expect(late.status == 1, "\(late.output)")
        #expect(
            late.output.hasPrefix("the lines before seq 2 are not there; feedwatch dropped none")
        )
    }
}
