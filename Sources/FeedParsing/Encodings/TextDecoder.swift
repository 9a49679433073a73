internal import CICU
internal import Glibc

/// Converts bytes of an encoding to UTF-8, by glibc's iconv and, where it knows less, by ICU.
enum TextDecoder {
    /// What came of a conversion.
    struct Decoded {
        /// The text in UTF-8.
        var bytes: [UInt8]
        /// The number of places that could not be read; each is U+FFFD in the text.
        var errorCount: Int
    }

    /// An encoding that only glibc knows by this label.
    ///
    /// UTF-7 is not among them: text in it can hide anything.
    static func encoding(named label: String) -> TextEncoding? {
        let label = label.lowercased()
        let isPlain = label.utf8.allSatisfy {
            $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "-")
                || $0 == UInt8(ascii: "_")
        }
        guard isPlain, label.utf8.count <= 40, !label.contains("utf"), !label.contains("wchar"),
            !label.contains("internal")
        else { return nil }
        for name in [label, label.replacing("_", with: "-")] {
            guard let converter = iconv_open("UTF-8", name), Int(bitPattern: converter) != -1
            else { continue }
            iconv_close(converter)
            return TextEncoding(name: label, converter: name, isSingleByte: false)
        }
        return nil
    }

    /// How many bytes are converted at a time.
    ///
    /// Few enough that the output always has room: where it has not, glibc does a step again.
    private static let stepSize = 4 << 10

    /// Converts `input`; nil where glibc has no such converter, or where bytes are wrong and
    /// `strict` is asked for.
    static func decode(_ input: Bytes, _ encoding: TextEncoding, strict: Bool) -> Decoded? {
        if encoding == .utf8 { return decodeUTF8(input, strict: strict) }
        if encoding.converter.hasPrefix("macos-") { return decodeByICU(input, encoding) }
        guard let converter = iconv_open("UTF-8", encoding.converter),
            Int(bitPattern: converter) != -1
        else { return nil }
        defer { iconv_close(converter) }
        var output: [UInt8] = []
        // A byte makes three at most. Room that stays untouched costs nothing where it is large, and
        // growing would need what is there twice over.
        output.reserveCapacity(input.count * 3)
        var errorCount = 0
        var undefinedCount = 0
        var rest = input
        let isDone = withUnsafeTemporaryAllocation(of: CChar.self, capacity: stepSize * 4) { room in
            while !rest.isEmpty {
                let before = rest.count
                let result = convert(converter, &rest, room, &output)
                if result == 0 || result == E2BIG { continue }
                // The step ended within a character.
                if result == EINVAL, before > stepSize, rest.count < before { continue }
                // An undefined byte of a Windows page is the control of that number to browsers.
                if let byte = rest.first, encoding.isSingleByte, byte >= 0x80, byte < 0xA0 {
                    output.append(scalar: UInt32(byte))
                    undefinedCount += 1
                } else {
                    if strict { return false }
                    errorCount += 1
                    output.append(scalar: 0xFFFD)
                }
                if rest.isEmpty { break }
                rest = rest.from(1)
                _ = iconv(converter, nil, nil, nil, nil)
            }
            return true
        }
        // Many of them are no accident: the bytes are of another encoding.
        if strict, undefinedCount > 0,
            undefinedCount * 20 > input.reduce(0, { $0 + ($1 >= 0x80 ? 1 : 0) })
        {
            return nil
        }
        return isDone ? Decoded(bytes: output, errorCount: errorCount) : nil
    }

    /// Converts one of Apple's single-byte encodings, of which glibc has only some.
    private static func decodeByICU(_ input: Bytes, _ encoding: TextEncoding) -> Decoded? {
        guard let start = input.baseAddress, input.count <= Int(Int32.max) / 8 else { return nil }
        var wide = [UInt16](repeating: 0, count: input.count)
        var status = U_ZERO_ERROR
        let count = start.withMemoryRebound(to: CChar.self, capacity: input.count) {
            cicu_decode(encoding.converter, $0, Int32(input.count), &wide, &status)
        }
        guard status.rawValue <= U_ZERO_ERROR.rawValue else { return nil }
        return Decoded(
            bytes: Array(String(decoding: wide.prefix(Int(count)), as: UTF16.self).utf8),
            errorCount: 0
        )
    }

    /// One call of iconv: takes what it can from `rest` and gives 0 or the error.
    private static func convert(
        _ converter: iconv_t,
        _ rest: inout Bytes,
        _ room: UnsafeMutableBufferPointer<CChar>,
        _ output: inout [UInt8]
    ) -> Int32 {
        // iconv reads through a pointer to non-constant bytes but does not change them (POSIX).
        var source = UnsafeMutablePointer<CChar>(
            mutating: UnsafeRawPointer(rest.baseAddress)?.assumingMemoryBound(to: CChar.self)
        )
        let stepCount = min(rest.count, stepSize)
        var sourceCount = stepCount
        var target = room.baseAddress
        var targetCount = room.count
        let result = iconv(converter, &source, &sourceCount, &target, &targetCount)
        let failure = result == Int(bitPattern: UInt.max) ? errno : 0
        output.append(contentsOf: UnsafeRawBufferPointer(room).prefix(room.count - targetCount))
        rest = rest.from(stepCount - sourceCount)
        return failure
    }

    /// Checks UTF-8; wrong bytes become U+FFFD.
    static func decodeUTF8(_ input: Bytes, strict: Bool) -> Decoded? {
        guard UTF8Check.firstError(input) != nil else {
            return Decoded(bytes: Array(input), errorCount: 0)
        }
        if strict { return nil }
        var output: [UInt8] = []
        output.reserveCapacity(input.count + 16)
        var errorCount = 0
        var index = 0
        while index < input.count {
            let length = UTF8Check.sequenceLength(input, at: index)
            if length == 0 {
                output.append(scalar: 0xFFFD)
                errorCount += 1
                index += 1
            } else {
                for offset in 0..<length { output.append(input[index + offset]) }
                index += length
            }
        }
        return Decoded(bytes: output, errorCount: errorCount)
    }
}
