internal import CPosix
internal import Dispatch
internal import Glibc

/// Tells when descriptors become readable: one private epoll set that one dispatch source watches
/// for as long as the watcher lives.
///
/// A dispatch source for each pipe would be the obvious way, and stops the process now and then:
/// when the other end of a descriptor hangs up, libdispatch takes its source out of its tables on
/// the source's queue while its manager thread walks over them (swift-corelibs-libdispatch, issue
/// 949; seen here as a bad pointer in `_dispatch_event_loop_drain`). The descriptor of an epoll
/// set never hangs up.
package actor DescriptorWatcher {
    package nonisolated let executor: QueueExecutor
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    /// How many descriptors one turn of the queue looks after.
    private static let turn: Int32 = 64

    private var handlers: [Int32: @Sendable () -> Void] = [:]
    private var set: EpollSet?

    /// A watcher that tells what it sees on the queue of `executor`.
    package init(on executor: QueueExecutor) { self.executor = executor }

    /// Calls `handler` on the queue whenever `descriptor` can be read, has ended or has failed;
    /// 0, or an `errno` value.
    ///
    /// It may be called once too often, so reading must not block.
    package func watch(_ descriptor: Int32, _ handler: @escaping @Sendable () -> Void) -> Int32 {
        if set == nil {
            set = EpollSet(queue: executor.queue) { [weak self] in
                self?.assumeIsolated { $0.lookAround() }
            }
        }
        guard let set, fw_epoll_add(set.descriptor, descriptor, fw_epoll_in) == 0 else {
            return errno
        }
        handlers[descriptor] = handler
        return 0
    }

    /// Stops watching `descriptor` and closes it.
    package func close(_ descriptor: Int32) {
        ignore(descriptor)
        _ = Glibc.close(descriptor)
    }

    /// Stops watching `descriptor` and leaves it open.
    package func ignore(_ descriptor: Int32) {
        if handlers.removeValue(forKey: descriptor) != nil, let set {
            _ = fw_epoll_remove(set.descriptor, descriptor)
        }
    }

    private func lookAround() {
        guard let set else { return }
        var ready = [fw_ready](repeating: fw_ready(), count: Int(DescriptorWatcher.turn))
        let count = fw_epoll_poll(set.descriptor, &ready, DescriptorWatcher.turn)
        guard count > 0 else { return }
        for entry in ready[..<Int(count)] { handlers[entry.fd]?() }
    }
}

/// An epoll set and the dispatch source that watches it; both end with it.
private final class EpollSet {
    let descriptor: Int32
    private let source: any DispatchSourceRead

    /// A new set; nil, with `errno`: there can be none.
    init?(queue: DispatchQueue, _ handler: @escaping () -> Void) {
        let set = fw_epoll_create()
        guard set >= 0 else { return nil }
        descriptor = set
        source = DispatchSource.makeReadSource(fileDescriptor: set, queue: queue)
        source.setEventHandler(handler: handler)
        source.setCancelHandler { close(set) }
        source.activate()
    }

    deinit { source.cancel() }
}
