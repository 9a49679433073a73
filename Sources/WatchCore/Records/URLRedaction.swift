/// Takes secrets out of addresses before they are shown, logged or recorded.
package enum URLRedaction {
    /// The address without its user information (RFC 3986, section 3.2.1).
    package static func redacted(_ url: String) -> String {
        let bytes = url.utf8
        guard bytes.contains(UInt8(ascii: "@")), let start = authorityStart(of: bytes) else {
            return url
        }
        let end = bytes[start...].firstIndex(where: endsAuthority) ?? bytes.endIndex
        guard let at = bytes[start..<end].lastIndex(of: UInt8(ascii: "@")) else { return url }
        return String(url[..<start] + url[bytes.index(after: at)...])
    }

    /// The host and port of an address, in lower case: what spacing and `Retry-After` go by.
    ///
    /// The port that the scheme has anyway is left out (RFC 3986, section 6.2.3).
    package static func host(of url: String) -> String {
        let clean = redacted(url)
        let bytes = clean.utf8
        guard let start = authorityStart(of: bytes) else { return clean }
        let end = bytes[start...].firstIndex(where: endsAuthority) ?? bytes.endIndex
        var host = clean[start..<end]
        for (scheme, port) in [("https", ":443"), ("http", ":80")] where host.hasSuffix(port) {
            if clean[..<start].dropLast(3).lowercased() == scheme { host.removeLast(port.count) }
        }
        let isLower = host.utf8.allSatisfy { $0 < 0x80 && !(0x41...0x5A).contains($0) }
        return isLower ? String(host) : host.lowercased()
    }

    private static func endsAuthority(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
    }

    /// Where the authority begins: behind the first `://`.
    private static func authorityStart(of bytes: String.UTF8View) -> String.Index? {
        var rest = bytes[...]
        while let colon = rest.firstIndex(of: UInt8(ascii: ":")) {
            rest = bytes[bytes.index(after: colon)...]
            if rest.starts(with: "//".utf8) { return bytes.index(rest.startIndex, offsetBy: 2) }
        }
        return nil
    }
}
