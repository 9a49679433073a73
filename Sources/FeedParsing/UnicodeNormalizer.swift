internal import CICU

/// Unicode normalization form C, by ICU.
enum UnicodeNormalizer {
    /// Appends the NFC form of `text` to `output`; false, and nothing appended, where `text` is in
    /// that form already or ICU cannot help.
    static func appendNormalized(_ text: Bytes, to output: inout [UInt8]) -> Bool {
        var status = U_ZERO_ERROR
        guard let nfc = cicu_nfc(&status), status.rawValue <= U_ZERO_ERROR.rawValue else {
            return false
        }
        let units = Array(text.string.utf16)
        if cicu_is_normalized(nfc, units, Int32(units.count), &status) != 0 { return false }
        // A scalar gives at most three UTF-16 units a unit in form C (UAX 15, section 8).
        var result = [UInt16](repeating: 0, count: units.count * 3 + 8)
        let count = cicu_normalize(
            nfc,
            units,
            Int32(units.count),
            &result,
            Int32(result.count),
            &status
        )
        guard status.rawValue <= U_ZERO_ERROR.rawValue, count >= 0 else { return false }
        output.append(contentsOf: String(decoding: result[..<Int(count)], as: UTF16.self).utf8)
        return true
    }
}
