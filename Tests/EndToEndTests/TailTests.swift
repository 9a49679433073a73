import Glibc
import Testing

/// `feedwatch tail` on logs that were rotated.
@Suite struct TailTests {
    private func lines(_ numbers: ClosedRange<Int>) -> String {
        numbers.map { "{\"schema\":1,\"seq\":\($0),\"id\":\"m\($0)\"}\n" }.joined()
    }

    /// Three files of one log, the oldest compressed, their names in no order.
    private func workspace() throws -> Workspace {
        let workspace = try Workspace()
        try workspace.configure("")
        try workspace.write(lines(1...2), to: workspace.log + ".20260301T000000Z")
        try workspace.compress(workspace.log + ".20260301T000000Z")
        try workspace.write(lines(3...4), to: workspace.log + ".20260201T000000Z")
        try workspace.write(lines(5...6), to: workspace.log)
        return workspace
    }

    @Test(arguments: [(1, 6...6), (2, 5...6), (3, 4...6), (5, 2...6), (9, 1...6)])
    func itGoesBackOverRotatedFiles(count: Int, shown: ClosedRange<Int>) async throws {
        let workspace = try workspace()
        let run = try await Program.run(
            ["tail", "--json", "-n", "\(count)", "-c", workspace.config],
            in: workspace
        )
        #expect(run.status == 0, "\(run.errorOutput)")
        #expect(run.output == lines(shown))
    }

    @Test func beforeTheFirstMatchItSaysThatThereIsNone() async throws {
        let workspace = try Workspace()
        try workspace.configure("")
        let run = try await Program.run(["tail", "-c", workspace.config], in: workspace)
        #expect(run.status == 0)
        #expect(run.output.isEmpty)
        #expect(run.errorOutput.contains("there is no match yet"), "\(run.errorOutput)")
        let named = try await Program.run(["tail", workspace.log], in: workspace)
        #expect(named.status == 3, "\(named.errorOutput)")
    }

    @Test func behindARotationItShowsWhatIsRotated() async throws {
        let workspace = try workspace()
        #expect(rename(workspace.log, workspace.log + ".20260401T000000Z") == 0)
        let run = try await Program.run(
            ["tail", "--json", "-n", "3", "-c", workspace.config],
            in: workspace
        )
        #expect(run.status == 0, "\(run.errorOutput)")
        #expect(run.output == lines(4...6), "\(run.output)")
    }

    @Test func aFileThatIsNamedIsShownAlone() async throws {
        let workspace = try workspace()
        let run = try await Program.run(["tail", "--json", workspace.log], in: workspace)
        #expect(run.output == lines(5...6), "\(run.errorOutput)")
    }

    @Test func twoRotationsBetweenTwoLooksLoseNoLine() async throws {
        let workspace = try workspace()
        let tail = try Program(
            ["tail", "-f", "--json", "-n", "1", "-c", workspace.config],
            in: workspace
        )
        #expect(try await eventually { tail.output == lines(6...6) })
        tail.send(SIGSTOP)
        for number in 7...9 {
            #expect(rename(workspace.log, workspace.log + ".\(number)") == 0)
            try workspace.write(lines(number...number), to: workspace.log)
        }
        tail.send(SIGCONT)
        #expect(try await eventually { tail.output == lines(6...9) }, "\(tail.output)")
        tail.send(SIGKILL)
    }

    @Test func aLogThatWasCutAndHasGrownAgainIsReadFromItsStart() async throws {
        let workspace = try workspace()
        let tail = try Program(
            ["tail", "-f", "--json", "-n", "1", "-c", workspace.config],
            in: workspace
        )
        #expect(try await eventually { tail.output == lines(6...6) })
        tail.send(SIGSTOP)
        // The same file: copytruncate keeps it.
        let log = try #require(fopen(workspace.log, "r+"))
        #expect(ftruncate(fileno(log), 0) == 0)
        fputs(lines(7...9), log)
        fclose(log)
        tail.send(SIGCONT)
        #expect(try await eventually { tail.output == lines(6...9) }, "\(tail.output)")
        tail.send(SIGKILL)
    }
}
