import WatchCore

/// Finished transfers on their way to the pipeline: as many as one transaction should hold.
///
/// A large document makes a batch of its own, in turn with those of small ones: however long it
/// takes to read, what the other feeds bring waits for one such document at most.
struct TransferBatch {
    /// A batch of so many transfers is full.
    static let countLimit = 200
    /// A batch of so many bytes is full.
    static let byteLimit = 2 << 20
    /// No transfer starts while so many bytes of small documents wait; the transport counts the
    /// large ones.
    static let backlogLimit = 1 << 20
    /// A batch that has waited so long is worked on however small it is.
    static let timeLimit: Duration = .milliseconds(250)
    /// From this size on a document is large.
    static let largeSize = 512 << 10

    private var small: [TransferResult] = []
    private var large: [TransferResult] = []
    /// Whether it is a large document's turn.
    private var isLargeNext = false
    /// How many bytes of small documents wait.
    private(set) var bytes = 0
    /// Since when a transfer has waited, by uptime.
    private(set) var since: Duration?

    /// Whether nothing waits.
    var isEmpty: Bool { small.isEmpty && large.isEmpty }

    /// Adds transfers that finished at `uptime`.
    mutating func append(_ more: [TransferResult], at uptime: Duration) {
        if isEmpty, !more.isEmpty { since = uptime }
        for result in more {
            var size = 0
            if case .success(let response) = result.outcome { size = response.body.count }
            if size < TransferBatch.largeSize {
                small.append(result)
                bytes += size
            } else {
                large.append(result)
            }
        }
    }

    /// Whether the batch should be worked on at `uptime`.
    func isFull(at uptime: Duration) -> Bool {
        guard let since else { return false }
        return !large.isEmpty || small.count >= TransferBatch.countLimit
            || bytes >= TransferBatch.byteLimit || uptime - since >= TransferBatch.timeLimit
    }

    /// Takes all small ones that wait, or one large one.
    mutating func take() -> [TransferResult] {
        defer { if isEmpty { since = nil } }
        if !large.isEmpty, isLargeNext || small.isEmpty {
            isLargeNext = false
            return [large.removeFirst()]
        }
        isLargeNext = true
        bytes = 0
        defer { small = [] }
        return small
    }
}
