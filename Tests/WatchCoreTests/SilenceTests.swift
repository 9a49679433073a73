import FeedModel
import Testing
import WatchCore

/// A small generator of random numbers that gives the same in every run.
struct SimulatedChance {
    private var state: UInt64

    init(_ seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    /// A number from 0 up to, not including, 1.
    mutating func next() -> Double {
        state = state &+ 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((z ^ (z >> 31)) >> 11) / 9_007_199_254_740_992
    }
}

/// When feeds of different temper publish, in minutes.
enum Temper: String, CaseIterable, Sendable {
    case regular, newspaper, nightly, busy, daily, weekly, monthly, bursty

    /// The items of `days` days from minute 0 on.
    func items(days: Int, chance: inout SimulatedChance) -> [Int] {
        var items: [Int] = []
        switch self {
        case .regular, .newspaper:
            for day in 0..<days where self == .regular || day % 7 < 5 {
                items.append(day * 1_440 + 540 + Int(chance.next() * 40))
            }
        case .nightly:
            for day in 0..<days where chance.next() < 0.9 {
                let start = day * 1_440 + 120 + Int(chance.next() * 60)
                for item in 0..<Int(1 + chance.next() * 6) { items.append(start + item * 3) }
            }
        case .busy: items = random(perDay: 12, days, &chance)
        case .daily: items = random(perDay: 1, days, &chance)
        case .weekly: items = random(perDay: 1 / 7.0, days, &chance)
        case .monthly: items = random(perDay: 1 / 30.0, days, &chance)
        case .bursty:
            for start in random(perDay: 1 / 4.0, days, &chance) {
                for _ in 0..<Int(1 + chance.next() * 12) {
                    items.append(start + Int(chance.next() * 600))
                }
            }
        }
        return items.filter { $0 < days * 1_440 }.sorted()
    }

    private func random(
        perDay rate: Double,
        _ days: Int,
        _ chance: inout SimulatedChance
    ) -> [Int] {
        var items: [Int] = []
        var at = 0.0
        while true {
            // An exponential pause: the smallest of many even ones, without a logarithm.
            let draws = 40
            var least = 1.0
            for _ in 0..<draws { least = min(least, chance.next()) }
            at += least * Double(draws + 1) * 1_440 / rate
            guard at < Double(days) * 1_440 else { return items }
            items.append(Int(at))
        }
    }
}

@Suite struct SilenceTests {
    private let start = Timestamp(seconds: 1_750_000_000)

    /// A feed's two years, then its death: the times at which it was called silent though it was
    /// not, the years it was judged, and the days from its last item to the alarm.
    private func live(
        _ temper: Temper,
        _ number: Int
    ) -> (falseAlarms: Int, years: Double, delay: Double?, longest: Double) {
        let days = temper == .monthly ? 1_460 : 730
        var chance = SimulatedChance(number &* 31 &+ temper.rawValue.count &* 7)
        let items = temper.items(days: days, chance: &chance)
        var health = FeedHealth()
        var state = FeedState(id: FeedID("a"), url: "https://a.example/", nextPoll: start)
        health.noteSuccess(before: state, interval: .seconds(3_600), now: start)
        var falseAlarms = 0
        var judged = 0
        var last: Timestamp?
        for minute in items {
            // Found at the next full hour.
            let now = start + .seconds((minute / 60 + 1) * 3_600)
            guard now != last else { continue }
            if health.silenceLimit != nil, let last {
                judged += Int((now - last).wholeMilliseconds / 60_000)
                if health.isSilent(at: now - .seconds(60)) { falseAlarms += 1 }
            }
            state.lastSuccess = now - .seconds(3_600)
            health.noteSuccess(before: state, interval: .seconds(3_600), now: now)
            health.noteArrival(now: now)
            last = now
        }
        let delay = health.silenceLimit.map { Double($0.wholeMilliseconds) / 86_400_000 }
        let longest = health.longestPause.map { Double($0.wholeMilliseconds) / 86_400_000 } ?? 0
        return (falseAlarms, Double(judged) / 525_600, delay, longest)
    }

    @Test func silenceIsToldWithFewFalseAlarmsAndInTime() {
        var rows = ["temper     feed-years  false alarms  a year  told after (days, median, max)"]
        var allAlarms = 0
        var allYears = 0.0
        for temper in Temper.allCases {
            var alarms = 0
            var years = 0.0
            var delays: [Double] = []
            for number in 0..<30 {
                let life = live(temper, number)
                alarms += life.falseAlarms
                years += life.years
                if let delay = life.delay {
                    delays.append(delay)
                    #expect(delay <= max(12 * life.longest, life.longest + 1), "\(temper)")
                }
            }
            delays.sort()
            #expect(delays.count == 30, "\(temper)")
            allAlarms += alarms
            allYears += years
            let rate = Double(alarms) / years
            #expect(rate <= FeedHealth.falseAlarmsPerYear * 2, "\(temper)")
            rows.append(
                "\(temper.rawValue)\t\(Int(years))\t\(alarms)\t\(Double(Int(rate * 1_000)) / 1_000)"
                    + "\t\(Double(Int((delays.dropFirst(15).first ?? 0) * 10)) / 10)"
                    + "\t\(Double(Int((delays.last ?? 0) * 10)) / 10)"
            )
        }
        #expect(Double(allAlarms) / allYears <= FeedHealth.falseAlarmsPerYear)
        rows.append("all\t\(Int(allYears))\t\(allAlarms)")
        print(rows.joined(separator: "\n"))
    }

    @Test func aPauseThatNobodyWatchedTeachesNothing() {
        var health = FeedHealth()
        var state = FeedState(id: FeedID("a"), url: "https://a.example/", nextPoll: start)
        health.noteSuccess(before: state, interval: .seconds(900), now: start)
        for day in 1...10 {
            let now = start + .seconds(day * 86_400)
            state.lastSuccess = now - .seconds(900)
            health.noteSuccess(before: state, interval: .seconds(900), now: now)
            health.noteArrival(now: now)
        }
        let learned = health.pauses
        #expect(learned == Array(repeating: 1_440, count: 9))
        // The machine was off for a month.
        state.lastSuccess = start + .seconds(10 * 86_400)
        let back = start + .seconds(40 * 86_400)
        health.noteSuccess(before: state, interval: .seconds(900), now: back)
        #expect(!health.isSilent(at: back))
        health.noteArrival(now: back)
        #expect(health.pauses == learned)
    }

    @Test func nothingIsSaidOfAFeedThatIsHardlyKnown() {
        var health = FeedHealth()
        let state = FeedState(id: FeedID("a"), url: "https://a.example/", nextPoll: start)
        health.noteSuccess(before: state, interval: .seconds(900), now: start)
        #expect(health.silenceLimit == nil)
        #expect(!health.isSilent(at: start + .seconds(400 * 86_400)))
    }

    @Test func whatIsPackedReadsBackTheSame() {
        var health = FeedHealth()
        let state = FeedState(id: FeedID("a"), url: "https://a.example/", nextPoll: start)
        health.noteSuccess(before: state, interval: .seconds(900), now: start)
        health.noteArrival(now: start + .seconds(60))
        health.noteArrival(now: start + .seconds(90_000))
        #expect(FeedHealth(packed: health.packed) == health)
        #expect(FeedHealth(packed: Array(health.packed.dropLast())) == nil)
        #expect(FeedHealth(packed: []) == nil)
    }
}
