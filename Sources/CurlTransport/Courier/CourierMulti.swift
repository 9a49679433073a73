import CCurl
import Dispatch

/// The courier's own multi handle.
///
/// Confined to the courier's queue. Apart from that of the polls, whose limits of connections and
/// whose handles it must not share.
struct CourierMulti {
    /// How many connections are kept open for the next message.
    private static let keptConnections = 8

    private let handle = MultiHandle()

    /// A handle without transfers.
    init() { handle.keep(connections: Self.keptConnections) }

    /// The sockets that libcurl waits for.
    var sockets: SocketWatcher { handle.sockets }
    /// When libcurl wants to be called, by the monotonic clock in nanoseconds; nil: never.
    var deadline: UInt64? { handle.deadline }

    /// Closes all connections; there is no transfer, and there will be none.
    func close() { handle.close() }

    /// Begins a transfer.
    func add(_ easy: UnsafeMutableRawPointer) { handle.add(easy) }

    /// Ends a transfer, or lets go of a finished one.
    func remove(_ easy: UnsafeMutableRawPointer) { handle.remove(easy) }

    /// Lets libcurl work on the sockets that are ready, and if its moment has come.
    func work() {
        _ = handle.handleDeadline(now: DispatchTime.now().uptimeNanoseconds)
        // One round: what is still ready makes the source fire again.
        _ = handle.handleReadySockets(until: .max)
    }

    /// The next finished transfer and how it ended.
    func nextFinished() -> (easy: UnsafeMutableRawPointer, code: CURLcode)? {
        handle.nextFinishedEasy()
    }
}
