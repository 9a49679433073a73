internal import Glibc

/// Reads a growing log line by line, and goes on in the new file when the log was rotated.
struct LogFollower {
    /// The path of the log.
    let path: String
    private var descriptor: Int32 = -1
    private var device: UInt64 = 0
    /// The number of the file that is read; 0: none.
    private(set) var inode: UInt64 = 0
    private var partial: [UInt8] = []
    /// The last whole line.
    private var lastLine: [UInt8] = []
    /// The last bytes that were read of the file.
    private var lastBytes: [UInt8] = []
    private static let keptBytes = 64

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
            lastBytes = []
            partial = []
            open()
            readBetween(into: &lines)
            readToEnd(into: &lines)
        }
        return lines
    }

    private mutating func open() {
        descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        var status = stat()
        guard descriptor >= 0 else { return }
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            descriptor = -1
            return
        }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }

    private func isRotated() -> Bool {
        var status = stat()
        guard descriptor >= 0, stat(path, &status) == 0 else { return false }
        return UInt64(status.st_ino) != inode || UInt64(status.st_dev) != device
    }

    /// Reads the files that came and went between two looks.
    private mutating func readBetween(into lines: inout [[UInt8]]) {
        guard let last = RecordStamp(lines.last ?? lastLine)?.seq else { return }
        let rotated = LogFile.rotated(of: path).filter { $0.inode != inode }
        for file in LogFile.byAge(rotated) where file.firstSeq ?? 0 > last {
            // What cannot be read is missed; `log verify` would say why.
            while let line = try? file.next() { lines.append(Array(line.bytes)) }
        }
    }

    private mutating func readToEnd(into lines: inout [[UInt8]]) {
        guard descriptor >= 0 else { return }
        restartIfTruncated()
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            guard count > 0 else { break }
            lastBytes = Array((lastBytes + chunk[..<count]).suffix(Self.keptBytes))
            partial.append(contentsOf: chunk[..<count])
            var start = 0
            while let end = partial[start...].firstIndex(of: UInt8(ascii: "\n")) {
                lines.append(Array(partial[start..<end]))
                start = end + 1
            }
            partial.removeFirst(start)
        }
        if let last = lines.last { lastLine = last }
    }

    /// Somebody copied the log and cut it to nothing: what is there now is new, also where it has
    /// grown as long as it was.
    private mutating func restartIfTruncated() {
        var bytes = [UInt8](repeating: 0, count: lastBytes.count)
        let start = lseek(descriptor, 0, SEEK_CUR) - off_t(bytes.count)
        let isThere = pread(descriptor, &bytes, bytes.count, start) == bytes.count
        guard !isThere || bytes != lastBytes else { return }
        lseek(descriptor, 0, SEEK_SET)
        lastBytes = []
        partial = []
    }
}
