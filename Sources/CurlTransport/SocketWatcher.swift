import CPosix
import Glibc

/// libcurl's sockets in one epoll set, which a single dispatch source can watch.
///
/// libcurl closes a socket right after it has said that it no longer waits for it. Taking it out
/// of the set at once, while it is still open, leaves no moment in which a new socket could be
/// mistaken for it, as with one dispatch source for each.
final class SocketWatcher {
    /// The epoll set, readable when any of its sockets is ready; closed with the object.
    let descriptor: Int32

    /// What is waited for, by socket; 0: not in the set.
    private var interests: [UInt32] = []
    private var ready = [fw_ready](repeating: fw_ready(), count: 64)

    /// An empty set.
    init() {
        descriptor = fw_epoll_create()
        precondition(descriptor >= 0, "no epoll set: \(String(cString: strerror(errno)))")
    }

    deinit { close(descriptor) }

    /// Waits for `events` on a socket from now on; 0 takes it out.
    func watch(_ socket: Int32, for events: UInt32) {
        let index = Int(socket)
        if index >= interests.count {
            let missing = max(64, index + 1 - interests.count)
            interests.append(contentsOf: repeatElement(0, count: missing))
        }
        guard interests[index] != events else { return }
        if events == 0 {
            _ = fw_epoll_remove(descriptor, socket)
        } else if interests[index] == 0 {
            _ = fw_epoll_add(descriptor, socket, events)
        } else {
            _ = fw_epoll_modify(descriptor, socket, events)
        }
        interests[index] = events
    }

    /// Calls `handle` for each socket that is ready now, at most 64, as long as it says true; says
    /// whether there was any.
    func drain(_ handle: (_ socket: Int32, _ events: UInt32) -> Bool) -> Bool {
        let count = Int(fw_epoll_poll(descriptor, &ready, Int32(ready.count)))
        guard count > 0 else { return false }
        for index in 0..<count {
            let socket = ready[index].fd
            // Handling one socket may have closed another of this round.
            guard interests[Int(socket)] != 0 else { continue }
            // What is left out now is reported again.
            guard handle(socket, ready[index].events) else { break }
        }
        return true
    }
}
