import CCurl
import Dispatch
import FeedModel
package import QueueExecution
package import WatchCore

/// Carries out requests with libcurl, all on one queue and in one multi handle.
///
/// libcurl's sockets lie in one epoll set that one dispatch source watches; its timer is another.
/// Requests wait here until they have a place (`RequestQueue`). What finishes at about the same time
/// is handed over in one batch. The owner ends the transport's life with `stop()`.
///
/// Limits and safety are those of docs/hardening.md: http and https only, every connection's
/// address judged, sizes counted after decompression, all times limited, redirects followed by our
/// own rules, nothing taken from the environment.
package actor CurlTransport: Transport {
    /// The queue that everything runs on.
    package nonisolated let executor = QueueExecutor(label: "feedwatch.transport")

    /// The queue's executor.
    // SAFETY: the actor holds the executor for all its life.
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    /// How long a turn may go on while others wait for the queue, in nanoseconds.
    private static let turnLimit: UInt64 = 10_000_000

    /// How long a hop waits for a descriptor before it tries again, in nanoseconds.
    private static let shortageWait: UInt64 = 250_000_000
    /// How long, in nanoseconds, what has finished may wait for more of it.
    private static let handOverWait: UInt64 = 20_000_000

    private let multi = MultiHandle()
    private let sessions = TLSSessions()
    private let unpacker = GzipUnpacker()
    let budget: BodyBudget
    private let onFinished: @Sendable ([TransferResult]) -> Void
    private var sources: Sources?
    private(set) var settings: TransferSettings
    private var queue: RequestQueue
    private var active: [Transfer] = []
    private var pool: [Transfer] = []
    /// Active transfers that wait for memory.
    private var setAside = FIFO<Transfer>()
    /// Active transfers that wait for a descriptor, and when they try again.
    private var short = FIFO<Transfer>()
    private var shortageEnd: UInt64?
    /// Where files are read.
    let disk = DispatchQueue(label: "feedwatch.files")
    /// Feeds that are files.
    var files = FileQueue()
    private var finished: [TransferResult] = []
    /// When that is handed over at the latest; nil: there is nothing.
    private var handOverTime: UInt64?
    /// When the timer will fire, by the monotonic clock in nanoseconds.
    private var alarm = UInt64.max
    private var isStopped = false

    /// What wakes the transport.
    private struct Sources {
        let sockets: any DispatchSourceRead
        let timer: any DispatchSourceTimer
    }

    /// A transport that hands results to `onFinished`, on its own queue, a turn's worth at a time.
    package init(
        limits: Limits,
        userAgent: String,
        onFinished: @escaping @Sendable ([TransferResult]) -> Void
    ) {
        self.onFinished = onFinished
        settings = TransferSettings(limits: limits, userAgent: userAgent)
        queue = RequestQueue(limits: limits)
        budget = BodyBudget(document: limits.document)
        multi.apply(limits)
    }

    /// Starts transfers, in order as far as the limits allow.
    package func start(_ requests: [PollRequest]) {
        for request in requests { enqueue(request) }
        turn()
    }

    /// Ends all transfers; each results in `FailureReason.cancelled`.
    package func cancelAll() {
        for entry in queue.removeWaiting() {
            reject(entry.request, TransportFailure(reason: .cancelled, message: "cancelled"))
        }
        for request in files.removeAll() {
            reject(request, TransportFailure(reason: .cancelled, message: "cancelled"))
        }
        let now = Self.now()
        setAside = FIFO()
        short = FIFO()
        while let transfer = active.last {
            if transfer.isAdded { multi.remove(transfer) }
            retire(transfer, .failure(transfer.failed(.cancelled, "cancelled")), now: now)
        }
        handOver()
    }

    /// Lets other limits and another User-Agent hold for requests that have not begun.
    package func update(limits: Limits, userAgent: String) {
        guard !isStopped else { return }
        settings = TransferSettings(limits: limits, userAgent: userAgent)
        multi.apply(limits)
        budget.update(document: limits.document)
        queue.update(limits: limits)
        turn()
    }

    /// Does nothing: that it returns shows that the queue is not stuck.
    package func answer() {}

    /// Ends all transfers as cancelled and lets go of everything; whatever is started later is
    /// cancelled at once.
    package func stop() {
        guard !isStopped else { return }
        cancelAll()
        isStopped = true
        pool.removeAll()
        multi.close()
        sources?.timer.cancel()
        sources?.sockets.cancel()
        sources = nil
    }

    // MARK: A turn

    /// Lets libcurl work until nothing is ready, hands over what has finished, sets the alarm.
    private func turn() {
        guard !isStopped else { return handOver() }
        if sources == nil { sources = makeSources() }
        let start = Self.now()
        var now = start
        var isBusy: Bool
        repeat {
            startWaiting(now: now)
            isBusy = multi.handleDeadline(now: now)
            if multi.handleReadySockets(until: start + Self.turnLimit) { isBusy = true }
            now = Self.now()
            while let (transfer, code) = multi.nextFinished() {
                end(transfer, code, now: now)
                isBusy = true
            }
        } while isBusy && now - start < Self.turnLimit
        startWaiting(now: now)
        handOverIfDue(now: now)
        setAlarm()
    }

    private func startWaiting(now: UInt64) {
        readFiles()
        tryShortAgain(now: now)
        while let transfer = setAside.first, transfer.beginAnew(now: now) {
            _ = setAside.popFirst()
            multi.add(transfer)
        }
        budget.isContested = !setAside.isEmpty
        while let ticket = queue.next() {
            let transfer =
                pool.popLast()
                ?? Transfer(
                    settings: settings,
                    ticket: ticket,
                    budget: budget,
                    sessions: sessions,
                    unpacker: unpacker
                )
            transfer.begin(ticket, settings: settings, now: now)
            transfer.index = active.count
            active.append(transfer)
            multi.add(transfer)
        }
    }

    private func end(_ transfer: Transfer, _ code: CURLcode, now: UInt64) {
        multi.remove(transfer)
        transfer.tracer?.end(transfer.easy)
        switch transfer.judge(code) {
        case .response(var response, let leased):
            if leased > 0 { response.lease = lease(leased) }
            retire(transfer, .success(response), now: now)
        case .failure(let failure): retire(transfer, .failure(failure), now: now)
        case .redirect(let status, let target):
            guard let left = transfer.timeLeft(at: now) else {
                return retire(transfer, .failure(transfer.timeIsUp()), now: now)
            }
            transfer.follow(to: target, status: status, timeLeft: left)
            multi.add(transfer)
        case .setAside:
            transfer.recorder.giveBackShare()
            setAside.append(transfer)
            budget.isContested = true
        case .shortage:
            guard transfer.timeLeft(at: now) != nil else {
                return retire(transfer, .failure(transfer.shortageLasted()), now: now)
            }
            short.append(transfer)
            shortageEnd = shortageEnd ?? now + Self.shortageWait
        }
    }

    /// Makes the hops anew for which this process had no descriptor a while ago.
    private func tryShortAgain(now: UInt64) {
        guard let moment = shortageEnd, moment <= now else { return }
        shortageEnd = nil
        var waiting = short
        short = FIFO()
        while let transfer = waiting.popFirst() {
            guard let left = transfer.timeLeft(at: now) else {
                retire(transfer, .failure(transfer.shortageLasted()), now: now)
                continue
            }
            transfer.tryAgain(timeLeft: left)
            multi.add(transfer)
        }
    }

    /// Counts a body that is handed over until its lease ends.
    func lease(_ bytes: Int) -> BodyLease {
        let transport = self
        return BodyLease {
            transport.executor.queue.async { transport.assumeIsolated { $0.takeBack(bytes) } }
        }
    }

    private func takeBack(_ bytes: Int) {
        budget.giveBack(bytes)
        if !setAside.isEmpty || files.isWaiting { turn() }
    }

    /// Lays a transfer that libcurl has let go of into the pool, and reports its end.
    private func retire(
        _ transfer: Transfer,
        _ outcome: Result<HTTPResponse, TransportFailure>,
        now: UInt64
    ) {
        if let last = active.popLast(), last !== transfer {
            active[transfer.index] = last
            last.index = transfer.index
        }
        let ticket = transfer.ticket
        var result = TransferResult(
            feed: ticket.request.feed,
            outcome: outcome,
            duration: .nanoseconds(Int64(now - transfer.startTime))
        )
        result.trace = transfer.tracer?.hops ?? []
        queue.finish(ticket, transfer.lesson(from: outcome))
        transfer.end()
        if pool.count < settings.limits.connections { pool.append(transfer) }
        finished.append(result)
    }

    /// Takes the outcome of a request that libcurl had nothing to do with.
    func finish(_ result: TransferResult) {
        finished.append(result)
        turn()
    }

    /// Hands over what has finished: at once where nothing else is under way, else several
    /// together, as each time costs two wake-ups of other queues.
    private func handOverIfDue(now: UInt64) {
        guard !finished.isEmpty else { return }
        let time = handOverTime ?? now + Self.handOverWait
        handOverTime = time
        let isEnough = finished.count * 4 >= settings.limits.connections
        if isEnough || active.isEmpty || time <= now { handOver() }
    }

    private func handOver() {
        handOverTime = nil
        guard !finished.isEmpty else { return }
        let batch = finished
        finished = []
        onFinished(batch)
    }

    // MARK: Starting

    private func enqueue(_ request: PollRequest) {
        guard !isStopped else {
            let failure = TransportFailure(reason: .cancelled, message: "cancelled")
            return reject(request, failure)
        }
        if let header = RequestHeaderList.unusable(in: request) {
            let message = "the header field \(header.name.debugDescription) cannot be sent"
            return reject(request, TransportFailure(reason: .badURL, message: message))
        }
        if let file = FeedFile(request.url) { return files.add(request, file) }
        do throws(WebAddress.Flaw) {
            let address = try WebAddress(request.url)
            if request.options.usesProxy,
                !settings.addresses.permitsThroughProxy(host: address.host)
            {
                let message = "\(address.host) is no public address"
                return reject(request, TransportFailure(reason: .addressBlocked, message: message))
            }
            queue.add(request, at: address)
        } catch {
            reject(request, TransportFailure(reason: .badURL, message: error.description))
        }
    }

    private func reject(_ request: PollRequest, _ failure: TransportFailure) {
        finished.append(TransferResult(feed: request.feed, outcome: .failure(failure)))
    }

    // MARK: Waking up

    private func makeSources() -> Sources {
        let queue = executor.queue
        let descriptor = multi.sockets.descriptor
        let sockets = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        sockets.setEventHandler { self.turn() }
        // The set is closed with its owner, and that not before the source is done.
        let timer = DispatchSource.makeTimerSource(queue: queue)
        timer.schedule(deadline: .distantFuture)
        timer.setEventHandler {
            self.alarm = .max
            self.turn()
        }
        sockets.setCancelHandler { self.keepAlive() }
        sockets.activate()
        timer.activate()
        return Sources(sockets: sockets, timer: timer)
    }

    /// Sets the timer to libcurl's deadline.
    ///
    /// An earlier alarm is left alone: it finds nothing to do and sets the next, which is cheaper
    /// than to move it with each transfer.
    private func setAlarm() {
        guard let deadline = [multi.deadline, shortageEnd, handOverTime].compactMap({ $0 }).min(),
            deadline < alarm
        else { return }
        alarm = deadline
        sources?.timer.schedule(
            deadline: DispatchTime(uptimeNanoseconds: deadline),
            leeway: .milliseconds(1)
        )
    }

    /// Holds the multi handle, and so the epoll set, until the source has let go of it.
    private func keepAlive() {}

    private static func now() -> UInt64 { DispatchTime.now().uptimeNanoseconds }
}
