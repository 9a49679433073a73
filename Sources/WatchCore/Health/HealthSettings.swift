/// The `[health]` table.
package struct HealthSettings: Hashable, Sendable {
    /// How long a feed must fail before it is told.
    package var failingAfter: Duration = .seconds(3_600)
    /// How often a record says that the daemon lives; nil: never.
    package var heartbeat: Duration?
    /// The file that metrics are written to, absolute; nil: none.
    package var metricsFile: String?
    /// How often it is written.
    package var metricsInterval: Duration = .seconds(15)

    /// The defaults.
    package init() {}
}
