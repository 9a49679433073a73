import FeedModel
import Testing
import WatchCore

@Suite struct CadenceTests {
    private let start = Timestamp(seconds: 1_750_032_000)  // a Monday, midnight

    private func hours(_ hours: Double) -> Duration { .milliseconds(Int64(hours * 3_600_000)) }

    @Test func aFirstDocumentTellsTheRate() {
        var cadence = Cadence()
        let dates = (1...24).map { start - hours(Double($0) * 6) }
        cadence.learn(Sighting(dates: dates, window: 24), last: nil, now: start)
        #expect(cadence.itemsPerDay > 3.5 && cadence.itemsPerDay < 4.5)
        #expect(cadence.summary == "4 a day")
    }

    @Test func anOldItemKeptOnTopDoesNotHideTheRate() {
        var cadence = Cadence()
        let dates = (1...24).map { start - hours(Double($0)) } + [start - hours(40_000)]
        cadence.learn(Sighting(dates: dates, window: 25), last: nil, now: start)
        #expect(cadence.itemsPerDay > 18 && cadence.itemsPerDay < 30)
    }

    @Test func aFeedWithoutDatesIsLearnedFromDiscoveries() {
        var cadence = Cadence()
        cadence.learn(Sighting(dates: [nil, nil], window: 2), last: nil, now: start)
        var last = start
        for day in 1...20 {
            let now = start + hours(Double(day) * 24)
            cadence.learn(Sighting(dates: [nil, nil], window: 2), last: last, now: now)
            last = now
        }
        #expect(cadence.itemsPerDay > 1.7 && cadence.itemsPerDay < 2.3)
    }

    @Test(arguments: [
        ("in the future", 1_000.0), ("long past", -2_000.0),
    ])
    func datesThatCannotBeAreNotBelieved(name: String, offset: Double) {
        var cadence = Cadence()
        cadence.learn(Sighting(dates: [], window: 5), last: nil, now: start)
        let now = start + hours(10)
        let dates: [Timestamp?] = (0..<500).map { now + hours(offset + Double($0) / 100) }
        cadence.learn(Sighting(dates: dates, window: 5), last: start, now: now)
        // An archive put up again does not make a busy feed.
        #expect(cadence.itemsPerDay < 30, "\(name)")
    }

    @Test func theHoursOfTheDayAreLearned() {
        var cadence = Cadence()
        cadence.learn(Sighting(dates: [], window: 5), last: nil, now: start)
        var last = start
        for day in 0..<28 {
            let noon = start + hours(Double(day) * 24 + 12)
            let dates: [Timestamp?] = (0..<6).map { noon + hours(Double($0) / 6) }
            let now = noon + hours(1)
            cadence.learn(Sighting(dates: dates, window: 5), last: last, now: now)
            last = now
        }
        let rhythm = cadence.rhythm
        let day = start + hours(28 * 24)
        let noon = rhythm.expectedItems(from: day + hours(12), to: day + hours(13))
        let night = rhythm.expectedItems(from: day + hours(0), to: day + hours(1))
        #expect(noon > 8 * night)
    }

    @Test func silenceIsNoticedAndOldNewsFade() {
        var cadence = Cadence()
        let dates = (1...24).map { start - hours(Double($0)) }
        cadence.learn(Sighting(dates: dates, window: 24), last: nil, now: start)
        let before = cadence.itemsPerDay
        for day in 1...90 { cadence.noticeSilence(now: start + hours(Double(day) * 24)) }
        #expect(cadence.itemsPerDay < before / 50)
        let once = cadence
        cadence.noticeSilence(now: start + hours(90 * 24 + 23))
        #expect(cadence == once)  // not within a day: an unchanged poll stays cheap
    }

    @Test func aCadenceOutlivesARestart() throws {
        var cadence = Cadence()
        let dates = (1...40).map { start - hours(Double($0) * 1.7) }
        cadence.learn(
            Sighting(dates: dates, window: 40, claimedPeriod: .seconds(3_600)),
            last: nil,
            now: start
        )
        let packed = cadence.packed
        #expect(packed.count <= 200)
        let read = try #require(Cadence(packed: packed))
        #expect(abs(read.itemsPerDay / cadence.itemsPerDay - 1) < 0.01)
        #expect(read.packed == packed)
        #expect(Cadence(packed: []) == Cadence())
        for count in 1..<packed.count {
            #expect(Cadence(packed: Array(packed[..<count])) == nil || count == 17)
        }
    }

    @Test(arguments: [(1.0, 450.0, 1_800), (4, 450, 900), (16, 450, 450), (0.0001, 450, 21_600)])
    func theWaitIsTheSquareRootOfThresholdOverRate(
        rate: Double,
        threshold: Double,
        seconds: Int64
    ) {
        let rhythm = Rhythm(itemsPerHour: Float(rate))
        let due = rhythm.due(
            after: start + .seconds(1_234),
            threshold: threshold,
            longest: .seconds(21_600)
        )
        let wait = due - (start + .seconds(1_234))
        #expect(abs(wait.wholeMilliseconds - seconds * 1_000) < 10)
    }

    @Test func theItemLimitBringsAPollForward() {
        let rhythm = Rhythm(itemsPerHour: 10)
        let due = rhythm.due(after: start, threshold: 1e9, itemLimit: 5, longest: hours(6))
        #expect(abs((due - start).wholeMilliseconds - 1_800_000) < 10)
    }
}

@Suite struct PollPaceTests {
    @Test func allFeedsTogetherArePolledAsOftenAsAtTheMeanInterval() {
        let demands = (0..<400).map { Rhythm(itemsPerHour: Float(0.01 + 0.05 * Double($0))).demand }
        let pace = PollPace(
            demands: demands,
            mean: .seconds(900),
            shortest: .seconds(60),
            longest: .seconds(21_600)
        )
        let factor = (1 / (2 * pace.threshold)).squareRoot()
        let polls = demands.reduce(0) { $0 + min(max($1 * factor, 1.0 / 21_600), 1.0 / 60) }
        #expect(abs(polls / (400.0 / 900) - 1) < 0.001)
    }

    @Test func oneFeedAloneIsPolledAtTheMeanInterval() {
        let rhythm = Rhythm(itemsPerHour: 3)
        let pace = PollPace(
            demands: [rhythm.demand],
            mean: .seconds(600),
            shortest: .seconds(60),
            longest: .seconds(21_600)
        )
        let start = Timestamp(seconds: 1_750_032_000)
        let due = rhythm.due(after: start, threshold: pace.threshold, longest: .seconds(21_600))
        #expect(abs((due - start).wholeMilliseconds - 600_000) < 1_000)
    }
}
