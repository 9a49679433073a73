import FlyingFox

/// Answers requests: holds the feeds, what is published of them, their faults and the log.
actor LabResponder {
    private var feeds: [String: LabFeed] = [:]
    private var paths: [String: String] = [:]
    private var steps: Set<String> = []
    private var editions: [String: (edition: Int, representation: Representation)] = [:]
    private let expectations: [LabExpectation]
    private let many: ManyFeeds
    private let started = ContinuousClock.now

    /// The requests so far, in order of arrival.
    private(set) var requests: [LabRequest] = []
    private var cleared = 0
    private var waiters: [Int: Waiter] = [:]
    private var nextWaiter = 0

    /// A responder for a site and so many generated feeds.
    init(site: LabSite, many: ManyFeeds) {
        expectations = site.expectations
        self.many = many
        for feed in site.feeds {
            feeds[feed.path] = feed
            paths[feed.id] = feed.path
        }
    }

    // MARK: Feeds

    /// Adds a feed, or replaces the one at its path.
    func add(_ feed: LabFeed) {
        feeds[feed.path] = feed
        paths[feed.id] = feed.path
        forgetEditions(of: feed.path)
    }

    /// Changes how a feed's older items are paged.
    func page(_ name: String, _ paging: LabPaging?) throws(LabError) {
        try change(name) { $0.paging = paging }
    }

    /// Changes a feed, named by id or path.
    func change(_ name: String, _ body: (inout LabFeed) -> Void) throws(LabError) {
        let path = paths[name] ?? name
        guard var feed = feeds[path] ?? many.feed(at: path) else { throw .unknownFeed(name) }
        body(&feed)
        add(feed)
    }

    /// Publishes the items that wait for a step; answers how many.
    func publish(step: String) -> Int {
        guard steps.insert(step).inserted else { return 0 }
        return feeds.values.reduce(0) { sum, feed in
            sum + feed.document.items.count { $0.step == step }
        }
    }

    /// The expectations whose items are published by now.
    func published() -> [LabExpectation] {
        let elapsed = started.duration(to: .now)
        let ofSite = expectations.filter { expectation in
            guard let path = paths[expectation.feed], let feed = feeds[path] else { return false }
            let name = Array(expectation.item.utf8)
            return feed.shown(steps: steps, elapsed: elapsed).contains {
                $0.firstRange(of: name) != nil
            }
        }
        return ofSite + many.expectations
    }

    /// The feeds' ids and paths, in the order of their paths.
    func index() -> [(id: String, path: String)] {
        feeds.values.map { ($0.id, $0.path) }.sorted { $0.path < $1.path }
    }

    // MARK: Answers

    /// The answer to a request for a feed.
    func respond(to request: HTTPRequest) async throws -> HTTPResponse {
        let number = note(request)
        let response = try await answer(request)
        finish(number, response.statusCode.code)
        return response
    }

    private func answer(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard let feed = feeds[request.path] ?? many.feed(at: request.path) else {
            return HTTPResponse(statusCode: .notFound)
        }
        let page = feed.page { name in request.query.first { $0.name == name }?.value }
        let right = representation(of: feed, page: page, for: request)
        let pageFault = page.flatMap { feed.paging?.faults[$0] }
        let fault = try pageFault.map { text throws(LabError) in try LabFault(text: text) }
        guard let fault = fault ?? feed.fault else { return right.response(to: request) }
        return try await FaultyResponse.make(fault, right: right, to: request)
    }

    private func representation(
        of feed: LabFeed,
        page: Int?,
        for request: HTTPRequest
    ) -> Representation {
        let accepted = request.headers[HTTPHeader("Accept-Encoding")] ?? ""
        let acceptsGzip = accepted.lowercased().contains("gzip")
        let elapsed = started.duration(to: .now)
        let edition = feed.edition(steps: steps, elapsed: elapsed)
        let key = (acceptsGzip ? "gzip " : "plain ") + feed.path
        if page == nil, let kept = editions[key], kept.edition == edition {
            return kept.representation
        }
        let representation = Representation(
            of: feed,
            page: page,
            steps: steps,
            elapsed: elapsed,
            acceptsGzip: acceptsGzip
        )
        // Pages are asked for seldom: they are not kept.
        if page == nil { editions[key] = (edition, representation) }
        return representation
    }

    private func forgetEditions(of path: String) {
        editions["gzip " + path] = nil
        editions["plain " + path] = nil
    }

    // MARK: The log

    /// Forgets the requests so far.
    func clearRequests() {
        cleared += requests.count
        requests = []
    }

    /// Waits until the log satisfies a condition; false if that takes longer than the limit.
    func wait(
        within limit: Duration,
        until condition: @escaping @Sendable ([LabRequest]) -> Bool
    ) async -> Bool {
        if condition(requests) { return true }
        let id = nextWaiter
        nextWaiter += 1
        let alarm = Task {
            // A cancelled alarm has nothing to say: its waiter is gone.
            guard (try? await Task.sleep(for: limit)) != nil else { return }
            self.giveUp(id)
        }
        defer { alarm.cancel() }
        return await withCheckedContinuation { continuation in
            waiters[id] = Waiter(condition: condition, continuation: continuation)
        }
    }

    private func note(_ request: HTTPRequest) -> Int {
        requests.append(
            LabRequest(
                method: request.method.rawValue,
                path: request.target.rawValue,
                ifNoneMatch: request.headers[HTTPHeader("If-None-Match")],
                ifModifiedSince: request.headers[HTTPHeader("If-Modified-Since")],
                userAgent: request.headers[HTTPHeader("User-Agent")],
                acceptEncoding: request.headers[HTTPHeader("Accept-Encoding")],
                authorization: request.headers[HTTPHeader("Authorization")],
                key: request.headers[HTTPHeader("X-Api-Key")],
                host: request.headers[.host],
                milliseconds: started.duration(to: .now).inMilliseconds
            )
        )
        wake()
        return cleared + requests.count - 1
    }

    private func finish(_ number: Int, _ status: Int) {
        guard number >= cleared else { return }
        requests[number - cleared].status = status
        wake()
    }

    private func wake() {
        for (id, waiter) in waiters where waiter.condition(requests) {
            waiters[id] = nil
            waiter.continuation.resume(returning: true)
        }
    }

    private func giveUp(_ id: Int) {
        waiters.removeValue(forKey: id)?.continuation.resume(returning: false)
    }
}

/// Somebody who waits for the log to say something.
private struct Waiter {
    let condition: @Sendable ([LabRequest]) -> Bool
    let continuation: CheckedContinuation<Bool, Never>
}

extension Duration {
    /// The whole milliseconds.
    fileprivate var inMilliseconds: Int {
        Int(components.seconds) * 1_000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}
