import FeedModel

/// Bounds what the bodies of all transfers take of memory together, from their first byte until
/// whoever they were handed to lets go of them.
///
/// Small bodies are free. Where large ones ask for more than there is, a transfer is set aside and
/// begins anew once a whole document's worth can be reserved for it; so many large answers at once,
/// honest or not, take turns instead of memory. Confined to the transport's queue.
final class BodyBudget {
    /// The size up to which a body is free.
    static let smallBody = ByteCount.kibibytes(128)

    /// Whether a transfer waits for a reservation: then no other gets anything without one.
    var isContested = false

    private var total: Int
    private(set) var used = 0

    /// A budget for two of the largest documents.
    init(document: ByteCount) { total = 2 * document.bytes }

    /// Lets another size of document hold from now on.
    func update(document: ByteCount) { total = 2 * document.bytes }

    /// Takes `bytes`, if they are there for a body that has no reservation.
    func take(_ bytes: Int) -> Bool {
        guard !isContested, used + bytes <= total else { return false }
        used += bytes
        return true
    }

    /// Reserves room for a document of any size that is allowed; one always gets it.
    func reserve(document: ByteCount) -> Bool {
        guard used == 0 || used + document.bytes <= total else { return false }
        used += document.bytes
        return true
    }

    /// Takes `bytes` of a body that is there already.
    func keep(_ bytes: Int) { used += bytes }

    /// Gives back what was taken or reserved.
    func giveBack(_ bytes: Int) { used -= bytes }
}
