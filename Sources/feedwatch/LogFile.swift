internal import CZlib
internal import Glibc

/// A file of a log, plain or compressed by gzip, open for reading line by line.
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
    /// The number of the file within its file system.
    let inode: UInt64
    private let descriptor: Int32
    private let device: UInt64
    /// Unpacks it; nil: it is not compressed, or not by gzip.
    private var unpacker: gzFile?
    private var buffer: [UInt8] = []
    private var start = 0
    private var chunk = [UInt8](repeating: 0, count: 1 << 16)

    /// Opens a file.
    init(opening path: String) throws {
        // O_NONBLOCK: the open of a pipe would wait for somebody who writes to it.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
            throw CommandFailure(.failed, "\(path): \(FileBytes.lastError)")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw CommandFailure(.failed, "\(path): is no regular file")
        }
        self.path = path
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        guard starts(with: [0x1F, 0x8B]) else { return }
        // Its own descriptor, as closing it closes that, too.
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
        unpacker = gzdopen(copy, "r")
        guard unpacker == nil else { return }
        if copy >= 0 { close(copy) }
        throw CommandFailure(.failed, "\(path): no memory to unpack it")
    }

    deinit {
        if let unpacker { gzclose(unpacker) }
        if descriptor >= 0 { close(descriptor) }
    }

    /// The log at a path and the files it was rotated to.
    static func family(of path: String) throws -> [LogFile] {
        // Opened first: a rotation from here on changes names, not what is read.
        var live: LogFile?
        var failure: (any Error)?
        do { live = try LogFile(opening: path) } catch { failure = error }
        let files = try siblings(of: path).map(LogFile.init).filter { !$0.isSame(as: live) }
        if let live { return files + [live] }
        // Between a rotation and the next match there may be rotated files alone.
        if let failure, files.isEmpty || access(path, F_OK) == 0 { throw failure }
        return files
    }

    /// The files that the log at a path was rotated to, as far as they can be read.
    static func rotated(of path: String) -> [LogFile] {
        let paths = (try? siblings(of: path)) ?? []
        return paths.compactMap { try? LogFile(opening: $0) }.filter { !$0.isUnreadable }
    }

    /// The paths of the files whose names say that the log at a path was rotated to them.
    private static func siblings(of path: String) throws -> [String] {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let name = parts.last.map(String.init) ?? path
        let folder = parts.dropLast().map { $0 + "/" }.joined()
        let found = Set(
            try names(in: folder.isEmpty ? "." : folder)
                .filter { $0.hasPrefix(name + ".") || $0.hasPrefix(name + "-") }
        )
        // While a file is being compressed there are both.
        return found.filter { !($0.hasSuffix(".gz") && found.contains(String($0.dropLast(3)))) }
            .sorted().map { folder + $0 }.filter(isFile)
    }

    private func isSame(as other: LogFile?) -> Bool {
        inode == other?.inode && device == other?.device
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
        return names
    }

    /// The files by the first number that stands in each; those without any come last.
    static func byAge(_ files: [LogFile]) -> [LogFile] {
        let keyed = files.enumerated().map { (file: $1, age: $1.firstSeq ?? Int64.max, place: $0) }
        return keyed.sorted { ($0.age, $0.place) < ($1.age, $1.place) }.map(\.file)
    }

    /// Whether this is compressed in a way that cannot be read here: xz or zstd.
    var isUnreadable: Bool {
        starts(with: [0xFD, 0x37, 0x7A, 0x58]) || starts(with: [0x28, 0xB5, 0x2F, 0xFD])
    }

    private func starts(with magic: [UInt8]) -> Bool {
        var bytes = [UInt8](repeating: 0, count: magic.count)
        return pread(descriptor, &bytes, bytes.count, 0) == magic.count && bytes == magic
    }

    /// The first number that stands in it.
    var firstSeq: Int64? {
        defer { rewind() }
        // What cannot be read is reported when the file's turn comes.
        while let line = try? next() {
            if let stamp = RecordStamp(line.bytes) { return stamp.seq }
        }
        return nil
    }

    private func rewind() {
        if let unpacker { gzrewind(unpacker) } else { lseek(descriptor, 0, SEEK_SET) }
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
            let count = try read()
            if count > 0 {
                if start > 0 {
                    buffer.removeSubrange(..<start)
                    scanned -= start
                    start = 0
                }
                buffer.append(contentsOf: chunk[..<count])
            } else if start == buffer.count {
                return nil
            } else if hasWaited || unpacker != nil {
                defer { start = buffer.count }
                return Line(bytes: buffer[start...], isEnded: false)
            } else {
                // The daemon may be in the middle of writing this very line.
                hasWaited = true
                usleep(200_000)
            }
        }
    }

    /// Reads the next piece into `chunk`; 0: the end, for now.
    private func read() throws -> Int {
        guard let unpacker else {
            while true {
                let count = Glibc.read(descriptor, &chunk, chunk.count)
                if count >= 0 { return count }
                guard errno == EINTR else {
                    throw CommandFailure(.failed, "\(path): \(FileBytes.lastError)")
                }
            }
        }
        let count = gzread(unpacker, &chunk, UInt32(chunk.count))
        var code: Int32 = Z_OK
        let message = gzerror(unpacker, &code)
        guard count >= 0, code == Z_OK || code == Z_STREAM_END else {
            // zlib names the descriptor in front, as it knows no path.
            let why = message.map { String(cString: $0) } ?? ""
            let words = why.firstRange(of: ">: ").map { why[$0.upperBound...] } ?? why[...]
            throw CommandFailure(
                code == Z_ERRNO ? .failed : .answerIsNo,
                "\(path): cannot be unpacked: \(words)"
            )
        }
        return Int(count)
    }
}
