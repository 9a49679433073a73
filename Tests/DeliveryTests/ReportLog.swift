import Delivery
import Synchronization

/// Collects a deliverer's reports and lets a test wait for one.
final class ReportLog: Sendable {
    struct TimedOut: Error {
        var reports: [DeliveryReport]
    }

    private struct Waiter {
        var number: Int
        var condition: @Sendable ([DeliveryReport]) -> Bool
        var continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var reports: [DeliveryReport] = []
        var waiters: [Waiter] = []
        var count = 0
    }

    private let state = Mutex(State())

    /// All reports so far.
    var all: [DeliveryReport] { state.withLock { $0.reports } }

    /// Takes a report in.
    func add(_ report: DeliveryReport) {
        let ready = state.withLock { state in
            state.reports.append(report)
            let ready = state.waiters.filter { $0.condition(state.reports) }
            state.waiters.removeAll { $0.condition(state.reports) }
            return ready
        }
        for waiter in ready { waiter.continuation.resume(returning: true) }
    }

    /// Returns when the reports meet the condition; fails after a minute.
    func wait(for condition: @escaping @Sendable ([DeliveryReport]) -> Bool) async throws {
        let number = state.withLock { state in
            state.count += 1
            return state.count
        }
        let deadline = Task {
            try await Task.sleep(for: .seconds(60))
            let late = state.withLock { state in
                let late = state.waiters.filter { $0.number == number }
                state.waiters.removeAll { $0.number == number }
                return late
            }
            for waiter in late { waiter.continuation.resume(returning: false) }
        }
        let isMet = await withCheckedContinuation { continuation in
            let isMet = state.withLock { state in
                guard !condition(state.reports) else { return true }
                state.waiters.append(
                    Waiter(number: number, condition: condition, continuation: continuation)
                )
                return false
            }
            if isMet { continuation.resume(returning: true) }
        }
        deadline.cancel()
        guard isMet else { throw TimedOut(reports: all) }
    }
}
