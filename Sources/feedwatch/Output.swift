internal import Glibc

/// Standard output and standard error, written whole and at once.
enum Output {
    /// Writes a line of a result.
    static func line(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }

    /// Writes bytes of a result.
    static func bytes(_ bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }

    /// Writes a line of a message.
    static func error(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

    /// Whether standard output is a terminal that may be coloured.
    static func isColoured(refused: Bool) -> Bool { !refused && isatty(STDOUT_FILENO) == 1 }

    /// Whether standard error is a terminal that may be coloured.
    static func isErrorColoured(refused: Bool) -> Bool { !refused && isatty(STDERR_FILENO) == 1 }

    private static func write(_ text: String, to descriptor: Int32) {
        write(Array(text.utf8), to: descriptor)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written > 0 {
                rest = rest.dropFirst(written)
            } else if errno == EAGAIN {
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&ready, 1, -1)
            } else if errno != EINTR {
                // Whoever reads has what he wants, as `| head` has: no failure, for a filter.
                if descriptor == STDOUT_FILENO, errno == EPIPE { _exit(0) }
                // A result that is not whole is no result. A message nobody reads is lost.
                guard descriptor == STDOUT_FILENO else { return }
                let reason = String(cString: strerror(errno))
                error("feedwatch: standard output: \(reason)")
                exit(ExitStatus.failed.rawValue)
            }
        }
    }
}
