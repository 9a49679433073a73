import CurlTransport
package import Delivery
import FeedModel
import Glibc
import QueueExecution
import ServiceHost
package import WatchCore

/// One attempt to tell one hook of a sample, beside the daemon or without it.
package struct HookTrial: Sendable {
    /// What was told.
    package let message: HookMessage
    /// What became of it.
    package let result: HookResult

    /// Makes the attempt; stores nothing.
    package static func run(
        _ hook: HookSettings,
        configuration: Configuration,
        version: String
    ) async -> HookTrial {
        let clock = SystemClock()
        let courier = CurlCourier(
            limits: configuration.limits,
            userAgent: DaemonOptions.userAgent(
                version: version,
                contact: configuration.watch.contact
            )
        )
        let executor = QueueExecutor(label: "feedwatch.trial")
        let teller = HookTeller(
            courier: courier,
            // Before the daemon has run there is no state directory.
            workingDirectory: access(configuration.watch.statePath, X_OK) == 0
                ? configuration.watch.statePath : "/",
            patience: HookPatience(),
            watcher: DescriptorWatcher(on: executor)
        )
        let message = HookSample.message(for: hook, now: clock.now())
        let result: HookResult
        if let program = teller.program(hook, message) {
            result = await program.run()
        } else {
            result = await teller.send(message, to: hook, now: clock.now())
        }
        await courier.stop()
        return HookTrial(message: message, result: result)
    }
}
