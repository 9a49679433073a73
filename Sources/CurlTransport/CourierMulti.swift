import CCurl
import CPosix
import Dispatch

/// Owns the multi handle of the courier, and knows what it waits for.
///
/// Confined to the courier's queue. Apart from that of the polls, whose limits of connections and
/// whose handles it must not share.
final class CourierMulti {
    /// The sockets that libcurl waits for.
    let sockets = SocketWatcher()
    /// When libcurl wants to be called, by the monotonic clock in nanoseconds; nil: never.
    private(set) var deadline: UInt64?

    /// How many connections are kept open for the next message.
    private static let keptConnections = 8

    private let multi: UnsafeMutableRawPointer
    private var isClosed = false

    /// A handle without transfers.
    init() {
        CurlLibrary.initialize()
        guard let multi = curl_multi_init() else { preconditionFailure("libcurl is out of memory") }
        self.multi = multi
        // SAFETY: libcurl calls back only from within calls made through this object, which owns
        // the handle and outlives it; the pointer is not retained.
        let context = Unmanaged.passUnretained(self).toOpaque()
        check(cx_multi_set_on_socket(multi, onSocket, context))
        check(cx_multi_set_on_timer(multi, onTimer, context))
        check(cx_multi_set_long(multi, CURLMOPT_MAXCONNECTS, Self.keptConnections))
    }

    deinit { close() }

    /// Closes all connections; there is no transfer, and there will be none.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        curl_multi_cleanup(multi)
    }

    /// Begins a transfer.
    func add(_ easy: UnsafeMutableRawPointer) { check(curl_multi_add_handle(multi, easy)) }

    /// Ends a transfer, or lets go of a finished one.
    func remove(_ easy: UnsafeMutableRawPointer) { check(curl_multi_remove_handle(multi, easy)) }

    /// Lets libcurl work on the sockets that are ready, and if its moment has come.
    func work() {
        if let deadline, deadline <= DispatchTime.now().uptimeNanoseconds {
            self.deadline = nil
            act(on: cx_timeout_socket, 0)
        }
        // One round: what is still ready makes the source fire again.
        _ = sockets.drain { socket, events in
            var actions: Int32 = 0
            if events & fw_epoll_in != 0 { actions |= cx_select_in }
            if events & fw_epoll_out != 0 { actions |= cx_select_out }
            if events & (fw_epoll_err | fw_epoll_hup) != 0 { actions |= cx_select_error }
            act(on: socket, actions)
            return true
        }
    }

    /// The next finished transfer and how it ended.
    func nextFinished() -> (easy: UnsafeMutableRawPointer, code: CURLcode)? {
        var code = CURLE_OK
        return cx_next_finished(multi, &code).map { ($0, code) }
    }

    private func act(on socket: curl_socket_t, _ actions: Int32) {
        var running: Int32 = 0
        check(curl_multi_socket_action(multi, socket, actions, &running))
    }

    fileprivate func watch(_ socket: curl_socket_t, _ what: Int32) {
        let events: UInt32 =
            switch what {
            case cx_poll_in: fw_epoll_in
            case cx_poll_out: fw_epoll_out
            case cx_poll_both: fw_epoll_in | fw_epoll_out
            default: 0
            }
        sockets.watch(socket, for: events)
    }

    fileprivate func call(after milliseconds: Int) {
        deadline =
            milliseconds < 0
            ? nil : DispatchTime.now().uptimeNanoseconds + UInt64(milliseconds) * 1_000_000
    }
}

private let onSocket: curl_socket_callback = { _, socket, what, context, _ in
    guard let context else { return 0 }
    // SAFETY: `context` is the multi handle's owner, which made the call that led here.
    Unmanaged<CourierMulti>.fromOpaque(context).takeUnretainedValue().watch(socket, what)
    return 0
}

private let onTimer: curl_multi_timer_callback = { _, milliseconds, context in
    guard let context else { return 0 }
    // SAFETY: `context` is the multi handle's owner, which made the call that led here.
    Unmanaged<CourierMulti>.fromOpaque(context).takeUnretainedValue().call(after: milliseconds)
    return 0
}
