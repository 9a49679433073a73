import CCurl
import WatchCore

/// Notes what was said on the wire during a request, hop by hop, secrets left out.
///
/// Confined to the transport's queue.
final class WireTracer {
    /// The hops so far.
    private(set) var hops: [HopTrace] = []
    private let mask: SecretMask
    /// A server may say endless things.
    private static let mostLines = 1_000

    /// A tracer that leaves out what `mask` knows.
    init(masking mask: SecretMask) { self.mask = mask }

    /// Begins a hop.
    func begin(_ url: String) { hops.append(HopTrace(url: mask.withoutValues(url))) }

    /// Notes what libcurl reports.
    func note(_ kind: curl_infotype, _ bytes: UnsafeRawBufferPointer) {
        guard !hops.isEmpty, kind == CURLINFO_HEADER_OUT || kind == CURLINFO_HEADER_IN else {
            return
        }
        let lines = bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }).map {
            mask.masked(String(decoding: $0, as: UTF8.self))
        }
        let last = hops.count - 1
        if kind == CURLINFO_HEADER_OUT {
            hops[last].sent += lines
        } else if hops[last].received.count < Self.mostLines {
            hops[last].received += lines
        }
    }

    /// Notes how a hop ended.
    func end(_ easy: UnsafeMutableRawPointer) {
        guard let last = hops.indices.last else { return }
        if let peer = cx_get_text(easy, CURLINFO_PRIMARY_IP), peer.pointee != 0 {
            hops[last].peer = String(cString: peer)
        }
        switch cx_get_long(easy, CURLINFO_HTTP_VERSION) {
        case cx_http_version_1_0: hops[last].version = "1.0"
        case cx_http_version_1_1: hops[last].version = "1.1"
        case cx_http_version_2: hops[last].version = "2"
        default: break
        }
        func time(_ info: CURLINFO) -> Duration { .microseconds(cx_get_offset(easy, info)) }
        hops[last].times.name = time(CURLINFO_NAMELOOKUP_TIME_T)
        hops[last].times.connect = time(CURLINFO_CONNECT_TIME_T)
        hops[last].times.secure = time(CURLINFO_APPCONNECT_TIME_T)
        hops[last].times.firstByte = time(CURLINFO_STARTTRANSFER_TIME_T)
        hops[last].times.total = time(CURLINFO_TOTAL_TIME_T)
    }
}
