import FlyingFox
import FlyingSocks
import Glibc

/// A scripted web server of feeds on loopback, for the demo, the tests and the benchmarks.
///
/// It serves the feeds of a site and, if asked, any number of generated ones under `/many/`;
/// sends validators and answers 304 only to what it sent; publishes items on a script or on
/// call; misbehaves as told; and keeps a log of its requests. Any task may call it.
package final class FeedLab: Sendable {
    /// The port it listens on.
    package let port: UInt16
    private let responder: LabResponder
    private let server: HTTPServer
    private let running: Task<Void, any Error>

    /// The address before all paths, without a slash at its end.
    package var baseURL: String { "http://127.0.0.1:\(port)" }

    /// Starts a lab that listens when this returns; port 0 takes a free one.
    package static func start(
        port: UInt16 = 0,
        site: LabSite = LabSite(),
        manyFeeds: Int = 0
    ) async throws -> FeedLab {
        let responder = LabResponder(site: site, many: ManyFeeds(count: manyFeeds))
        let control = LabControl(responder: responder)
        let configuration = HTTPServer.Configuration(
            address: try sockaddr_in.inet(ip4: "127.0.0.1", port: port),
            timeout: 86_400,
            pool: LabSocketPool(over: HTTPServer.defaultPool()),
            logger: .disabled
        )
        let server = HTTPServer(
            config: configuration,
            handler: ClosureHTTPHandler { request in
                if request.path.hasPrefix("/lab/") { return try await control.respond(to: request) }
                return try await responder.respond(to: request)
            }
        )
        let listening = Task { try await server.waitUntilListening() }
        let running = Task {
            defer { listening.cancel() }
            try await server.run()
        }
        do {
            try await listening.value
        } catch {
            // The server's own error says more than that nobody waits any longer.
            try await running.value
            throw LabError.notListening
        }
        guard case .ip4(_, let port) = await server.listeningAddress else {
            throw LabError.notListening
        }
        return FeedLab(port: port, responder: responder, server: server, running: running)
    }

    private init(
        port: UInt16,
        responder: LabResponder,
        server: HTTPServer,
        running: Task<Void, any Error>
    ) {
        self.port = port
        self.responder = responder
        self.server = server
        self.running = running
    }

    /// Stops listening, closes all connections and returns when that is done.
    package func stop() async {
        await server.stop(timeout: 0)
        running.cancel()
        // How the server ended does not matter any more.
        _ = try? await running.value
    }

    /// The address of a path.
    package func url(_ path: String) -> String { baseURL + path }
}

extension FeedLab {
    /// Adds a feed, or replaces the one at its path.
    package func add(_ feed: LabFeed) async { await responder.add(feed) }

    /// Puts an item on top of a feed, named by id or path.
    package func publish(feed: String, item: LabItem) async throws(LabError) {
        try await responder.change(feed) { $0.publish(item) }
    }

    /// Publishes the items that wait for a step; answers how many.
    @discardableResult
    package func publish(step: String) async -> Int { await responder.publish(step: step) }

    /// Makes a feed, named by id or path, misbehave; nil makes it well again.
    package func set(fault: LabFault?, for feed: String) async throws(LabError) {
        try await responder.change(feed) { $0.fault = fault }
    }

    /// Changes how a feed's older items are paged.
    package func set(paging: LabPaging?, for feed: String) async throws(LabError) {
        try await responder.page(feed, paging)
    }

    /// The requests for feeds so far, in order of arrival.
    package var requests: [LabRequest] {
        get async { await responder.requests }
    }

    /// Forgets the requests so far.
    package func clearRequests() async { await responder.clearRequests() }

    /// Waits until the request log satisfies a condition; false if the limit passes first.
    package func wait(
        within limit: Duration = .seconds(10),
        until condition: @escaping @Sendable ([LabRequest]) -> Bool
    ) async -> Bool {
        await responder.wait(within: limit, until: condition)
    }

    /// The expectations whose items are published by now.
    package var publishedExpectations: [LabExpectation] {
        get async { await responder.published() }
    }

    /// What is to come of the planted items of so many generated feeds.
    package static func manyExpectations(count: Int) -> [LabExpectation] {
        ManyFeeds(count: count).expectations
    }
}
