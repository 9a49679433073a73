package import Dispatch
internal import Glibc

/// A signal that the daemon acts on.
package enum HostSignal: Sendable, CaseIterable {
    /// SIGTERM: stop.
    case terminate
    /// SIGINT: stop; somebody pressed Ctrl-C.
    case interrupt
    /// SIGHUP: reload, and open the log anew.
    case hangup
    /// SIGUSR1: rotate the log.
    case user1

    /// The number.
    package var number: Int32 {
        switch self {
        case .terminate: SIGTERM
        case .interrupt: SIGINT
        case .hangup: SIGHUP
        case .user1: SIGUSR1
        }
    }
}

/// Hands signals to a handler on a queue.
///
/// Several signals of one kind that come close together may be handed over as one.
// SAFETY: The only field never changes, and libdispatch lets any thread call its sources.
package final class SignalListener: @unchecked Sendable {
    private let sources: [any DispatchSourceSignal]

    /// A listener that does not listen yet; `handler` will run on `queue`.
    ///
    /// From here on SIGHUP, SIGUSR1 and SIGPIPE no longer end the process. SIGTERM and SIGINT do
    /// until `activate()`, so that a start that hangs can be ended.
    package init(
        for signals: [HostSignal] = HostSignal.allCases,
        on queue: DispatchQueue,
        handler: @escaping @Sendable (HostSignal) -> Void
    ) {
        signal(SIGPIPE, SIG_IGN)
        for early in signals where early == .hangup || early == .user1 {
            Self.ignore(early.number)
        }
        sources = signals.map { signal in
            let source = DispatchSource.makeSignalSource(signal: signal.number, queue: queue)
            source.setEventHandler { handler(signal) }
            return source
        }
    }

    /// Begins to listen, and returns when no signal can be missed any more.
    ///
    /// Only then may the service manager be told that the daemon is up. To be called once.
    package func activate() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            // Registration happens later, on a thread of libdispatch; a signal sent before is
            // lost, which was seen in most starts that did not wait.
            let registered = DispatchGroup()
            for source in sources {
                registered.enter()
                source.setRegistrationHandler { registered.leave() }
                source.activate()
            }
            registered.notify(queue: .global()) { continuation.resume() }
        }
    }

    /// Ends listening; the signals stay without effect.
    package func cancel() {
        for source in sources { source.cancel() }
    }

    /// Ignores a signal, unless a handler of libdispatch stands there already: then it would be
    /// taken away from a listener that lives, for good.
    private static func ignore(_ number: Int32) {
        var action = sigaction()
        sigaction(number, nil, &action)
        // SIG_DFL is a null pointer.
        if action.__sigaction_handler.sa_handler == nil { signal(number, SIG_IGN) }
    }
}
