internal import Glibc

/// Reads a growing log line by line, and goes on in the new file when the log was rotated.
struct LogFollower {
    private let path: String
    private var descriptor: Int32 = -1
    private var inode: UInt = 0
    private var partial: [UInt8] = []

    /// A follower of the log at `path`, which need not exist yet.
    init(path: String) { self.path = path }

    /// Whether there is a file now.
    var exists: Bool { access(path, R_OK) == 0 }

    /// The whole lines that have come since the last call, without their newlines.
    mutating func newLines() -> [[UInt8]] {
        var lines: [[UInt8]] = []
        if descriptor < 0 { open() }
        readToEnd(into: &lines)
        // The old file is read to its end before the new one is begun: a rotation loses nothing.
        if isRotated() {
            readToEnd(into: &lines)
            close(descriptor)
            descriptor = -1
            partial = []
            open()
            readToEnd(into: &lines)
        }
        return lines
    }

    private mutating func open() {
        descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        var status = stat()
        if descriptor >= 0, fstat(descriptor, &status) == 0 { inode = UInt(status.st_ino) }
    }

    private func isRotated() -> Bool {
        var status = stat()
        guard descriptor >= 0, stat(path, &status) == 0 else { return false }
        return UInt(status.st_ino) != inode
    }

    private mutating func readToEnd(into lines: inout [[UInt8]]) {
        guard descriptor >= 0 else { return }
        restartIfTruncated()
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return }
            partial.append(contentsOf: chunk[..<count])
            var start = 0
            while let end = partial[start...].firstIndex(of: UInt8(ascii: "\n")) {
                lines.append(Array(partial[start..<end]))
                start = end + 1
            }
            partial.removeFirst(start)
        }
    }

    /// Somebody copied the log and cut it to nothing: what is there now is new.
    private mutating func restartIfTruncated() {
        var status = stat()
        let position = lseek(descriptor, 0, SEEK_CUR)
        guard fstat(descriptor, &status) == 0, status.st_size < position else { return }
        lseek(descriptor, 0, SEEK_SET)
        partial = []
    }
}
