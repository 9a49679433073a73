import WatchCore

/// Finished transfers on their way to the pipeline: as many as one transaction should hold.
struct TransferBatch {
    /// A batch of so many transfers is full.
    static let countLimit = 200
    /// A batch of so many bytes is full.
    static let byteLimit = 2 << 20
    /// No transfer starts while so many bytes wait.
    static let backlogLimit = 6 << 20
    /// A batch that has waited so long is worked on however small it is.
    static let timeLimit: Duration = .milliseconds(250)

    private var results: [TransferResult] = []
    /// How many bytes of documents wait.
    private(set) var bytes = 0
    /// Since when the first transfer has waited, by uptime.
    private(set) var since: Duration?

    /// Whether nothing waits.
    var isEmpty: Bool { results.isEmpty }

    /// Adds transfers that finished at `uptime`.
    mutating func append(_ more: [TransferResult], at uptime: Duration) {
        if results.isEmpty, !more.isEmpty { since = uptime }
        results.append(contentsOf: more)
        for result in more {
            if case .success(let response) = result.outcome { bytes += response.body.count }
        }
    }

    /// Whether the batch should be worked on at `uptime`.
    func isFull(at uptime: Duration) -> Bool {
        guard let since else { return false }
        return results.count >= TransferBatch.countLimit || bytes >= TransferBatch.byteLimit
            || uptime - since >= TransferBatch.timeLimit
    }

    /// Takes all that waits.
    mutating func take() -> [TransferResult] {
        defer { self = TransferBatch() }
        return results
    }
}
