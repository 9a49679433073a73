import WatchCore

/// Checks the address of a feed (RFC 3986), byte by byte.
package struct FeedURL {
    /// Why an address cannot be used.
    struct Flaw: Error {
        /// The reason.
        let message: String
        /// What to write instead.
        var hint: String?
        /// Where, in Unicode scalars of the text; nil: all of it.
        var range: Range<Int>?
    }

    /// The host in lower case, with brackets where it is an IPv6 address.
    let host: String
    /// Where the user information stands, in Unicode scalars of the text.
    let userInfo: Range<Int>?

    /// Takes an address apart, or says why it cannot be used.
    init(_ text: String) throws(Flaw) {
        let start = try Self.checkScheme(text)
        try Self.checkCharacters(text)
        let bytes = Array(text.utf8)
        let end = bytes[start...].firstIndex { "/?#".utf8.contains($0) } ?? bytes.count
        var hostStart = start
        if let at = bytes[start..<end].lastIndex(of: UInt8(ascii: "@")) {
            guard !bytes[start..<at].contains(UInt8(ascii: "@")) else {
                throw Flaw(message: "an @ in user information is written %40", range: start..<at)
            }
            userInfo = start..<at
            hostStart = at + 1
        } else {
            userInfo = nil
        }
        let hostEnd = try Self.checkPort(bytes, hostStart..<end)
        host = String(decoding: bytes[hostStart..<hostEnd], as: UTF8.self).lowercased()
        try Self.checkHost(host, hostStart..<hostEnd)
    }

    /// The name of a feed that the configuration gives none: the host and a short hash of the
    /// address, so that it stays the same whatever else changes in the file.
    func identifier(hash: String) -> String {
        let name = host.hasPrefix("www.") ? String(host.dropFirst(4)) : host
        let plain = name.filter { $0 != "[" && $0 != "]" }
        return "\(plain.hasSuffix(".") ? String(plain.dropLast()) : plain)-\(hash.prefix(8))"
    }

    /// Where the authority starts.
    private static func checkScheme(_ text: String) throws(Flaw) -> Int {
        let lower = text.lowercased()
        if lower.hasPrefix("https://") { return 8 }
        if lower.hasPrefix("http://") { return 7 }
        let message = "only http and https addresses can be watched"
        let scheme = text.prefix {
            $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0))
        }
        let rest = text[scheme.endIndex...]
        guard rest.hasPrefix("://") else {
            let isHost = rest.isEmpty || rest.hasPrefix("/") || rest.hasPrefix(":")
            throw Flaw(message: message, hint: isHost ? "write https://… in full" : nil)
        }
        let hint = scheme.lowercased() == "feed" ? "write https\(rest)" : nil
        throw Flaw(message: message, hint: hint, range: 0..<scheme.count)
    }

    private static func checkCharacters(_ text: String) throws(Flaw) {
        let scalars = Array(text.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            switch scalar {
            case "%":
                let digits = scalars[(index + 1)...].prefix(2)
                guard digits.count == 2, digits.allSatisfy(\.properties.isASCIIHexDigit) else {
                    throw Flaw(
                        message: "a % must be followed by two hexadecimal digits",
                        hint: "a % itself is written %25",
                        range: index..<index + 1
                    )
                }
            case "!", "#"..."&", "'"..."/", "0"..."9", ":", ";", "=", "?", "@", "A"..."Z", "[", "]",
                "_", "a"..."z", "~":
                continue
            default:
                throw Flaw(
                    message: "this character may not stand in an address",
                    hint: advice(on: scalar, isHost: !scalars[..<index].dropFirst(8).contains("/")),
                    range: index..<index + 1
                )
            }
        }
    }

    private static func advice(on scalar: Unicode.Scalar, isHost: Bool) -> String {
        if isHost, !scalar.isASCII { return "write the host in its xn-- form" }
        let bytes = String(scalar).utf8.map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return "%" + (digits.count < 2 ? "0" : "") + digits
        }
        return "write it as \(bytes.joined())"
    }

    /// Where the host ends.
    private static func checkPort(
        _ bytes: [UInt8],
        _ authority: Range<Int>
    ) throws(Flaw) -> Int {
        var colon = bytes[authority].lastIndex(of: UInt8(ascii: ":"))
        if bytes[authority].first == UInt8(ascii: "[") {
            let bracket = bytes[authority].lastIndex(of: UInt8(ascii: "]")) ?? authority.upperBound
            if let found = colon, found < bracket { colon = nil }
        }
        guard let colon else { return authority.upperBound }
        let digits = bytes[(colon + 1)..<authority.upperBound]
        guard !digits.isEmpty, digits.count <= 5, digits.allSatisfy(ValueGrammar.isASCIIDigit),
            let port = Int(String(decoding: digits, as: UTF8.self)), (1...65_535).contains(port)
        else {
            throw Flaw(
                message: "the port must be a number from 1 to 65535",
                range: colon..<authority.upperBound
            )
        }
        return colon
    }

    private static func checkHost(_ host: String, _ range: Range<Int>) throws(Flaw) {
        guard !host.isEmpty else { throw Flaw(message: "the address names no host") }
        if host.hasPrefix("[") {
            let inner = String(host.dropFirst().dropLast())
            guard host.hasSuffix("]"), NetworkRange.address(inner)?.count == 16 else {
                throw Flaw(message: "the host is no IPv6 address", range: range)
            }
            return
        }
        var labels = host.split(separator: ".", omittingEmptySubsequences: false)
        if labels.count > 1, labels.last == "" { labels.removeLast() }
        let isName = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count)
                && label.utf8.allSatisfy {
                    ValueGrammar.isASCIILetter($0) || ValueGrammar.isASCIIDigit($0)
                        || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
                }
        }
        guard isName, host.utf8.count <= 253 else {
            throw Flaw(message: "the host is no name that can be looked up", range: range)
        }
    }
}
