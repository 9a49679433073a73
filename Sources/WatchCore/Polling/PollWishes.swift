package import FeedModel

/// What server and document ask of those who poll, as far as it holds until the next document.
package struct PollWishes: Hashable, Sendable {
    /// How long the server calls its answers fresh (`Cache-Control: max-age`).
    package var maxAge: Duration?
    /// RSS `ttl`.
    package var timeToLive: Duration?
    /// The time between two updates by the syndication module (`sy:updatePeriod`).
    package var updatePeriod: Duration?
    /// When these periods are counted from (`sy:updateBase`).
    package var updateBase: Timestamp?
    /// The hours of the day (GMT) in which not to poll: bit 0 is midnight to one.
    package var skipHours: UInt32 = 0
    /// The days of the week (GMT) on which not to poll: bit 0 is Sunday.
    package var skipDays: UInt8 = 0

    /// No wishes.
    package init() {}

    /// Takes over what a document says; what the server says stays.
    package mutating func read(_ feed: ParsedFeed) {
        timeToLive = feed.ttlMinutes.flatMap { $0 > 0 ? .seconds(60 * min($0, 525_600)) : nil }
        updatePeriod = feed.updateHintSeconds.flatMap { $0 > 0 ? .seconds($0) : nil }
        updateBase = updatePeriod == nil ? nil : feed.updateBase
        skipHours = 0
        for hour in feed.skipHours where (0...23).contains(hour) { skipHours |= 1 << hour }
        skipDays = 0
        for name in feed.skipDays {
            let name = feed.string(name).lowercased()
            let names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
            if let day = names.firstIndex(where: name.hasPrefix) { skipDays |= 1 << day }
        }
    }

    /// How long it is from `now` until the document is next updated by its own word: a period, or
    /// what is left of the one that runs where it is known when it began, and a little; nil: it
    /// says nothing of it.
    package func updateWait(from now: Timestamp) -> Duration? {
        guard let updatePeriod, let updateBase else { return updatePeriod }
        let period = updatePeriod.wholeMilliseconds
        let gone = (now - updateBase).wholeMilliseconds % period
        let left = period - (gone < 0 ? gone + period : gone)
        // Nobody publishes on the second.
        return .milliseconds(left + min(period / 64, 300_000))
    }

    /// The first moment from `moment` on that lies in no hour or day to be skipped.
    ///
    /// Who asks to skip all of them is not obeyed.
    package func unskipped(_ moment: Timestamp) -> Timestamp {
        guard skipHours & 0xFF_FFFF != 0xFF_FFFF, skipDays & 0x7F != 0x7F else { return moment }
        guard skipHours != 0 || skipDays != 0 else { return moment }
        let first = Rhythm.floorDivide(moment.milliseconds, 3_600_000)
        for hour in first..<first + 8 * 24 {
            let isSkipped =
                skipHours & 1 << UInt32(Rhythm.hour(hour)) != 0
                || skipDays & 1 << UInt8(Rhythm.day(hour)) != 0
            if !isSkipped { return max(moment, Timestamp(milliseconds: hour * 3_600_000)) }
        }
        return moment
    }
}

extension PollWishes {
    /// What older versions wrote has no update base.
    private static let versions: ClosedRange<UInt8> = 1...2

    /// The wishes as the store keeps them; empty where there are none.
    package var packed: [UInt8] {
        guard self != PollWishes() else { return [] }
        var writer = ByteWriter(capacity: 18)
        writer.put(PollWishes.versions.upperBound)
        for time in [maxAge, timeToLive, updatePeriod] {
            writer.put(UInt32(clamping: (time?.wholeMilliseconds ?? 0) / 1_000))
        }
        writer.put(skipHours)
        writer.put(skipDays)
        writer.put(updateBase?.milliseconds ?? Int64.min)
        return writer.bytes
    }

    /// The wishes that `packed` kept; nil where the bytes are damaged.
    package init?(packed: [UInt8]) {
        self.init()
        guard !packed.isEmpty else { return }
        var reader = ByteReader(packed)
        guard let version: UInt8 = reader.take(), PollWishes.versions.contains(version),
            let age: UInt32 = reader.take(), let ttl: UInt32 = reader.take(),
            let period: UInt32 = reader.take(), let hours: UInt32 = reader.take(),
            let days: UInt8 = reader.take()
        else { return nil }
        maxAge = age == 0 ? nil : .seconds(Int64(age))
        timeToLive = ttl == 0 ? nil : .seconds(Int64(ttl))
        updatePeriod = period == 0 ? nil : .seconds(Int64(period))
        skipHours = hours
        skipDays = days
        guard version > 1 else { return }
        guard let base: Int64 = reader.take() else { return nil }
        updateBase = base == Int64.min ? nil : Timestamp(milliseconds: base)
    }
}
