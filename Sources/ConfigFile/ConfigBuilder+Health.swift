import WatchCore

extension ConfigBuilder {
    /// Reads `[health]`.
    func readHealth(_ table: TOMLValue, in file: Int) {
        let reader = TableReader(table, in: file, as: ConfigSchema.health, context: context)
        if let time = reader.duration("failing_after", from: .zero) {
            health.failingAfter = time.value
        }
        health.heartbeat = reader.duration("heartbeat", from: .seconds(1))?.value
        health.heartbeatPing = heartbeatPing(reader)
    }

    /// Reads `[metrics]`.
    func readMetrics(_ table: TOMLValue, in file: Int) {
        let reader = TableReader(table, in: file, as: ConfigSchema.metrics, context: context)
        if let path = reader.string("file") {
            if !path.value.hasSuffix(".prom") {
                context.error(
                    "the node exporter reads files whose names end in .prom only",
                    at: path.place
                )
            }
            health.metricsFile = absolute(path, key: "file")
        }
        if let time = reader.duration("interval", from: .seconds(1), to: .seconds(3_600)) {
            health.metricsInterval = time.value
        }
        health.listen = endpoint(reader)
    }
}
