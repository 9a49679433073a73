internal import FeedModel

/// When a simulated feed publishes.
enum SimulatedTemper: String, CaseIterable {
    /// Two or three items a day at nine.
    case regular
    /// Eight items each working day.
    case newspaper
    /// Some items most nights.
    case nightly
    /// 12 items a day at random, fewer at night.
    case busy
    /// An item a day at random.
    case daily
    /// An item a week at random.
    case weekly
    /// A burst of up to 12 items every four days at random.
    case bursty
    /// 60 items a day, most of them by day.
    case wire

    /// When it publishes from `start` on for so many days, in order.
    func times(
        from start: Timestamp,
        days: Int,
        random: inout SeededRandom
    ) -> [Timestamp] {
        var minutes: [Double] = []
        for day in 0..<days {
            let midnight = Double(day) * 1_440
            switch self {
            case .regular:
                let count = 2 + Int(random.unit() * 2)
                for _ in 0..<count { minutes.append(midnight + 540 + random.unit() * 30) }
            case .newspaper where day % 7 < 5:
                for _ in 0..<8 { minutes.append(midnight + 360 + random.unit() * 720) }
            case .newspaper: break
            case .nightly where random.unit() < 0.9:
                let begin = midnight + 120 + random.unit() * 60
                for item in 0...Int(random.unit() * 6) { minutes.append(begin + Double(item) * 3) }
            case .nightly: break
            case .busy, .wire:
                let rate = self == .busy ? 12.0 : 60.0
                for hour in 0..<24 {
                    let share = (6..<22).contains(hour) ? 1.35 : 0.3
                    for _ in 0..<random.poisson(rate / 24 * share) {
                        minutes.append(midnight + (Double(hour) + random.unit()) * 60)
                    }
                }
            case .daily: add(1, midnight, &minutes, &random)
            case .weekly: add(1.0 / 7, midnight, &minutes, &random)
            case .bursty:
                for _ in 0..<random.poisson(0.25) {
                    let begin = midnight + random.unit() * 1_440
                    for _ in 0...Int(random.unit() * 12) {
                        minutes.append(begin + random.unit() * 600)
                    }
                }
            }
        }
        return minutes.sorted().map { start + .milliseconds(Int64($0 * 60_000)) }
    }

    private func add(
        _ rate: Double,
        _ midnight: Double,
        _ minutes: inout [Double],
        _ random: inout SeededRandom
    ) {
        for _ in 0..<random.poisson(rate) { minutes.append(midnight + random.unit() * 1_440) }
    }
}
