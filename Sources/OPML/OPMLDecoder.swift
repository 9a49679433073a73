import Glibc

/// Turns the bytes of a subscription list to UTF-8.
enum OPMLDecoder {
    /// The text without a byte order mark; what is wrong with it, where it may have cost text.
    static func decode(_ bytes: [UInt8]) -> (text: [UInt8], problem: String?) {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return checked(Array(bytes.dropFirst(3))) }
        if let name = wideEncoding(of: bytes) {
            guard var text = converted(bytes, from: name) else {
                return ([], "the text is no \(name)")
            }
            if text.starts(with: [0xEF, 0xBB, 0xBF]) { text.removeFirst(3) }
            return (text, nil)
        }
        guard let name = declaredEncoding(of: bytes) else { return checked(bytes) }
        if ["utf-8", "utf8", "us-ascii", "ascii"].contains(name.lowercased()) {
            return checked(bytes)
        }
        if let text = converted(bytes, from: name) { return (text, nil) }
        // Some readers declare one thing and write UTF-8.
        if String(validating: bytes, as: UTF8.self) != nil { return (bytes, nil) }
        return ([], "the text is no \(name), as it says, or that is not known")
    }

    /// What should be UTF-8; where it is not, readers of old wrote Windows-1252.
    private static func checked(_ bytes: [UInt8]) -> (text: [UInt8], problem: String?) {
        if String(validating: bytes, as: UTF8.self) != nil { return (bytes, nil) }
        guard let text = converted(bytes, from: "WINDOWS-1252") else {
            return ([], "the text is no UTF-8, and names no other encoding")
        }
        return (text, nil)
    }

    /// UTF-16 or UTF-32, by the first bytes (XML 1.0, appendix F).
    private static func wideEncoding(of bytes: [UInt8]) -> String? {
        switch (bytes.first, bytes.dropFirst().first) {
        case (0xFF, 0xFE):
            return bytes.dropFirst(2).starts(with: [0, 0]) ? "UTF-32LE" : "UTF-16LE"
        case (0xFE, 0xFF), (0, UInt8(ascii: "<")): return "UTF-16BE"
        case (UInt8(ascii: "<"), 0): return "UTF-16LE"
        default: return nil
        }
    }

    /// The encoding that the XML declaration names.
    private static func declaredEncoding(of bytes: [UInt8]) -> String? {
        let head = String(decoding: bytes.prefix(256), as: UTF8.self)
        guard head.hasPrefix("<?xml"), let declaration = head.firstRange(of: "?>"),
            let name = head[..<declaration.lowerBound].firstRange(of: "encoding")
        else { return nil }
        let rest = head[name.upperBound..<declaration.lowerBound]
        guard let quote = rest.first(where: { $0 == "\"" || $0 == "'" }),
            let start = rest.firstIndex(of: quote)
        else { return nil }
        let value = rest[rest.index(after: start)...].prefix { $0 != quote }
        let isName = value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }
        return isName && !value.isEmpty ? String(value) : nil
    }

    private static func converted(_ bytes: [UInt8], from encoding: String) -> [UInt8]? {
        guard let converter = iconv_open("UTF-8", encoding), Int(bitPattern: converter) != -1 else {
            return nil
        }
        defer { iconv_close(converter) }
        var input = bytes.map { CChar(bitPattern: $0) }
        // No encoding takes more than four bytes of UTF-8 for one of its own.
        var output = [CChar](repeating: 0, count: bytes.count * 4 + 4)
        let room = output.count
        let left = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output -> Int? in
                var from = input.baseAddress
                var to = output.baseAddress
                var count = input.count
                var left = room
                guard iconv(converter, &from, &count, &to, &left) != -1 else { return nil }
                return count == 0 ? left : nil
            }
        }
        guard let left else { return nil }
        return output[..<(room - left)].map { UInt8(bitPattern: $0) }
    }
}
