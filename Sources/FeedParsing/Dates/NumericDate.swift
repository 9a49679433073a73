import FeedModel

/// Three numbers that name a day, in the order of one country or another.
///
/// | text | read as |
/// | --- | --- |
/// | `2025-06-17`, `17.06.2025`, `17.06.25` | 17 June: the form has one order |
/// | `17/06/2025`, `06/17/25` | 17 June: no other order is a date |
/// | `Thu, 05/06/2025` | 5 June: 6 May was a Tuesday |
/// | `05/06/2025` | nothing |
struct NumericDate {
    /// A number and how many digits it was written with.
    typealias Number = (value: Int, length: Int)

    var first: Number
    var second: Number
    var third: Number
    /// What stands between the numbers: `-`, `/`, `.` or a blank.
    var separator: UInt8

    /// The only day that the numbers can mean, if there is one.
    ///
    /// `weekday`: the day of the week that is written beside them, 0 for Sunday; it decides only
    /// where it fits, since people get it wrong.
    func day(weekday: Int?) -> CivilDate? {
        let possible = orders.compactMap { year, month, day in
            Timestamp(year: year, month: month, day: day)
        }
        let fitting = possible.filter { $0.civil.weekday == weekday }
        let days = Set(fitting.isEmpty ? possible : fitting)
        return days.count == 1 ? days.first?.civil : nil
    }

    /// Year, month and day in each order that the form allows.
    private var orders: [(Int, Int, Int)] {
        if first.length == 4 { return [(first.value, second.value, third.value)] }
        guard first.length <= 2, second.length <= 2 else { return [] }
        let isPointed = separator == UInt8(ascii: ".")
        let last = NumericDate.fullYear(third)
        let dayFirst = (last, second.value, first.value)
        let monthFirst = (last, first.value, second.value)
        if third.length == 4 { return isPointed ? [dayFirst] : [dayFirst, monthFirst] }
        guard third.length == 2, first.length == 2 || isPointed else { return [] }
        let yearFirst = (NumericDate.fullYear(first), second.value, third.value)
        // Points are German and Russian, and those put the day first.
        if isPointed { return first.value > 31 ? [yearFirst] : [dayFirst] }
        return [dayFirst, monthFirst, yearFirst]
    }

    /// The year of two or three digits (RFC 2822, section 4.3, but for years of the future).
    static func fullYear(_ number: Number) -> Int {
        switch number.length {
        case 1, 2: number.value < 70 ? 2000 + number.value : 1900 + number.value
        case 3: 1900 + number.value
        default: number.value
        }
    }
}
