import FeedModel

/// Reads dates by their words: RFC 822, asctime, and what people make of them.
enum DateWords {
    private struct Found {
        var year: Int?
        var month: Int?
        var day: Int?
        var time: TimeOfDay?
        var zone: Int?
        var isAfternoon: Bool?
        /// Numbers that are neither day nor year yet, in order.
        var numbers: [(value: Int, length: Int)] = []
    }

    /// The moment that `text` names, or nil.
    static func read(_ text: Bytes) -> Timestamp? {
        var found = Found()
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte.isASCIIDigit {
                guard readNumber(text, &index, &found) else { return nil }
            } else if byte == UInt8(ascii: "+")
                || (byte == UInt8(ascii: "-") && found.time != nil && found.zone ?? 0 == 0)
            {
                guard found.time != nil, let zone = TimeZoneNames.offset(text.from(index)) else {
                    return nil
                }
                found.zone = zone
                break
            } else if byte.isASCIILetter || byte >= 0x80 {
                guard readWord(text, &index, &found) else { return nil }
            } else if byte == UInt8(ascii: "(") {
                // A comment of RFC 822.
                index = (text.firstOffset(of: UInt8(ascii: ")"), from: index) ?? text.count - 1) + 1
            } else {
                index += 1
            }
        }
        return assemble(found)
    }

    /// A number: a time of day if a colon follows, else a day or a year.
    private static func readNumber(_ text: Bytes, _ index: inout Int, _ found: inout Found) -> Bool
    {
        var scan = DateScan(text.from(index))
        guard let number = scan.number() else { return false }
        if scan.current == UInt8(ascii: ":"), found.time == nil {
            var scan = DateScan(text.from(index))
            guard let time = TimeOfDay(&scan) else { return false }
            found.time = time
            index = text.count - scan.rest.count
            return true
        }
        index += number.length
        // "1st", "2nd".
        let rest = text.from(index)
        for suffix: StaticString in ["st", "nd", "rd", "th"]
        where rest.hasPrefixIgnoringCase(suffix)
            && (rest.count == 2 || !rest[2].isASCIILetter)
        {
            index += 2
        }
        found.numbers.append(number)
        return found.numbers.count <= 3
    }

    private static func readWord(_ text: Bytes, _ index: inout Int, _ found: inout Found) -> Bool {
        let start = index
        while index < text.count, text[index].isASCIILetter || text[index] >= 0x80 { index += 1 }
        let word = text.part(start..<index).string.lowercased()
        switch word {
        case "am", "a.m": found.isAfternoon = false
        case "pm", "p.m": found.isAfternoon = true
        case "t", "at", "of", "on", "um", "в": break
        default:
            if let month = DateNames.month(word) {
                guard found.month == nil else { return false }
                found.month = month
            } else if DateNames.isWeekday(word) {
                return true
            } else if let zone = TimeZoneNames.offset(text.from(start)) {
                found.zone = zone
                index = text.count
            } else {
                return false
            }
        }
        return true
    }

    private static func assemble(_ found: Found) -> Timestamp? {
        guard let month = found.month else { return nil }
        var day: Int?
        var year: Int?
        for number in found.numbers {
            if number.length >= 3 || day != nil {
                guard year == nil else { return nil }
                year = number.value
                if number.length == 2 { year = number.value + (number.value < 70 ? 2000 : 1900) }
            } else {
                day = number.value
            }
        }
        guard let year, let day else { return nil }
        var time = found.time ?? TimeOfDay()
        if let isAfternoon = found.isAfternoon, time.hour <= 12 {
            time.hour = time.hour % 12 + (isAfternoon ? 12 : 0)
        }
        return DateParts(year: year, month: month, day: day, time: time, zone: found.zone ?? 0)
            .timestamp
    }
}
