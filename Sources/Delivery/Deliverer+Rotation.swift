internal import FeedModel
internal import Glibc
package import WatchCore

/// Rotation between two lines, and what is kept of the files.
extension Deliverer {
    /// Renames each log that is not empty, between two lines, and begins a new one.
    ///
    /// Returns when that is done, however many lines wait to be written, with the logs that were.
    @discardableResult
    package func rotateLogs() async throws(DeliveryError) -> [LogStream] {
        var rotated: [LogStream] = []
        for stream in LogStream.allCases where logs[stream] != nil {
            logs[stream]?.retryAt = nil
            logs[stream]?.wantsRotation = true
            logs[stream]?.wasRotated = false
            pumpLog(stream)
            await rotationDone(stream)
            logs[stream]?.wantsRotation = false
            if let error = logs[stream]?.lastError { throw error }
            if let why = logs[stream]?.rotationRefused { throw .notRotated(message: why) }
            if logs[stream]?.wasRotated == true { rotated.append(stream) }
        }
        if isStopping || fatal != nil { throw .stopped }
        return rotated
    }

    /// Puts another rule for rotation in force, and drops what it does not keep.
    package func update(rotation: LogRotation) {
        guard self.rotation != rotation else { return }
        self.rotation = rotation
        for stream in logs.keys { logs[stream]?.wantsTidying = true }
        pumpLogs()
    }

    /// Looks whether a day has ended, for logs that get no lines.
    func rotateByTime() {
        guard rotation.rule == .daily else { return }
        pumpLogs()
    }

    private func rotationDone(_ stream: LogStream) async {
        guard let pump = logs[stream], pump.wantsRotation, pump.isRunning else { return }
        await withCheckedContinuation { logs[stream]?.rotationWaiters.append($0) }
    }

    func rotationHasEnded(_ stream: LogStream) {
        let waiters = logs[stream]?.rotationWaiters ?? []
        logs[stream]?.rotationWaiters = []
        for waiter in waiters { waiter.resume() }
    }

    /// Whether the log is to be rotated before `lines` are written to it.
    func isRotationDue(
        _ stream: LogStream,
        _ writer: LogWriter,
        before lines: [LogLine]
    ) throws(DeliveryError) -> Bool {
        guard rotation.rule != nil, isDue(logs[stream]?.rotateAgainAt),
            let lastWrite = try writer.lastWrite()
        else { return false }
        let now = setup.clock.now()
        let isDue = rotation.isDue(
            size: writer.position.offset,
            adding: lines.reduce(0) { $0 + $1.bytes.count },
            lastWrite: lastWrite,
            now: now
        )
        guard isDue else { return false }
        // A follower that meets two rotations at one look never sees the file between them.
        let earliest = now - Deliverer.rotationSpacing
        return try !RotatedFiles(of: writer.path).hasAny(from: earliest, to: now)
    }

    /// Rotates the log, and says what became of it.
    func rotate(
        _ stream: LogStream,
        _ writer: LogWriter
    ) async throws(DeliveryError) -> LogWriter.Rotation {
        let names = RotatedFiles(of: writer.path).names(at: setup.clock.now())
        let rotation = try writer.rotate(to: names)
        switch rotation {
        case .rotated(let path):
            logs[stream]?.rotationRefused = nil
            logs[stream]?.wasRotated = true
            try await note(writer.position, of: stream)
            setup.report(.rotated(stream, to: path))
            try await tidy(stream, writer)
        case .refused(let message):
            // Lines are worth more than the size of a file: it is written on.
            if logs[stream]?.rotationRefused != message {
                setup.report(.notRotated(stream, message: message))
            }
            logs[stream]?.rotationRefused = message
            logs[stream]?.rotateAgainAt = setup.clock.uptime() + Deliverer.rotationWait
        case .empty:
            logs[stream]?.rotationRefused = nil
        case .notReady:
            break
        }
        return rotation
    }

    /// Drops the oldest rotated files beyond those that are kept.
    ///
    /// What they hold is noted as written, and that it goes is noted first: `log verify` then
    /// knows that nobody else took it away.
    func tidy(_ stream: LogStream, _ writer: LogWriter) async throws(DeliveryError) {
        logs[stream]?.wantsTidying = false
        guard let kept = rotation.kept else { return }
        let rotated = RotatedFiles(of: writer.path)
        let files = try rotated.all()
        for (index, file) in files.dropLast(kept).enumerated() {
            // A file that is still to be read to its end is not there to be dropped.
            guard let status = try LogFile.status(at: file.path),
                status.inode != writer.position.inode
            else { continue }
            let following = files.dropFirst(index + 1).lazy.compactMap(\.firstSeq).first
            let next = following ?? rotated.firstSeq(of: writer.path) ?? writer.position.seq + 1
            do {
                try await setup.outbox.noteDropped(next - 1, of: stream)
            } catch {
                throw .outbox(error)
            }
            if unlink(file.path) == 0 {
                setup.report(.dropped(stream, path: file.path))
            } else {
                let message = "\(file.path): cannot remove: \(describe(errno))"
                setup.report(.notDropped(stream, message: message))
            }
        }
    }
}
