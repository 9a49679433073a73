import CurlTransport
import Dispatch
import FeedModel
import Synchronization
import Testing
import WatchCore

/// A transport whose results can be waited for.
final class Fetcher: Sendable {
    private struct State {
        var batches: [[TransferResult]] = []
        var wanted = Int.max
        var waiter: CheckedContinuation<Void, Never>?

        var count: Int { batches.reduce(0) { $0 + $1.count } }
    }

    /// The transport.
    let transport: CurlTransport

    private let state: Box

    /// The state, which the transport's handler shares.
    private final class Box: Sendable { let value = Mutex(State()) }

    /// A transport that may reach loopback addresses, unless other limits say otherwise.
    ///
    /// With `keepsBodies` false, what is reported of a document is its size, as a header field.
    init(_ limits: Limits = .loopback, keepsBodies: Bool = true) {
        let state = Box()
        self.state = state
        transport = CurlTransport(limits: limits, userAgent: "feedwatch-test/1") { batch in
            let batch = keepsBodies ? batch : batch.map(\.withoutBody)
            let waiter = state.value.withLock { state in
                state.batches.append(batch)
                return state.count >= state.wanted ? state.waiter.take() : nil
            }
            waiter?.resume()
        }
    }

    /// Lets go of all bodies so far.
    func letGo() {
        let held = state.value.withLock { state in
            let held = state.batches
            state.batches = held.map { $0.map(\.withoutBody) }
            return held
        }
        withExtendedLifetime(held) {}
    }

    /// Everything reported so far, by batch.
    var batches: [[TransferResult]] { state.value.withLock { $0.batches } }

    /// Waits until `count` results are there in all, at most 30 seconds.
    func results(_ count: Int) async -> [TransferResult] {
        let state = state
        await withCheckedContinuation { waiter in
            let isThere = state.value.withLock { state in
                guard state.count < count else { return true }
                state.wanted = count
                state.waiter = waiter
                return false
            }
            if isThere { waiter.resume() }
            DispatchQueue.global()
                .asyncAfter(deadline: .now() + 30) {
                    let waiter = state.value.withLock {
                        $0.wanted == count ? $0.waiter.take() : nil
                    }
                    waiter?.resume()
                }
        }
        return batches.flatMap { $0 }
    }

    /// Starts requests.
    func start(_ requests: [PollRequest]) async { await transport.start(requests) }

    /// Ends the transport.
    func stop() async { await transport.stop() }

    /// Carries out one request more and gives its result.
    func fetch(_ request: PollRequest) async throws -> TransferResult {
        let before = batches.reduce(0) { $0 + $1.count }
        await transport.start([request])
        return try #require(await results(before + 1).last)
    }
}

extension Limits {
    /// The defaults, with loopback addresses allowed and times that suit tests.
    static var loopback: Limits {
        var limits = Limits()
        limits.allowNetworks = [NetworkRange(address: [127, 0, 0, 0], prefixLength: 8)]
        limits.responseTime = .seconds(20)
        return limits
    }

    /// The loopback limits with changes.
    static func loopback(_ change: (inout Limits) -> Void) -> Limits {
        var limits = loopback
        change(&limits)
        return limits
    }
}

extension PollRequest {
    /// A request with validators and fields.
    init(
        _ url: String,
        validators: Validators = Validators(),
        headers: [RequestHeader] = []
    ) {
        self.init(feed: FeedID(url), url: url)
        self.validators = validators
        self.headers = headers
    }
}

extension TransferResult {
    /// The response, or nil.
    var response: HTTPResponse? { try? outcome.get() }

    /// The failure, or nil.
    var failure: TransportFailure? {
        if case .failure(let failure) = outcome { failure } else { nil }
    }

    /// The result without a body; its size stands in the first header field.
    var withoutBody: TransferResult {
        guard let response else { return self }
        var result = self
        let size = HeaderField(name: "size", value: "\(response.body.count)")
        let short = HTTPResponse(status: response.status, headers: [size], url: response.url)
        result.outcome = .success(short)
        return result
    }

    /// The body as text.
    var text: String? { response.map { String(decoding: $0.body, as: UTF8.self) } }
}

/// Carries out one request with a transport of its own.
func fetch(_ request: PollRequest, _ limits: Limits = .loopback) async throws -> TransferResult {
    let fetcher = Fetcher(limits)
    let result = try await fetcher.fetch(request)
    await fetcher.stop()
    return result
}

/// Carries out one request to `url` with a transport of its own.
func fetch(_ url: String, _ limits: Limits = .loopback) async throws -> TransferResult {
    try await fetch(PollRequest(url), limits)
}
