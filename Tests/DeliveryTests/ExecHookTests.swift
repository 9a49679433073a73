import Delivery
import Dispatch
import Glibc
import QueueExecution
import Testing

@Suite struct ExecHookTests {
    private let folder = TemporaryFolder()

    private func run(
        _ body: String,
        input: [UInt8] = [],
        environment: [String] = ["PATH=/usr/bin:/bin"],
        limit: Duration = .seconds(20),
        patience: HookPatience = HookPatience()
    ) async -> HookResult {
        await ExecHook(
            HookCommand(
                command: ["/bin/sh", folder.script("hook", body), "first", "second arg"],
                environment: environment,
                directory: folder.path,
                input: input,
                timeLimit: limit
            ),
            watcher: DescriptorWatcher(on: QueueExecutor(label: "test")),
            patience: patience
        )
        .run()
    }

    /// A patience that tests can wait for.
    private var short: HookPatience {
        var patience = HookPatience()
        patience.toObey = .milliseconds(300)
        patience.forOutput = .milliseconds(300)
        return patience
    }

    @Test func theProgramGetsRecordArgumentsAndDirectory() async {
        let input = Array("{\"a\":1}\n".utf8)
        let result = await run("cat > got; echo \"$1|$2|$PWD\"; echo oops >&2", input: input)
        #expect(result.ending == .exited(0))
        #expect(result.isDelivered)
        #expect(folder.bytes("got") == input)
        #expect(result.output == "first|second arg|\(folder.path)\n")
        #expect(result.errorOutput == "oops\n")
    }

    @Test func theRecordIsAWholeSealedFile() async {
        let result = await run("stat -Lc %F:%s /dev/stdin; echo x > /dev/stdin", input: [1, 2, 3])
        #expect(result.output == "regular file:3\n")
        #expect(result.ending != .exited(0))
    }

    @Test func theEnvironmentIsWhatIsGivenAndNothingElse() async {
        setenv("FEEDWATCH_TEST_SECRET", "leaked", 1)
        let result = await run(
            "cat /proc/self/environ | tr '\\0' '\\n'",
            environment: ["A=b", "PATH=/bin"]
        )
        #expect(!result.output.contains("leaked"))
        #expect(result.output.contains("A=b"))
    }

    @Test func noDescriptorAndNoBlockedSignalIsInherited() async {
        let kept = open("/dev/null", O_RDONLY)
        defer { close(kept) }
        let result = await run(
            "ls /proc/self/fd | tr '\\n' ' '; grep -E 'Sig(Blk|Ign)' /proc/self/status"
        )
        // `ls` itself has the folder open as 3.
        #expect(result.output.hasPrefix("0 1 2 3 "))
        #expect(!result.output.hasPrefix("0 1 2 3 4"))
        #expect(result.output.contains("SigBlk:\t0000000000000000"))
        // glibc ignores its two signals of its own (32 and 33) in what it spawns.
        #expect(result.output.contains(/SigIgn:\t0000000[01]80000000|SigIgn:\t0{16}/))
    }

    @Test(arguments: [0, 1, 75, 127])
    func theExitStatusIsTold(status: Int) async {
        let result = await run("exit \(status)")
        #expect(result.ending == .exited(status))
    }

    @Test func aSignalIsTold() async {
        let result = await run("kill -SEGV $$")
        #expect(result.ending == .signalled(Int(SIGSEGV)))
        #expect(!result.isDelivered)
    }

    @Test func aProgramThatCannotStartIsTold() async {
        let hook = ExecHook(
            HookCommand(
                command: [folder.file("missing")],
                environment: [],
                directory: folder.path,
                input: [],
                timeLimit: .seconds(1)
            ),
            watcher: DescriptorWatcher(on: QueueExecutor(label: "test"))
        )
        let result = await hook.run()
        guard case .notStarted(let message) = result.ending else {
            Issue.record("\(result)")
            return
        }
        #expect(message.contains("No such file"))
    }

    @Test func aProgramMayLeaveALargeRecordUnread() async {
        let result = await run("exit 0", input: [UInt8](repeating: 65, count: 1 << 20))
        #expect(result.isDelivered)
    }

    @Test func ofAFloodOfOutputTheEndIsKept() async {
        let result = await run("seq -f 'line %.0f of much output' 20000 >&2; exit 3")
        #expect(result.ending == .exited(3))
        #expect(result.errorOutput.hasSuffix("line 20000 of much output\n"))
        #expect(result.errorOutput.hasPrefix("line "))
        #expect(result.errorOutput.utf8.count <= 16 << 10)
        #expect(result.message == "exit status 3: line 20000 of much output")
    }

    @Test func atTheTimeLimitTheWholeGroupEnds() async throws {
        let watch = try GroupWatch(folder)
        let result = await run(
            "sh -c 'trap \"\" TERM; exec 3>alive; while :; do sleep 1; done' &\n"
                + "trap '' TERM; exec 3>alive; echo stuck >&2; while :; do sleep 1; done",
            limit: .milliseconds(300),
            patience: short
        )
        #expect(result.ending == .timedOut(.milliseconds(300)))
        #expect(result.message.hasSuffix("stuck"))
        #expect(result.duration < .seconds(10))
        #expect(await watch.allGone())
    }

    @Test func aProgramThatObeysEndsBeforeItIsKilled() async {
        var patience = HookPatience()
        patience.toObey = .seconds(15)
        let result = await run(
            "trap 'echo bye; exit 0' TERM; while :; do sleep 0.05; done",
            limit: .milliseconds(300),
            patience: patience
        )
        #expect(result.ending == .timedOut(.milliseconds(300)))
        #expect(result.output == "bye\n")
        #expect(result.duration < .seconds(10))
    }

    @Test func aGrandchildThatKeepsTheOutputOpenDoesNotHoldTheDelivery() async throws {
        let watch = try GroupWatch(folder)
        let result = await run(
            "(exec 3>alive; sleep 60) &\nwhile ! [ -e /proc/$!/fd/3 ]; do :; done; echo done",
            patience: short
        )
        #expect(result.ending == .exited(0))
        #expect(result.output == "done\n")
        #expect(result.duration < .seconds(10))
        #expect(await watch.allGone())
    }

    @Test func aCancelledProgramEnds() async throws {
        let watch = try GroupWatch(folder)
        let hook = ExecHook(
            HookCommand(
                command: [
                    "/bin/sh", folder.script("hook", "exec 3>alive; echo up >&3; sleep 60"),
                ],
                environment: ["PATH=/bin"],
                directory: folder.path,
                input: [],
                timeLimit: .seconds(50)
            ),
            watcher: DescriptorWatcher(on: QueueExecutor(label: "test"))
        )
        async let result = hook.run()
        #expect(await watch.hears())
        await hook.cancel()
        #expect(await result.ending == .cancelled)
        #expect(await watch.allGone())
    }
}

/// Tells when the last process that holds the FIFO `alive` open for writing is gone.
private final class GroupWatch {
    private let descriptor: Int32

    init(_ folder: TemporaryFolder) throws {
        let path = folder.file("alive")
        precondition(mkfifo(path, 0o600) == 0)
        descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        precondition(descriptor >= 0)
    }

    deinit { close(descriptor) }

    /// Whether all writers are gone within twenty seconds; there must have been one.
    func allGone() async -> Bool { await sees(POLLHUP) }

    /// Whether somebody writes a line to the FIFO within twenty seconds.
    func hears() async -> Bool {
        guard await sees(POLLIN) else { return false }
        var bytes = [UInt8](repeating: 0, count: 100)
        return read(descriptor, &bytes, bytes.count) > 0
    }

    /// Waits on a thread of Dispatch's, as the tests' own are few and the program needs one.
    private func sees(_ event: Int32) async -> Bool {
        let descriptor = descriptor
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                let count = poll(&entry, 1, 20_000)
                continuation.resume(returning: count == 1 && entry.revents & Int16(event) != 0)
            }
        }
    }
}
