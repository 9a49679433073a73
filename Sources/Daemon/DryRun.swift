internal import CurlTransport
internal import Dispatch
internal import FeedParsing
internal import ServiceHost
package import WatchCore

/// Polls and matches like the daemon, and writes nothing: neither state nor log nor hooks.
package enum DryRun {
    /// Runs until interrupted or, in mode once, until each feed was polled once.
    ///
    /// Every feed is taken as new and its items are matched; `show` gets each line that would be
    /// logged.
    package static func run(
        _ options: DaemonOptions,
        show: @escaping @Sendable (LogDraft) -> Void
    ) async -> DaemonExit {
        var configuration = options.configuration
        configuration.watch.baseline = .match
        let (events, post) = AsyncStream<DaemonEvent>.makeStream()
        let store = DryRunStore { line in
            if line.stream == .matches { show(line) }
        }
        let watcher = Watcher(
            mode: options.once ? .once : .daemon,
            plan: WatchPlan(configuration),
            clock: SystemClock(),
            store: store,
            pipeline: PollPipeline(reader: FeedParser(), store: store),
            logger: options.logger,
            notify: { post.yield(.notice($0)) }
        )
        let transport = CurlTransport(
            limits: configuration.limits,
            userAgent: DaemonOptions.userAgent(
                version: options.version,
                contact: configuration.watch.contact
            ),
            onFinished: watcher.received
        )
        let signals = SignalListener(on: .global()) { post.yield(.signal($0)) }
        await signals.activate()
        await watcher.attach(transport)
        do {
            try await watcher.start()
        } catch {
            return .failed(message: error.message)
        }
        let exit = await serve(events)
        signals.cancel()
        await watcher.stop()
        await transport.stop()
        return exit
    }

    private static func serve(_ events: AsyncStream<DaemonEvent>) async -> DaemonExit {
        for await event in events {
            switch event {
            case .signal(.terminate), .notice(.finished): return .done
            case .signal(.interrupt): return .interrupted
            case .notice(.storeFailed(let error)): return .failed(message: error.message)
            case .signal, .asked, .notice, .delivery, .heartbeat, .drained: continue
            }
        }
        return .done
    }
}
