internal import Glibc

/// Whole files, by the C library.
enum FileBytes {
    /// The bytes of a file, `-` being standard input; nil: see `lastError`.
    static func read(_ path: String) -> [UInt8]? {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { if path != "-" { close(descriptor) } }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count > 0 {
                bytes.append(contentsOf: chunk[..<count])
            } else if count == 0 {
                return bytes
            } else if errno != EINTR {
                return nil
            }
        }
    }

    /// Whether something stands at a path.
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// What the last failed call said.
    static var lastError: String { String(cString: strerror(errno)) }
}
