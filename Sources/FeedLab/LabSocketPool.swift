import FlyingSocks
import Glibc
import Synchronization

/// The server's socket pool, which also turns off Nagle's algorithm.
///
/// The server writes head and body apart; with Nagle's algorithm the body would wait for the
/// client's delayed acknowledgement, 40 ms an answer. The first socket that waits is the listening
/// one, and Linux hands its TCP_NODELAY on to the sockets it accepts (tcp(7)).
final class LabSocketPool: AsyncSocketPool {
    private let base: any AsyncSocketPool
    private let isListenerSet = Atomic(false)

    /// A pool over another.
    init(over base: any AsyncSocketPool) { self.base = base }

    func prepare() async throws { try await base.prepare() }

    func run() async throws { try await base.run() }

    func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
        if !isListenerSet.exchange(true, ordering: .relaxed) {
            let noDelay = BoolSocketOption(level: Int32(IPPROTO_TCP), name: TCP_NODELAY)
            try socket.setValue(true, for: noDelay)
        }
        try await base.suspendSocket(socket, untilReadyFor: events)
    }
}
