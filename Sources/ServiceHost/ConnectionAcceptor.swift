internal import CPosix
internal import Dispatch
internal import Glibc
internal import QueueExecution

/// Accepts the connections of one listening socket, on the queue of whoever owns it.
actor ConnectionAcceptor {
    nonisolated let executor: QueueExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private var source: (any DispatchSourceRead)?
    private var isResting = false

    /// An acceptor that does not listen yet.
    init(on executor: QueueExecutor) { self.executor = executor }

    /// Hands each connection to `admit`, on the queue, and closes the socket at the end.
    ///
    /// To be called once.
    func start(_ descriptor: Int32, admit: @escaping @Sendable (Int32) -> Void) {
        let source = DispatchSource.makeReadSource(
            fileDescriptor: descriptor,
            queue: executor.queue
        )
        source.setEventHandler { self.acceptAll(from: descriptor, admit) }
        source.setCancelHandler { close(descriptor) }
        source.activate()
        self.source = source
    }

    /// Accepts no more.
    func stop() {
        if isResting { source?.resume() }
        isResting = false
        source?.cancel()
        source = nil
    }

    private func acceptAll(from descriptor: Int32, _ admit: @Sendable (Int32) -> Void) {
        while true {
            let client = cposix_accept(descriptor)
            if client >= 0 {
                admit(client)
            } else if errno == ECONNABORTED {
                continue
            } else {
                // Out of descriptors or memory, the source would fire for ever: wait a little.
                if errno != EAGAIN { rest() }
                return
            }
        }
    }

    private func rest() {
        guard let source, !isResting else { return }
        isResting = true
        source.suspend()
        executor.queue.asyncAfter(deadline: .now() + 1) {
            self.assumeIsolated { $0.resume() }
        }
    }

    private func resume() {
        guard isResting else { return }
        isResting = false
        source?.resume()
    }
}
