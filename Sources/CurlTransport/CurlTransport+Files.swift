import Dispatch
import FeedModel
import QueueExecution
import WatchCore

/// The requests for files: one is read at a time, beside the transport's queue, which must never
/// wait for a disk.
struct FileQueue {
    private var waiting = FIFO<(request: PollRequest, file: FeedFile)>()
    private var reading: PollRequest?
    /// Tells the results of files that were given up from those that are waited for.
    private(set) var round = 0

    /// Whether a file could be begun.
    var isWaiting: Bool { reading == nil && !waiting.isEmpty }

    /// Adds a request.
    mutating func add(_ request: PollRequest, _ file: FeedFile) { waiting.append((request, file)) }

    /// The next request, if none is under way.
    mutating func next() -> (request: PollRequest, file: FeedFile)? {
        guard reading == nil, let entry = waiting.popFirst() else { return nil }
        reading = entry.request
        return entry
    }

    /// The request that was under way has ended; nil: it was given up before.
    mutating func finish(round: Int) -> PollRequest? {
        guard round == self.round else { return nil }
        return reading.take()
    }

    /// Gives all requests up.
    mutating func removeAll() -> [PollRequest] {
        round += 1
        var requests = [reading.take()].compactMap { $0 }
        while let entry = waiting.popFirst() { requests.append(entry.request) }
        return requests
    }
}

extension CurlTransport {
    /// Begins the next file, as soon as there is memory for it.
    func readFiles() {
        guard files.isWaiting, budget.reserve(document: settings.limits.document) else { return }
        guard let (request, file) = files.next() else { return }
        let limits = settings.limits
        let round = files.round
        let queue = executor.queue
        disk.async {
            let start = DispatchTime.now().uptimeNanoseconds
            let outcome = file.read(limits: limits, validators: request.validators)
            let time = Duration.nanoseconds(
                Int64(DispatchTime.now().uptimeNanoseconds - start)
            )
            queue.async {
                self.assumeIsolated {
                    $0.finish(outcome, of: request, round: round, time: time, limits: limits)
                }
            }
        }
    }

    private func finish(
        _ outcome: Result<HTTPResponse, TransportFailure>,
        of request: PollRequest,
        round: Int,
        time: Duration,
        limits: Limits
    ) {
        budget.giveBack(limits.document.bytes)
        guard files.finish(round: round) != nil else { return }
        var outcome = outcome
        if case .success(var response) = outcome,
            response.body.count > BodyBudget.smallBody.bytes
        {
            budget.keep(response.body.count)
            response.lease = lease(response.body.count)
            outcome = .success(response)
        }
        finish(TransferResult(feed: request.feed, outcome: outcome, duration: time))
    }
}
