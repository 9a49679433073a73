import Glibc

/// A process that was started for a test.
struct ChildProcess: ~Copyable {
    private let identifier: pid_t
    /// What it writes.
    let output: Int32

    /// Starts a program of `/usr/bin` in a directory.
    init?(_ arguments: [String], in directory: String) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return nil }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addclose(&actions, ends[0])
        posix_spawn_file_actions_addclose(&actions, ends[1])
        let words = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", directory] + arguments
        var pointers = words.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var identifier = pid_t()
        let result = posix_spawn(&identifier, "/bin/sh", &actions, nil, &pointers, environ)
        close(ends[1])
        guard result == 0 else {
            close(ends[0])
            return nil
        }
        self.identifier = identifier
        output = ends[0]
    }

    /// Waits for the end; whether it went well.
    consuming func finish() -> Bool {
        var status: Int32 = 0
        return waitpid(identifier, &status, 0) == identifier && status == 0
    }

    /// Ends the process.
    consuming func stop() {
        var status: Int32 = 0
        kill(identifier, SIGKILL)
        waitpid(identifier, &status, 0)
        close(output)
    }

    /// The next line it writes.
    borrowing func readLine() -> String? {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while read(output, &byte, 1) == 1 {
            if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
        return nil
    }
}
