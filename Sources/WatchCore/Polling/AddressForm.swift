import FeedModel

/// The form in which addresses and identifiers are compared.
enum AddressForm {
    /// The hash of an address without its scheme (http, https), without tracking parameters
    /// (`utm_*`, `fbclid` and others) and without white space; never 0.
    static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
        let start = schemeLength(bytes)
        let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
        guard needsRewriting(rest) else { return max(1, ContentHash.of(rest, seed: seed)) }
        return max(1, ContentHash.of(rewritten(rest), seed: seed))
    }

    /// The path of an address: without scheme, host, query, fragment and a trailing slash.
    ///
    /// Without the session that old servers write behind a semicolon.
    static func path(of bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[schemeLength(bytes)...])
        guard let start = rest.firstIndex(of: UInt8(ascii: "/")) else {
            return UnsafeRawBufferPointer(rebasing: rest[rest.endIndex...])
        }
        let ends = "?#;".utf8
        var end = rest[start...].firstIndex { ends.contains($0) } ?? rest.endIndex
        while end > start, rest[end - 1] == UInt8(ascii: "/") { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: rest[start..<end])
    }

    /// The length of a leading `http://` or `https://`, else 0.
    private static func schemeLength(_ bytes: UnsafeRawBufferPointer) -> Int {
        func starts(with scheme: StaticString) -> Bool {
            scheme.withUTF8Buffer { scheme in
                bytes.count >= scheme.count
                    && zip(bytes, scheme).allSatisfy { pair in
                        pair.0 == pair.1
                            || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(pair.0)
                                && pair.0 | 0x20 == pair.1
                    }
            }
        }
        if starts(with: "http://") { return 7 }
        if starts(with: "https://") { return 8 }
        return 0
    }

    private static func needsRewriting(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.contains { $0 == UInt8(ascii: "?") || $0 <= 0x20 }
    }

    private static func rewritten(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        let solid = bytes.filter { $0 > 0x20 }
        guard let query = solid.firstIndex(of: UInt8(ascii: "?")) else { return solid }
        let fragment = solid[query...].firstIndex(of: UInt8(ascii: "#")) ?? solid.endIndex
        let kept = solid[(query + 1)..<fragment]
            .split(separator: UInt8(ascii: "&"))
            .filter { !isTracking($0) }
        var result = Array(solid[..<query])
        for (index, parameter) in kept.enumerated() {
            result.append(index == 0 ? UInt8(ascii: "?") : UInt8(ascii: "&"))
            result.append(contentsOf: parameter)
        }
        result.append(contentsOf: solid[fragment...])
        return result
    }

    /// What parameters begin with that say who asks or whence, and not for what.
    private static let passing = [
        "utm_", "fbclid=", "gclid=", "yclid=", "dclid=", "msclkid=", "mc_cid=", "mc_eid=",
        "at_medium=", "at_campaign=", "phpsessid=", "jsessionid=", "sessionid=", "session_id=",
        "sid=", "cmpid=",
    ]

    private static func isTracking(_ parameter: ArraySlice<UInt8>) -> Bool {
        let lowered = parameter.prefix(16).map { byte in
            (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
        }
        return passing.contains { lowered.starts(with: $0.utf8) }
    }
}
