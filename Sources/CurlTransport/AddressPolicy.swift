import Glibc
import WatchCore

/// Which network addresses may be connected to.
///
/// Public addresses always may; everything in the special-purpose registries may not, unless the
/// configuration names its network. An address that carries an IPv4 address (mapped, NAT64) is
/// judged by that one; other tunnels are refused.
struct AddressPolicy: Sendable {
    /// The private networks that may be reached all the same.
    let allowed: [NetworkRange]

    /// Whether a connection to `address` (4 or 16 bytes, network order) may be made.
    func permits(_ address: [UInt8]) -> Bool {
        let effective = Self.unwrapped(address)
        if allowed.contains(where: { Self.holds($0, address) || Self.holds($0, effective) }) {
            return true
        }
        let isPublic: (NetworkRange) -> Bool = { Self.holds($0, effective) }
        return switch effective.count {
        case 4: !Self.specialIPv4.contains(where: isPublic)
        case 16:
            Self.holds(Self.globalUnicast, effective)
                && !Self.specialIPv6.contains(where: isPublic)
        default: false
        }
    }

    /// Whether a proxy may be asked for `host`, a name in lower case or an address.
    ///
    /// The proxy looks names up; what is an address in any way of writing, or a name of this
    /// machine, is judged here.
    func permitsThroughProxy(host: String) -> Bool {
        var name = Substring(host)
        while name.last == "." { name.removeLast() }
        if name == "localhost" || name.hasSuffix(".localhost") {
            return permits([127, 0, 0, 1])
        }
        if name.hasPrefix("[") {
            let inner = name.dropFirst().prefix { $0 != "]" && $0 != "%" }
            return SocketAddress.bytes(of: String(inner)).map(permits) ?? false
        }
        var address = in_addr()
        guard inet_aton(String(name), &address) != 0 else { return true }
        return permits(withUnsafeBytes(of: address.s_addr) { Array($0) })
    }

    /// The IPv4 address inside a mapped (`::ffff:0:0/96`) or NAT64 (`64:ff9b::/96`) address, or
    /// else the address itself.
    static func unwrapped(_ address: [UInt8]) -> [UInt8] {
        guard address.count == 16, holds(mapped, address) || holds(nat64, address) else {
            return address
        }
        return Array(address[12...])
    }

    /// Whether `address` lies in `range`; addresses of another family never do.
    static func holds(_ range: NetworkRange, _ address: [UInt8]) -> Bool {
        guard range.address.count == address.count,
            (0...(address.count * 8)).contains(range.prefixLength)
        else { return false }
        let whole = range.prefixLength / 8
        for index in 0..<whole where range.address[index] != address[index] { return false }
        let rest = range.prefixLength % 8
        return rest == 0 || (range.address[whole] ^ address[whole]) >> UInt8(8 - rest) == 0
    }
}

extension AddressPolicy {
    private static let mapped = v6(0, 0, 0, 0, 0, 0xFFFF, prefix: 96)
    private static let nat64 = v6(0x64, 0xFF9B, prefix: 96)
    /// What IANA hands out for the public network.
    private static let globalUnicast = v6(0x2000, prefix: 3)

    /// The IANA IPv4 special-purpose address registry, and multicast.
    private static let specialIPv4 = [
        v4(0, 0, 0, 0, prefix: 8),  // this network
        v4(10, 0, 0, 0, prefix: 8),  // private
        v4(100, 64, 0, 0, prefix: 10),  // carrier-grade NAT
        v4(127, 0, 0, 0, prefix: 8),  // loopback
        v4(169, 254, 0, 0, prefix: 16),  // link-local, cloud metadata
        v4(172, 16, 0, 0, prefix: 12),  // private
        v4(192, 0, 0, 0, prefix: 24),  // protocol assignments
        v4(192, 0, 2, 0, prefix: 24),  // documentation
        v4(192, 31, 196, 0, prefix: 24),  // AS112
        v4(192, 52, 193, 0, prefix: 24),  // AMT
        v4(192, 88, 99, 0, prefix: 24),  // 6to4 relays
        v4(192, 168, 0, 0, prefix: 16),  // private
        v4(192, 175, 48, 0, prefix: 24),  // AS112
        v4(198, 18, 0, 0, prefix: 15),  // benchmarks
        v4(198, 51, 100, 0, prefix: 24),  // documentation
        v4(203, 0, 113, 0, prefix: 24),  // documentation
        v4(224, 0, 0, 0, prefix: 4),  // multicast
        v4(240, 0, 0, 0, prefix: 4),  // reserved, broadcast
    ]

    /// The entries of the IANA IPv6 special-purpose address registry within `2000::/3`.
    private static let specialIPv6 = [
        v6(0x2001, 0, prefix: 23),  // protocol assignments: Teredo, ORCHID, benchmarks ...
        v6(0x2001, 0xDB8, prefix: 32),  // documentation
        v6(0x2002, prefix: 16),  // 6to4
        v6(0x2620, 0x4F, 0x8000, prefix: 48),  // AS112
        v6(0x3FFE, prefix: 16),  // 6bone, given back
        v6(0x3FFF, 0, prefix: 20),  // documentation
    ]

    private static func v4(
        _ first: UInt8,
        _ second: UInt8,
        _ third: UInt8,
        _ fourth: UInt8,
        prefix: Int
    ) -> NetworkRange {
        NetworkRange(address: [first, second, third, fourth], prefixLength: prefix)
    }

    private static func v6(_ groups: UInt16..., prefix: Int) -> NetworkRange {
        let bytes = groups.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        let padding = [UInt8](repeating: 0, count: 16 - bytes.count)
        return NetworkRange(address: bytes + padding, prefixLength: prefix)
    }
}
