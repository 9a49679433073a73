package import ConfigFile
package import Logging
package import ServiceHost
package import WatchCore

/// What the composition root is built from: everything arrives here, nothing is global.
package struct DaemonOptions: Sendable {
    /// The configuration to start with.
    package var configuration: Configuration
    /// Reads the configuration anew, for a reload.
    package var load: @Sendable () -> ConfigResult
    /// The environment of the process.
    package var environment: ProcessEnvironment
    /// Whether each due feed is polled once, and then the daemon ends.
    package var once: Bool
    /// The version, for the User-Agent.
    package var version: String
    /// The service's own log.
    package var logger: Logger

    /// Options.
    package init(
        configuration: Configuration,
        load: @escaping @Sendable () -> ConfigResult,
        environment: ProcessEnvironment,
        once: Bool,
        version: String,
        logger: Logger
    ) {
        self.configuration = configuration
        self.load = load
        self.environment = environment
        self.once = once
        self.version = version
        self.logger = logger
    }

    /// The User-Agent: name, version and whom to turn to (RFC 9110, section 10.1.5).
    package static func userAgent(version: String, contact: String?) -> String {
        guard let contact else { return "feedwatch/\(version)" }
        return "feedwatch/\(version) (+\(contact))"
    }
}

/// How a daemon ended.
package enum DaemonExit: Hashable, Sendable {
    /// It did what it was asked, or was asked to stop.
    case done
    /// It was interrupted from the terminal.
    case interrupted
    /// It could not start or go on; the message is for people.
    case failed(message: String)
    /// The disk cannot be trusted.
    case diskFailed(message: String)
}
