/// What a configuration takes from outside its files.
///
/// The module reads no environment: the command line hands the variables in.
package struct ConfigEnvironment: Sendable {
    /// The state directory of the service manager, absolute.
    package var stateDirectory: String?
    /// The log directory of the service manager, absolute.
    package var logsDirectory: String?
    /// The directory with the secrets that the service manager handed over, absolute.
    package var credentialsDirectory: String?
    /// The user's directory for state, absolute.
    package var userStateDirectory: String?
    /// The user's home, absolute.
    package var home: String?
    /// All variables, for secrets that are kept in one.
    package var variables: [String: String]

    /// An environment made of variables.
    ///
    /// Empty ones count as absent; of several directories parted by colons the first counts
    /// (systemd.exec(5)); relative ones do not count.
    package init(variables: [String: String] = [:]) {
        func folder(_ name: String, isList: Bool = true) -> String? {
            guard let value = variables[name], !value.isEmpty else { return nil }
            let first = isList ? String(value.prefix { $0 != ":" }) : value
            return first.hasPrefix("/") ? first : nil
        }
        self.variables = variables
        stateDirectory = folder("STATE_DIRECTORY")
        logsDirectory = folder("LOGS_DIRECTORY")
        credentialsDirectory = folder("CREDENTIALS_DIRECTORY", isList: false)
        userStateDirectory = folder("XDG_STATE_HOME", isList: false)
        home = folder("HOME", isList: false)
    }

    /// The state directory where the configuration names none.
    var defaultStatePath: String? {
        if let stateDirectory { return stateDirectory }
        if let userStateDirectory { return userStateDirectory + "/feedwatch" }
        return home.map { $0 + "/.local/state/feedwatch" }
    }

    /// The match log where the configuration names none.
    func defaultLogPath(statePath: String) -> String {
        (logsDirectory ?? statePath) + "/matches.jsonl"
    }
}
