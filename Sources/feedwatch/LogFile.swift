internal import Glibc

/// A file of a log, open for reading line by line.
final class LogFile {
    /// A line, and whether a newline ends it.
    struct Line {
        /// The line without its newline.
        var bytes: ArraySlice<UInt8>
        /// Whether a newline ends it.
        var isEnded: Bool
    }

    /// The path it was opened by.
    let path: String
    private let descriptor: Int32
    private let identity: [UInt64]
    private var buffer: [UInt8] = []
    private var start = 0
    private var chunk = [UInt8](repeating: 0, count: 1 << 16)

    /// Opens a file.
    init(opening path: String) throws {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
            throw CommandFailure(.failed, "\(path): \(FileBytes.lastError)")
        }
        self.path = path
        identity = [UInt64(status.st_dev), UInt64(status.st_ino)]
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// The log at a path and the files it was rotated to.
    static func family(of path: String) throws -> [LogFile] {
        // Opened first: a rotation from here on changes names, not what is read.
        var live: LogFile?
        var failure: (any Error)?
        do { live = try LogFile(opening: path) } catch { failure = error }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let name = parts.last.map(String.init) ?? path
        let folder = parts.dropLast().map { $0 + "/" }.joined()
        var files: [LogFile] = []
        for sibling in try names(in: folder.isEmpty ? "." : folder)
        where sibling.hasPrefix(name + ".") || sibling.hasPrefix(name + "-") {
            guard isFile(folder + sibling) else { continue }
            let file = try LogFile(opening: folder + sibling)
            if file.identity != live?.identity { files.append(file) }
        }
        if let live { return files + [live] }
        // Between a rotation and the next match there may be rotated files alone.
        if let failure, files.isEmpty || access(path, F_OK) == 0 { throw failure }
        return files
    }

    private static func isFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    private static func names(in folder: String) throws -> [String] {
        guard let stream = opendir(folder) else {
            throw CommandFailure(.failed, "\(folder): \(FileBytes.lastError)")
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            names.append(name)
        }
        return names.sorted()
    }

    /// The files by the first number that stands in each; those without any come last.
    static func byAge(_ files: [LogFile]) -> [LogFile] {
        let keyed = files.enumerated().map { (file: $1, age: $1.firstSeq ?? Int64.max, place: $0) }
        return keyed.sorted { ($0.age, $0.place) < ($1.age, $1.place) }.map(\.file)
    }

    /// Whether this is a gzip, xz or zstd file.
    var isCompressed: Bool {
        var magic = [UInt8](repeating: 0, count: 4)
        let count = pread(descriptor, &magic, magic.count, 0)
        let starts: [[UInt8]] = [
            [0x1F, 0x8B], [0xFD, 0x37, 0x7A, 0x58], [0x28, 0xB5, 0x2F, 0xFD],
        ]
        return starts.contains { count >= $0.count && magic.starts(with: $0) }
    }

    private var firstSeq: Int64? {
        defer { rewind() }
        // What cannot be read is reported when the file's turn comes.
        while let line = try? next() {
            if let stamp = RecordStamp(line.bytes) { return stamp.seq }
        }
        return nil
    }

    private func rewind() {
        lseek(descriptor, 0, SEEK_SET)
        buffer = []
        start = 0
    }

    /// The next line; nil: the file has ended.
    func next() throws -> Line? {
        var scanned = start
        var hasWaited = false
        while true {
            if let end = buffer[scanned...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { start = end + 1 }
                return Line(bytes: buffer[start..<end], isEnded: true)
            }
            scanned = buffer.count
            let count = read(descriptor, &chunk, chunk.count)
            if count > 0 {
                if start > 0 {
                    buffer.removeSubrange(..<start)
                    scanned -= start
                    start = 0
                }
                buffer.append(contentsOf: chunk[..<count])
            } else if count < 0 {
                guard errno == EINTR else {
                    throw CommandFailure(.failed, "\(path): \(FileBytes.lastError)")
                }
            } else if start == buffer.count {
                return nil
            } else if hasWaited {
                defer { start = buffer.count }
                return Line(bytes: buffer[start...], isEnded: false)
            } else {
                // The daemon may be in the middle of writing this very line.
                hasWaited = true
                usleep(200_000)
            }
        }
    }
}
