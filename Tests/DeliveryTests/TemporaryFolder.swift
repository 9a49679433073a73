import FoundationEssentials
import Glibc

/// A folder of its own for a test; goes away with it.
final class TemporaryFolder: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/feedwatch-XXXXXX".utf8CString)
        let made = mkdtemp(&template) != nil
        precondition(made, "no temporary folder: \(errno)")
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of an entry.
    func file(_ name: String) -> String { path + "/" + name }

    /// The names in the folder, sorted.
    var names: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? []
    }

    /// What stands in an entry; empty if there is none.
    func text(_ name: String) -> String { String(decoding: bytes(name), as: UTF8.self) }

    /// The same as bytes.
    func bytes(_ name: String) -> [UInt8] {
        FileManager.default.contents(atPath: file(name)).map { Array($0) } ?? []
    }

    /// Writes an entry anew in place, keeping its inode.
    func put(_ name: String, _ bytes: [UInt8]) {
        let descriptor = open(file(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
        defer { close(descriptor) }
        precondition(write(descriptor, bytes, bytes.count) == bytes.count)
    }

    /// Adds text to the end of an entry, as a user's `echo >>` would.
    func add(_ name: String, _ text: String) {
        let descriptor = open(file(name), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
        defer { close(descriptor) }
        precondition(write(descriptor, text, text.utf8.count) == text.utf8.count)
    }

    /// Writes a shell script and returns its path; to be run by `/bin/sh`.
    ///
    /// To run the file itself may fail (ETXTBSY): a program that another test starts at this
    /// moment has the file open for writing until it is on its way.
    func script(_ name: String, _ body: String) -> String {
        put(name, Array("\(body)\n".utf8))
        return file(name)
    }

    /// Renames an entry.
    func move(_ name: String, to other: String) {
        precondition(rename(file(name), file(other)) == 0)
    }

    /// Removes an entry.
    func remove(_ name: String) { precondition(unlink(file(name)) == 0) }

    /// Makes a folder within and returns its path.
    func makeFolder(_ name: String) -> String {
        precondition(mkdir(file(name), 0o755) == 0)
        return file(name)
    }

    /// How many descriptors this process has open.
    static var descriptors: Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? -1
    }

    /// Whether this process has no child, living or dead.
    static var hasNoChildren: Bool {
        waitpid(-1, nil, WNOHANG) < 0 && errno == ECHILD
    }
}
