import CCurl
import CPosix
import Dispatch
import WatchCore

/// Owns libcurl's multi handle, and knows what it waits for: sockets and a moment.
///
/// Confined to the transport's queue, as all calls of libcurl are, and so its callbacks.
final class MultiHandle {
    /// The sockets that libcurl waits for.
    let sockets = SocketWatcher()
    /// When libcurl wants to be called, by the monotonic clock in nanoseconds; nil: never.
    private(set) var deadline: UInt64?

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
    }

    deinit { close() }

    /// Closes all connections; there is no transfer, and there will be none.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        curl_multi_cleanup(multi)
    }

    /// Sets the limits that libcurl keeps.
    func apply(_ limits: Limits) {
        let connections = max(1, limits.connections)
        check(cx_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, connections))
        check(cx_multi_set_long(multi, CURLMOPT_MAXCONNECTS, connections))
        let perHost = max(1, limits.connectionsPerHost)
        check(cx_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, perHost))
    }

    /// Sets how many connections are kept open for what comes next.
    func keep(connections: Int) {
        check(cx_multi_set_long(multi, CURLMOPT_MAXCONNECTS, connections))
    }

    /// Begins a transfer.
    func add(_ easy: UnsafeMutableRawPointer) { check(curl_multi_add_handle(multi, easy)) }

    /// Begins a transfer.
    func add(_ transfer: Transfer) {
        add(transfer.easy)
        transfer.isAdded = true
    }

    /// Ends a transfer, or lets go of a finished one.
    func remove(_ easy: UnsafeMutableRawPointer) { check(curl_multi_remove_handle(multi, easy)) }

    /// Ends a transfer, or lets go of a finished one.
    func remove(_ transfer: Transfer) {
        remove(transfer.easy)
        transfer.isAdded = false
    }

    /// Tells libcurl of the sockets that are ready, some of them if it gets later than `limit`;
    /// says whether there was any.
    func handleReadySockets(until limit: UInt64) -> Bool {
        sockets.drain { socket, events in
            var actions: Int32 = 0
            if events & fw_epoll_in != 0 { actions |= cx_select_in }
            if events & fw_epoll_out != 0 { actions |= cx_select_out }
            if events & (fw_epoll_err | fw_epoll_hup) != 0 { actions |= cx_select_error }
            act(on: socket, actions)
            return DispatchTime.now().uptimeNanoseconds < limit
        }
    }

    /// Calls libcurl if its moment has come; says whether it had.
    func handleDeadline(now: UInt64) -> Bool {
        guard let deadline, deadline <= now else { return false }
        self.deadline = nil
        act(on: cx_timeout_socket, 0)
        return true
    }

    /// The next finished transfer, as libcurl knows it, and how it ended.
    func nextFinishedEasy() -> (easy: UnsafeMutableRawPointer, code: CURLcode)? {
        var code = CURLE_OK
        return cx_next_finished(multi, &code).map { ($0, code) }
    }

    /// The next finished transfer and how it ended.
    func nextFinished() -> (transfer: Transfer, code: CURLcode)? {
        guard let (easy, code) = nextFinishedEasy(), let context = cx_get_private(easy) else {
            return nil
        }
        // SAFETY: the transport holds each transfer it has added until it has removed it.
        let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        return (transfer, code)
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

/// libcurl as a whole.
enum CurlLibrary {
    /// Initialises libcurl, the first time.
    static func initialize() { precondition(isInitialized, "libcurl cannot be initialised") }

    private static let isInitialized = cx_global_init() == CURLE_OK

    /// Whether a body can be left packed once its header is there: later versions decide before.
    static let canLeavePacked =
        curl_version_info(CURLVERSION_FIRST).pointee.version_num < 0x08_00_00
}

/// Stops if libcurl rejects an option: the call itself is wrong, not the world.
func check(_ code: CURLcode) {
    precondition(code == CURLE_OK, String(cString: curl_easy_strerror(code)))
}

/// Stops if libcurl rejects a call on its multi handle: the call is wrong, not the world.
func check(_ code: CURLMcode) {
    precondition(code == CURLM_OK, String(cString: curl_multi_strerror(code)))
}

private let onSocket: curl_socket_callback = { _, socket, what, context, _ in
    guard let context else { return 0 }
    // SAFETY: `context` is the multi handle's owner, which made the call that led here.
    Unmanaged<MultiHandle>.fromOpaque(context).takeUnretainedValue().watch(socket, what)
    return 0
}

private let onTimer: curl_multi_timer_callback = { _, milliseconds, context in
    guard let context else { return 0 }
    // SAFETY: `context` is the multi handle's owner, which made the call that led here.
    Unmanaged<MultiHandle>.fromOpaque(context).takeUnretainedValue().call(after: milliseconds)
    return 0
}
