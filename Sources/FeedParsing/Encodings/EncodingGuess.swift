internal import CUchardet

/// Guesses the encoding of bytes that are not UTF-8 and whose encoding nobody names.
enum EncodingGuess {
    /// How much of a document the detector sees.
    private static let sampleSize = 256 << 10

    /// The likeliest encoding by Mozilla's detector (uchardet), if it has an opinion.
    static func guess(_ document: Bytes) -> TextEncoding? {
        guard let firstHigh = document.firstIndex(where: { $0 >= 0x80 || $0 == 0x1B }),
            let detector = uchardet_new()
        else { return nil }
        defer { uchardet_delete(detector) }
        let start = max(0, firstHigh - 64)
        let sample = document.part(start..<min(document.count, start + sampleSize))
        guard let base = sample.baseAddress else { return nil }
        _ = base.withMemoryRebound(to: CChar.self, capacity: sample.count) {
            uchardet_handle_data(detector, $0, sample.count)
        }
        uchardet_data_end(detector)
        guard let name = uchardet_get_charset(detector) else { return nil }
        let guess = EncodingLabels.encoding(String(cString: name))
        // The detector knows no KOI8-U, which is KOI8-R with four more letters.
        if guess?.name == "koi8-r", holdsUkrainian(sample) {
            return EncodingLabels.encoding("koi8-u")
        }
        return guess
    }

    /// Whether letters of KOI8-U that are frames in KOI8-R stand beside letters of both.
    private static func holdsUkrainian(_ sample: Bytes) -> Bool {
        for index in sample.indices.dropFirst() {
            switch sample[index] {
            case 0xA4, 0xA6, 0xA7, 0xAD, 0xB4, 0xB6, 0xB7, 0xBD:
                if sample[index - 1] >= 0xC0 { return true }
            default: break
            }
        }
        return false
    }

    /// Whether `document` is UTF-8 but for a few bytes: no other encoding looks like that.
    static func isNearlyUTF8(_ document: Bytes) -> Bool {
        var index = 0
        var sequences = 0
        var errors = 0
        while index < document.count {
            let length = UTF8Check.sequenceLength(document, at: index)
            if length == 0 {
                errors += 1
            } else if length > 1 {
                sequences += 1
            }
            index += max(1, length)
        }
        return sequences > 0 && errors * 10 <= sequences
    }
}
