import CCurl
import FeedModel
import WatchCore

/// The TLS sessions of hosts, so that the next connection to one takes a short handshake.
///
/// On its own libcurl keeps a few with each easy handle, where the next request, which takes any
/// handle, does not find them. A share keeps them for all, but has room for eight, the oldest of
/// which goes; so there are several shares, and a host always gets the same one.
///
/// Confined to the transport's queue: the shares need no locks. Outlives all transfers that use it.
final class TLSSessions {
    /// With eight sessions each, of some 10 KB: at most some 5 MB.
    private static let count = 64

    private var shares = [UnsafeMutableRawPointer?](repeating: nil, count: TLSSessions.count)

    deinit {
        for share in shares { if let share { _ = curl_share_cleanup(share) } }
    }

    /// The share, for `CURLOPT_SHARE`, with the sessions of a host and port.
    func share(for authority: String) -> UnsafeMutableRawPointer {
        let index = Int(ContentHash.of(authority) % UInt64(Self.count))
        if let share = shares[index] { return share }
        guard let share = curl_share_init(), cx_share_tls_sessions(share) == CURLSHE_OK else {
            preconditionFailure("libcurl is out of memory")
        }
        shares[index] = share
        return share
    }
}
