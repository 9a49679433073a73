internal import Delivery
internal import FeedModel
internal import Logging
internal import SQLiteStore
internal import ServiceHost
internal import WatchCore

/// The HTTP endpoint while it is there, and the page it gave last.
struct EndpointState: Sendable {
    /// Where it was asked to listen; nil: nowhere.
    var wanted: EndpointAddress?
    /// The endpoint; nil: it does not listen.
    var endpoint: HTTPEndpoint?
    /// Whether it is known that it cannot listen.
    var isFailing = false
    /// The last page of metrics, and when it was made, by uptime.
    var page: (text: String, time: Duration)?
}

/// Answering those who look after the daemon.
extension Daemon {
    /// How long a page of metrics is used again: many who ask are no more work than one.
    static let pageTime: Duration = .seconds(1)

    /// Listens where the configuration says so, and does not yet; tries again at each beat.
    ///
    /// Who cannot be asked how he does still watches: a failure is told once and ends nothing.
    func openEndpoint(_ parts: DaemonParts) async {
        guard endpointState.endpoint == nil, let address = plan.configuration.health.listen,
            !options.once
        else { return }
        do {
            try await listen(at: address, parts)
        } catch {
            if !endpointState.isFailing {
                logger.error(
                    "metrics are not served",
                    metadata: ["message": "\(error)"]
                )
            }
            endpointState.isFailing = true
        }
    }

    /// Listens at another address instead, or at none; where that fails all stays as it was.
    func moveEndpoint(
        to address: EndpointAddress?,
        _ parts: DaemonParts
    ) async throws(ControlError) {
        guard address != endpointState.wanted, !options.once else { return }
        let old = endpointState.endpoint
        if let address {
            try await listen(at: address, parts)
        } else {
            endpointState.endpoint = nil
        }
        endpointState.wanted = address
        await old?.stop()
    }

    private func listen(
        at address: EndpointAddress,
        _ parts: DaemonParts
    ) async throws(ControlError) {
        let endpoint = HTTPEndpoint(address) { [weak self] path in
            await self?.answer(path, parts)
        }
        let bound = try await endpoint.start()
        logger.info("serving metrics", metadata: ["message": "\(bound)"])
        endpointState.endpoint = endpoint
        endpointState.wanted = address
        endpointState.isFailing = false
    }

    /// The answer for a path; nil: there is nothing there.
    private func answer(_ path: String, _ parts: DaemonParts) async -> EndpointAnswer? {
        switch path {
        case "/metrics":
            return EndpointAnswer(
                status: 200,
                body: await metricsPage(parts),
                contentType: EndpointAnswer.metricsType
            )
        case "/readyz":
            guard let reason = await obstacle(parts) else {
                return EndpointAnswer(status: 200, body: "ready\n")
            }
            return EndpointAnswer(status: 503, body: reason + "\n")
        default: return nil
        }
    }

    /// The metrics of now, or of a moment ago.
    func metricsPage(_ parts: DaemonParts) async -> String {
        let uptime = clock.uptime()
        if let page = endpointState.page, uptime - page.time < Daemon.pageTime { return page.text }
        var waiting = 0
        for stream in LogStream.allCases {
            // The metrics are not worth an error of their own: the store's failure is told.
            waiting += (try? await parts.store.waitingLines(of: stream)) ?? 0
        }
        let text = MetricsPage.text(
            await parts.watcher.health,
            version: options.version,
            start: startTime,
            waitingLines: waiting,
            now: clock.now()
        )
        endpointState.page = (text, uptime)
        return text
    }

    /// What keeps the daemon from its work, for people; nil: nothing.
    func obstacle(_ parts: DaemonParts) async -> String? {
        guard isScheduled else { return "starting: no schedule was made yet" }
        if await parts.watcher.isStoreFailing { return "the state cannot be written" }
        do {
            _ = try await parts.store.position(of: .matches)
        } catch {
            return "the state cannot be read: \(error.message)"
        }
        let health = await parts.deliverer.health
        if let held = health.held.min(by: { $0.key.rawValue < $1.key.rawValue }) {
            return "\(held.key) are not written to their log: \(held.value)"
        }
        return nil
    }
}
