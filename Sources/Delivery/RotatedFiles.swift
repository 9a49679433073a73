internal import FeedModel
internal import Glibc

/// The files that a log was rotated to by the daemon, known by the names it gives:
/// `matches.jsonl.20250617T093000Z`, with `-2` and so on behind it where one second saw several,
/// and with the ending of whoever compressed it.
struct RotatedFiles {
    /// A rotated file.
    struct File: Hashable {
        /// Its path.
        let path: String
        /// The number of its first line; nil: it cannot be read (compressed).
        let firstSeq: Int64?
        fileprivate let stamp: String
        fileprivate let number: Int
    }

    /// How the names of files end that somebody compressed.
    private static let endings = [".gz", ".xz", ".zst"]
    /// Names of a second that one log can have.
    private static let mostNames = 99

    /// The log.
    private let path: String

    /// The rotated files of the log at `path`.
    init(of path: String) { self.path = path }

    /// The names to try for a rotation at `moment`: those that no compressed file goes by.
    func names(at moment: Timestamp) -> [String] {
        let stamp = base + "." + RotatedFiles.compact(moment)
        let names = [stamp] + (2...RotatedFiles.mostNames).map { "\(stamp)-\($0)" }
        let folder = LogFile.folder(of: path)
        return names.filter { name in
            !RotatedFiles.endings.contains { access("\(folder)/\(name)\($0)", F_OK) == 0 }
        }
    }

    /// All that there are, oldest first: by the lines in them, as a clock may have been set;
    /// those that cannot be read by their names, before the others.
    func all() throws(DeliveryError) -> [File] {
        let folder = LogFile.folder(of: path)
        guard let stream = opendir(folder) else {
            throw .logHeld(path: folder, message: "cannot read folder: \(describe(errno))")
        }
        defer { closedir(stream) }
        var files: [File] = []
        while let entry = readdir(stream) {
            // SAFETY: d_name is NUL-terminated and lives until the next readdir on `stream`.
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
            }
            guard let (stamp, number) = parse(name) else { continue }
            let full = folder + "/" + name
            files.append(
                File(path: full, firstSeq: firstSeq(of: full), stamp: stamp, number: number)
            )
        }
        return files.sorted {
            ($0.firstSeq ?? 0, $0.stamp, $0.number) < ($1.firstSeq ?? 0, $1.stamp, $1.number)
        }
    }

    /// Whether the log was rotated between two moments.
    func hasAny(from start: Timestamp, to end: Timestamp) throws(DeliveryError) -> Bool {
        let stamps = RotatedFiles.compact(start)...RotatedFiles.compact(end)
        return try all().contains { stamps.contains($0.stamp) }
    }

    private var base: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// The stamp and the number in a name that the daemon gave.
    private func parse(_ name: String) -> (stamp: String, number: Int)? {
        guard name.hasPrefix(base + ".") else { return nil }
        var rest = name.dropFirst(base.count + 1)
        for ending in RotatedFiles.endings where rest.hasSuffix(ending) {
            rest = rest.dropLast(ending.count)
            break
        }
        let stamp = rest.prefix(16)
        let isStamp =
            stamp.count == 16
            && zip(stamp.utf8, "00000000T000000Z".utf8)
                .allSatisfy { byte, form in
                    form == UInt8(ascii: "0") ? (0x30...0x39).contains(byte) : byte == form
                }
        guard isStamp else { return nil }
        let ending = rest.dropFirst(16)
        if ending.isEmpty { return (String(stamp), 1) }
        guard ending.first == "-", let number = Int(ending.dropFirst()), number > 1 else {
            return nil
        }
        return (String(stamp), number)
    }

    /// The number of the first line of a file; nil where it does not begin with one.
    func firstSeq(of path: String) -> Int64? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: LogWriter.longestPrefix)
        let count = read(descriptor, &bytes, bytes.count)
        let start = Array("{\"schema\":1,\"seq\":".utf8)
        guard count > start.count, bytes.starts(with: start) else { return nil }
        let digits = bytes[start.count..<count].prefix { (0x30...0x39).contains($0) }
        return Int64(String(decoding: digits, as: UTF8.self))
    }

    /// The moment in UTC as part of a file name: `20250617T093000Z`.
    private static func compact(_ moment: Timestamp) -> String {
        String(moment.rfc3339Seconds.filter { $0 != "-" && $0 != ":" })
    }
}
