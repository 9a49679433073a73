/// The SHA-256 of a log line, its newline included: what the next line carries as `prev`.
package struct LineHash: Hashable, Sendable {
    /// The 32 bytes.
    package let bytes: [UInt8]

    /// A hash of these bytes; nil where they are not 32.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// The hash as 64 hexadecimal digits in lower case.
    package var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
