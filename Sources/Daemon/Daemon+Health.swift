internal import FeedModel
internal import Logging
internal import SQLiteStore
internal import ServiceHost
internal import WatchCore

/// When the daemon last said how it does.
struct HealthClock: Sendable {
    /// When all feeds were last looked at, by uptime; nil: never.
    var sweep: Duration?
    /// When the metrics were last written, by uptime; nil: never.
    var metrics: Duration?
    /// When the last heartbeat was recorded, by uptime: the start counts as one.
    var heartbeat: Duration
    /// What polls had brought then.
    var counts = PollCounts()
    /// Whether it is known that the metrics cannot be written.
    var isMetricsFileFailing = false
    /// Whether it is known that heartbeats are not heard.
    var isPingFailing = false
}

/// Telling how the feeds and the daemon itself do.
extension Daemon {
    /// How often all feeds are looked at together.
    static let sweepTime: Duration = .seconds(60)

    /// Looks at all feeds, writes the metrics and the heartbeat where it is time.
    func lookAfterHealth(_ parts: DaemonParts) async {
        let settings = plan.configuration.health
        let uptime = clock.uptime()
        if options.once || (healthClock.sweep.map { uptime - $0 >= Daemon.sweepTime } ?? true) {
            healthClock.sweep = uptime
            await parts.watcher.sweepHealth()
        }
        if let path = settings.metricsFile,
            healthClock.metrics.map({ uptime - $0 >= settings.metricsInterval }) ?? true
        {
            healthClock.metrics = uptime
            await writeMetrics(to: path, parts)
        }
        if let interval = settings.heartbeat, uptime - healthClock.heartbeat >= interval {
            healthClock.heartbeat = uptime
            let summary = await parts.watcher.health
            let record = summary.heartbeat(since: healthClock.counts, now: clock.now())
            healthClock.counts = summary.counts
            await self.record(record, parts, hooks: plan.heartbeatHooks)
            ping(record, parts)
        }
    }

    /// How long until the next look: short enough for metrics and heartbeat.
    var healthInterval: Duration {
        let settings = plan.configuration.health
        var interval = Daemon.heartbeatTime
        if settings.metricsFile != nil { interval = min(interval, settings.metricsInterval) }
        return min(interval, settings.heartbeat ?? interval)
    }

    private func writeMetrics(to path: String, _ parts: DaemonParts) async {
        let page = await metricsPage(parts)
        let failure = ReplacedFile(path: path).write(page)
        if let failure, !healthClock.isMetricsFileFailing {
            logger.error("metrics were not written", metadata: ["message": "\(failure)"])
        }
        healthClock.isMetricsFileFailing = failure != nil
    }
}
