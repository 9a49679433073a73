internal import ConfigFile
internal import CurlTransport
internal import Delivery
internal import FeedModel
internal import FeedParsing
internal import Logging
internal import QueueExecution
internal import SQLiteStore
internal import ServiceHost
internal import WatchCore

// How to read this file: `run` is the daemon's life on one screen. Everything that happens to it
// arrives as a `DaemonEvent` in one stream, and is answered in one place, `serve`.

/// Something the daemon has to answer.
enum DaemonEvent: Sendable {
    /// A signal came.
    case signal(HostSignal)
    /// A client of the control socket asks; the answer goes to the function.
    case asked(ControlRequest, @Sendable (ControlAnswer) -> Void)
    /// The watcher has news.
    case notice(Watcher.Notice)
    /// The deliverer has news.
    case delivery(DeliveryReport)
    /// It is time to look after oneself: status, watchdog, pruning.
    case heartbeat
    /// After the last poll of mode once: nothing is left to deliver now.
    case drained
}

/// The composition root: builds the adapters, and owns start, reload and stop.
package actor Daemon {
    let options: DaemonOptions
    let clock = SystemClock()
    private let manager: ServiceManager
    let logger: Logger
    private let events: AsyncStream<DaemonEvent>
    private let post: AsyncStream<DaemonEvent>.Continuation
    private(set) var plan: WatchPlan
    /// When what is old is dropped.
    var pruning: PruneClock
    private var lastStatus = ""
    /// When the daemon started.
    let startTime: Timestamp
    /// When it last said how it does.
    var healthClock: HealthClock
    /// The HTTP endpoint.
    var endpointState = EndpointState()
    /// Whether the first schedule has been made.
    private(set) var isScheduled = false
    /// Whether all of mode once is done.
    private var hasFinished = false

    /// How long what has begun may take to end when the daemon is asked to stop.
    static let stopTime: Duration = .seconds(1)
    /// How long hooks may take after the polls of mode once.
    static let finishTime: Duration = .seconds(60)
    /// How often the daemon looks after itself where no watchdog says otherwise.
    static let heartbeatTime: Duration = .seconds(15)

    /// A daemon that does not run yet.
    package init(_ options: DaemonOptions) {
        self.options = options
        logger = options.logger
        manager = ServiceManager(environment: options.environment)
        plan = WatchPlan(options.configuration)
        pruning = PruneClock(start: clock.uptime())
        startTime = clock.now()
        healthClock = HealthClock(heartbeat: clock.uptime())
        (events, post) = AsyncStream.makeStream()
    }

    /// Runs until it is asked to stop or, in mode once, until all is done.
    package func run() async -> DaemonExit {
        let parts: DaemonParts
        do {
            parts = try DaemonParts(options: options, plan: plan, clock: clock, post: post)
        } catch {
            return .failed(message: error.message)
        }
        // Before the start, so that it can be asked why that takes long.
        await openEndpoint(parts)
        let signals = SignalListener(on: parts.signalQueue) { [post] in post.yield(.signal($0)) }
        var failure: StartError?
        do throws(StartError) {
            try await startDelivery(parts)
        } catch {
            failure = error
        }
        // Before the first poll: who sees one may count on it that signals are met. Also after a
        // failure: libdispatch stops the process if a source goes that was never set going.
        await signals.activate()
        do throws(StartError) {
            if let failure { throw failure }
            try await startWatching(parts)
        } catch {
            signals.cancel()
            return await abandon(parts, error)
        }
        manager.ready(status: "started")
        logger.info(
            "started",
            metadata: [
                "feeds": "\(plan.configuration.feeds.count)",
                "topics": "\(plan.configuration.topics.count)",
            ]
        )
        let heartbeat = Task {
            while !Task.isCancelled {
                post.yield(.heartbeat)
                do { try await Task.sleep(for: heartbeatInterval) } catch { return }
            }
        }
        let exit = await serve(parts)
        heartbeat.cancel()
        signals.cancel()
        await stop(parts, isFinished: hasFinished)
        return exit
    }

    private var heartbeatInterval: Duration {
        min(manager.watchdogInterval ?? Daemon.heartbeatTime, healthInterval)
    }

    // MARK: Start and stop

    private func startDelivery(_ parts: DaemonParts) async throws(StartError) {
        do {
            try await parts.deliverer.start()
        } catch {
            throw StartError(message: "\(error)", isFatal: error.isFatal)
        }
        if let control = parts.control {
            do {
                try await control.start()
            } catch {
                logger.warning(
                    "no control socket: reload works by SIGHUP only",
                    metadata: ["message": "\(error)"]
                )
            }
        }
    }

    private func startWatching(_ parts: DaemonParts) async throws(StartError) {
        do {
            await parts.watcher.attach(parts.transport)
            try await parts.watcher.start()
        } catch {
            throw StartError(message: error.message, isFatal: error.isFatal)
        }
        isScheduled = true
        parts.deliverer.wake()
    }

    /// Gives up a start that failed.
    private func abandon(_ parts: DaemonParts, _ error: StartError) async -> DaemonExit {
        await endpointState.endpoint?.stop()
        await parts.transport.stop()
        await parts.deliverer.stop()
        await parts.courier.stop()
        await parts.close(logger)
        return error.isFatal
            ? .diskFailed(message: error.message) : .failed(message: error.message)
    }

    /// Ends what runs.
    ///
    /// What is committed goes to the log before the end; hooks get their time only where the daemon
    /// ends because all is done.
    private func stop(_ parts: DaemonParts, isFinished: Bool) async {
        manager.stopping(status: "stopping")
        await parts.control?.stop()
        await endpointState.endpoint?.stop()
        await parts.watcher.stop()
        await parts.transport.stop()
        if isFinished {
            await prune(parts.store, steps: 100)
        } else {
            await parts.deliverer.startNoMorePrograms()
            await parts.deliverer.drain(deadline: Daemon.stopTime)
        }
        await parts.deliverer.stop()
        await parts.courier.stop()
        await parts.close(logger)
        logger.info("stopped")
    }

    // MARK: Service

    private func serve(_ parts: DaemonParts) async -> DaemonExit {
        for await event in events {
            switch event {
            case .signal(.terminate):
                return .done
            case .signal(.interrupt):
                return .interrupted
            case .signal(.hangup):
                // Beside this loop: a log with much to write must not keep SIGTERM waiting.
                Task { await parts.deliverer.reopenLogs() }
                _ = await reload(parts)
            case .signal(.user1):
                Task { _ = await rotate(parts) }
            case .asked(.reload, let answer):
                answer(await reload(parts))
            case .asked(.rotate, let answer):
                Task { answer(await rotate(parts)) }
            case .asked(.retry(let choice), let answer):
                answer(await retryDeliveries(choice, parts))
            case .asked(.drop(let choice), let answer):
                answer(await dropDeliveries(choice, parts))
            case .asked(.ping, let answer):
                let obstacle = await obstacle(parts)
                answer(ControlAnswer(done: obstacle == nil, message: obstacle ?? lastStatus))
            case .notice(.stored(let lines)):
                if lines > 0 { parts.deliverer.wake() }
            case .notice(.finished):
                await lookAfterHealth(parts)
                Task { [post] in
                    await parts.deliverer.drain(deadline: Daemon.finishTime, hurry: true)
                    post.yield(.drained)
                }
            case .drained:
                hasFinished = true
                return await unwritten(parts) ?? .done
            case .notice(.storeFailed(let error)):
                if error.isFatal { return .diskFailed(message: error.message) }
                if options.once { return .failed(message: error.message) }
            case .delivery(let report):
                DeliveryLog(logger: logger).write(report)
                if case .fatal(let message) = report { return .diskFailed(message: message) }
            case .heartbeat:
                await beat(parts)
            }
        }
        return .done
    }

    private func status(_ parts: DaemonParts) async -> String {
        var line = await parts.watcher.summary.statusLine
        if await parts.watcher.isStoreFailing { line += "; the state cannot be written" }
        let health = await parts.deliverer.health
        for (stream, reason) in health.held { line += "; \(stream) wait: \(reason)" }
        for hook in health.pausedHooks { line += "; hook \(hook) is disabled (410)" }
        return line
    }

    /// The exit where lines could not be written to their log; nil: all are written.
    private func unwritten(_ parts: DaemonParts) async -> DaemonExit? {
        guard let held = await parts.deliverer.health.held.first else { return nil }
        return .failed(message: "\(held.key) are kept and not written to the log: \(held.value)")
    }

    /// Status, watchdog and pruning.
    ///
    /// The watchdog is only told of progress: each queue has to answer before it is, the store
    /// included.
    private func beat(_ parts: DaemonParts) async {
        let line = await status(parts)
        if line != lastStatus { manager.status(line) }
        lastStatus = line
        let limit = max(
            manager.watchdogInterval ?? .zero,
            plan.configuration.limits.responseTime
        )
        do {
            _ = try await parts.store.position(of: .matches)
            if try await isPruneDue(parts.store) {
                pruning.last = clock.uptime()
                Task { await prune(parts.store, steps: .max) }
            }
        } catch {
            logger.error("the store does not answer", metadata: ["message": "\(error.message)"])
            return
        }
        if let since = await parts.deliverer.health.appendingSince,
            clock.uptime() - since > limit
        {
            logger.error("the log does not take lines")
            return
        }
        await openEndpoint(parts)
        await lookAfterHealth(parts)
        await parts.transport.answer()
        if await parts.watcher.isMakingProgress(limit: limit) { manager.watchdog() }
    }

    private func rotate(_ parts: DaemonParts) async -> ControlAnswer {
        do {
            let rotated = try await parts.deliverer.rotateLogs().map { "\($0).jsonl" }
            let isNone = rotated.isEmpty
            return ControlAnswer(
                done: true,
                message: isNone
                    ? "nothing to rotate: the logs are empty"
                    : "rotated: " + rotated.joined(separator: ", ")
            )
        } catch {
            logger.error("log not rotated", metadata: ["message": "\(error)"])
            return ControlAnswer(done: false, message: "\(error)")
        }
    }

    // MARK: Reload

    /// All or nothing: where anything is wrong the last good configuration stays in force.
    private func reload(_ parts: DaemonParts) async -> ControlAnswer {
        manager.reloading()
        defer { manager.ready(status: lastStatus.isEmpty ? "started" : lastStatus) }
        let result = options.load()
        guard let configuration = result.configuration else {
            let problems = result.errors.map { $0.rendered(colour: false) }
            return await reject(problems.joined(separator: "\n"), parts)
        }
        if let change = fixedChange(in: configuration) { return await reject(change, parts) }
        do throws(ControlError) {
            try await moveEndpoint(to: configuration.health.listen, parts)
        } catch {
            return await reject("metrics.listen: \(error)", parts)
        }
        let summary = ConfigurationChange(from: plan.configuration, to: configuration).summary
        plan = WatchPlan(configuration)
        let userAgent = DaemonOptions.userAgent(
            version: options.version,
            contact: configuration.watch.contact
        )
        await parts.transport.update(limits: configuration.limits, userAgent: userAgent)
        await parts.courier.update(limits: configuration.limits, userAgent: userAgent)
        await parts.deliverer.update(hooks: configuration.hooks)
        await parts.deliverer.update(rotation: configuration.watch.rotation)
        await parts.watcher.adopt(plan)
        logger.info("configuration reloaded", metadata: ["message": "\(summary)"])
        await record(EventRecord(.configReloaded, time: clock.now(), message: summary), parts)
        return ControlAnswer(done: true, message: summary)
    }

    private func reject(_ message: String, _ parts: DaemonParts) async -> ControlAnswer {
        logger.error(
            "configuration refused, the last good one stays in force",
            metadata: ["message": "\(message)"]
        )
        await record(EventRecord(.configRejected, time: clock.now(), message: message), parts)
        return ControlAnswer(done: false, message: message)
    }

    /// What only a restart can change.
    private func fixedChange(in configuration: Configuration) -> String? {
        let old = plan.configuration.watch
        let new = configuration.watch
        if old.statePath != new.statePath {
            return "watch.state can only be changed by a restart (now \(old.statePath))"
        }
        if old.logPath != new.logPath {
            return "watch.log can only be changed by a restart (now \(old.logPath))"
        }
        return nil
    }

    /// Stores an event for the log and for `hooks`, by default those that are told of events.
    func record(
        _ event: EventRecord,
        _ parts: DaemonParts,
        hooks: [HookID]? = nil
    ) async {
        do {
            _ = try await parts.store.commit(
                [],
                records: [event.draft(hooks: hooks ?? plan.eventHooks)]
            )
            parts.deliverer.wake()
        } catch {
            logger.error("an event was not stored", metadata: ["message": "\(error.message)"])
        }
    }
}
