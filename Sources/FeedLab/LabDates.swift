/// Dates as feeds and HTTP headers write them, from seconds since 1970.
enum LabDates {
    /// 17 June 2025, 12:00 UTC: the day on which the sample feeds stand still.
    static let noon = 1_750_161_600

    /// The form of RFC 9110 and RFC 822: `Tue, 17 Jun 2025 12:00:00 GMT`.
    static func mail(_ seconds: Int) -> String {
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun",
            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        let date = civil(seconds)
        let weekday = days[(seconds / 86_400) % 7]
        let month = months[date.month - 1]
        return "\(weekday), \(pad(date.day)) \(month) \(date.year) \(clock(seconds)) GMT"
    }

    /// The form of RFC 3339: `2025-06-17T12:00:00Z`.
    static func internet(_ seconds: Int) -> String {
        let date = civil(seconds)
        return "\(date.year)-\(pad(date.month))-\(pad(date.day))T\(clock(seconds))Z"
    }

    private static func clock(_ seconds: Int) -> String {
        let inDay = seconds % 86_400
        return "\(pad(inDay / 3_600)):\(pad(inDay / 60 % 60)):\(pad(inDay % 60))"
    }

    private static func pad(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }

    // Days are counted from 1 March of a year that 400 divides, so that the leap day comes last.
    private static func civil(_ seconds: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = seconds / 86_400 + 719_468
        let era = shifted / 146_097
        let inEra = shifted % 146_097
        let yearOfEra = (inEra - inEra / 1_460 + inEra / 36_524 - inEra / 146_096) / 365
        let inYear = inEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * inYear + 2) / 153
        let day = inYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
