import FeedModel

/// The form in which addresses and identifiers are compared.
enum AddressForm {
    /// The hash of an address without its scheme (http, https), without tracking parameters
    /// (`utm_*`, `fbclid` and others) and without white space; never 0.
    static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
        let start = schemeLength(bytes)
        let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
        guard needsRewriting(rest) else { return max(1, ContentHash.of(rest, seed: seed)) }
        return withUnsafeTemporaryAllocation(byteCount: rest.count, alignment: 1) { room in
            let count = rewrite(rest, into: room)
            let kept = UnsafeRawBufferPointer(rebasing: room[..<count])
            return max(1, ContentHash.of(kept, seed: seed))
        }
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

    /// Writes what counts of an address into memory of its size, and answers how much that is.
    private static func rewrite(
        _ bytes: UnsafeRawBufferPointer,
        into room: UnsafeMutableRawBufferPointer
    ) -> Int {
        var count = 0
        for byte in bytes where byte > 0x20 {
            room[count] = byte
            count += 1
        }
        guard let query = room[..<count].firstIndex(of: UInt8(ascii: "?")) else { return count }
        let fragment = room[query..<count].firstIndex(of: UInt8(ascii: "#")) ?? count
        // In place: what is kept of the parameters never passes what is still to be read.
        var end = query
        var start = query + 1
        while start < fragment {
            let next = room[start..<fragment].firstIndex(of: UInt8(ascii: "&")) ?? fragment
            let parameter = start..<next
            if !parameter.isEmpty, !isTracking(room[parameter]) {
                room[end] = end == query ? UInt8(ascii: "?") : UInt8(ascii: "&")
                end = move(parameter, to: end + 1, in: room)
            }
            start = next + 1
        }
        return move(fragment..<count, to: end, in: room)
    }

    /// Moves bytes towards the front; the place behind them.
    private static func move(
        _ range: Range<Int>,
        to start: Int,
        in room: UnsafeMutableRawBufferPointer
    ) -> Int {
        var end = start
        for index in range {
            room[end] = room[index]
            end += 1
        }
        return end
    }

    /// What parameters begin with that say who asks or whence, and not for what.
    private static let passing: [StaticString] = [
        "utm_", "fbclid=", "gclid=", "yclid=", "dclid=", "msclkid=", "mc_cid=", "mc_eid=",
        "at_medium=", "at_campaign=", "phpsessid=", "jsessionid=", "sessionid=", "session_id=",
        "sid=", "cmpid=",
    ]

    private static func isTracking(_ parameter: Slice<UnsafeMutableRawBufferPointer>) -> Bool {
        passing.contains { prefix in
            prefix.withUTF8Buffer { prefix in
                parameter.count >= prefix.count
                    && zip(parameter, prefix).allSatisfy { lowered($0) == $1 }
            }
        }
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
