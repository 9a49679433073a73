internal import CUchardet

/// Guesses the encoding of bytes that are not UTF-8 and whose encoding nobody names.
enum EncodingGuess {
    /// How much of a document the detector sees.
    private static let sampleSize = 256 << 10

    /// The likeliest encodings by Mozilla's detector (uchardet) and the document's language.
    static func guesses(_ document: Bytes) -> [TextEncoding] {
        guard let firstHigh = document.firstIndex(where: { $0 >= 0x80 || $0 == 0x1B }),
            let detector = uchardet_new()
        else { return [] }
        defer { uchardet_delete(detector) }
        let start = max(0, firstHigh - 64)
        let sample = document.part(start..<min(document.count, start + sampleSize))
        guard let base = sample.baseAddress else { return [] }
        _ = base.withMemoryRebound(to: CChar.self, capacity: sample.count) {
            uchardet_handle_data(detector, $0, sample.count)
        }
        uchardet_data_end(detector)
        let name = uchardet_get_charset(detector).map { String(cString: $0).lowercased() } ?? ""
        return EncodingDoubts.settle(name, sample, EncodingLanguage(document))
            .compactMap { EncodingLabels.encoding($0) }
    }

    /// Whether `document` is UTF-8 but for a few bytes: no other encoding looks like that.
    static func isNearlyUTF8(_ document: Bytes) -> Bool {
        let (sequences, errors) = weighUTF8(document)
        if sequences > 0, errors * (sequences < 3 ? 10 : 2) <= sequences { return true }
        // Words of other scripts all of whose letters are UTF-8 are no chance, however much of
        // the document is something else.
        let (words, bytes, all) = weighWords(document)
        return words > 1 && bytes * 4 >= all
    }

    /// Whether more of `document` is UTF-8 than is not.
    static func isMostlyUTF8(_ document: Bytes) -> Bool {
        let (sequences, errors) = weighUTF8(document)
        return sequences > errors
    }

    /// The runs of bytes beyond ASCII that are three or more characters of UTF-8 and nothing else,
    /// their bytes, and all bytes beyond ASCII.
    private static func weighWords(_ document: Bytes) -> (words: Int, bytes: Int, all: Int) {
        var (words, bytes, all) = (0, 0, 0)
        var start = 0
        while let first = document.part(start..<document.count).firstIndex(where: { $0 >= 0x80 }) {
            start += first
            var end = start
            while end < document.count, document[end] >= 0x80 { end += 1 }
            let run = document.part(start..<end)
            all += run.count
            if run.reduce(0, { $0 + ($1 & 0xC0 == 0xC0 ? 1 : 0) }) >= 3,
                UTF8Check.firstError(run) == nil
            {
                words += 1
                bytes += run.count
            }
            start = end
        }
        return (words, bytes, all)
    }

    /// The number of sequences of UTF-8 beyond ASCII, and of bytes that are none.
    private static func weighUTF8(_ document: Bytes) -> (sequences: Int, errors: Int) {
        var index = 0
        var sequences = 0
        var errors = 0
        while index < document.count {
            let length = UTF8Check.sequenceLength(document, at: index)
            if length == 0 {
                errors += 1
                // Three bytes of its shape that mean nothing: half of a pair of surrogates.
                if document[index] & 0xF0 == 0xE0, index + 2 < document.count,
                    document[index + 1] & 0xC0 == 0x80, document[index + 2] & 0xC0 == 0x80
                {
                    index += 2
                }
            } else if length > 1 {
                sequences += 1
            }
            index += max(1, length)
        }
        return (sequences, errors)
    }
}
