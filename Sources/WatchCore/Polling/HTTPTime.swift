package import FeedModel

/// Dates and waits in HTTP header fields.
package enum HTTPTime {
    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    /// The wait that a `Retry-After` value asks for, seen at `now`: not negative, at most
    /// `ceiling`; nil where it cannot be read (RFC 9110, section 10.2.3).
    package static func retryAfter(
        _ value: String,
        now: Timestamp,
        ceiling: Duration
    ) -> Duration? {
        let text = value.utf8.drop { $0 == 0x20 || $0 == 0x09 }
        if text.first.map({ (0x30...0x39).contains($0) }) ?? false {
            let digits = text.prefix { (0x30...0x39).contains($0) }
            guard let seconds = Int64(String(decoding: digits, as: UTF8.self)) else {
                return ceiling  // more seconds than a number holds
            }
            return min(.seconds(seconds), ceiling)
        }
        guard let moment = date(value) else { return nil }
        return min(max(moment - now, .zero), ceiling)
    }

    /// The moment an HTTP date names, in any of its three forms (RFC 9110, section 5.6.7).
    package static func date(_ value: String) -> Timestamp? {
        let words = value.lowercased().split { " ,-\t".contains($0) }
        switch words.count {
        case 6:  // Sun, 06 Nov 1994 08:49:37 GMT | Sunday, 06-Nov-94 08:49:37 GMT
            guard words[5] == "gmt" || words[5] == "utc", var year = Int(words[3]) else {
                return nil
            }
            if words[3].count == 2 { year += year < 70 ? 2000 : 1900 }
            return moment(year: year, month: words[2], day: words[1], time: words[4])
        case 5:  // Sun Nov  6 08:49:37 1994
            guard let year = Int(words[4]) else { return nil }
            return moment(year: year, month: words[1], day: words[2], time: words[3])
        default:
            return nil
        }
    }

    private static func moment(
        year: Int,
        month: Substring,
        day: Substring,
        time: Substring
    ) -> Timestamp? {
        let clock = time.split(separator: ":").compactMap { Int($0) }
        guard
            let month = months.firstIndex(of: String(month)), let day = Int(day), clock.count == 3
        else { return nil }
        return Timestamp(
            year: year,
            month: month + 1,
            day: day,
            hour: clock[0],
            minute: clock[1],
            second: clock[2]
        )
    }
}
