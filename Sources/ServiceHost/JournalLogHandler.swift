internal import FeedModel
internal import Glibc
package import Logging
package import WatchCore

/// Writes log entries to standard error, each by one write(2).
///
/// An entry that cannot be written (the disk is full, the reader has gone) is lost.
package struct JournalLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let descriptor: Int32
    private let formatter: LogFormatter
    private let clock: any WatchCore.Clock

    /// A handler that writes to `descriptor`, which stays the caller's.
    package init(
        form: LogForm,
        level: Logger.Level = .info,
        descriptor: Int32 = STDERR_FILENO,
        clock: any WatchCore.Clock = SystemClock()
    ) {
        logLevel = level
        formatter = LogFormatter(form: form)
        self.descriptor = descriptor
        self.clock = clock
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        // The nearer to the call, the stronger: provider, logger, entry.
        var values = metadataProvider?.get() ?? [:]
        values.merge(metadata) { $1 }
        if let given = event.metadata { values.merge(given) { $1 } }
        if let error = event.error, values["error"] == nil { values["error"] = "\(error)" }
        write(
            formatter.entry(
                level: event.level,
                message: event.message.description,
                metadata: values,
                time: clock.now()
            )
        )
    }

    private func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return }
            rest = rest.dropFirst(written)
        }
    }
}
