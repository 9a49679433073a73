internal import ConfigFile
internal import Daemon
internal import FeedModel
internal import ServiceHost
internal import WatchCore

/// What single requests are made with: the configuration's limits and contact, or the defaults
/// where there is no configuration.
struct ProbeSettings {
    /// The limits.
    var limits = Limits()
    /// What holds for all feeds.
    var watch = WatchSettings()
    /// The feeds.
    var feeds: [FeedSettings] = []

    /// Reads the configuration; without a file where none was named, the defaults hold.
    init(_ options: ConfigOptions, _ environment: ProcessEnvironment) throws {
        let path = options.path(environment)
        guard options.config != nil || FileBytes.exists(path) else { return }
        let configuration = try options.loadOrEnd(environment).configuration
        limits = configuration.limits
        watch = configuration.watch
        feeds = configuration.feeds
    }

    /// The feed that is called so, or has that address; else one of that address alone.
    func feed(_ name: String) throws -> FeedSettings {
        if let feed = feeds.first(where: { $0.id.rawValue == name || $0.url == name }) {
            return feed
        }
        guard name.contains(":") || name.contains("/") || name.contains(".") else {
            throw CommandFailure(.usage, "there is no feed '\(VisibleText.escape(name))'")
        }
        return FeedSettings(id: FeedID(Self.address(name)), url: Self.address(name))
    }

    /// The address that people mean: with https where they leave that out.
    static func address(_ text: String) -> String {
        let address = LenientAddress.address(text)
        return address.contains("://") || address.hasPrefix("file:")
            ? address : "https://" + address
    }

    /// What makes the requests.
    var probe: Probe {
        Probe(
            limits: limits,
            userAgent: DaemonOptions.userAgent(version: Version.current, contact: watch.contact)
        )
    }
}
