internal import Glibc

/// The lines of a file, one in memory at a time.
struct LineReader: ~Copyable {
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var start = 0
    private var hasEnded = false
    /// Why there are no more lines, where it is not that the file has ended.
    private(set) var failure: String?

    /// Opens a file, `-` being standard input; nil: see `FileBytes.lastError`.
    init?(_ path: String) {
        descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
    }

    deinit { if descriptor > STDERR_FILENO { close(descriptor) } }

    /// The next line without its end; nil: there is none.
    mutating func next() -> ArraySlice<UInt8>? {
        var scanned = start
        while true {
            if let end = buffer[scanned...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { start = end + 1 }
                return buffer[start..<end]
            }
            if hasEnded {
                guard start < buffer.count else { return nil }
                defer { start = buffer.count }
                return buffer[start...]
            }
            buffer.removeSubrange(..<start)
            start = 0
            scanned = buffer.count
            var chunk = [UInt8](repeating: 0, count: 1 << 16)
            let count = read(descriptor, &chunk, chunk.count)
            if count > 0 {
                buffer.append(contentsOf: chunk[..<count])
            } else if count == 0 {
                hasEnded = true
            } else if errno != EINTR {
                failure = FileBytes.lastError
                hasEnded = true
            }
        }
    }
}
