internal import CurlTransport
package import FeedModel
internal import FeedParsing
package import WatchCore

/// Makes single requests, as the daemon would make them, and tells all about them.
///
/// For people who look at one address; one request at a time.
package actor Probe {
    private let transport: CurlTransport
    private let results: AsyncStream<[TransferResult]>

    /// A probe that keeps to limits.
    package init(limits: Limits, userAgent: String) {
        let (stream, post) = AsyncStream<[TransferResult]>.makeStream()
        results = stream
        transport = CurlTransport(limits: limits, userAgent: userAgent) { post.yield($0) }
    }

    /// Makes one request, with a trace.
    package func fetch(_ request: PollRequest) async -> TransferResult {
        var request = request
        request.isTraced = true
        await transport.start([request])
        for await batch in results {
            if let result = batch.first { return result }
        }
        let failure = TransportFailure(reason: .cancelled, message: "cancelled")
        return TransferResult(feed: request.feed, outcome: .failure(failure))
    }

    /// Lets go of all connections.
    package func stop() async { await transport.stop() }

    /// Reads the document of a response.
    package nonisolated func read(_ response: HTTPResponse) -> DocumentReading {
        FeedParser().read(
            response.body,
            hints: DocumentHints(
                url: response.url,
                contentType: response.header("content-type"),
                contentLocation: response.header("content-location"),
                contentLanguage: response.header("content-language")
            )
        )
    }
}
