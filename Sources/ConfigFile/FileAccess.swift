import Glibc

/// Why a file could not be read, for people.
struct FileFlaw: Error {
    /// The reason: `No such file or directory`.
    let reason: String
}

/// The few things that reading a configuration does with files.
enum FileAccess {
    /// No configuration and no secret is larger.
    static let largest = 64 << 20

    /// The content of a regular file.
    static func read(_ path: String, largest: Int = largest) throws(FileFlaw) -> [UInt8] {
        guard !path.utf8.contains(0) else { throw FileFlaw(reason: "the name holds a NUL") }
        // Without O_NONBLOCK a named pipe would wait for a writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw lastFlaw() }
        defer { close(descriptor) }
        var info = stat()
        guard fstat(descriptor, &info) == 0 else { throw lastFlaw() }
        if info.st_mode & S_IFMT == S_IFDIR { throw FileFlaw(reason: "it is a directory") }
        guard info.st_mode & S_IFMT == S_IFREG else { throw FileFlaw(reason: "it is not a file") }
        guard info.st_size <= largest else {
            throw FileFlaw(reason: "it is larger than \(largest >> 10) KiB")
        }
        return try read(descriptor, expected: Int(info.st_size), largest: largest)
    }

    private static func read(
        _ descriptor: Int32,
        expected: Int,
        largest: Int
    ) throws(FileFlaw) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(expected)
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw lastFlaw()
            }
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk[..<count])
            guard bytes.count <= largest else {
                throw FileFlaw(reason: "it is larger than \(largest >> 10) KiB")
            }
        }
    }

    /// Whether a file can be read.
    static func isReadable(_ path: String) -> Bool { access(path, R_OK) == 0 }

    /// Whether a file is a program that can be run.
    static func isExecutable(_ path: String) -> Bool {
        var info = stat()
        return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }

    /// The one name of a file, links followed; the path itself where there is no file.
    static func identity(of path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// The paths that match a pattern (glob(7)), ordered by name.
    static func paths(matching pattern: String, in directory: String) -> [String] {
        let full = pattern.hasPrefix("/") ? pattern : escape(directory) + "/" + pattern
        var result = glob_t()
        defer { globfree(&result) }
        guard glob(full, GLOB_NOSORT, nil, &result) == 0, let list = result.gl_pathv else {
            return []
        }
        return (0..<Int(result.gl_pathc))
            .compactMap { list[$0].map { String(cString: $0) } }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Whether a text is more than one file's name.
    static func isPattern(_ text: String) -> Bool { text.contains { "*?[".contains($0) } }

    /// The directory of a path, absolute.
    static func directory(of path: String) -> String {
        let parent = parent(of: path)
        if parent.hasPrefix("/") { return parent }
        guard let current = getcwd(nil, 0) else { return parent }
        defer { free(current) }
        let base = String(cString: current)
        return parent.isEmpty || parent == "." ? base : join(base, parent)
    }

    /// The directory part of a path; empty where there is none.
    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// A path below a directory.
    static func join(_ directory: String, _ path: String) -> String {
        var rest = Substring(path)
        while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
        if directory.isEmpty { return String(rest) }
        return directory.hasSuffix("/") ? directory + rest : directory + "/" + rest
    }

    private static func escape(_ directory: String) -> String {
        var result = ""
        for character in directory {
            if "*?[]\\".contains(character) { result.append("\\") }
            result.append(character)
        }
        return result
    }

    private static func lastFlaw() -> FileFlaw {
        FileFlaw(reason: String(cString: strerror(errno)))
    }
}
