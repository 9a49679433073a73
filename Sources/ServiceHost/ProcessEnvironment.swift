internal import CPosix
internal import Glibc

/// The environment variables of the process, read once at its start.
///
/// `current()` is the only place that reads the environment; everything else is handed values.
package struct ProcessEnvironment: Sendable {
    /// Variables that are meant for this process alone: a hook that saw them could take itself
    /// for the service, or write where only the service writes.
    package static let privateNames: Set<String> = [
        "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_PID", "LISTEN_FDS",
        "LISTEN_FDNAMES", "CREDENTIALS_DIRECTORY", "JOURNAL_STREAM", "INVOCATION_ID",
        "SYSTEMD_EXEC_PID", "LIBDISPATCH_LOG",
    ]

    /// All variables by name.
    package let values: [String: String]

    /// An environment of these variables.
    package init(_ values: [String: String] = [:]) { self.values = values }

    /// The environment as it is now.
    ///
    /// Called once, before there is a second thread.
    package static func current() -> ProcessEnvironment {
        var values: [String: String] = [:]
        var entry = cposix_environment()
        while let pointer = entry.pointee {
            let text = String(cString: pointer)
            // The first of two entries with one name is what getenv(3) finds.
            if let end = text.firstIndex(of: "="), end != text.startIndex,
                values[String(text[..<end])] == nil
            {
                values[String(text[..<end])] = String(text[text.index(after: end)...])
            }
            entry += 1
        }
        return ProcessEnvironment(values)
    }

    /// Takes the private variables out of the process's own environment.
    ///
    /// So no child inherits them, whatever starts it. Called once, before there is a second thread.
    package static func forgetPrivateValues() {
        // libdispatch looks up its own variable only when it first has something to say.
        for name in privateNames where name != "LIBDISPATCH_LOG" { unsetenv(name) }
    }

    /// The value of a variable; nil where it is unset or empty, which means the same for all
    /// variables that are asked for here.
    package subscript(name: String) -> String? {
        guard let value = values[name], !value.isEmpty else { return nil }
        return value
    }

    /// What a child may see, as `NAME=value`, in order of name.
    package var forChildren: [String] {
        values.filter { !Self.privateNames.contains($0.key) }
            .map { "\($0.key)=\($0.value)" }
            .sorted()
    }

    /// Whether output should be without colours whatever it goes to (no-color.org).
    package var refusesColour: Bool { self["NO_COLOR"] != nil }
}

extension ProcessEnvironment {
    private static let program = "feedwatch"

    /// The configuration files to look for when the command line names none, first choice first.
    ///
    /// Where the environment names one, that is the only one: a file that somebody named and
    /// that is not there must be an error, not a reason to take another.
    package var configurationPaths: [String] {
        if let path = self["FEEDWATCH_CONFIG"] { return [path] }
        let name = Self.program + ".toml"
        if let folder = folder("CONFIGURATION_DIRECTORY") { return [folder + "/" + name] }
        let user = userFolder("XDG_CONFIG_HOME", fallback: ".config").map { $0 + "/" + name }
        return [user, "/etc/\(Self.program)/\(name)"].compactMap(\.self)
    }

    /// The state directory where the configuration names none; nil: neither the service manager
    /// nor the user's home says where.
    package var statePath: String? {
        folder("STATE_DIRECTORY") ?? userFolder("XDG_STATE_HOME", fallback: ".local/state")
    }

    /// The match log where the configuration names none.
    package func logPath(statePath: String) -> String {
        (folder("LOGS_DIRECTORY") ?? statePath) + "/matches.jsonl"
    }

    /// Where the daemon listens for `feedwatch reload` and `feedwatch rotate`.
    package func controlPath(statePath: String) -> String {
        (folder("RUNTIME_DIRECTORY") ?? statePath) + "/" + Self.controlName
    }

    /// Where a daemon may be listening, seen from a shell that need not have the daemon's
    /// environment, most likely first.
    package func controlPaths(statePath: String) -> [String] {
        var paths = [controlPath(statePath: statePath)]
        for folder in [statePath, "/run/\(Self.program)"] {
            let path = folder + "/" + Self.controlName
            if !paths.contains(path) { paths.append(path) }
        }
        return paths
    }

    /// Where the service manager put the secrets; nil: there are none.
    package var credentialsPath: String? { folder("CREDENTIALS_DIRECTORY") }

    private static let controlName = "control.sock"

    /// A folder the service manager made; of several, parted by colons, the first.
    private func folder(_ name: String) -> String? {
        guard let first = self[name]?.split(separator: ":").first, first.hasPrefix("/") else {
            return nil
        }
        return String(first)
    }

    /// A folder of ours in one of the user's base directories; relative ones do not count
    /// (XDG Base Directory Specification).
    private func userFolder(_ name: String, fallback: String) -> String? {
        if let base = self[name], base.hasPrefix("/") { return base + "/" + Self.program }
        guard let home = self["HOME"], home.hasPrefix("/") else { return nil }
        return "\(home)/\(fallback)/\(Self.program)"
    }
}
