import ConfigFile
import Foundation

/// A directory of its own with files in it, removed when the test is over.
final class ConfigSandbox {
    let directory: String

    init(_ files: [String: String] = [:]) throws {
        let name = "feedwatch-config-\(UUID().uuidString)"
        directory =
            FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path + "/" + name
        try FileManager.default.createDirectory(
            atPath: directory,
            withIntermediateDirectories: true
        )
        for (path, text) in files { try write(path, Data(text.utf8)) }
    }

    deinit {
        // What is left behind is in the temporary directory.
        try? FileManager.default.removeItem(atPath: directory)
    }

    func path(_ name: String) -> String { directory + "/" + name }

    func write(_ name: String, _ data: Data, executable: Bool = false) throws {
        let url = URL(fileURLWithPath: path(name))
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try data.write(to: url)
        if executable {
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755],
                ofItemAtPath: url.path
            )
        }
    }

    /// Reads `feedwatch.toml` with a state directory and these variables.
    func load(
        _ name: String = "feedwatch.toml",
        variables: [String: String] = [:]
    ) -> ConfigResult {
        var all = ["STATE_DIRECTORY": "/var/lib/feedwatch"]
        all.merge(variables) { $1 }
        return ConfigFile.load(path: path(name), environment: ConfigEnvironment(variables: all))
    }
}

/// Reads one file that holds a text.
func load(_ text: String, variables: [String: String] = [:]) throws -> ConfigResult {
    let sandbox = try ConfigSandbox(["feedwatch.toml": text])
    return sandbox.load(variables: variables)
}

extension ConfigProblem {
    /// The problem's place in code points, as far as its line shows them.
    var mark: MarkedText.Mark {
        MarkedText.Mark(line: line, column: column, length: length)
    }
}
