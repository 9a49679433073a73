package import FeedModel
internal import Glibc

/// Random numbers that are the same in every run (SplitMix64).
package struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// A generator.
    package init(seed: UInt64) { state = seed }

    /// The next number.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    /// A number from 0 to 1.
    mutating func unit() -> Double { Double.random(in: 0..<1, using: &self) }

    /// A number of the normal distribution (Box and Muller).
    mutating func normal() -> Double {
        (-2 * log(1 - unit())).squareRoot() * cos(2 * .pi * unit())
    }

    /// How many events of a Poisson process fall into a time in which `mean` are expected.
    mutating func poisson(_ mean: Double) -> Int {
        var left = mean
        var count = -1
        while left >= 0 {
            left += log(1 - unit())
            count += 1
        }
        return count
    }
}

/// A feed that publishes at random, at a rate with a daily and weekly shape.
package struct SimulatedFeed: Sendable {
    /// Items an hour by hour of the day, on an average day.
    package let hours: [Float]
    /// The share of the average by day of the week, Sunday first.
    package let days: [Float]
    /// When its items are published, in order.
    package let items: [Timestamp]

    /// A feed that publishes from `start` for `length` days: .2 to 480 items a day, log-normal; a
    /// daily shape of any strength and phase; weekends of a fifth to the whole of a weekday.
    package init(start: Timestamp, length: Int, random: inout SeededRandom) {
        let rate = min(max(exp(log(9.8) + 1.9 * random.normal()), 0.2), 480)
        let strength = 2 * random.unit()
        let peak = 24 * random.unit()
        let shape = (0..<24).map { exp(strength * cos((Double($0) - peak) / 12 * .pi)) }
        let shapeSum = shape.reduce(0, +)
        hours = shape.map { Float(rate * $0 / shapeSum) }
        let weekend = 0.2 + 0.8 * random.unit()
        let mean = (5 + 2 * weekend) / 7
        let days = (0..<7).map { Float(($0 == 0 || $0 == 6 ? weekend : 1) / mean) }
        self.days = days
        var items: [Timestamp] = []
        for hour in 0..<length * 24 {
            let moment = start + .seconds(hour * 3_600)
            let date = moment.civil
            let expected = Double(hours[date.hour] * days[date.weekday])
            for _ in 0..<random.poisson(expected) {
                items.append(moment + .milliseconds(Int64(random.unit() * 3_600_000)))
            }
        }
        self.items = items.sorted()
    }
}
