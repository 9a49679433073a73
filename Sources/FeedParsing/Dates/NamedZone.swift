import FeedModel

/// A zone of the IANA database, with today's rules.
///
/// Rules of the past (Moscow before 2014, the United States before 2007) are not known; a date
/// of those years may be an hour off.
struct NamedZone: Sendable {
    /// Minutes east of Greenwich in winter.
    var winter: Int
    /// The letter of the summer time rule, or 0.
    var rule: UInt8

    /// The zone of a name in any case, if known.
    static func named(_ name: Bytes) -> NamedZone? {
        guard name.count <= 40 else { return nil }
        return table[name.string.lowercased()]
    }

    /// The zone that Americans mean by two letters, whatever the season.
    static func american(_ name: Bytes) -> NamedZone? {
        guard name.count == 2, name[1] == UInt8(ascii: "T") else { return nil }
        switch name[0] {
        case UInt8(ascii: "E"): return NamedZone(winter: -5 * 60, rule: UInt8(ascii: "U"))
        case UInt8(ascii: "C"): return NamedZone(winter: -6 * 60, rule: UInt8(ascii: "U"))
        case UInt8(ascii: "M"): return NamedZone(winter: -7 * 60, rule: UInt8(ascii: "U"))
        case UInt8(ascii: "P"): return NamedZone(winter: -8 * 60, rule: UInt8(ascii: "U"))
        default: return nil
        }
    }

    private static let table: [String: NamedZone] = {
        var table: [String: NamedZone] = [:]
        let list = Bytes(
            start: ZoneRules.list.utf8Start,
            count: ZoneRules.list.utf8CodeUnitCount
        )
        for entry in list.split(whereSeparator: \.isASCIISpace) {
            guard let sign = entry.firstIndex(of: UInt8(ascii: "=")) else { continue }
            var number = entry[(sign + 1)...]
            var rule: UInt8 = 0
            if let last = number.last, last.isASCIILetter {
                rule = last
                number = number.dropLast()
            }
            let name = String(decoding: entry[..<sign], as: UTF8.self)
            let minutes = Int(String(decoding: number, as: UTF8.self)) ?? 0
            table[name] = NamedZone(winter: minutes, rule: rule)
        }
        return table
    }()

    /// Seconds east of Greenwich at a local time.
    func offset(year: Int, month: Int, day: Int, hour: Int) -> Int {
        let isSummer: Bool
        // Hours of the year by the local clock of winter, compared with those of the changes.
        let now = (month * 31 + day) * 24 + hour
        func at(_ month: Int, _ day: Int, _ hour: Int) -> Int { (month * 31 + day) * 24 + hour }
        switch rule {
        case UInt8(ascii: "E"):
            let hour = 1 + winter / 60
            let start = at(3, NamedZone.sunday(-1, 3, year), hour)
            let end = at(10, NamedZone.sunday(-1, 10, year), hour + 1)
            isSummer = now >= start && now < end
        case UInt8(ascii: "U"):
            let start = at(3, NamedZone.sunday(2, 3, year), 2)
            isSummer = now >= start && now < at(11, NamedZone.sunday(1, 11, year), 2)
        case UInt8(ascii: "A"):
            let end = at(4, NamedZone.sunday(1, 4, year), 3)
            isSummer = now < end || now >= at(10, NamedZone.sunday(1, 10, year), 2)
        case UInt8(ascii: "N"):
            let end = at(4, NamedZone.sunday(1, 4, year), 3)
            isSummer = now < end || now >= at(9, NamedZone.sunday(-1, 9, year), 2)
        default: isSummer = false
        }
        return (winter + (isSummer ? 60 : 0)) * 60
    }

    /// The day of the nth Sunday of a month; -1 for the last.
    private static func sunday(_ number: Int, _ month: Int, _ year: Int) -> Int {
        let days = Timestamp.days(inMonth: month, ofYear: year)
        let weekday = Timestamp(year: year, month: month, day: 1)?.civil.weekday ?? 0
        let first = (7 - weekday) % 7 + 1
        if number > 0 { return first + (number - 1) * 7 }
        return first + (days - first) / 7 * 7
    }
}
