internal import FeedModel

// How the time of the next poll comes about: the interval, fixed or by cadence; then what server
// and document ask, which only ever makes it later; then the hours and days to be skipped.

extension PollPolicy {
    /// The longest time for which a document can keep us away by hours and days to be skipped.
    static let longestWish: Duration = .seconds(8 * 86_400)
    /// A feed that has just brought a match counts so much more until the next poll.
    static let matchWeight = 4.0
    /// So much of a window may turn over between two polls.
    static let windowShare = 1.0 / 3

    /// The interval that a configuration sets, or the mean of automatic feeds.
    func baseInterval(of settings: FeedSettings) -> Duration {
        switch settings.interval ?? watch.interval {
        case .fixed(let interval): interval
        case .auto:
            min(max(watch.meanInterval, shortest(of: settings)), longest(of: settings))
        }
    }

    /// The longest time between two good polls that the configuration can mean, jitter included.
    func longestInterval(of settings: FeedSettings) -> Duration {
        switch settings.interval ?? watch.interval {
        case .fixed(let interval): interval * 2
        case .auto: longest(of: settings) + longest(of: settings) / 16
        }
    }

    /// The shortest time between two polls of an automatic feed.
    func shortest(of settings: FeedSettings) -> Duration {
        max(settings.minInterval ?? limits.minInterval, limits.minInterval)
    }

    /// The longest time between two polls of an automatic feed.
    func longest(of settings: FeedSettings) -> Duration {
        max(settings.maxInterval ?? limits.maxInterval, shortest(of: settings))
    }

    /// Sets the time of the next poll after a good one; `last` is the good one before.
    func plan(
        _ state: inout FeedState,
        after answer: PollAnswer,
        last: Timestamp?,
        settings: FeedSettings,
        now: Timestamp
    ) {
        let wait: Duration
        var least = Duration.zero
        switch settings.interval ?? watch.interval {
        case .fixed(let interval): wait = interval
        case .auto:
            wait = cadenceWait(state, answer.findings, last: last, settings: settings, now: now)
            least = shortest(of: settings)
        }
        let asked = wish(of: answer, state: state, settings: settings, now: now)
        state.notBefore = asked > .zero ? now + asked : nil
        state.nextPoll = max(inStep(wait, state, now: now), now + max(asked, least))
        skip(&state, settings: settings)
    }

    /// Sets the time of the next poll after one that failed.
    func plan(
        _ state: inout FeedState,
        after failure: PollFailure,
        settings: FeedSettings,
        now: Timestamp
    ) {
        let interval = baseInterval(of: settings)
        let isGone = failure.reason == .gone && state.goneLooks >= PollPolicy.goneProof
        let ceiling = max(interval, PollPolicy.failureCeiling)
        let grown = min(interval * (1 << min(state.failures - 1, 16)), ceiling)
        let wait = isGone ? max(interval, PollPolicy.goneInterval) : grown
        let asked = max(
            failure.retryAfter ?? .zero,
            min(failure.freshFor ?? .zero, wishCeiling(of: settings))
        )
        state.notBefore = asked > .zero ? now + asked : nil
        let jitter = PollPolicy.jitter(of: wait, seed: state.id.rawValue, turn: state.polls)
        state.nextPoll = now + max(wait + jitter, asked)
        skip(&state, settings: settings)
    }

    /// The wait that the feed's cadence tells.
    private func cadenceWait(
        _ state: FeedState,
        _ findings: PollFindings?,
        last: Timestamp?,
        settings: FeedSettings,
        now: Timestamp
    ) -> Duration {
        let window = Double(state.cadence.window)
        let weight = (findings?.matches ?? 0) > 0 ? PollPolicy.matchWeight : 1
        let due = state.cadence.rhythm.due(
            after: now,
            threshold: pace.threshold / weight,
            itemLimit: window > 0 ? window * PollPolicy.windowShare : .infinity,
            longest: longest(of: settings)
        )
        var wait = due - now
        // Half a window was new: next time a quarter should be, whatever was learned. Where all
        // of it was, more was than it shows.
        if let findings, let last, now > last, window > 0,
            Double(findings.new) >= window / 2, findings.new > 1
        {
            wait = min(wait, (now - last) / (Double(findings.new) >= window ? 4 : 2))
        }
        var shortest = shortest(of: settings)
        if state.health.distrusts304(at: now) { shortest = max(shortest, FeedHealth.wholePace) }
        return min(max(wait, shortest), longest(of: settings))
    }

    /// How long server and document ask not to be polled.
    ///
    /// None of them can keep us away longer than the longest interval. What a document says gives
    /// way to an interval that the configuration sets for this feed.
    private func wish(
        of answer: PollAnswer,
        state: FeedState,
        settings: FeedSettings,
        now: Timestamp
    ) -> Duration {
        let kept = answer.isNotModified ? state.wishes.maxAge : nil
        var wish = answer.freshness?.remaining ?? kept ?? .zero
        if !overrulesDocument(settings) {
            wish = max(wish, state.wishes.timeToLive ?? .zero)
            // The period is a claim; where its own items show that it is wrong, nobody asks us to
            // wait that long. (WordPress says hourly of everything.)
            if let period = state.wishes.updatePeriod,
                let wait = state.wishes.updateWait(from: now)
            {
                let items = state.cadence.itemsPerDay * Double(period.wholeMilliseconds)
                if items < 2 * 86_400_000 { wish = max(wish, wait) }
            }
        }
        return min(wish, wishCeiling(of: settings))
    }

    private func overrulesDocument(_ settings: FeedSettings) -> Bool {
        if case .fixed? = settings.interval { true } else { false }
    }

    private func wishCeiling(of settings: FeedSettings) -> Duration {
        max(longest(of: settings), baseInterval(of: settings))
    }

    /// Moves the next poll out of the hours and days that the document asks to skip.
    private func skip(_ state: inout FeedState, settings: FeedSettings) {
        guard !overrulesDocument(settings) else { return }
        let moment = state.wishes.unskipped(state.nextPoll)
        guard moment > state.nextPoll else { return }
        state.nextPoll = moment
        state.notBefore = moment
    }

    /// The time `wait` after `now`, in step with the other feeds of its host.
    ///
    /// Feeds that are due at nearly the same time are due at the same, so that one connection
    /// serves them, and one wake-up; hosts keep apart. A thirty-second or less is given or taken,
    /// after a jitter of less than 2.5 %, that takes them all along and keeps the mean as it is.
    private func inStep(_ wait: Duration, _ state: FeedState, now: Timestamp) -> Timestamp {
        guard wait >= .seconds(64) else {
            let jitter = PollPolicy.jitter(of: wait, seed: state.id.rawValue, turn: state.polls)
            return now + wait + jitter
        }
        let seconds = wait.wholeMilliseconds / 1_000
        var step: Int64 = 2
        while step < 64, step * 64 <= seconds { step *= 2 }
        let host = PollPolicy.hostHash(state.address)
        let turn = now.milliseconds / wait.wholeMilliseconds
        let jitter = PollPolicy.share(host ^ UInt64(bitPattern: turn)) * seconds / 20_000
        let phase = Int64(host % UInt64(step))
        let due = now.milliseconds / 1_000 + seconds + jitter
        let rounded = (due - phase + step / 2) / step * step + phase
        return Timestamp(seconds: max(rounded, now.milliseconds / 1_000 + seconds * 15 / 16))
    }

    /// Up to 5 % of `interval`, more or less, by a hash of feed and poll: feeds that were added
    /// together drift apart, the same way in every run.
    private static func jitter(of interval: Duration, seed: String, turn: Int) -> Duration {
        let hash = ContentHash.of(seed, seed: UInt64(truncatingIfNeeded: turn))
        return interval * Int(share(hash)) / 10_000
    }

    /// A number from -500 to 500 by a hash.
    private static func share(_ hash: UInt64) -> Int64 {
        // Mixed once more: hosts and turns that differ in few bits must not go along.
        let mixed = (hash ^ hash >> 29) &* 0xBF58_476D_1CE4_E5B9
        return Int64((mixed ^ mixed >> 32) % 1_001) - 500
    }

    /// A hash of the host of an address, user information and port included.
    private static func hostHash(_ address: String) -> UInt64 {
        var address = address
        return address.withUTF8 { bytes in
            var start = 0
            if let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon + 3 <= bytes.count {
                start = colon + 3
            }
            var end = start
            while end < bytes.count, !"/?#".utf8.contains(bytes[end]) { end += 1 }
            return ContentHash.of(
                UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[start..<end]))
            )
        }
    }
}
