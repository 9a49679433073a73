/// Header values as text that can be turned back into the very same bytes.
///
/// Servers send validators in Latin-1 and worse, and want them back byte for byte. A value that is
/// UTF-8 is itself; in any other, each byte of 0x80 and above becomes the scalar U+EF00 + byte
/// (for private use, so no real value is mistaken for one).
enum WireText {
    private static let escapes: ClosedRange<UInt32> = 0xEF80...0xEFFF

    /// Bytes as text.
    static func decode(_ bytes: some Collection<UInt8>) -> String {
        if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
        if let text = String(validating: bytes, as: UTF8.self),
            !text.unicodeScalars.contains(where: { escapes.contains($0.value) })
        {
            return text
        }
        var text = String.UnicodeScalarView()
        for byte in bytes {
            let value = byte < 0x80 ? UInt32(byte) : 0xEF00 + UInt32(byte)
            text.append(Unicode.Scalar(value) ?? "\u{FFFD}")
        }
        return String(text)
    }

    /// Lends the bytes a text was made from, with a zero at the end; the text holds no other zero.
    static func withBytes<Result>(
        of text: String,
        _ body: (UnsafePointer<CChar>) -> Result
    ) -> Result {
        // All escapes begin with the byte 0xEE.
        guard text.utf8.contains(0xEE) else { return text.withCString(body) }
        let isEscaped = text.unicodeScalars.contains { escapes.contains($0.value) }
        guard isEscaped else { return text.withCString(body) }
        let bytes = text.unicodeScalars.map {
            CChar(bitPattern: UInt8(truncatingIfNeeded: $0.value))
        }
        return (bytes + [0]).withUnsafeBufferPointer { bytes in
            bytes.baseAddress.map(body) ?? text.withCString(body)
        }
    }
}
