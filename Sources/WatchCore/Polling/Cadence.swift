package import FeedModel

// How to read this file: a cadence counts items by hour of the day and by day of the week, and
// for how long it has watched each of them (`cells`). Old counts fade. `rhythm` makes rates of the
// counts, with a prior for what was hardly seen; `due` says when enough waiting has piled up.
// Cadence+Learning.swift fills the cells, Cadence+Packing.swift keeps them in the store.

/// When a feed usually has something new: its rate, and its shape over day and week.
///
/// Learned from the items' own dates where these can be believed, else from when items were found.
package struct Cadence: Hashable, Sendable {
    /// The four kinds of cells, by where they begin.
    enum Cell {
        static let hourItems = 0
        static let hourTime = 24
        static let dayItems = 48
        static let dayTime = 55
        static let count = 62
    }

    /// Items and hours watched, by hour of the day and by day of the week (UTC, Sunday first).
    ///
    /// Empty before anything was learned.
    var cells: [Float] = []
    /// Up to when the cells hold what is known.
    package internal(set) var learnedUntil: Timestamp?
    /// How many items the last document showed; 0: unknown.
    package internal(set) var window = 0
    /// The time between two news that the feed claims; nil: it says nothing.
    package internal(set) var claimedPeriod: Duration?

    /// The cadence of a feed of which nothing is known.
    package init() {}

    /// What the counts are mixed with, in items: little for the rate, more for the shape.
    enum Prior {
        /// Items a day of a feed of which nothing is known.
        static let itemsPerDay: Float = 4
        /// The weight of the rate before anything was counted.
        static let rate: Float = 1
        /// The weight of an even day against what neighbouring hours show together.
        static let wideHours: Float = 3
        /// The weight of neighbouring hours against an hour of its own.
        static let narrowHours: Float = 12
        /// The weight of an even week against weekdays and weekends.
        static let weekend: Float = 4
        /// The weight of weekdays or weekends against a day of its own.
        static let day: Float = 40
    }

    /// Items an hour, on average over the week.
    var itemsPerHour: Float {
        let claimed = claimedPeriod.map { 3_600_000 / Float(max(60_000, $0.wholeMilliseconds)) }
        let prior = claimed ?? Prior.itemsPerDay / 24
        guard !cells.isEmpty else { return prior }
        let items = sum(Cell.hourItems, 24)
        let time = sum(Cell.hourTime, 24)
        return (items + Prior.rate) / (time + Prior.rate / prior)
    }

    /// Items a day, on average over the week.
    package var itemsPerDay: Double { Double(itemsPerHour) * 24 }

    /// The rates that the cells tell of.
    package var rhythm: Rhythm {
        let rate = itemsPerHour
        guard !cells.isEmpty else { return Rhythm(itemsPerHour: rate) }
        return Rhythm(
            hours: hourShape(rate).map { $0 * rate },
            days: dayShape(rate)
        )
    }

    /// How much busier than the average each hour of the day is.
    private func hourShape(_ rate: Float) -> [Float] {
        var shape = [Float](repeating: 1, count: 24)
        for hour in 0..<24 {
            let wide = smoothed(hour, reach: 4)
            let base = (wide.items + Prior.wideHours) / (wide.time * rate + Prior.wideHours)
            let narrow = smoothed(hour, reach: 1)
            shape[hour] =
                (narrow.items + Prior.narrowHours * base)
                / (narrow.time * rate + Prior.narrowHours)
        }
        return shape
    }

    /// Items and time around an hour, nearer hours counting more.
    private func smoothed(_ hour: Int, reach: Int) -> (items: Float, time: Float) {
        var items: Float = 0
        var time: Float = 0
        for step in -reach...reach {
            let weight = Float(reach + 1 - abs(step))
            let index = (hour + step + 24) % 24
            items += weight * cells[Cell.hourItems + index]
            time += weight * cells[Cell.hourTime + index]
        }
        // The weights of neighbours stand for items that were counted: no more than these.
        let scale = 1 / Float(reach + 1)
        return (items * scale, time * scale)
    }

    /// How much busier than the average each day of the week is.
    private func dayShape(_ rate: Float) -> [Float] {
        func group(_ days: [Int]) -> Float {
            var items = Prior.weekend
            var time = Prior.weekend
            for day in days {
                items += cells[Cell.dayItems + day]
                time += cells[Cell.dayTime + day] * rate
            }
            return items / time
        }
        let weekend = group([0, 6])
        let week = group([1, 2, 3, 4, 5])
        return (0..<7).map { day in
            let base = day == 0 || day == 6 ? weekend : week
            return (cells[Cell.dayItems + day] + Prior.day * base)
                / (cells[Cell.dayTime + day] * rate + Prior.day)
        }
    }

    private func sum(_ start: Int, _ count: Int) -> Float {
        var sum: Float = 0
        for index in start..<start + count { sum += cells[index] }
        return sum
    }

    /// How often the feed has something new, for people: `12 a day`, `3 a week`.
    package var summary: String {
        guard !cells.isEmpty else { return "not known yet" }
        let day = itemsPerDay
        switch day {
        case 36...: return "\(Int((day / 24).rounded())) an hour"
        case 1.5...: return "\(Int(day.rounded())) a day"
        case 0.2...: return "\(max(1, Int((day * 7).rounded()))) a week"
        case 0.05...: return "\(max(1, Int((day * 30).rounded()))) a month"
        default: return "less than one a month"
        }
    }
}

/// Expected items by hour of the day and day of the week.
package struct Rhythm: Sendable {
    /// Items an hour, by hour of the day (UTC), on an average day.
    let hours: [Float]
    /// The share of the average, by day of the week, Sunday first.
    let days: [Float]

    /// An even rhythm.
    package init(itemsPerHour rate: Float) {
        hours = [Float](repeating: rate, count: 24)
        days = [Float](repeating: 1, count: 7)
    }

    /// A rhythm of items an hour by hour of the day (24), and shares of the average by day of the
    /// week (7).
    package init(hours: [Float], days: [Float]) {
        self.hours = hours
        self.days = days
    }

    /// The mean of the square root of the rate (items a second): how many polls the feed is worth.
    package var demand: Double {
        func meanRoot(_ values: [Float]) -> Float {
            var sum: Float = 0
            for value in values { sum += value.squareRoot() }
            return sum / Float(values.count)
        }
        return Double(meanRoot(hours) * meanRoot(days)) / 60
    }

    /// When, after a poll at `start`, the waiting that items are expected to have piled up reaches
    /// `threshold` (items times seconds), or the items themselves `itemLimit`.
    ///
    /// At most `longest` later. The wait for a rate that does not change is the square root of
    /// twice the threshold over the rate:
    ///
    /// | items an hour | threshold | wait |
    /// | --- | --- | --- |
    /// | 1 | 450 | 30 min |
    /// | 4 | 450 | 15 min |
    /// | 16 | 450 | 7.5 min |
    package func due(
        after start: Timestamp,
        threshold: Double,
        itemLimit: Double = .infinity,
        longest: Duration
    ) -> Timestamp {
        let end = start + longest
        var moment = start.milliseconds
        var waiting = 0.0
        var items = 0.0
        while moment < end.milliseconds {
            let hour = Rhythm.floorDivide(moment, 3_600_000)
            let rate = Double(hours[Rhythm.hour(hour)] * days[Rhythm.day(hour)]) / 3_600
            let left = Double(min((hour + 1) * 3_600_000, end.milliseconds) - moment) / 1_000
            let missing = threshold - waiting
            let grown = items * left + rate * left * left / 2
            let isFull = items + rate * left >= itemLimit
            if grown >= missing || isFull {
                var wait = left
                if grown >= missing {
                    let root = (items * items + 2 * rate * missing).squareRoot()
                    wait = min(wait, 2 * missing / (items + root))
                }
                if isFull, rate > 0 { wait = min(wait, max(0, itemLimit - items) / rate) }
                return Timestamp(milliseconds: moment + Int64(wait * 1_000))
            }
            waiting += grown
            items += rate * left
            moment = (hour + 1) * 3_600_000
        }
        return end
    }

    /// How many items are expected from `start` to `end`.
    package func expectedItems(from start: Timestamp, to end: Timestamp) -> Double {
        var moment = start.milliseconds
        var items = 0.0
        while moment < end.milliseconds {
            let hour = Rhythm.floorDivide(moment, 3_600_000)
            let next = min((hour + 1) * 3_600_000, end.milliseconds)
            let rate = Double(hours[Rhythm.hour(hour)] * days[Rhythm.day(hour)])
            items += rate * Double(next - moment) / 3_600_000
            moment = next
        }
        return items
    }

    static func floorDivide(_ number: Int64, _ divisor: Int64) -> Int64 {
        let quotient = number / divisor
        return number % divisor < 0 ? quotient - 1 : quotient
    }

    /// The hour of the day of an hour since the epoch.
    static func hour(_ hour: Int64) -> Int { Int(((hour % 24) + 24) % 24) }

    /// The day of the week, Sunday 0, of an hour since the epoch: that began on a Thursday.
    static func day(_ hour: Int64) -> Int {
        Int(((floorDivide(hour, 24) + 4) % 7 + 7) % 7)
    }
}
