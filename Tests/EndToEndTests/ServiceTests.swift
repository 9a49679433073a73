import FeedLab
import Glibc
import Testing

/// One feed with one topic, at a lab of its own.
private struct Desk {
    let lab: FeedLab
    let workspace: Workspace

    init(hook: String = "") async throws {
        lab = try await FeedLab.start()
        await lab.add(
            LabFeed(id: "desk", path: "/desk.xml", format: .rss20, title: "Desk", items: [])
        )
        workspace = try Workspace()
        try configure(query: "sappers", hook: hook)
    }

    func configure(query: String, hook: String = "", more: String = "") throws {
        try workspace.configure(
            """
            \(feeds([("desk", "/desk.xml")], at: lab))
            [[topic]]
            id = "t"
            title = "Topic"
            query = '''\(query)'''
            \(hook)
            \(more)
            """
        )
    }

    func publish(_ number: Int, _ title: String) async throws {
        try await lab.publish(
            feed: "desk",
            item: LabItem(
                id: "i\(number)",
                title: title,
                summary: "",
                link: "https://desk.example/\(number)",
                published: 1_750_000_000 + number
            )
        )
    }

    func start() throws -> Program {
        try Program(["run", "-c", workspace.config, "--log-level", "debug"], in: workspace)
    }

    func hasRecords(_ count: Int) async throws -> Bool {
        try await eventually { try workspace.records().count >= count }
    }
}

@Suite struct ServiceTests {
    @Test func aSecondInstanceRefusesToStart() async throws {
        let desk = try await Desk()
        try await desk.publish(1, "Sappers 1")
        let daemon = try desk.start()
        #expect(try await desk.hasRecords(1))
        let second = try await Program.run(
            ["run", "-c", desk.workspace.config],
            in: desk.workspace,
            within: .seconds(10)
        )
        #expect(second.status == 3)
        #expect(second.errorOutput.contains("\(daemon.process)"), "\(second.errorOutput)")
        await desk.lab.stop()
    }

    @Test(arguments: [SIGTERM, SIGINT]) func aSignalToStopEndsItCleanlyAtOnce(
        signal: Int32
    ) async throws {
        let desk = try await Desk()
        try await desk.lab.set(fault: .silence, for: "desk")
        let daemon = try desk.start()
        #expect(await desk.lab.wait { !$0.isEmpty })
        daemon.send(signal)
        #expect(try await daemon.wait(within: .seconds(5)) == 0)
        await desk.lab.stop()
    }

    /// Whether a process ignores a signal.
    private func isIgnored(_ signal: Int32, by process: pid_t) -> Bool {
        let line = Workspace.text(of: "/proc/\(process)/status").split(separator: "\n")
            .first { $0.hasPrefix("SigIgn:") }
        let mask = line.flatMap { UInt64($0.dropFirst(7).drop { $0 == "\t" }, radix: 16) } ?? 0
        return mask & 1 << UInt64(signal - 1) != 0
    }

    @Test func aSignalToStopThatComesAsSoonAsTheProgramRunsIsNoFailure() async throws {
        let desk = try await Desk()
        for _ in 0..<5 {
            let daemon = try desk.start()
            // That is done before the command line is read.
            #expect(try await eventually { self.isIgnored(SIGHUP, by: daemon.process) })
            daemon.send(SIGHUP)
            daemon.send(SIGTERM)
            #expect(try await daemon.wait(within: .seconds(5)) == 0)
        }
        await desk.lab.stop()
    }

    @Test func aReloadIsAllOrNothing() async throws {
        let desk = try await Desk()
        try await desk.publish(1, "Sappers 1")
        let daemon = try desk.start()
        #expect(try await desk.hasRecords(1))

        try desk.configure(query: "sappers OR builders AND")
        let refused = try await Program.run(
            ["reload", "-c", desk.workspace.config],
            in: desk.workspace
        )
        #expect(refused.status == 1)
        #expect(refused.errorOutput.contains("E103"), "\(refused.errorOutput)")
        try await desk.publish(2, "Sappers 2")
        #expect(try await desk.hasRecords(2))

        try desk.configure(query: "builders")
        let reloaded = try await Program.run(
            ["reload", "-c", desk.workspace.config],
            in: desk.workspace
        )
        #expect(reloaded.status == 0, "\(reloaded.errorOutput)")
        try await desk.publish(3, "Sappers 3")
        try await desk.publish(4, "Builders 4")
        #expect(try await desk.hasRecords(3))
        #expect(
            try desk.workspace.records().compactMap(\.title)
                == ["Sappers 1", "Sappers 2", "Builders 4"]
        )

        try desk.configure(query: "sappers")
        daemon.send(SIGHUP)
        #expect(
            try await eventually {
                Workspace.text(of: desk.workspace.directory + "/log/events.jsonl")
                    .split(separator: "\n").count { $0.contains("config.reloaded") } == 2
            }
        )
        try await desk.publish(5, "Sappers 5")
        #expect(try await desk.hasRecords(4))
        daemon.send(SIGTERM)
        #expect(try await daemon.wait(within: .seconds(5)) == 0)
        await desk.lab.stop()
    }

    @Test func aFileThatIsNoTOMLIsRefusedByTheRunningDaemonToo() async throws {
        let desk = try await Desk()
        try await desk.publish(1, "Sappers 1")
        let daemon = try desk.start()
        #expect(try await desk.hasRecords(1))
        try desk.configure(query: "sappers", more: "x = [")
        let refused = try await Program.run(
            ["reload", "-c", desk.workspace.config],
            in: desk.workspace
        )
        #expect(refused.status == 1, "\(refused.errorOutput)")
        daemon.send(SIGTERM)
        #expect(try await daemon.wait(within: .seconds(5)) == 0)
        await desk.lab.stop()
    }

    @Test func aLogThatCannotBeOpenedIsAMessageAndNoCrash() async throws {
        let desk = try await Desk()
        let text = Workspace.text(of: desk.workspace.config)
            .replacing("/log/matches.jsonl", with: "/no/such/folder/matches.jsonl")
        try desk.workspace.write(text, to: desk.workspace.config)
        let run = try await Program.run(
            ["run", "-c", desk.workspace.config],
            in: desk.workspace,
            within: .seconds(10)
        )
        #expect(run.status == 3)
        #expect(run.errorOutput.contains("/no/such/folder/matches.jsonl"), "\(run.errorOutput)")
        await desk.lab.stop()
    }

    @Test func statusSaysThatTheLogCannotBeWritten() async throws {
        let desk = try await Desk()
        try await desk.publish(1, "Sappers 1")
        let daemon = try desk.start()
        #expect(try await desk.hasRecords(1))
        #expect(rename(desk.workspace.log, desk.workspace.log + ".1") == 0)
        #expect(mkdir(desk.workspace.log, 0o700) == 0)
        try await desk.publish(2, "Sappers 2")
        func status() async throws -> (status: Int32?, output: String) {
            let run = try await Program.run(
                ["status", "-c", desk.workspace.config],
                in: desk.workspace
            )
            return (run.status, run.output)
        }
        #expect(
            try await eventually {
                try await status().output.contains("the daemon is held up: matches are not written")
            }
        )
        #expect(try await status().status == 1)
        #expect(rmdir(desk.workspace.log) == 0)
        #expect(try await desk.hasRecords(1))
        #expect(try await eventually { try await status().status == 0 })
        daemon.send(SIGTERM)
        #expect(try await daemon.wait(within: .seconds(5)) == 0)
        await desk.lab.stop()
    }

    @Test func aRunOnceThatWaitsForAHookEndsAtASignal() async throws {
        let desk = try await Desk(
            hook: "[[hook]]\nid = \"slow\"\nexec = [\"/bin/sleep\", \"60\"]\n"
        )
        try await desk.publish(1, "Sappers 1")
        let run = try Program(["run", "--once", "-c", desk.workspace.config], in: desk.workspace)
        #expect(try await desk.hasRecords(1))
        run.send(SIGINT)
        #expect(try await run.wait(within: .seconds(5)) == 130)
        await desk.lab.stop()
    }

    @Test func aRenamedLogIsLeftAndANewOneBegun() async throws {
        let desk = try await Desk()
        try await desk.publish(1, "Sappers 1")
        let daemon = try desk.start()
        #expect(try await desk.hasRecords(1))
        let log = desk.workspace.log
        #expect(rename(log, log + ".old") == 0)
        try await desk.publish(2, "Sappers 2")
        #expect(try await desk.hasRecords(1))
        #expect(rename(log, log + ".older") == 0)
        daemon.send(SIGHUP)
        try await desk.publish(3, "Sappers 3")
        #expect(try await desk.hasRecords(1))
        let all = try desk.workspace.records(in: [log + ".old", log + ".older", log])
        #expect(all.map(\.seq) == [1, 2, 3])
        daemon.send(SIGTERM)
        #expect(try await daemon.wait(within: .seconds(5)) == 0)
        await desk.lab.stop()
    }

    @Test func aHookIsToldEachRecordOnceAndTriedAgainWhenItFails() async throws {
        let desk = try await Desk()
        let directory = desk.workspace.directory
        let script = directory + "/hook.sh"
        // Fails the first time it is called, then takes what it is given.
        try desk.workspace.write(
            """
            #!/bin/sh
            echo "$FEEDWATCH_TOPIC $FEEDWATCH_ATTEMPT $FEEDWATCH_TITLE" >> \(directory)/calls
            if [ ! -e \(directory)/failed ]; then touch \(directory)/failed; exit 1; fi
            cat >> \(directory)/told
            echo >> \(directory)/told
            """,
            to: script
        )
        chmod(script, 0o755)
        try desk.configure(
            query: "sappers",
            hook: "[[hook]]\nid = \"h\"\nexec = [\"\(script)\"]\n"
        )
        try await desk.publish(1, "Sappers 1")
        let daemon = try desk.start()
        try await desk.publish(2, "Sappers 2")
        #expect(
            try await eventually(within: .seconds(40)) {
                Workspace.text(of: directory + "/told").split(separator: "\n").count == 2
            }
        )
        let told = try desk.workspace.records(in: [directory + "/told"])
        #expect(told == (try desk.workspace.records()))
        let calls = Workspace.text(of: directory + "/calls").split(separator: "\n")
        #expect(calls.count == 3)
        #expect(calls.first?.hasPrefix("t 1 Sappers") == true, "\(calls)")
        #expect(calls.dropFirst().first?.hasPrefix("t 2 Sappers") == true)
        daemon.send(SIGTERM)
        #expect(try await daemon.wait(within: .seconds(5)) == 0)
        await desk.lab.stop()
    }

    @Test func aConfigurationItCannotStartWithEndsWithItsOwnStatus() async throws {
        let workspace = try Workspace()
        try workspace.configure("[[feed]]\nurl = \"gopher://old.example/\"\ncolour = 1\n")
        let run = try await Program.run(["run", "-c", workspace.config], in: workspace)
        #expect(run.status == 78)
        let check = try await Program.run(["check", "-c", workspace.config], in: workspace)
        #expect(check.status == 2)
        #expect(check.errorOutput.contains("feedwatch.toml:17:1: error:"), "\(check.errorOutput)")
        #expect(check.errorOutput.contains("colour"), "\(check.errorOutput)")
    }

    @Test func wrongUsageEndsWithStatusTwo() async throws {
        let workspace = try Workspace()
        let run = try await Program.run(["run", "--no-such-option"], in: workspace)
        #expect(run.status == 2)
        let help = try await Program.run(["--help"], in: workspace)
        #expect(help.status == 0)
        #expect(help.output.contains("Watches news feeds"))
    }

    @Test func aDryRunShowsMatchesAndWritesNothing() async throws {
        let desk = try await Desk()
        try await desk.publish(1, "Sappers 1")
        let run = try await Program.run(
            ["run", "--once", "--dry-run", "-c", desk.workspace.config],
            in: desk.workspace
        )
        #expect(run.status == 0, "\(run.errorOutput)")
        #expect(run.output.contains("[Sappers] 1"), "\(run.output)")
        #expect(access(desk.workspace.directory + "/state", F_OK) != 0)
        #expect(access(desk.workspace.log, F_OK) != 0)
        await desk.lab.stop()
    }

    @Test func tailShowsMatchesMarkedAndFollows() async throws {
        let desk = try await Desk()
        try await desk.publish(1, "Sappers 1")
        let daemon = try desk.start()
        #expect(try await desk.hasRecords(1))
        let tail = try Program(["tail", "-f", "-c", desk.workspace.config], in: desk.workspace)
        #expect(try await eventually { tail.output.contains("[Sappers] 1") })
        let log = desk.workspace.log
        #expect(rename(log, log + ".1") == 0)
        try await desk.publish(2, "Sappers 2")
        #expect(try await eventually { tail.output.contains("[Sappers] 2") })
        tail.send(SIGINT)
        _ = try await tail.wait(within: .seconds(5))
        daemon.send(SIGTERM)
        #expect(try await daemon.wait(within: .seconds(5)) == 0)
        await desk.lab.stop()
    }

    @Test func initWritesAConfigurationThatPassesCheckAndNeverOverwrites() async throws {
        let workspace = try Workspace()
        let folder = workspace.directory + "/new/place"
        let made = try await Program.run(["init", folder], in: workspace)
        #expect(made.status == 0, "\(made.errorOutput)")
        let check = try await Program.run(
            ["check", "--strict", "-c", folder + "/feedwatch.toml"],
            in: workspace
        )
        #expect(check.status == 0, "\(check.errorOutput)\(check.output)")
        let again = try await Program.run(["init", folder], in: workspace)
        #expect(again.status == 3)
    }
}
