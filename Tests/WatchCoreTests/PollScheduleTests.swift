import FeedModel
import Testing
import WatchCore

@Suite struct PollScheduleTests {
    private let start = Timestamp(seconds: 1_750_000_000)

    private func feeds(_ names: String...) -> [FeedID] { names.map { FeedID($0) } }

    @Test func aFeedIsTakenWhenItIsDueAndNotBefore() {
        var schedule = PollSchedule(connectionsPerHost: 2, hostSpacing: .zero)
        schedule.add(FeedID("a"), host: "h", due: start + .seconds(10))
        #expect(schedule.take(now: start, room: 9).isEmpty)
        #expect(schedule.nextWakeUp == start + .seconds(10))
        #expect(schedule.take(now: start + .seconds(10), room: 9) == feeds("a"))
        #expect(schedule.inFlight == 1)
    }

    @Test func aFeedInFlightIsNotTakenAgainUntilItIsFinished() {
        var schedule = PollSchedule(connectionsPerHost: 2, hostSpacing: .zero)
        schedule.add(FeedID("a"), host: "h", due: start)
        #expect(schedule.take(now: start, room: 9) == feeds("a"))
        #expect(schedule.take(now: start + .seconds(3_600), room: 9).isEmpty)
        schedule.finished(FeedID("a"), next: start + .seconds(60))
        #expect(schedule.inFlight == 0)
        #expect(schedule.take(now: start + .seconds(59), room: 9).isEmpty)
        #expect(schedule.take(now: start + .seconds(60), room: 9) == feeds("a"))
    }

    @Test func noMoreThanTheRoomIsTakenAndTheRestFollows() {
        var schedule = PollSchedule(connectionsPerHost: 9, hostSpacing: .zero)
        for index in 0..<5 { schedule.add(FeedID("f\(index)"), host: "h\(index)", due: start) }
        let first = schedule.take(now: start, room: 3)
        #expect(first.count == 3)
        let second = schedule.take(now: start, room: 9)
        #expect(Set(first + second).count == 5)
    }

    @Test func aHostHasNoMoreThanItsShareOfConnections() {
        var schedule = PollSchedule(connectionsPerHost: 2, hostSpacing: .zero)
        for index in 0..<4 { schedule.add(FeedID("f\(index)"), host: "slow", due: start) }
        schedule.add(FeedID("other"), host: "quick", due: start)
        let first = schedule.take(now: start, room: 9)
        #expect(first == feeds("f0", "f1", "other"))
        schedule.transferred(FeedID("f0"))
        #expect(schedule.take(now: start, room: 9) == feeds("f2"))
    }

    @Test func aHostIsAskedAgainWhileItsConnectionIsThere() {
        var schedule = PollSchedule(connectionsPerHost: 1, hostSpacing: .zero)
        for host in ["a", "b", "c"] {
            for index in 0..<40 { schedule.add(FeedID("\(host)\(index)"), host: host, due: start) }
        }
        var last = schedule.take(now: start, room: 2)
        var hosts: [[String]] = []
        for step in 1...60 {
            for feed in last { schedule.transferred(feed) }
            last = schedule.take(now: start + .milliseconds(step * 10), room: 2)
            hosts.append(last.map { String($0.rawValue.prefix(1)) }.sorted())
        }
        // Some 16 in a row, and then the one that waits.
        #expect(hosts.prefix(16).allSatisfy { $0 == ["a", "b"] })
        #expect(hosts.prefix(20).contains { $0.contains("c") })
        let counts = Dictionary(grouping: hosts.joined()) { $0 }.mapValues(\.count)
        #expect(counts.values.allSatisfy { $0 >= 30 })
    }

    @Test func pollsOfOneHostStartApartByTheSpacing() {
        var schedule = PollSchedule(connectionsPerHost: 9, hostSpacing: .seconds(1))
        for index in 0..<3 { schedule.add(FeedID("f\(index)"), host: "h", due: start) }
        #expect(schedule.take(now: start, room: 9) == feeds("f0"))
        #expect(schedule.nextWakeUp == start + .seconds(1))
        #expect(schedule.take(now: start + .milliseconds(999), room: 9).isEmpty)
        #expect(schedule.take(now: start + .seconds(1), room: 9) == feeds("f1"))
        #expect(schedule.take(now: start + .seconds(2), room: 9) == feeds("f2"))
    }

    @Test func aRateLimitedHostWaitsForAllItsFeeds() {
        var schedule = PollSchedule(connectionsPerHost: 2, hostSpacing: .zero)
        schedule.add(FeedID("a"), host: "h", due: start)
        schedule.add(FeedID("b"), host: "h", due: start + .seconds(1))
        #expect(schedule.take(now: start, room: 9) == feeds("a"))
        schedule.hold(host: "h", until: start + .seconds(120))
        schedule.finished(FeedID("a"), next: start + .seconds(5))
        #expect(schedule.take(now: start + .seconds(119), room: 9).isEmpty)
        #expect(schedule.take(now: start + .seconds(120), room: 9) == feeds("b", "a"))
    }

    @Test func aRemovedFeedIsNotTaken() {
        var schedule = PollSchedule(connectionsPerHost: 2, hostSpacing: .zero)
        schedule.add(FeedID("a"), host: "h", due: start)
        schedule.add(FeedID("b"), host: "h", due: start)
        schedule.remove(FeedID("a"))
        #expect(schedule.take(now: start, room: 9) == feeds("b"))
        schedule.remove(FeedID("b"))
        #expect(schedule.inFlight == 0)
        #expect(schedule.isEmptyOfWork)
    }

    @Test func aFeedGivenAnotherTimeIsTakenOnce() {
        var schedule = PollSchedule(connectionsPerHost: 2, hostSpacing: .zero)
        schedule.add(FeedID("a"), host: "h", due: start + .seconds(10))
        schedule.add(FeedID("a"), host: "h", due: start)
        #expect(schedule.take(now: start, room: 9) == feeds("a"))
        schedule.finished(FeedID("a"), next: start + .seconds(100))
        #expect(schedule.take(now: start + .seconds(10), room: 9).isEmpty)
    }

    @Test func newLimitsKeepWhatIsInFlight() {
        var old = PollSchedule(connectionsPerHost: 1, hostSpacing: .zero)
        old.add(FeedID("a"), host: "h", due: start)
        old.add(FeedID("b"), host: "h", due: start)
        old.add(FeedID("c"), host: "h", due: start)
        #expect(old.take(now: start, room: 9) == feeds("a"))
        var new = PollSchedule(connectionsPerHost: 2, hostSpacing: .zero)
        new.adopt(from: old, keeping: [FeedID("a"), FeedID("c")])
        #expect(new.inFlight == 1)
        new.transferred(FeedID("a"))
        #expect(new.take(now: start, room: 9) == feeds("c"))
    }

    @Test func aClockSetBackTakesAllPlansAlong() {
        var schedule = PollSchedule(connectionsPerHost: 1, hostSpacing: .seconds(1))
        schedule.add(FeedID("a"), host: "h", due: start)
        schedule.add(FeedID("b"), host: "h", due: start)
        schedule.add(FeedID("c"), host: "other", due: start + .seconds(60))
        #expect(schedule.take(now: start, room: 9) == feeds("a"))
        schedule.finished(FeedID("a"), next: start + .seconds(900))
        schedule.moveBack(by: .seconds(86_400))
        let now = start - .seconds(86_400)
        #expect(schedule.take(now: now + .seconds(1), room: 9) == feeds("b"))
        #expect(schedule.take(now: now + .seconds(60), room: 9) == feeds("c"))
        schedule.finished(FeedID("b"), next: now + .seconds(2_000))
        #expect(schedule.take(now: now + .seconds(900), room: 9) == feeds("a"))
    }

    @Test func aFeedThatWaitsMovesToItsNewHostAtOnce() {
        var schedule = PollSchedule(connectionsPerHost: 1, hostSpacing: .zero)
        schedule.add(FeedID("a"), host: "old", due: start)
        schedule.add(FeedID("b"), host: "old", due: start)
        #expect(schedule.take(now: start, room: 9) == feeds("a"))
        schedule.hold(host: "old", until: start + .seconds(3_600))
        schedule.add(FeedID("b"), host: "new", due: start)
        #expect(schedule.take(now: start, room: 9) == feeds("b"))
    }

    @Test func aFeedInFlightMovesToItsNewHostAfterItsPoll() {
        var schedule = PollSchedule(connectionsPerHost: 1, hostSpacing: .zero)
        schedule.add(FeedID("a"), host: "old", due: start)
        #expect(schedule.take(now: start, room: 9) == feeds("a"))
        schedule.add(FeedID("a"), host: "new", due: start)
        schedule.finished(FeedID("a"), next: start + .seconds(1))
        schedule.hold(host: "old", until: start + .seconds(3_600))
        #expect(schedule.restingFeeds(ofHost: "new") == feeds("a"))
        #expect(schedule.take(now: start + .seconds(1), room: 9) == feeds("a"))
    }

    @Test func aDayOfAThousandFeedsNeverExceedsItsLimits() {
        var schedule = PollSchedule(connectionsPerHost: 2, hostSpacing: .seconds(1))
        for index in 0..<1_000 {
            schedule.add(
                FeedID("f\(index)"),
                host: "h\(index % 50)",
                due: start + .milliseconds(index * 7)
            )
        }
        var polls = 0
        var lastStart: [Int: Timestamp] = [:]
        var running: [(end: Timestamp, feed: FeedID)] = []
        var now = start
        let end = start + .seconds(86_400)
        while now < end {
            for done in running where done.end <= now {
                schedule.finished(done.feed, next: now + .seconds(900))
            }
            running.removeAll { $0.end <= now }
            for feed in schedule.take(now: now, room: 64 - schedule.inFlight) {
                let index = Int(feed.rawValue.dropFirst()) ?? 0
                if let last = lastStart[index % 50] { #expect(now - last >= .seconds(1)) }
                lastStart[index % 50] = now
                running.append((now + .milliseconds(300), feed))
                polls += 1
            }
            #expect(schedule.inFlight <= 64)
            let next = [schedule.nextWakeUp, running.map(\.end).min()].compactMap(\.self).min()
            now = max(next ?? end, now + .milliseconds(1))
        }
        #expect((93_000...96_000).contains(polls))
    }

    // MARK: Beside polls

    @Test func aRestingFeedMayBeAskedForMoreWhenNothingIsDueAtThatHost() {
        var schedule = PollSchedule(connectionsPerHost: 1, hostSpacing: .seconds(1))
        let later = start + .seconds(60)
        for name in ["a", "b", "c"] {
            schedule.add(FeedID(name), host: "h", due: name == "a" ? later : start)
        }
        #expect(schedule.take(now: start, room: 9) == feeds("b"))
        // c waits: it comes first.
        #expect(schedule.spareTime(of: FeedID("a"), host: "h", now: start) == start + .seconds(1))
        schedule.finished(FeedID("b"), next: later)
        let second = start + .seconds(1)
        #expect(schedule.spareTime(of: FeedID("a"), host: "h", now: second) == nil)
        #expect(schedule.takeSpare(FeedID("a"), host: "h", now: second) == false)
        #expect(schedule.take(now: second, room: 9) == feeds("c"))
        schedule.finished(FeedID("c"), next: later)
        let third = start + .seconds(2)
        #expect(schedule.takeSpare(FeedID("a"), host: "h", now: third) == true)
        #expect(schedule.inFlight == 1)
        #expect(schedule.takeSpare(FeedID("a"), host: "h", now: third) == false)
        // What is due meanwhile waits for its place and for the spacing.
        schedule.add(FeedID("d"), host: "h", due: third)
        #expect(schedule.take(now: later, room: 9).count <= 1)
        schedule.finished(FeedID("a"), next: later)
        #expect(schedule.inFlight == 0)
    }

    @Test func aPageAtAnotherHostTakesThatHostsPlaceAndObeysItsHolds() {
        var schedule = PollSchedule(connectionsPerHost: 1, hostSpacing: .seconds(1))
        let later = start + .seconds(60)
        schedule.add(FeedID("a"), host: "home", due: later)
        schedule.add(FeedID("b"), host: "home", due: start)
        schedule.add(FeedID("c"), host: "archive", due: start)
        #expect(schedule.takeSpare(FeedID("a"), host: "archive", now: start) == true)
        #expect(schedule.take(now: start, room: 9) == feeds("b"))
        schedule.finished(FeedID("a"), next: later)
        #expect(schedule.take(now: start + .seconds(1), room: 9) == feeds("c"))
        schedule.finished(FeedID("c"), next: later + .seconds(60))
        schedule.hold(host: "archive", until: start + .seconds(30))
        let moment = schedule.spareTime(of: FeedID("a"), host: "archive", now: start + .seconds(9))
        #expect(moment == start + .seconds(30))
        schedule.finished(FeedID("b"), next: later + .seconds(60))
        // It is back at its own host.
        #expect(schedule.take(now: later, room: 9) == feeds("a"))
        #expect(schedule.restingFeeds(ofHost: "home") == feeds("b"))
    }
}
