internal import ArgumentParser
internal import ConfigFile
internal import Glibc

/// The command `feedwatch init`.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Writes a commented starter configuration.",
        discussion: "Refuses to overwrite a file."
    )

    @Argument(help: "The directory; made if it is missing.")
    var directory = "."

    func run() throws {
        let files = StarterConfiguration.files.map {
            (path: directory + "/" + $0.name, text: $0.text)
        }
        // Nothing is written unless everything can be.
        if let present = files.first(where: { access($0.path, F_OK) == 0 }) {
            throw CommandFailure(.failed, "\(present.path) exists; nothing was written")
        }
        for file in files {
            try makeFolder(of: file.path)
            try write(file.text, to: file.path)
            Output.line("wrote \(file.path)")
        }
        Output.line("next: feedwatch check -c \(files.first?.path ?? directory)")
    }

    private func makeFolder(of path: String) throws {
        var folder = ""
        for part in path.split(separator: "/", omittingEmptySubsequences: false).dropLast() {
            folder += part + "/"
            guard mkdir(folder, 0o755) == 0 || errno == EEXIST || errno == EISDIR else {
                throw CommandFailure(.failed, "\(folder): \(FileBytes.lastError)")
            }
        }
    }

    private func write(_ text: String, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw CommandFailure(.failed, "\(path): \(FileBytes.lastError)")
        }
        defer { close(descriptor) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard written > 0 else {
                throw CommandFailure(.failed, "\(path): \(FileBytes.lastError)")
            }
            rest = rest.dropFirst(written)
        }
    }
}
