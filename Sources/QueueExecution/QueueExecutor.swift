package import Dispatch

/// A serial dispatch queue as the executor of an actor.
///
/// The actor's code, dispatch sources with this queue as their target, and C callbacks made from
/// either all run on the one queue, so a callback may enter the actor with `assumeIsolated`; on
/// any other queue that call stops the process.
package final class QueueExecutor: SerialExecutor {
    /// The queue that everything runs on.
    package let queue: DispatchQueue

    /// An executor on a new serial queue.
    package init(label: String) { queue = DispatchQueue(label: label) }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    package func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }
}
