import FeedModel
import Glibc
import WatchCore

/// The small languages of values: durations, sizes, networks, names.
package enum ValueGrammar {
    /// The longest duration that makes sense anywhere.
    static let longest = Duration.seconds(3_650 * 86_400)

    /// A duration such as `500ms`, `10s`, `15m`, `6h` or `30d`.
    package static func duration(_ text: String) -> Duration? {
        guard let (number, unit) = numberAndUnit(text) else { return nil }
        switch unit {
        case "ms": return .milliseconds(number)
        case "s": return .seconds(number)
        case "m": return .seconds(number * 60)
        case "h": return .seconds(number * 3_600)
        case "d": return .seconds(number * 86_400)
        default: return nil
        }
    }

    /// A duration as it is written, in the largest unit that divides it.
    static func text(of duration: Duration) -> String {
        let milliseconds = duration.wholeMilliseconds
        let units: [(Int64, String)] = [
            (86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s"),
        ]
        for (length, unit) in units where milliseconds != 0 && milliseconds % length == 0 {
            return "\(milliseconds / length)\(unit)"
        }
        return "\(milliseconds)ms"
    }

    /// A size such as `64KiB` or `16MiB`.
    static func size(_ text: String) -> ByteCount? {
        guard let (number, unit) = numberAndUnit(text) else { return nil }
        switch unit {
        case "B": return ByteCount(number)
        case "KiB": return .kibibytes(number)
        case "MiB": return .mebibytes(number)
        case "GiB": return .mebibytes(number << 10)
        default: return nil
        }
    }

    /// Up to nine digits and what follows them: no unit makes that overflow.
    private static func numberAndUnit(_ text: String) -> (Int, Substring)? {
        let digits = text.prefix { ("0"..."9").contains($0) }
        guard !digits.isEmpty, digits.utf8.count <= 9, let number = Int(digits) else { return nil }
        return (number, text[digits.endIndex...])
    }

    /// Whether a text can name a feed, topic or hook: letters, digits and `- _ . :`, up to 128,
    /// a letter or digit first.
    static func isIdentifier(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        guard let first = scalars.first, isLetterOrDigit(first), scalars.count <= 128 else {
            return false
        }
        return scalars.allSatisfy { isLetterOrDigit($0) || "-_.:".unicodeScalars.contains($0) }
    }

    /// Whether a text can name a term set: a letter, then letters, digits, `-` and `_`.
    static func isSetName(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        guard let first = scalars.first, first.properties.isAlphabetic, scalars.count <= 128 else {
            return false
        }
        return scalars.allSatisfy { isLetterOrDigit($0) || "-_".unicodeScalars.contains($0) }
    }

    /// Whether a text has the form of a language tag: `en`, `zh-Hant` (RFC 5646, simplified).
    static func isLanguage(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let first = parts.first, (2...3).contains(first.utf8.count),
            first.utf8.allSatisfy(isASCIILetter)
        else { return false }
        return parts.dropFirst().allSatisfy { part in
            (1...8).contains(part.utf8.count)
                && part.utf8.allSatisfy { isASCIILetter($0) || isASCIIDigit($0) }
        }
    }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII
            ? isASCIILetter(UInt8(scalar.value)) || isASCIIDigit(UInt8(scalar.value))
            : scalar.properties.isAlphabetic || scalar.properties.generalCategory == .nonspacingMark
    }

    /// Whether a byte is one of the letters of ASCII.
    static func isASCIILetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    /// Whether a byte is one of the digits of ASCII.
    static func isASCIIDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

extension NetworkRange {
    /// What is wrong with the text of a range.
    struct Flaw: Error {
        /// What to write instead.
        let hint: String
    }

    /// Reads a range in CIDR form; bits behind the prefix must be zero.
    init(text: String) throws(Flaw) {
        let example = Flaw(hint: "write a network such as 127.0.0.1/32, 10.0.0.0/8 or fd00::/8")
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, let address = Self.address(String(first)) else {
            throw example
        }
        guard parts.count == 2 else {
            throw parts.count == 1 ? Flaw(hint: "write \(text)/\(address.count * 8)") : example
        }
        guard parts[1].utf8.count <= 3, parts[1].utf8.allSatisfy(ValueGrammar.isASCIIDigit),
            let length = Int(parts[1]), length <= address.count * 8
        else { throw example }
        let masked = address.enumerated().map { index, byte in
            let bits = min(max(length - index * 8, 0), 8)
            return byte & UInt8(truncatingIfNeeded: 0xFF00 >> bits)
        }
        guard masked == address else {
            throw Flaw(
                hint: "write \(Self.text(masked))/\(length), or \(first)/\(address.count * 8)"
            )
        }
        self.init(address: address, prefixLength: length)
    }

    /// The bytes of an IPv4 or IPv6 address.
    static func address(_ text: String) -> [UInt8]? {
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if inet_pton(family, text, &bytes) == 1 { return bytes }
        }
        return nil
    }

    private static func text(_ address: [UInt8]) -> String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = address.count == 4 ? AF_INET : AF_INET6
        guard inet_ntop(family, address, &buffer, socklen_t(buffer.count)) != nil else { return "" }
        return String(
            decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) },
            as: UTF8.self
        )
    }
}
