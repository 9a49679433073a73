package import FeedModel

/// What a document shows of when its feed publishes.
package struct Sighting: Hashable, Sendable {
    /// The dates of the items that are new, or of all of a first document; nil: none that can be
    /// read.
    package var dates: [Timestamp?]
    /// How many items the document shows.
    package var window: Int
    /// The time between two news that the feed claims.
    package var claimedPeriod: Duration?

    /// A sighting.
    package init(dates: [Timestamp?], window: Int, claimedPeriod: Duration? = nil) {
        self.dates = dates
        self.window = window
        self.claimedPeriod = claimedPeriod
    }
}

extension Cadence {
    /// What is left of a count after an hour: half after 23 days.
    private static let keptPerHour: Float = 0.998_731_6
    /// How far back a first document is believed.
    private static let longestPast: Duration = .seconds(60 * 86_400)
    /// How far ahead of our clock a date may be.
    private static let clockTolerance: Duration = .seconds(10 * 60)
    /// How much older than the poll before a new item's date may be: servers keep documents back
    /// for a while.
    private static let lateness: Duration = .seconds(2 * 3_600)

    /// Learns from a document of `now`; `last` is when the one before was seen, nil for the first.
    package mutating func learn(_ sighting: Sighting, last: Timestamp?, now: Timestamp) {
        window = sighting.window
        claimedPeriod = sighting.claimedPeriod
        guard let last, learnedUntil != nil else {
            learnFirst(sighting.dates.compactMap { $0 }, now: now)
            return
        }
        advance(to: now)
        guard !sighting.dates.isEmpty, last < now else { return }
        let areDistinct = Set(sighting.dates.compactMap { $0 }).count > 1
        var undated = 0
        for date in sighting.dates {
            guard let date, date <= now + Cadence.clockTolerance, date > last - Cadence.lateness,
                areDistinct || sighting.dates.count == 1
            else {
                undated += 1
                continue
            }
            count(1, from: min(max(date, last), now), to: min(max(date, last), now))
        }
        // An archive that is put up again is no news: no more than a few at once without a date.
        if undated > 0 {
            let usual = rhythm.expectedItems(from: last, to: now)
            count(min(Float(undated), Float(4 + 2 * usual)), from: last, to: now)
        }
    }

    /// Learns that nothing more was published until `now`, where that is news: a day has passed.
    package mutating func noticeSilence(now: Timestamp) {
        guard let learnedUntil, now - learnedUntil >= .seconds(86_400) else { return }
        advance(to: now)
    }

    /// Learns from the dates of a whole window: they tell of the time from the oldest on.
    private mutating func learnFirst(_ dates: [Timestamp], now: Timestamp) {
        cells = [Float](repeating: 0, count: Cell.count)
        learnedUntil = now
        var past = dates.filter { $0 <= now + Cadence.clockTolerance }.map { min($0, now) }
        past.sort(by: >)
        // An item that is kept on top for years says nothing of the time in between.
        while past.count > 3, let newest = past.first, let oldest = past.last {
            let others = (newest - past[past.count - 2]) / (past.count - 2)
            guard past[past.count - 2] - oldest > max(others * 8, .seconds(3_600)) else { break }
            past.removeLast()
        }
        guard let oldest = past.last, past.count == 1 || past.first != oldest else { return }
        // Items dated to the day tell of days, not of hours.
        let areDays = past.allSatisfy { $0.milliseconds % 86_400_000 == 0 }
        let start = max(oldest, now - Cadence.longestPast)
        learnedUntil = start
        for date in past.reversed().dropFirst() where date >= start {
            advance(to: date)
            count(1, from: date, to: areDays ? min(date + .seconds(86_399), now) : date)
        }
        advance(to: now)
    }

    /// Lets the counts fade and adds the time from `learnedUntil` to `now`.
    private mutating func advance(to now: Timestamp) {
        guard let known = learnedUntil, known < now, !cells.isEmpty else {
            // The clock was set back.
            learnedUntil = min(learnedUntil ?? now, now)
            return
        }
        let from = max(known, now - Cadence.longestPast)
        let kept = Cadence.kept(after: now - known)
        for index in cells.indices { cells[index] *= kept }
        // From the newest hour back: what is left of each is that of the next, one hour on.
        var end = now.milliseconds
        var left: Float = 1
        let newest = Rhythm.floorDivide(end - 1, 3_600_000)
        var start = newest * 3_600_000
        var (hour, day) = (Rhythm.hour(newest), Rhythm.day(newest))
        while end > from.milliseconds {
            let begin = max(start, from.milliseconds)
            let share = Float(end - begin) / 3_600_000 * left
            cells[Cell.hourTime + hour] += share
            cells[Cell.dayTime + day] += share
            left =
                end == now.milliseconds
                ? Cadence.kept(after: now - Timestamp(milliseconds: begin))
                : left * Cadence.keptPerHour
            end = begin
            start -= 3_600_000
            hour -= 1
            if hour < 0 {
                hour = 23
                day = day == 0 ? 6 : day - 1
            }
        }
        learnedUntil = now
    }

    /// Counts items that were published at some time between `start` and `end`.
    private mutating func count(_ items: Float, from start: Timestamp, to end: Timestamp) {
        let whole = Float(end.milliseconds - start.milliseconds)
        var moment = start.milliseconds
        repeat {
            let hour = Rhythm.floorDivide(moment, 3_600_000)
            let next = min((hour + 1) * 3_600_000, end.milliseconds)
            let share = whole > 0 ? items * Float(next - moment) / whole : items
            cells[Cell.hourItems + Rhythm.hour(hour)] += share
            cells[Cell.dayItems + Rhythm.day(hour)] += share
            moment = next
        } while moment < end.milliseconds
    }

    /// What is left of a count after a time.
    private static func kept(after time: Duration) -> Float {
        let hours = Float(time.wholeMilliseconds) / 3_600_000
        guard hours > 0 else { return 1 }
        var whole = Int(min(hours, 20_000))
        var kept = 1 - (hours - Float(Int(min(hours, 20_000)))).clamped * (1 - keptPerHour)
        var factor = keptPerHour
        while whole > 0 {
            if whole & 1 == 1 { kept *= factor }
            factor *= factor
            whole >>= 1
        }
        return kept
    }
}

extension Float {
    /// The number, brought between 0 and 1.
    fileprivate var clamped: Float { Swift.min(Swift.max(self, 0), 1) }
}
