import FeedModel

/// Reads dates by their words: RFC 822, asctime, and what people make of them.
struct DateWords {
    private let text: Bytes
    private var index = 0
    private var year: Int?
    private var month: Int?
    private var day: Int?
    private var time: TimeOfDay?
    private var zone: Int?
    private var namedZone: NamedZone?
    private var isAfternoon: Bool?
    private var isKorean = false
    private var isMonthFirst = false
    /// The day of the week in English, 0 for Sunday.
    private var weekday: Int?
    /// Numbers that are neither day nor year yet, in order.
    private var numbers: [(value: Int, length: Int)] = []

    /// The moment that `text` names, or nil.
    static func read(_ text: Bytes) -> Timestamp? {
        var words = DateWords(text: text)
        guard words.scan() else { return nil }
        return words.assemble()
    }

    private init(text: Bytes) { self.text = text }

    private mutating func scan() -> Bool {
        while index < text.count {
            let byte = text[index]
            if byte.isASCIIDigit {
                guard readNumber() else { return false }
            } else if byte == UInt8(ascii: "+") || (byte == UInt8(ascii: "-") && startsOffset) {
                guard readOffset() else { return false }
            } else if byte.isASCIILetter || byte >= 0x80 {
                guard readWord() else { return false }
            } else if byte == UInt8(ascii: "<") {
                // Markup around a date; its letters are no zones.
                index = (text.firstOffset(of: UInt8(ascii: ">"), from: index) ?? text.count - 1) + 1
            } else if byte == UInt8(ascii: "(") {
                // A comment of RFC 822.
                index = (text.firstOffset(of: UInt8(ascii: ")"), from: index) ?? text.count - 1) + 1
            } else {
                index += 1
            }
        }
        return true
    }

    /// Whether a hyphen is the sign of a zone: behind a time, or behind a day as in `-0700`.
    private var startsOffset: Bool {
        if time != nil { return true }
        var scan = DateScan(text.from(index + 1))
        return year != nil && scan.number()?.length == 4 && scan.current != UInt8(ascii: ":")
    }

    /// The offset of a zone; one that follows a zone's name says the same again.
    private mutating func readOffset() -> Bool {
        var end = index + 1
        while end < text.count, text[end].isASCIIDigit || text[end] == UInt8(ascii: ":") {
            end += 1
        }
        guard end > index + 1 else {
            index = end
            return true
        }
        guard let offset = TimeZoneNames.offset(text.part(index..<end)) else { return false }
        if zone ?? 0 == 0, namedZone == nil { zone = offset }
        index = end
        return true
    }

    /// A number: a time of day if a colon follows, a whole date if its separators do, else a day
    /// or a year.
    private mutating func readNumber() -> Bool {
        var scan = DateScan(text.from(index))
        guard let number = scan.number() else { return false }
        if scan.current == UInt8(ascii: ":"), time == nil {
            var scan = DateScan(text.from(index))
            guard let read = TimeOfDay(&scan) else { return false }
            time = read
            index = text.count - scan.rest.count
            return true
        }
        if readNumericDate() || readPointedTime() { return true }
        index += number.length
        if readHour(number.value) { return true }
        let rest = text.from(index)
        // "1st", "2nd".
        for suffix: StaticString in ["st", "nd", "rd", "th", "er"]
        where rest.hasPrefixIgnoringCase(suffix) && (rest.count == 2 || !rest[2].isASCIILetter) {
            index += 2
        }
        numbers.append(number)
        return numbers.count <= 3
    }

    /// `9.30` and `09.30.05` behind a day, as Finns and Italians write them.
    private mutating func readPointedTime() -> Bool {
        guard time == nil, month != nil, year != nil || numbers.count == 2 else { return false }
        var scan = DateScan(text.from(index))
        var read = TimeOfDay()
        guard let hour = scan.digits(1...2), scan.skip(UInt8(ascii: ".")),
            let minute = scan.digits(2...2)
        else { return false }
        (read.hour, read.minute) = (hour, minute)
        if scan.skip(UInt8(ascii: ".")) {
            guard let second = scan.digits(2...2) else { return false }
            read.second = second
        }
        guard !scan.current.isASCIIDigit else { return false }
        time = read
        index = text.count - scan.rest.count
        return true
    }

    /// French `9h30`, English `9 pm` without a colon.
    private mutating func readHour(_ hour: Int) -> Bool {
        let rest = text.from(index)
        guard time == nil, hour < 24, rest.count > 1 else { return false }
        if rest[0] | 0x20 == UInt8(ascii: "h"), rest[1].isASCIIDigit {
            var scan = DateScan(rest.from(1))
            guard let minute = scan.digits(2...2) else { return false }
            var read = TimeOfDay()
            read.hour = hour
            read.minute = minute
            time = read
            index += 3
            return true
        }
        let word = rest.trimmed
        guard hour <= 12, word.hasPrefixIgnoringCase("am") || word.hasPrefixIgnoringCase("pm"),
            word.count == 2 || !word[2].isASCIILetter
        else { return false }
        var read = TimeOfDay()
        read.hour = hour
        time = read
        return true
    }

    /// `2025-06-17` within other words, `17.06.2025` and other dates of three numbers that have only
    /// one meaning.
    private mutating func readNumericDate() -> Bool {
        guard year == nil, month == nil else { return false }
        var scan = DateScan(text.from(index))
        guard let first = scan.number() else { return false }
        let separator = scan.current
        guard
            separator == UInt8(ascii: "-") || separator == UInt8(ascii: "/")
                || separator == UInt8(ascii: ".")
        else { return false }
        scan.advance()
        // Koreans and Hungarians put blanks behind the points: "2025. 6. 17."
        if separator == UInt8(ascii: ".") { scan.skipBlanks() }
        guard let second = scan.number(), scan.skip(separator) else { return false }
        if separator == UInt8(ascii: ".") { scan.skipBlanks() }
        guard let third = scan.number() else { return false }
        let written = NumericDate(
            first: first,
            second: second,
            third: third,
            separator: separator
        )
        guard let read = written.day(weekday: weekday) else { return false }
        (year, month, day) = (read.year, read.month, read.day)
        index = text.count - scan.rest.count
        return true
    }
}

extension DateWords {
    private mutating func readWord() -> Bool {
        let start = index
        while index < text.count, text[index].isASCIILetter || text[index] >= 0x80 { index += 1 }
        // "p.m.", "π.μ."
        if index + 1 < text.count, index - start <= 2, text[index] == UInt8(ascii: "."),
            text[index + 1] | 0x20 == UInt8(ascii: "m") || text[index + 1] == 0xCE
        {
            index += 1
            while index < text.count, text[index].isASCIILetter || text[index] >= 0x80 {
                index += 1
            }
        }
        let bytes = text.part(start..<index)
        if bytes[0] >= 0xE3 { return readEastAsian(bytes) }
        switch DateNames.meaning(of: bytes.string) {
        case .month(let value):
            // "mar" is an Italian Tuesday too: of two names the later is the month.
            if month != nil, !isMonthFirst { return false }
            isMonthFirst = month == nil && numbers.isEmpty && year == nil
            month = value
        case .halfDay(let isAfternoon): self.isAfternoon = isAfternoon
        case .filler: weekday = weekday ?? DateNames.weekday(bytes)
        case nil:
            // Days of the week, in whatever language, stand first: no zone does.
            if numbers.isEmpty, month == nil, year == nil, time == nil { return bytes.count <= 32 }
            if bytes.equals("МСК") || bytes.equals("мск") {
                zone = 3 * 3_600
                return true
            }
            return readZone(start)
        }
        return true
    }

    private mutating func readZone(_ start: Int) -> Bool {
        var end = start
        while end < text.count {
            let byte = text[end]
            guard
                byte.isASCIILetter || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "_")
                    || (end > start && (byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")))
                    || (end > start && byte.isASCIIDigit)
            else { break }
            end += 1
        }
        // "ET" is the time of New York in summer and in winter.
        if let named = NamedZone.american(text.part(start..<end)) {
            namedZone = named
            index = end
            return true
        }
        if let named = NamedZone.named(text.part(start..<end)), text.part(start..<end).count > 3 {
            namedZone = named
            index = end
            return true
        }
        guard let offset = TimeZoneNames.offset(text.part(start..<index)) else { return false }
        if zone == nil || zone == 0 { zone = offset }
        return true
    }

    /// `2025년 6월 17일 오후 3시 5분` and its Chinese and Japanese likes: marks behind numbers.
    private mutating func readEastAsian(_ word: Bytes) -> Bool {
        var rest = word
        while !rest.isEmpty {
            let number = numbers.last?.value
            if rest.hasPrefix("오전") || rest.hasPrefix("오후") {
                isKorean = true
                isAfternoon = rest.hasPrefix("오후")
                rest = rest.from(6)
                continue
            }
            if rest.hasPrefix("上午") || rest.hasPrefix("午前") {
                isAfternoon = false
                rest = rest.from(6)
                continue
            }
            if rest.hasPrefix("下午") || rest.hasPrefix("午後") {
                isAfternoon = true
                rest = rest.from(6)
                continue
            }
            if let written = DateNames.chineseMonth(rest) {
                month = written.month
                rest = rest.from(written.length)
                continue
            }
            let mark = rest.part(0..<min(3, rest.count))
            if mark.equals("년") || mark.equals("年") {
                year = number
            } else if mark.equals("월") || mark.equals("月") {
                month = number
            } else if mark.equals("일") || mark.equals("日") || mark.equals("号") {
                day = number ?? day
            } else if !readClockMark(mark, number) {
                // A day of the week.
                return true
            }
            if mark.equals("년") || mark.equals("월") || mark.equals("시") { isKorean = true }
            if !numbers.isEmpty { numbers.removeLast() }
            rest = rest.from(mark.count)
        }
        return true
    }

    private mutating func readClockMark(_ mark: Bytes, _ number: Int?) -> Bool {
        guard let number, number < 100 else { return false }
        var time = self.time ?? TimeOfDay()
        if mark.equals("시") || mark.equals("時") || mark.equals("时") || mark.equals("点") {
            time.hour = number
        } else if mark.equals("분") || mark.equals("分") {
            time.minute = number
        } else if mark.equals("초") || mark.equals("秒") {
            time.second = number
        } else {
            return false
        }
        self.time = time
        return true
    }

    private mutating func assemble() -> Timestamp? {
        if year == nil, month == nil, numbers.count == 3 {
            let written = NumericDate(
                first: numbers[0],
                second: numbers[1],
                third: numbers[2],
                separator: 0x20
            )
            guard let read = written.day(weekday: weekday) else { return nil }
            (year, month, day) = (read.year, read.month, read.day)
            numbers = []
        }
        for number in numbers {
            if number.length >= 3 || day != nil {
                guard year == nil else { return nil }
                year = NumericDate.fullYear(number)
            } else {
                day = number.value
            }
        }
        // "25 Jun 17" can only mean what RFC 822 says; "1999 Jun 17" has the year first.
        guard let year, let month else { return nil }
        // "June 2025", a reduction in words.
        guard let day = day ?? (time == nil ? 1 : nil) else { return nil }
        var time = self.time ?? TimeOfDay()
        if let isAfternoon, time.hour <= 12 {
            time.hour = time.hour % 12 + (isAfternoon ? 12 : 0)
        }
        var offset = zone ?? 0
        if let namedZone {
            offset = namedZone.offset(year: year, month: month, day: day, hour: time.hour)
        } else if isKorean, zone == nil {
            offset = 9 * 3_600
        }
        return DateParts(year: year, month: month, day: day, time: time, zone: offset).timestamp
    }
}
