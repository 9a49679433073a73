/// The zones that dates are written in.
enum TimeZoneNames {
    /// Seconds east of Greenwich of a zone, number or name, or nil where it is unknown.
    ///
    /// | text | offset |
    /// | --- | --- |
    /// | `+0300`, `+03:00`, `+3`, `GMT+3`, `UTC+0300` | 10,800 |
    /// | `Z`, `GMT`, `-0000` | 0 |
    /// | `EST` | -18,000 |
    static func offset(_ text: Bytes) -> Int? {
        let text = text.trimmed
        guard let first = text.first else { return 0 }
        if first == UInt8(ascii: "+") || first == UInt8(ascii: "-") { return number(text) }
        // U+2212, the minus sign of typographers.
        if text.hasPrefix("\u{2212}") {
            let digits = Array("-".utf8) + Array(text.from(3))
            return digits.withUnsafeBufferPointer { number($0) }
        }
        var end = 0
        while end < text.count, text[end].isASCIILetter { end += 1 }
        let rest = text.from(end).trimmed
        guard let hours = known[text.part(0..<end).string.lowercased()] else { return nil }
        if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
            // "GMT+3" adds; "EST -0500" says the same thing twice.
            guard let more = number(rest) else { return nil }
            return hours == 0 ? more : Int(hours * 3_600)
        }
        // A name ends where it ends: the "s" of "sáb" is no zone.
        guard rest.isEmpty || rest.first == UInt8(ascii: "(") || rest.first == UInt8(ascii: "[")
        else { return nil }
        return Int(hours * 3_600)
    }

    private static func number(_ text: Bytes) -> Int? {
        let sign = text[0] == UInt8(ascii: "-") ? -1 : 1
        var digits: [Int] = []
        var colon: Int?
        for byte in text.from(1) {
            if byte.isASCIIDigit {
                digits.append(Int(byte - 0x30))
            } else if byte == UInt8(ascii: ":"), colon == nil {
                colon = digits.count
            } else if byte.isASCIISpace || byte == UInt8(ascii: "(") || byte == UInt8(ascii: "[")
                || (byte == UInt8(ascii: ":") && digits.count == 4)
            {
                // "+03:00:00" has seconds.
                break
            } else {
                return nil
            }
        }
        let hourDigits = colon ?? (digits.count <= 2 ? digits.count : digits.count - 2)
        guard (1...2).contains(hourDigits), digits.count <= 6 else { return nil }
        let hours = digits[..<hourDigits].reduce(0) { $0 * 10 + $1 }
        let minutes = digits[hourDigits...].prefix(2).reduce(0) { $0 * 10 + $1 }
        guard hours <= 26, minutes < 60 else { return nil }
        return sign * (hours * 3_600 + minutes * 60)
    }

    /// Hours east of Greenwich.
    ///
    /// Of names with several meanings the one of RFC 822 or of the languages in our feeds is taken
    /// (`IST` India, `CST` and `EST` North America).
    static let known: [String: Double] = [
        "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "uct": 0, "universal": 0, "zulu": 0,
        "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
        "akst": -9, "akdt": -8, "hst": -10, "hast": -10, "hadt": -9, "ast": -4, "adt": -3,
        "nst": -3.5, "ndt": -2.5, "et": -5, "ct": -6, "mt": -7, "pt": -8,
        "bst": 1, "west": 1, "cet": 1, "met": 1, "mez": 1, "cest": 2, "mest": 2, "mesz": 2,
        "eet": 2, "eest": 3, "sast": 2, "trt": 3, "msk": 3, "msd": 4, "samt": 4, "sam": 4,
        "gst": 4, "pkt": 5, "uzt": 5, "yekt": 5, "ist": 5.5, "npt": 5.75, "omst": 6, "almt": 6,
        "novt": 7, "krat": 7, "ict": 7, "wib": 7, "irkt": 8, "hkt": 8, "sgt": 8, "myt": 8,
        "pht": 8, "awst": 8, "wita": 8, "ulat": 8, "jst": 9, "kst": 9, "yakt": 9, "wit": 9,
        "acst": 9.5, "acdt": 10.5, "aest": 10, "aedt": 11, "vlat": 10, "magt": 11, "sakt": 11,
        "pett": 12, "nzst": 12, "nzdt": 13, "brt": -3, "brst": -2, "art": -3, "clt": -4,
        "a": -1, "b": -2, "c": -3, "d": -4, "e": -5, "f": -6, "g": -7, "h": -8, "i": -9, "k": -10,
        "l": -11, "m": -12, "n": 1, "o": 2, "p": 3, "q": 4, "r": 5, "s": 6, "t": 7, "u": 8, "v": 9,
        "w": 10, "x": 11, "y": 12,
    ]
}
