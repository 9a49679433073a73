internal import CPosix
internal import Dispatch
internal import FeedModel
internal import Glibc
package import QueueExecution

/// What one run of a hook's program is given.
package struct HookCommand: Sendable {
    /// The program, an absolute path, and its arguments.
    package var command: [String]
    /// The environment, `NAME=value`, all of it.
    package var environment: [String]
    /// The working directory.
    package var directory: String
    /// What the program reads from its standard input, whole.
    package var input: [UInt8]
    /// The time after which the program is ended.
    package var timeLimit: Duration

    /// A run.
    package init(
        command: [String],
        environment: [String],
        directory: String,
        input: [UInt8],
        timeLimit: Duration
    ) {
        self.command = command
        self.environment = environment
        self.directory = directory
        self.input = input
        self.timeLimit = timeLimit
    }
}

/// How a hook's processes are ended, and how much of their output is kept.
package struct HookPatience: Hashable, Sendable {
    /// The time between the polite and the hard signal.
    package var toObey: Duration = .seconds(2)
    /// The time that processes left behind may keep the output open.
    package var forOutput: Duration = .seconds(1)
    /// How much of each output is kept.
    package var keptOutput = 16 << 10

    /// The defaults.
    package init() {}
}

/// One run of a hook's program: no shell, a process group of its own, the record complete on
/// standard input, nothing inherited but what is given.
///
/// The group lives as long as the run: at the time limit it is asked to end (TERM) and then made
/// to (KILL); what a program leaves behind when it ends is killed too, at once or, where it still
/// holds the output, after a grace time. A program that is to live on must leave the group
/// (`setsid`). When `run` returns, the child is reaped and every descriptor closed.
package actor ExecHook {
    private enum Stage {
        case fresh, running, asked, forced, leaderGone, done
    }

    private enum Outlet: Int {
        case output = 0
        case error = 1
    }

    /// How much of a flood of output is read in one turn of the queue.
    private static let readTurn = 256 << 10

    package nonisolated let executor: QueueExecutor
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    private let command: HookCommand
    private let watcher: DescriptorWatcher
    private let patience: HookPatience
    private var stage = Stage.fresh
    private var process: pid_t = 0
    /// Tells of the end of the process; -1: closed.
    private var watch: Int32 = -1
    /// The read ends of its outputs; -1: closed.
    private var outlets: [Int32] = [-1, -1]
    private var tails: [TailBuffer]
    private var timer: (any DispatchSourceTimer)?
    private var ending: HookResult.Ending?
    private var wantsCancel = false
    private var started = DispatchTime.now()
    private var waiting: CheckedContinuation<HookResult, Never>?

    /// A run of `command`, on the queue of `watcher`; `run` may be called once.
    package init(
        _ command: HookCommand,
        watcher: DescriptorWatcher,
        patience: HookPatience = HookPatience()
    ) {
        self.command = command
        self.watcher = watcher
        self.patience = patience
        executor = watcher.executor
        tails = [
            TailBuffer(limit: patience.keptOutput), TailBuffer(limit: patience.keptOutput),
        ]
    }

    /// Starts the program and returns when it and all it started are gone.
    package func run() async -> HookResult {
        precondition(stage == .fresh, "an ExecHook runs once")
        guard !wantsCancel else { return HookResult(ending: .cancelled) }
        stage = .running
        started = .now()
        if let failure = start() {
            stage = .done
            return HookResult(ending: .notStarted(failure))
        }
        return await withCheckedContinuation { waiting = $0 }
    }

    /// Ends the program, as its owner stops: TERM now, KILL when its patience is over.
    package func cancel() {
        wantsCancel = true
        guard stage == .running else { return }
        ending = .cancelled
        ask()
    }

    /// Ends the program at once, with KILL.
    package func kill() {
        cancel()
        force()
    }

    /// Starts the program; the answer says why it could not.
    private func start() -> String? {
        guard let program = command.command.first else { return "no program is given" }
        var failure = spawn(program)
        guard failure == 0 else {
            closeAll()
            return "cannot start \(program): \(describe(failure))"
        }
        let (watch, output, error) = (watch, outlets[0], outlets[1])
        failure = watcher.assumeIsolated { watcher in
            let failures = [
                watcher.watch(watch) { self.assumeIsolated { $0.leaderEnded() } },
                watcher.watch(output) { self.assumeIsolated { $0.read(.output) } },
                watcher.watch(error) { self.assumeIsolated { $0.read(.error) } },
            ]
            return failures.first { $0 != 0 } ?? 0
        }
        guard failure == 0 else {
            stage = .leaderGone
            finish()
            return "cannot watch \(program): \(describe(failure))"
        }
        startTimer()
        return nil
    }

    private func spawn(_ program: String) -> Int32 {
        var input: Int32 = -1
        var failure = command.input.withUnsafeBytes {
            fw_sealed_file("feedwatch-record", $0.baseAddress, $0.count, &input)
        }
        guard failure == 0 else { return failure }
        defer { Glibc.close(input) }
        var writes: [Int32] = [-1, -1]
        defer { for end in writes where end >= 0 { Glibc.close(end) } }
        for outlet in 0...1 where failure == 0 {
            failure = fw_output_pipe(&outlets[outlet], &writes[outlet])
        }
        guard failure == 0 else { return failure }
        return withCStrings(command.command) { arguments in
            withCStrings(command.environment) { environment in
                fw_spawn(
                    program,
                    arguments,
                    environment,
                    command.directory,
                    input,
                    writes[0],
                    writes[1],
                    &process,
                    &watch
                )
            }
        }
    }

    private func startTimer() {
        let timer = DispatchSource.makeTimerSource(queue: executor.queue)
        timer.setEventHandler { self.assumeIsolated { $0.timeIsUp() } }
        self.timer = timer
        schedule(command.timeLimit)
        timer.activate()
    }

    private func schedule(_ wait: Duration) {
        timer?.schedule(deadline: .now() + .milliseconds(Int(clamping: wait.wholeMilliseconds)))
    }
}

extension ExecHook {
    private func timeIsUp() {
        switch stage {
        case .running:
            ending = .timedOut(command.timeLimit)
            ask()
        case .asked: force()
        case .leaderGone: finish()
        case .fresh, .forced, .done: break
        }
    }

    private func ask() {
        stage = .asked
        signalGroup(SIGTERM)
        // A stopped process does not see TERM until it goes on.
        signalGroup(SIGCONT)
        schedule(patience.toObey)
    }

    private func force() {
        guard stage == .running || stage == .asked || stage == .leaderGone else { return }
        if stage == .leaderGone { return finish() }
        stage = .forced
        signalGroup(SIGKILL)
    }

    /// The leader is a zombie until it is reaped at the end, so its group's number cannot have
    /// gone to anybody else.
    private func signalGroup(_ signal: Int32) {
        guard process > 0 else { return }
        _ = Glibc.kill(-process, signal)
    }

    private func leaderEnded() {
        guard stage == .running || stage == .asked || stage == .forced else { return }
        var status: Int32 = 0
        var signal: Int32 = 0
        let answer = fw_peek_exit(process, &status, &signal)
        guard answer != 0 else { return }
        if answer < 0 {
            // Somebody else reaped it, which can only be a mistake in this process: its number
            // may be another's by now, so no signal goes there any more.
            ending = ending ?? .notStarted("its exit status was lost")
            process = 0
        } else if ending == nil {
            ending = signal == 0 ? .exited(Int(status)) : .signalled(Int(signal))
        }
        close(&watch)
        stage = .leaderGone
        if outlets == [-1, -1] {
            finish()
        } else {
            schedule(patience.forOutput)
        }
    }

    private func read(_ outlet: Outlet) {
        let descriptor = outlets[outlet.rawValue]
        guard descriptor >= 0 else { return }
        var room = [UInt8](repeating: 0, count: 64 << 10)
        var total = 0
        while total < ExecHook.readTurn {
            let count = room.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if count > 0 {
                total += count
                room.withUnsafeBytes {
                    tails[outlet.rawValue].append(UnsafeRawBufferPointer(rebasing: $0[..<count]))
                }
            } else if count < 0, errno == EINTR {
                continue
            } else if count < 0, errno == EAGAIN {
                return
            } else {
                close(&outlets[outlet.rawValue])
                if stage == .leaderGone, outlets == [-1, -1] { finish() }
                return
            }
        }
    }

    /// Kills what is left of the group, reaps the leader, closes everything and tells the result.
    private func finish() {
        guard stage == .leaderGone else { return }
        stage = .done
        signalGroup(SIGKILL)
        var status: Int32 = 0
        while process > 0, waitpid(process, &status, 0) < 0, errno == EINTR {}
        process = 0
        closeAll()
        timer?.cancel()
        timer = nil
        var result = HookResult(ending: ending ?? .cancelled)
        result.output = tails[Outlet.output.rawValue].text
        result.errorOutput = tails[Outlet.error.rawValue].text
        let elapsed = DispatchTime.now().uptimeNanoseconds - started.uptimeNanoseconds
        result.duration = .nanoseconds(Int64(elapsed))
        waiting?.resume(returning: result)
        waiting = nil
    }

    private func closeAll() {
        close(&watch)
        close(&outlets[0])
        close(&outlets[1])
    }

    private func close(_ descriptor: inout Int32) {
        let closing = descriptor
        guard closing >= 0 else { return }
        descriptor = -1
        watcher.assumeIsolated { $0.close(closing) }
    }
}

/// Runs `body` with the strings as C strings behind a null-terminated list of pointers.
private func withCStrings<Result>(
    _ strings: [String],
    _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    pointers.append(nil)
    return pointers.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { preconditionFailure("the list has a null") }
        return body(base)
    }
}
