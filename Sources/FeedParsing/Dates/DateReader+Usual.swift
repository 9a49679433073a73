import FeedModel

extension DateReader {
    /// `Tue, 17 Jun 2025 09:30:00 +0300` letter by letter, as nearly all of RSS writes it.
    ///
    /// Nil for anything else, which then is read the long way.
    static func readUsual(_ text: Bytes) -> Timestamp? {
        var scan = DateScan(text)
        if scan.current.isASCIILetter {
            guard text.count > 5, weekdays.contains(where: { text.hasPrefix($0) }) else {
                return nil
            }
            for _ in 0..<5 { scan.advance() }
        }
        guard let day = scan.digits(1...2), scan.skip(0x20), scan.rest.count > 12,
            let month = months.firstIndex(where: { scan.rest.hasPrefix($0) })
        else { return nil }
        for _ in 0..<4 { scan.advance() }
        guard let year = scan.digits(4...4), scan.skip(0x20),
            let hour = scan.digits(2...2), scan.skip(UInt8(ascii: ":")),
            let minute = scan.digits(2...2), scan.skip(UInt8(ascii: ":")),
            let second = scan.digits(2...2), scan.skip(0x20),
            hour < 24, let zone = usualZone(scan.rest)
        else { return nil }
        var time = TimeOfDay()
        (time.hour, time.minute, time.second) = (hour, minute, second)
        return DateParts(year: year, month: month + 1, day: day, time: time, zone: zone).timestamp
    }

    /// Seconds east of Greenwich of `Z`, `GMT`, `UTC`, `+0300` and `+03:00`.
    static func usualZone(_ text: Bytes) -> Int? {
        if text.equals("GMT") || text.equals("Z") || text.equals("UTC") { return 0 }
        guard text.count == 5 || text.count == 6 else { return nil }
        let isWest = text[0] == UInt8(ascii: "-")
        guard isWest || text[0] == UInt8(ascii: "+") else { return nil }
        var scan = DateScan(text.from(1))
        guard let hours = scan.digits(2...2) else { return nil }
        if text.count == 6, !scan.skip(UInt8(ascii: ":")) { return nil }
        guard let minutes = scan.digits(2...2), hours <= 26, minutes < 60 else { return nil }
        return (hours * 3_600 + minutes * 60) * (isWest ? -1 : 1)
    }

    private static let weekdays: [StaticString] = [
        "Mon, ", "Tue, ", "Wed, ", "Thu, ", "Fri, ", "Sat, ", "Sun, ",
    ]

    private static let months: [StaticString] = [
        "Jan ", "Feb ", "Mar ", "Apr ", "May ", "Jun ", "Jul ", "Aug ", "Sep ", "Oct ", "Nov ",
        "Dec ",
    ]
}
