import Glibc
import Testing

/// The built program, run as a child with its output in files.
final class Program {
    /// The process; 0 after it was waited for.
    private(set) var process: pid_t = 0
    /// Where its standard output goes.
    let outputPath: String
    private let errorPath: String

    /// Starts `feedwatch` with arguments in a workspace; `input` is its standard input.
    init(_ arguments: [String], in workspace: Workspace, input: String = "/dev/null") throws {
        let number = workspace.nextNumber()
        outputPath = "\(workspace.directory)/out.\(number)"
        errorPath = "\(workspace.directory)/err.\(number)"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(
            &actions,
            1,
            outputPath,
            O_WRONLY | O_CREAT | O_TRUNC,
            0o644
        )
        posix_spawn_file_actions_addopen(
            &actions,
            2,
            errorPath,
            O_WRONLY | O_CREAT | O_TRUNC,
            0o644
        )
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Threads of the test runner block signals, and a child would inherit that.
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF)
        )
        var environment = [
            "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=\(workspace.directory)",
            "NO_COLOR=1",
        ]
        // Under a sanitizer (`make sanitize`) the program obeys the same options as its test.
        for name in ["ASAN_OPTIONS", "TSAN_OPTIONS"] {
            if let value = getenv(name) { environment.append("\(name)=\(String(cString: value))") }
        }
        var words = ([Self.path] + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup($0) } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        let code = posix_spawn(&process, Self.path, &actions, &attributes, &words, &variables)
        try #require(code == 0, "\(Self.path): \(String(cString: strerror(code)))")
    }

    deinit {
        if process != 0 {
            Glibc.kill(process, SIGKILL)
            var status: Int32 = 0
            waitpid(process, &status, 0)
        }
    }

    /// Sends a signal.
    func send(_ signal: Int32) { if process != 0 { Glibc.kill(process, signal) } }

    /// Whether the process has not ended yet.
    var isRunning: Bool {
        var info = siginfo_t()
        guard process != 0 else { return false }
        return waitid(P_PID, id_t(process), &info, WEXITED | WNOHANG | WNOWAIT) == 0
            && info._sifields._sigchld.si_pid == 0
    }

    /// Waits for the end: the exit status, or 128 and the signal that ended it; nil: the limit
    /// passed first.
    func wait(within limit: Duration = .seconds(60)) async throws -> Int32? {
        guard try await eventually(within: limit, { !self.isRunning }) else { return nil }
        var status: Int32 = 0
        waitpid(process, &status, 0)
        process = 0
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }

    /// What was written to standard output so far.
    var output: String { Workspace.text(of: outputPath) }

    /// What was written to standard error so far.
    var errorOutput: String { Workspace.text(of: errorPath) }

    /// Runs the program to its end.
    static func run(
        _ arguments: [String],
        in workspace: Workspace,
        within limit: Duration = .seconds(60)
    ) async throws -> (status: Int32?, output: String, errorOutput: String) {
        let program = try Program(arguments, in: workspace)
        let status = try await program.wait(within: limit)
        return (status, program.output, program.errorOutput)
    }

    /// The program stands beside the test runner.
    private static let path: String = {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        let runner = String(decoding: buffer[..<max(0, count)].map(UInt8.init), as: UTF8.self)
        let folder = runner.lastIndex(of: "/").map { runner[..<$0] } ?? "."
        return "\(folder)/feedwatch"
    }()
}

/// Waits until a condition holds, looking every few milliseconds; false if the limit passes first.
func eventually(
    within limit: Duration = .seconds(20),
    _ condition: () async throws -> Bool
) async throws -> Bool {
    let deadline = ContinuousClock.now + limit
    while true {
        if try await condition() { return true }
        guard ContinuousClock.now < deadline else { return false }
        try await Task.sleep(for: .milliseconds(10))
    }
}
