/// A moment of the civil clock, in whole milliseconds since 1970-01-01T00:00:00Z.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since the epoch; negative before it.
    package let milliseconds: Int64

    /// A moment so many milliseconds after the epoch.
    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// A moment so many seconds after the epoch.
    package init(seconds: Int64) { self.milliseconds = seconds * 1000 }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The moment `duration` later, cut to whole milliseconds.
    package static func + (moment: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(milliseconds: moment.milliseconds &+ duration.wholeMilliseconds)
    }

    /// The moment `duration` earlier, cut to whole milliseconds.
    package static func - (moment: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(milliseconds: moment.milliseconds &- duration.wholeMilliseconds)
    }

    /// The time from `earlier` to `later`; negative when they stand the other way round.
    package static func - (later: Timestamp, earlier: Timestamp) -> Duration {
        .milliseconds(later.milliseconds - earlier.milliseconds)
    }
}

extension Duration {
    /// The duration in milliseconds, cut towards zero.
    package var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds &* 1000 &+ attoseconds / 1_000_000_000_000_000
    }
}

extension Timestamp {
    /// A moment from the parts of a civil date in UTC, or nil where a part is out of range.
    ///
    /// The year runs from 1 to 9999; second 60 (a leap second) counts as second 59.
    /// Days are counted by the proleptic Gregorian calendar.
    package init?(
        year: Int,
        month: Int,
        day: Int,
        hour: Int = 0,
        minute: Int = 0,
        second: Int = 0,
        millisecond: Int = 0
    ) {
        guard
            (1...9999).contains(year), (1...12).contains(month),
            (1...Timestamp.days(inMonth: month, ofYear: year)).contains(day),
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second),
            (0...999).contains(millisecond)
        else { return nil }
        let days = Timestamp.daysSinceEpoch(year: year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + min(second, 59)
        self.init(milliseconds: Int64(seconds) * 1000 + Int64(millisecond))
    }

    /// The number of days in a month of the Gregorian calendar.
    package static func days(inMonth month: Int, ofYear year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from 1970-01-01 to a Gregorian date (the era method of "chrono-compatible low-level
    /// date algorithms": years start in March, eras have 400 years and 146,097 days).
    private static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The parts of the civil date in UTC.
    package var civil: CivilDate {
        let secondsTotal =
            milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000
        let days = Int(
            secondsTotal >= 0 ? secondsTotal / 86_400 : (secondsTotal - 86_399) / 86_400
        )
        let secondOfDay = Int(secondsTotal) - days * 86_400
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return CivilDate(
            year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
            month: month,
            day: dayOfYear - (153 * shiftedMonth + 2) / 5 + 1,
            hour: secondOfDay / 3_600,
            minute: secondOfDay / 60 % 60,
            second: secondOfDay % 60,
            millisecond: Int(milliseconds - secondsTotal * 1000),
            weekday: ((days % 7) + 11) % 7
        )
    }

    /// RFC 3339 in UTC with milliseconds: `2025-06-17T09:30:00.000Z`.
    package var rfc3339: String { text(milliseconds: true) }

    /// RFC 3339 in UTC with whole seconds: `2025-06-17T09:30:00Z`.
    package var rfc3339Seconds: String { text(milliseconds: false) }

    private func text(milliseconds withMilliseconds: Bool) -> String {
        let parts = civil
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24)
        func put(_ value: Int, _ width: Int, then separator: UInt8) {
            var divisor = 1
            for _ in 1..<width { divisor *= 10 }
            while divisor > 0 {
                bytes.append(UInt8(48 + value / divisor % 10))
                divisor /= 10
            }
            bytes.append(separator)
        }
        put(max(0, parts.year), 4, then: UInt8(ascii: "-"))
        put(parts.month, 2, then: UInt8(ascii: "-"))
        put(parts.day, 2, then: UInt8(ascii: "T"))
        put(parts.hour, 2, then: UInt8(ascii: ":"))
        put(parts.minute, 2, then: UInt8(ascii: ":"))
        if withMilliseconds {
            put(parts.second, 2, then: UInt8(ascii: "."))
            put(parts.millisecond, 3, then: UInt8(ascii: "Z"))
        } else {
            put(parts.second, 2, then: UInt8(ascii: "Z"))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A civil date and time of day in UTC.
package struct CivilDate: Hashable, Sendable {
    /// The year of the Gregorian calendar.
    package let year: Int
    /// The month, 1 to 12.
    package let month: Int
    /// The day of the month, 1 to 31.
    package let day: Int
    /// The hour, 0 to 23.
    package let hour: Int
    /// The minute, 0 to 59.
    package let minute: Int
    /// The second, 0 to 59.
    package let second: Int
    /// The millisecond, 0 to 999.
    package let millisecond: Int
    /// The day of the week, 0 for Sunday to 6 for Saturday.
    package let weekday: Int
}
