internal import CICU

/// Unicode normalization form C, by ICU.
enum UnicodeNormalizer {
    /// Appends the NFC form of `text` to `output`; false, and nothing appended, where `text` is in
    /// that form already or ICU cannot help.
    static func appendNormalized(_ text: Bytes, to output: inout [UInt8]) -> Bool {
        var status = U_ZERO_ERROR
        guard let nfc = cicu_nfc(&status), status.rawValue <= U_ZERO_ERROR.rawValue,
            let start = text.baseAddress, text.count < Int(Int32.max) / 16
        else { return false }
        var result: [UInt8]?
        withUnsafeTemporaryAllocation(of: UInt16.self, capacity: text.count + 8) { units in
            guard let wide = units.baseAddress else { return }
            let count = start.withMemoryRebound(to: CChar.self, capacity: text.count) {
                cicu_from_utf8(wide, Int32(units.count), $0, Int32(text.count), &status)
            }
            guard status.rawValue <= U_ZERO_ERROR.rawValue,
                cicu_is_normalized(nfc, wide, count, &status) == 0
            else { return }
            result = normalized(nfc, wide, count)
        }
        guard let result else { return false }
        output.append(contentsOf: result)
        return true
    }

    private static func normalized(
        _ nfc: OpaquePointer,
        _ text: UnsafeMutablePointer<UInt16>,
        _ length: Int32
    ) -> [UInt8]? {
        var status = U_ZERO_ERROR
        // A scalar gives at most three UTF-16 units a unit in form C (UAX 15, section 8), and a
        // unit at most three bytes.
        let capacity = Int(length) * 3 + 8
        var wide = [UInt16](repeating: 0, count: capacity)
        let count = cicu_normalize(nfc, text, length, &wide, Int32(capacity), &status)
        var bytes = [CChar](repeating: 0, count: Int(max(0, count)) * 3 + 8)
        let size = cicu_to_utf8(&bytes, Int32(bytes.count), wide, count, &status)
        guard status.rawValue <= U_ZERO_ERROR.rawValue else { return nil }
        return bytes.prefix(Int(size)).map { UInt8(bitPattern: $0) }
    }
}
