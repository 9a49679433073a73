import CCurl
import Dispatch
package import QueueExecution
package import WatchCore

/// Carries hooks' messages with libcurl: HTTP POST and SMTP, all on one queue of its own.
///
/// The rules are those of docs/hardening.md: every connection's address judged, TLS checked, all
/// times and sizes limited, nothing taken from the environment; no redirect is followed. The owner
/// ends its life with `stop()`.
package actor CurlCourier: Courier {
    /// The queue that everything runs on.
    package nonisolated let executor = QueueExecutor(label: "feedwatch.courier")

    /// The queue's executor.
    // SAFETY: the actor holds the executor for all its life.
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    private let multi = CourierMulti()
    private var settings: TransferSettings
    private var trips: [UnsafeMutableRawPointer: Trip] = [:]
    private var sources: (sockets: any DispatchSourceRead, timer: any DispatchSourceTimer)?
    private var isStopped = false

    /// A message on its way, and who waits for it.
    private enum Trip {
        case post(CourierTransfer, CheckedContinuation<Result<HTTPAnswer, TransportFailure>, Never>)
        case letter(CourierTransfer, CheckedContinuation<Result<String, MailFailure>, Never>)

        var transfer: CourierTransfer {
            switch self {
            case .post(let transfer, _), .letter(let transfer, _): transfer
            }
        }
    }

    /// A courier that says who it is by `userAgent`.
    package init(limits: Limits, userAgent: String) {
        settings = TransferSettings(limits: limits, userAgent: userAgent)
    }

    /// Lets other limits and another User-Agent hold for messages that have not begun.
    package func update(limits: Limits, userAgent: String) {
        settings = TransferSettings(limits: limits, userAgent: userAgent)
    }

    /// Sends a message and returns with the answer.
    package func send(_ post: HTTPPost) async -> Result<HTTPAnswer, TransportFailure> {
        guard !isStopped else { return .failure(CourierTransfer.cancelled) }
        let address: WebAddress
        do throws(WebAddress.Flaw) {
            address = try WebAddress(post.url)
        } catch {
            return .failure(TransportFailure(reason: .badURL, message: error.description))
        }
        let transfer = CourierTransfer(post, to: address, settings: settings)
        return await withCheckedContinuation { begin(.post(transfer, $0)) }
    }

    /// Hands a letter in and returns with the server's last words.
    package func send(_ letter: Letter) async -> Result<String, MailFailure> {
        guard !isStopped else {
            return .failure(MailFailure(reason: .cancelled, message: "cancelled"))
        }
        let transfer = CourierTransfer(letter, settings: settings)
        return await withCheckedContinuation { begin(.letter(transfer, $0)) }
    }

    /// Ends all attempts; each results in `FailureReason.cancelled`.
    package func cancelAll() {
        let ending = trips
        trips = [:]
        for (easy, trip) in ending {
            multi.remove(easy)
            switch trip {
            case .post(_, let waiter): waiter.resume(returning: .failure(CourierTransfer.cancelled))
            case .letter(_, let waiter):
                let failure = MailFailure(reason: .cancelled, message: "cancelled")
                waiter.resume(returning: .failure(failure))
            }
        }
    }

    /// Ends all attempts and lets go of everything; what comes later is cancelled at once.
    package func stop() {
        guard !isStopped else { return }
        cancelAll()
        isStopped = true
        multi.close()
        sources?.timer.cancel()
        sources?.sockets.cancel()
        sources = nil
    }

    private func begin(_ trip: Trip) {
        if sources == nil { sources = makeSources() }
        let easy = trip.transfer.easy
        trips[easy] = trip
        multi.add(easy)
        turn()
    }

    /// Lets libcurl work, ends what has finished, sets the timer.
    private func turn() {
        guard !isStopped else { return }
        multi.work()
        while let (easy, code) = multi.nextFinished() {
            multi.remove(easy)
            guard let trip = trips.removeValue(forKey: easy) else { continue }
            switch trip {
            case .post(let transfer, let waiter): waiter.resume(returning: transfer.answer(code))
            case .letter(let transfer, let waiter): waiter.resume(returning: transfer.receipt(code))
            }
        }
        let deadline = multi.deadline.map { DispatchTime(uptimeNanoseconds: $0) }
        sources?.timer.schedule(deadline: deadline ?? .distantFuture, leeway: .milliseconds(1))
    }

    private func makeSources() -> (any DispatchSourceRead, any DispatchSourceTimer) {
        let queue = executor.queue
        let descriptor = multi.sockets.descriptor
        let sockets = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        sockets.setEventHandler { self.turn() }
        let timer = DispatchSource.makeTimerSource(queue: queue)
        timer.schedule(deadline: .distantFuture)
        timer.setEventHandler { self.turn() }
        // The set is closed with its owner, and that not before the source is done.
        sockets.setCancelHandler { self.keepAlive() }
        sockets.activate()
        timer.activate()
        return (sockets, timer)
    }

    /// Holds the multi handle, and so the epoll set, until the source has let go of it.
    private func keepAlive() {}
}
