import FeedModel

/// Reads the dates that feeds write.
///
/// The usual forms (RFC 3339 and RFC 822) are read in one pass; whatever else goes to the reader of
/// words.
enum DateReader {
    /// The moment that `text` names, or nil where it names none.
    ///
    /// No zone means UTC.
    static func read(_ text: Bytes) -> Timestamp? {
        let text = text.trimmed
        guard text.count >= 4, text.count <= 128 else { return nil }
        if let moment = readUsual(text) { return moment }
        if text[0].isASCIIDigit, let moment = readISO(text) ?? readEpoch(text) { return moment }
        return DateWords.read(text)
    }

    /// W3CDTF and RFC 3339: `2025-06-17T09:30:00.5+03:00` and its reductions, with a blank for the
    /// `T` and `/` for `-`.
    private static func readISO(_ text: Bytes) -> Timestamp? {
        var scan = DateScan(text)
        if let compact = readCompact(text) { return compact }
        guard let year = scan.digits(4...4) else { return nil }
        var month = 1
        var day = 1
        if scan.isAtEnd { return Timestamp(year: year, month: 1, day: 1) }
        let separator = scan.current
        if separator == UInt8(ascii: "-") || separator == UInt8(ascii: "/")
            || separator == UInt8(ascii: ".")
        {
            scan.advance()
            if let ordinal = readOrdinal(scan.rest, year: year) { return ordinal }
            if let (dayMonth, dayOfMonth) = readDayOfYear(&scan, year: year) {
                return readTime(&scan, year: year, month: dayMonth, day: dayOfMonth)
            }
            guard let value = scan.digits(1...2) else { return nil }
            month = value
            if scan.skip(separator) {
                guard let value = scan.digits(1...2) else { return nil }
                day = value
            }
        } else if let value = scan.digits(2...2) {
            month = value
            guard let value = scan.digits(2...2) else { return nil }
            day = value
        } else {
            return nil
        }
        if scan.isAtEnd { return Timestamp(year: year, month: month, day: day) }
        return readTime(&scan, year: year, month: month, day: day)
    }

    /// `1718616600` and `1718616600000`, seconds or milliseconds of Unix from 2001 to 2030.
    ///
    /// Not later: `2025061709` would be such a number too.
    private static func readEpoch(_ text: Bytes) -> Timestamp? {
        guard text.count == 10 || text.count == 13, text[0] == UInt8(ascii: "1"),
            text[1] != UInt8(ascii: "9"), let number = text.decimal
        else { return nil }
        return Timestamp(milliseconds: Int64(text.count == 10 ? number * 1000 : number))
    }

    /// `2025-168`: the day of the year.
    private static func readOrdinal(_ text: Bytes, year: Int) -> Timestamp? {
        guard text.count == 3, let day = text.decimal, day > 0, day <= 366,
            let start = Timestamp(year: year, month: 1, day: 1)
        else { return nil }
        let moment = Timestamp(milliseconds: start.milliseconds + Int64(day - 1) * 86_400_000)
        return moment.civil.year == year ? moment : nil
    }

    /// `168T…` and `W25-2T…`, the day of the year or of the week of the year before a time.
    private static func readDayOfYear(_ scan: inout DateScan, year: Int) -> (Int, Int)? {
        var rest = scan
        let isWeek = rest.skip(UInt8(ascii: "W"))
        guard let number = isWeek ? rest.digits(2...2) : rest.digits(3...3) else { return nil }
        var day = number - 1
        if isWeek {
            // Week 1 holds 4 January, weeks start on Monday (ISO 8601).
            var weekday = 1
            if rest.skip(UInt8(ascii: "-")) || rest.current.isASCIIDigit {
                guard let value = rest.digits(1...1), (1...7).contains(value) else { return nil }
                weekday = value
            }
            let fourth = Timestamp(year: year, month: 1, day: 4)?.civil.weekday ?? 0
            day = 3 - (fourth + 6) % 7 + (number - 1) * 7 + weekday - 1
        }
        guard number > 0, number <= (isWeek ? 53 : 366), !rest.current.isASCIIDigit,
            let start = Timestamp(year: year, month: 1, day: 1)
        else { return nil }
        let civil = Timestamp(milliseconds: start.milliseconds + Int64(day) * 86_400_000).civil
        // A week may reach into the next year; then the parts would need another year too.
        guard civil.year == year else { return nil }
        scan = rest
        return (civil.month, civil.day)
    }

    /// `2025168`, `25-06-17` and `250617`, of ISO 8601's first edition, and databases'
    /// `20250617093000`.
    private static func readCompact(_ text: Bytes) -> Timestamp? {
        if text.count == 12 || text.count == 14, text.decimal != nil {
            var scan = DateScan(text)
            guard let year = scan.digits(4...4), let month = scan.digits(2...2),
                let day = scan.digits(2...2), let time = TimeOfDay(&scan)
            else { return nil }
            return DateParts(year: year, month: month, day: day, time: time, zone: 0).timestamp
        }
        if text.count == 7, let year = text.part(0..<4).decimal, text.from(4).decimal != nil {
            return readOrdinal(text.from(4), year: year)
        }
        guard text.count == 6 || text.count == 8 else { return nil }
        var digits = Array(text)
        if text.count == 8, text[2] == UInt8(ascii: "-"), text[5] == UInt8(ascii: "-") {
            digits.removeAll { $0 == UInt8(ascii: "-") }
        }
        guard digits.count == 6 else { return nil }
        return digits.withUnsafeBufferPointer { digits in
            guard let year = digits.part(0..<2).decimal, let month = digits.part(2..<4).decimal,
                let day = digits.from(4).decimal
            else { return nil }
            return Timestamp(year: year < 70 ? 2000 + year : 1900 + year, month: month, day: day)
        }
    }

    private static func readTime(
        _ scan: inout DateScan,
        year: Int,
        month: Int,
        day: Int
    ) -> Timestamp? {
        if scan.current | 0x20 == UInt8(ascii: "t") {
            scan.advance()
        } else {
            guard scan.current.isASCIISpace else { return zoned(&scan, year, month, day) }
        }
        scan.skipBlanks()
        if scan.isAtEnd { return Timestamp(year: year, month: month, day: day) }
        guard scan.current.isASCIIDigit, let time = TimeOfDay(&scan) else {
            return zoned(&scan, year, month, day)
        }
        scan.skipBlanks()
        guard let zone = scan.isAtEnd ? 0 : usualZone(scan.rest) ?? TimeZoneNames.offset(scan.rest)
        else {
            guard let named = NamedZone.named(scan.rest) else { return nil }
            let zone = named.offset(year: year, month: month, day: day, hour: time.hour)
            return DateParts(year: year, month: month, day: day, time: time, zone: zone).timestamp
        }
        return DateParts(year: year, month: month, day: day, time: time, zone: zone).timestamp
    }

    private static func zoned(
        _ scan: inout DateScan,
        _ year: Int,
        _ month: Int,
        _ day: Int
    ) -> Timestamp? {
        guard let zone = TimeZoneNames.offset(scan.rest) else { return nil }
        return DateParts(year: year, month: month, day: day, time: TimeOfDay(), zone: zone)
            .timestamp
    }
}

/// A position in the text of a date.
struct DateScan {
    private let text: Bytes
    private var index = 0

    init(_ text: Bytes) { self.text = text }

    var isAtEnd: Bool { index >= text.count }
    var current: UInt8 { isAtEnd ? 0 : text[index] }
    var rest: Bytes { text.from(index) }
    mutating func advance() { index += 1 }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        index += 1
        return true
    }

    mutating func skipBlanks() {
        while !isAtEnd, text[index].isASCIISpace { index += 1 }
    }

    /// A run of digits of an allowed length.
    mutating func digits(_ lengths: ClosedRange<Int>) -> Int? {
        var end = index
        var value = 0
        while end < text.count, text[end].isASCIIDigit, end - index < lengths.upperBound {
            value = value * 10 + Int(text[end] - 0x30)
            end += 1
        }
        guard end - index >= lengths.lowerBound else { return nil }
        index = end
        return value
    }

    /// A whole run of digits, with its length.
    mutating func number() -> (value: Int, length: Int)? {
        let start = index
        guard let value = digits(1...15) else { return nil }
        return (value, index - start)
    }
}

/// A time of day as written.
struct TimeOfDay {
    var hour = 0
    var minute = 0
    var second = 0
    var millisecond = 0

    init() {}

    /// Reads `9`, `09:30`, `0930`, `09:30:00.25`.
    init?(_ scan: inout DateScan) {
        guard let hour = scan.digits(1...2) else { return nil }
        self.hour = hour
        let hasColon = scan.skip(UInt8(ascii: ":"))
        guard let minute = scan.digits(1...2) else {
            // "T09Z": the hour alone is a reduction of ISO 8601.
            if hasColon { return nil }
            return
        }
        self.minute = minute
        if hasColon ? scan.skip(UInt8(ascii: ":")) : scan.current.isASCIIDigit {
            guard let second = scan.digits(1...2) else { return nil }
            self.second = second
        }
        if scan.current == UInt8(ascii: ".") || scan.current == UInt8(ascii: ",") {
            scan.advance()
            var scale = 100
            while scan.current.isASCIIDigit {
                millisecond += Int(scan.current - 0x30) * scale
                scale /= 10
                scan.advance()
            }
        }
    }
}

/// The parts of a date, with the zone in seconds east of Greenwich.
struct DateParts {
    var year: Int
    var month: Int
    var day: Int
    var time: TimeOfDay
    var zone: Int

    /// The moment, or nil where a part is out of range.
    var timestamp: Timestamp? {
        // Midnight written as the end of the day (ISO 8601), and what clocks without a zero make of
        // the first hour.
        let isEndOfDay = time.hour == 24
        // From Baker Island to Kiribati.
        guard (-12 * 3_600...14 * 3_600).contains(zone),
            let local = Timestamp(
                year: year,
                month: month,
                day: day,
                hour: isEndOfDay ? 0 : time.hour,
                minute: time.minute,
                second: time.second,
                millisecond: time.millisecond
            )
        else { return nil }
        let shift = (isEndOfDay ? 86_400 : 0) - zone
        let moment = Timestamp(milliseconds: local.milliseconds + Int64(shift) * 1000)
        return (1...9999).contains(moment.civil.year) ? moment : nil
    }
}
