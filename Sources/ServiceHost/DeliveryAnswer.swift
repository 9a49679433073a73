/// What is answered to who retries or drops deliveries, by the daemon or without one.
package enum DeliveryAnswer {
    /// So many deliveries will be made anew.
    package static func retried(_ count: Int, of choice: DeliveryChoice) -> ControlAnswer {
        let isNone = count == 0 && !choice.ids.isEmpty
        guard !isNone else {
            return ControlAnswer(
                done: false,
                message: "there is no such delivery that is not made yet"
            )
        }
        let end = count == 1 ? "y" : "ies"
        return ControlAnswer(
            done: true,
            message: choice.ids.isEmpty
                ? "\(count) dead deliver\(end) will be made anew, what waits is tried at once"
                : "\(count) deliver\(end) will be made anew"
        )
    }

    /// So many deliveries will be made no more.
    package static func dropped(_ count: Int, of choice: DeliveryChoice) -> ControlAnswer {
        ControlAnswer(
            done: count > 0,
            message: count == 0
                ? "there is no such delivery that is not made yet"
                : "\(count) deliver\(count == 1 ? "y" : "ies") dropped"
        )
    }
}
