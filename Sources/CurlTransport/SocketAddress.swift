import CCurl
import Glibc

/// Socket addresses as bytes.
enum SocketAddress {
    /// The address libcurl is about to connect to: 4 or 16 bytes in network order; nil for
    /// another family.
    static func bytes(of address: UnsafePointer<curl_sockaddr>) -> [UInt8]? {
        let offset: Int
        let count: Int
        switch address.pointee.family {
        case AF_INET: (offset, count) = (MemoryLayout<sockaddr_in>.offset(of: \.sin_addr) ?? 4, 4)
        case AF_INET6:
            (offset, count) = (MemoryLayout<sockaddr_in6>.offset(of: \.sin6_addr) ?? 8, 16)
        default: return nil
        }
        let length = Int(address.pointee.addrlen)
        guard length >= offset + count,
            let start = MemoryLayout<curl_sockaddr>.offset(of: \.addr)
        else { return nil }
        // libcurl's structure holds room for the largest address from `addr` on.
        return Array(
            UnsafeRawBufferPointer(start: UnsafeRawPointer(address) + start, count: length)[
                offset..<(offset + count)
            ]
        )
    }

    /// The bytes of an address in its text form; nil if it is none.
    static func bytes(of text: UnsafePointer<CChar>) -> [UInt8]? {
        let isIPv6 = strchr(text, Int32(UInt8(ascii: ":"))) != nil
        var bytes = [UInt8](repeating: 0, count: isIPv6 ? 16 : 4)
        return inet_pton(isIPv6 ? AF_INET6 : AF_INET, text, &bytes) == 1 ? bytes : nil
    }

    /// The text form of 4 or 16 bytes.
    static func text(of bytes: [UInt8]) -> String {
        let capacity = Int(INET6_ADDRSTRLEN)
        let family = bytes.count == 16 ? AF_INET6 : AF_INET
        let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity) { buffer in
            buffer.baseAddress.flatMap { inet_ntop(family, bytes, $0, socklen_t(capacity)) }
                .map { String(cString: $0) }
        }
        return text ?? "unknown address"
    }
}
