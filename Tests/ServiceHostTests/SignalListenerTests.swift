import Dispatch
import Glibc
import Synchronization
import Testing

@testable import ServiceHost

/// Signals are the process's: the tests go one after the other.
@Suite(.serialized) struct SignalListenerTests {
    /// Signals in the order they were handed over.
    private func listen(
        for signals: [HostSignal] = HostSignal.allCases
    ) -> (SignalListener, AsyncStream<HostSignal>) {
        let (stream, continuation) = AsyncStream<HostSignal>.makeStream()
        let queue = DispatchQueue(label: "feedwatch.test.signals")
        let listener = SignalListener(for: signals, on: queue) { signal in
            dispatchPrecondition(condition: .onQueue(queue))
            continuation.yield(signal)
        }
        return (listener, stream)
    }

    @Test(arguments: [HostSignal.hangup, .user1])
    func aSignalRightAfterActivationIsHandedOver(signal: HostSignal) async {
        let (listener, stream) = listen(for: [signal])
        await listener.activate()
        kill(getpid(), signal.number)
        var received = stream.makeAsyncIterator()
        #expect(await received.next() == signal)
        listener.cancel()
    }

    @Test func noSignalIsLostInManyStarts() async {
        for _ in 0..<40 {
            let (listener, stream) = listen(for: [.user1, .hangup])
            await listener.activate()
            kill(getpid(), SIGUSR1)
            var received = stream.makeAsyncIterator()
            #expect(await received.next() == .user1)
            kill(getpid(), SIGHUP)
            #expect(await received.next() == .hangup)
            listener.cancel()
        }
    }

    @Test func anEarlyHangupDoesNotEndTheProcess() async {
        await #expect(processExitsWith: .exitCode(7)) {
            let listener = SignalListener(on: DispatchQueue(label: "q")) { _ in }
            kill(getpid(), SIGHUP)
            kill(getpid(), SIGUSR1)
            kill(getpid(), SIGPIPE)
            await listener.activate()
            exit(7)
        }
    }

    @Test func aTerminationBeforeActivationEndsTheProcess() async {
        await #expect(processExitsWith: .signal(SIGTERM)) {
            let listener = SignalListener(on: DispatchQueue(label: "q")) { _ in }
            kill(getpid(), SIGTERM)
            await listener.activate()
        }
    }

    /// In a process of its own: nobody could end the tests' once it listens.
    @Test func aTerminationAfterActivationIsTheHandlers() async {
        await #expect(processExitsWith: .exitCode(9)) { await SignalProbe.catchItself(SIGTERM) }
    }

    @Test func anInterruptAfterActivationIsTheHandlers() async {
        await #expect(processExitsWith: .exitCode(9)) { await SignalProbe.catchItself(SIGINT) }
    }
}

private enum SignalProbe {
    /// Sends the own process a signal and exits 9 when the listener hands it over.
    static func catchItself(_ number: Int32) async {
        let (stream, continuation) = AsyncStream<HostSignal>.makeStream()
        let listener = SignalListener(on: DispatchQueue(label: "q")) { continuation.yield($0) }
        await listener.activate()
        kill(getpid(), number)
        var received = stream.makeAsyncIterator()
        exit(await received.next()?.number == number ? 9 : 1)
    }
}
