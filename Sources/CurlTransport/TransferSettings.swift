import WatchCore

/// What holds for all transfers until the next reload.
final class TransferSettings: Sendable {
    /// The limits.
    let limits: Limits
    /// The `User-Agent`.
    let userAgent: String
    /// Which addresses may be connected to.
    let addresses: AddressPolicy

    /// Settings.
    init(limits: Limits, userAgent: String) {
        self.limits = limits
        self.userAgent = userAgent
        addresses = AddressPolicy(allowed: limits.allowNetworks)
    }
}

extension Duration {
    /// Whole milliseconds, rounded up, and at least one, as 0 means "no limit" to libcurl.
    var positiveMilliseconds: Int {
        let (seconds, attoseconds) = components
        let limit: Int64 = 1_000_000_000
        guard seconds < limit else { return Int(limit) * 1_000 }
        return max(
            1,
            Int(seconds * 1_000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
        )
    }

    /// The duration as the configuration writes it: `60s`, `500ms`.
    var asLimit: String {
        let milliseconds = positiveMilliseconds
        return milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000)s" : "\(milliseconds)ms"
    }
}
