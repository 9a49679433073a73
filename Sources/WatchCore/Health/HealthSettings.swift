/// An address that hears of each heartbeat: a dead man's switch elsewhere.
package struct HeartbeatPing: Hashable, Sendable {
    /// The address; may hold a secret.
    package var url: String
    /// Whether it is sent the record by POST; else it is asked by GET, without one.
    package var sendsRecord: Bool

    /// A ping.
    package init(url: String, sendsRecord: Bool) {
        self.url = url
        self.sendsRecord = sendsRecord
    }

    /// The time after which an attempt is ended.
    package static let timeLimit: Duration = .seconds(20)
}

/// The `[health]` and `[metrics]` tables.
package struct HealthSettings: Hashable, Sendable {
    /// How long a feed must fail before it is told.
    package var failingAfter: Duration = .seconds(3_600)
    /// How often a record says that the daemon lives; nil: never.
    package var heartbeat: Duration?
    /// Whom to tell of it beside the log and hooks; nil: nobody.
    package var heartbeatPing: HeartbeatPing?
    /// Where the daemon answers to HTTP; nil: nowhere.
    package var listen: EndpointAddress?
    /// The file that metrics are written to, absolute; nil: none.
    package var metricsFile: String?
    /// How often it is written.
    package var metricsInterval: Duration = .seconds(15)

    /// The defaults.
    package init() {}
}
