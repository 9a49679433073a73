import Delivery
import FeedModel
import SQLiteStore
import ServiceHost
import WatchCore

extension Daemon {
    /// Lets deliveries be made anew, as somebody asks.
    func retryDeliveries(_ choice: DeliveryChoice, _ parts: DaemonParts) async -> ControlAnswer {
        do {
            let count = try await parts.store.retryDeliveries(
                choice.ids,
                of: choice.hook.map { HookID($0) },
                now: parts.clock.now()
            )
            await parts.deliverer.lookAgain()
            return DeliveryAnswer.retried(count, of: choice)
        } catch {
            return ControlAnswer(done: false, message: error.message)
        }
    }

    /// Lets deliveries be made no more, as somebody asks.
    func dropDeliveries(_ choice: DeliveryChoice, _ parts: DaemonParts) async -> ControlAnswer {
        do {
            let count = try await parts.store.dropDeliveries(
                choice.ids,
                of: choice.hook.map { HookID($0) }
            )
            await parts.deliverer.lookAgain()
            return DeliveryAnswer.dropped(count, of: choice)
        } catch {
            return ControlAnswer(done: false, message: error.message)
        }
    }
}
