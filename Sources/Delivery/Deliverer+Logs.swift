internal import FeedModel
internal import WatchCore

/// The state of the pump of one log.
struct LogPump {
    /// Writes the log.
    let writer: LogWriter
    /// The position the outbox knows.
    var noted: LogPosition
    /// Whether the pump runs.
    var isRunning = false
    /// Whether there is more to do than the running pump knew of when it began.
    var again = false
    /// Whether the log is to be rotated.
    var wantsRotation = false
    /// Whether it was rotated since somebody last asked for that.
    var wasRotated = false
    /// Why it could not be renamed when that was tried last.
    var rotationRefused: String?
    /// When that is tried again (uptime).
    var rotateAgainAt: Duration?
    /// Whether rotated files are to be dropped beyond those that are kept.
    var wantsTidying = true
    /// Since when the step runs that runs now (uptime).
    var stepSince: Duration?
    /// Why the log cannot be written.
    var held: String?
    /// What went wrong last; nil: the last run went well.
    var lastError: DeliveryError?
    /// How many times in a row it failed.
    var failures = 0
    /// When it is tried again (uptime).
    var retryAt: Duration?
    /// Those who wait for the rotation.
    var rotationWaiters: [CheckedContinuation<Void, Never>] = []
    /// Those who wait for the pump to come to rest.
    var waiters: [CheckedContinuation<Void, Never>] = []

    /// The pump of a log that is known to be written up to `noted`.
    init(writer: LogWriter, noted: LogPosition) {
        self.writer = writer
        self.noted = noted
    }
}

extension Deliverer {
    /// Starts the pump of a log, or lets the running one go round once more.
    func pumpLog(_ stream: LogStream) {
        guard !isStopping, fatal == nil, let pump = logs[stream] else { return }
        guard !pump.isRunning else {
            logs[stream]?.again = true
            return
        }
        guard isDue(pump.retryAt) else { return }
        logs[stream]?.isRunning = true
        Task { await runLog(stream) }
    }

    /// The one pump of a log: nobody else calls its writer while it runs.
    private func runLog(_ stream: LogStream) async {
        repeat {
            logs[stream]?.again = false
            do {
                try await appendAll(of: stream)
                release(stream)
            } catch {
                hold(stream, error)
            }
        } while logs[stream]?.again == true && isDue(logs[stream]?.retryAt) && mayGoOn
        logs[stream]?.isRunning = false
        logs[stream]?.stepSince = nil
        let waiters = logs[stream]?.waiters ?? []
        logs[stream]?.waiters = []
        for waiter in waiters { waiter.resume() }
        rotationHasEnded(stream)
        arm()
        quietMayHaveCome()
    }

    private var mayGoOn: Bool { !isStopping && fatal == nil }

    /// Returns when the pump of the log does not run.
    func logIdle(_ stream: LogStream) async {
        guard logs[stream]?.isRunning == true else { return }
        await withCheckedContinuation { logs[stream]?.waiters.append($0) }
    }

    /// Brings the log to where its end is known, without writing new lines.
    func recover(_ stream: LogStream) async throws(DeliveryError) {
        guard let writer = logs[stream]?.writer else { return }
        while !writer.isReady { _ = try await step(stream, writer) }
    }

    private func appendAll(of stream: LogStream) async throws(DeliveryError) {
        guard let writer = logs[stream]?.writer else { return }
        while mayGoOn {
            if logs[stream]?.wantsRotation == true, writer.isReady {
                if try await rotate(stream, writer) != .notReady {
                    logs[stream]?.wantsRotation = false
                }
                rotationHasEnded(stream)
            }
            if logs[stream]?.wantsTidying == true, writer.isReady {
                try await tidy(stream, writer)
            }
            switch try await step(stream, writer) {
            case .moved:
                break
            case .appended(let count):
                setup.report(.appended(stream, count: count))
            case .idle:
                if logs[stream]?.wantsRotation != true { return }
            }
        }
    }

    /// Hands the writer the next lines and notes how far it got.
    ///
    /// Nothing new is written before the last note is made, so that what a crash leaves unknown
    /// is at most one batch.
    private func step(
        _ stream: LogStream,
        _ writer: LogWriter
    ) async throws(DeliveryError) -> LogWriter.Step {
        logs[stream]?.stepSince = setup.clock.uptime()
        try await note(writer.position, of: stream)
        let lines: [LogLine]
        do {
            lines = try await setup.outbox.lines(
                of: stream,
                after: writer.position.seq,
                limit: rotation.batch(Deliverer.batch)
            )
        } catch {
            throw .outbox(error)
        }
        guard mayGoOn else { throw .stopped }
        if try isRotationDue(stream, writer, before: lines),
            case .rotated = try await rotate(stream, writer)
        {
            return .moved
        }
        let step = try writer.advance(lines)
        if let disturbance = writer.disturbance {
            writer.disturbance = nil
            setup.report(.disturbed(stream, message: disturbance))
        }
        try await note(writer.position, of: stream)
        return step
    }

    /// Notes how far a log got, and lets the hooks be told of what is noted now.
    ///
    /// Here and not where lines are appended: a note that failed is made up for later, and lines
    /// may be found in the log at recovery.
    func note(_ position: LogPosition, of stream: LogStream) async throws(DeliveryError) {
        let before = logs[stream]?.noted
        guard before != position else { return }
        do {
            try await setup.outbox.note(position, of: stream)
        } catch {
            throw .outbox(error)
        }
        logs[stream]?.noted = position
        if before?.seq != position.seq { lookForDeliveries() }
    }

    /// Remembers why the log cannot be written, and when to try again.
    func hold(_ stream: LogStream, _ error: DeliveryError) {
        if error.isFatal { fail(error) }
        guard mayGoOn else { return }
        let message = error.description
        logs[stream]?.lastError = error
        if logs[stream]?.held != message {
            setup.report(.logHeld(stream, message: message))
        }
        logs[stream]?.held = message
        let waits = Deliverer.logWaits
        let failures = logs[stream]?.failures ?? 0
        logs[stream]?.failures = failures + 1
        logs[stream]?.retryAt = setup.clock.uptime() + waits[min(failures, waits.count - 1)]
        arm()
    }

    private func release(_ stream: LogStream) {
        guard mayGoOn else { return }
        logs[stream]?.lastError = nil
        logs[stream]?.failures = 0
        logs[stream]?.retryAt = nil
        guard logs[stream]?.held != nil else { return }
        logs[stream]?.held = nil
        setup.report(.logResumed(stream))
    }
}
