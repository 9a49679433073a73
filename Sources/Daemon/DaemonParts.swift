import CurlTransport
import Delivery
import Dispatch
import FeedModel
import FeedParsing
import SQLiteStore
import ServiceHost
import WatchCore
import Logging

/// The daemon could not start.
struct StartError: Error {
    /// Why, for people.
    let message: String
    /// Whether the disk cannot be trusted.
    let isFatal: Bool
}

/// The adapters, put together: the only place that names them all.
struct DaemonParts: Sendable {
    /// The state.
    let store: SQLiteStore
    /// The machine's clocks.
    let clock: SystemClock
    /// The log and the hooks.
    let deliverer: Deliverer
    /// HTTP.
    let transport: CurlTransport
    /// HTTP and mail of hooks.
    let courier: CurlCourier
    /// Schedule and pipeline.
    let watcher: Watcher
    /// Where `feedwatch reload` asks; nil in mode once.
    let control: ControlSocket?
    /// Where signals arrive.
    let signalQueue = DispatchQueue(label: "feedwatch.signals")

    /// Opens the state and builds the rest around it.
    init(
        options: DaemonOptions,
        plan: WatchPlan,
        clock: SystemClock,
        post: AsyncStream<DaemonEvent>.Continuation
    ) throws(StoreError) {
        let configuration = options.configuration
        self.clock = clock
        store = try SQLiteStore(directory: configuration.watch.statePath)
        let userAgent = DaemonOptions.userAgent(
            version: options.version,
            contact: configuration.watch.contact
        )
        courier = CurlCourier(limits: configuration.limits, userAgent: userAgent)
        var setup = Deliverer.Setup(
            outbox: store,
            logs: [
                .matches: configuration.watch.logPath,
                .events: DaemonParts.eventLogPath(besides: configuration.watch.logPath),
            ],
            hooks: configuration.hooks,
            clock: clock,
            workingDirectory: configuration.watch.statePath,
            bootID: currentBootID(),
            report: { post.yield(.delivery($0)) }
        )
        setup.courier = courier
        setup.rotation = configuration.watch.rotation
        deliverer = Deliverer(setup)
        watcher = Watcher(
            mode: options.once ? .once : .daemon,
            plan: plan,
            clock: clock,
            store: store,
            pipeline: PollPipeline(reader: FeedParser(), store: store),
            logger: options.logger,
            notify: { post.yield(.notice($0)) }
        )
        transport = CurlTransport(
            limits: configuration.limits,
            userAgent: userAgent,
            onFinished: watcher.received
        )
        control =
            options.once
            ? nil
            : ControlSocket(
                path: options.environment.controlPath(statePath: configuration.watch.statePath)
            ) { request in
                await withCheckedContinuation { continuation in
                    post.yield(.asked(request) { continuation.resume(returning: $0) })
                }
            }
    }

    /// Closes the state; what keeps that from succeeding goes to the log.
    func close(_ logger: Logger) async {
        do {
            try await store.close()
        } catch {
            logger.error("the state was not closed", metadata: ["message": "\(error.message)"])
        }
    }

    /// The event log's path: `events.jsonl` beside the match log.
    static func eventLogPath(besides logPath: String) -> String {
        let folder = logPath.lastIndex(of: "/").map { logPath[...$0] } ?? ""
        return folder + "events.jsonl"
    }
}
