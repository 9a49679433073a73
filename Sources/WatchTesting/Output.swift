internal import Glibc

/// What the simulation programs say.
package enum Output {
    /// Writes `text` to standard output; ends the program with 3 where nobody takes it.
    package static func write(_ text: String) {
        guard send(text, to: STDOUT_FILENO) else { exit(3) }
    }

    /// Says on standard error why there is no result, and ends the program with 3.
    package static func fail(_ message: String) -> Never {
        _ = send(message + "\n", to: STDERR_FILENO)
        exit(3)
    }

    private static func send(_ text: String, to descriptor: Int32) -> Bool {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            guard count > 0 else { return false }
            bytes = bytes.dropFirst(count)
        }
        return true
    }
}
