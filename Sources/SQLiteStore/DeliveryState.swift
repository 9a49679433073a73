/// What became of a promise so far, as the store keeps it.
package enum DeliveryState: Int, Sendable, CaseIterable {
    /// Not kept yet.
    case pending = 0
    /// Kept.
    case delivered = 1
    /// Given up.
    case dead = 2
    /// Not to be kept any more, by a person's word.
    case dropped = 3
}
