import FeedModel

/// The form in which addresses and identifiers are compared.
enum AddressForm {
    /// The hash of an address without its scheme (http, https), without tracking parameters
    /// (`utm_*`, `fbclid`, `gclid`, `yclid`) and without white space; never 0.
    static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
        let start = schemeLength(bytes)
        let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
        guard needsRewriting(rest) else { return max(1, ContentHash.of(rest, seed: seed)) }
        return max(1, ContentHash.of(rewritten(rest), seed: seed))
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

    private static func isTracking(_ parameter: ArraySlice<UInt8>) -> Bool {
        ["utm_", "fbclid=", "gclid=", "yclid="].contains { parameter.starts(with: $0.utf8) }
    }
}
