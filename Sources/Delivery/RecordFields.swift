/// The top-level string members of a record, read back from its JSON.
///
/// Strict: anything but one whole object gives no members at all. Made for our own records, so
/// numbers and names are passed over, not checked.
struct RecordFields {
    private var members: [String: String] = [:]

    /// The string member of that name; nil: there is none, or it is no string.
    subscript(_ name: String) -> String? { members[name] }

    /// Reads a record.
    init(of record: [UInt8]) {
        var reader = Reader(bytes: record)
        var found: [String: String] = [:]
        guard reader.object({ name, value in found[name] = value }), reader.isAtEnd else { return }
        members = found
    }

    /// Walks over JSON text.
    private struct Reader {
        private static let deepest = 64
        let bytes: [UInt8]
        var index = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        var isAtEnd: Bool {
            mutating get {
                skipBlanks()
                return index == bytes.count
            }
        }

        private mutating func skipBlanks() {
            while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) {
                index += 1
            }
        }

        private mutating func take(_ character: Unicode.Scalar) -> Bool {
            skipBlanks()
            guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
            index += 1
            return true
        }

        /// Reads the members of an object and hands on those that are strings.
        mutating func object(_ found: (String, String) -> Void) -> Bool {
            guard take("{") else { return false }
            if take("}") { return true }
            repeat {
                skipBlanks()
                guard let name = string(), take(":") else { return false }
                skipBlanks()
                if index < bytes.count, bytes[index] == UInt8(ascii: "\"") {
                    guard let value = string() else { return false }
                    found(name, value)
                } else if !skipValue(depth: 1) {
                    return false
                }
            } while take(",")
            return take("}")
        }

        private mutating func skipValue(depth: Int) -> Bool {
            guard depth < Reader.deepest else { return false }
            skipBlanks()
            guard index < bytes.count else { return false }
            switch bytes[index] {
            case UInt8(ascii: "\""):
                return string() != nil
            case UInt8(ascii: "{"):
                index += 1
                return skipList(closedBy: "}", hasNames: true, depth: depth)
            case UInt8(ascii: "["):
                index += 1
                return skipList(closedBy: "]", hasNames: false, depth: depth)
            default:
                let start = index
                while index < bytes.count, Reader.isPlain(bytes[index]) { index += 1 }
                return index > start
            }
        }

        private mutating func skipList(
            closedBy end: Unicode.Scalar,
            hasNames: Bool,
            depth: Int
        ) -> Bool {
            if take(end) { return true }
            repeat {
                skipBlanks()
                if hasNames, string() == nil || !take(":") { return false }
                guard skipValue(depth: depth + 1) else { return false }
            } while take(",")
            return take(end)
        }

        /// Whether the byte can stand in a number, `true`, `false` or `null`.
        private static func isPlain(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "E"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
                true
            default: false
            }
        }

        private mutating func string() -> String? {
            guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { return nil }
            index += 1
            var text: [UInt8] = []
            while index < bytes.count {
                let byte = bytes[index]
                index += 1
                switch byte {
                case UInt8(ascii: "\""):
                    return String(validating: text, as: UTF8.self)
                case UInt8(ascii: "\\"):
                    guard let scalar = escape() else { return nil }
                    text.append(contentsOf: String(Character(scalar)).utf8)
                case 0..<0x20:
                    return nil
                default:
                    text.append(byte)
                }
            }
            return nil
        }

        private mutating func escape() -> Unicode.Scalar? {
            guard index < bytes.count else { return nil }
            index += 1
            switch bytes[index - 1] {
            case UInt8(ascii: "\""): return "\""
            case UInt8(ascii: "\\"): return "\\"
            case UInt8(ascii: "/"): return "/"
            case UInt8(ascii: "b"): return "\u{8}"
            case UInt8(ascii: "f"): return "\u{C}"
            case UInt8(ascii: "n"): return "\n"
            case UInt8(ascii: "r"): return "\r"
            case UInt8(ascii: "t"): return "\t"
            case UInt8(ascii: "u"): return codePoint()
            default: return nil
            }
        }

        private mutating func codePoint() -> Unicode.Scalar? {
            guard let high = fourDigits() else { return nil }
            guard (0xD800..<0xDC00).contains(high) else { return Unicode.Scalar(high) }
            guard index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"),
                bytes[index + 1] == UInt8(ascii: "u")
            else { return nil }
            index += 2
            guard let low = fourDigits(), (0xDC00..<0xE000).contains(low) else { return nil }
            return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        }

        private mutating func fourDigits() -> UInt32? {
            guard index + 4 <= bytes.count else { return nil }
            var value: UInt32 = 0
            for byte in bytes[index..<index + 4] {
                guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
                value = value << 4 | UInt32(digit)
            }
            index += 4
            return value
        }
    }
}
