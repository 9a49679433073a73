import FeedModel
import WatchCore

// Below a millisecond nobody means an interval. What the keys are to each other is looked at when
// all files are read: they may stand in several.

extension ConfigBuilder {
    private static let least = Duration.milliseconds(1)

    /// Reads the intervals of `[watch]`.
    func readIntervals(ofWatch reader: TableReader) {
        if let interval = reader.interval("interval", from: Self.least) {
            watch.interval = interval.value
            intervalPlace = interval.place
        }
        if let time = reader.duration("mean_interval", from: Self.least) {
            watch.meanInterval = time.value
            meanIntervalPlace = time.place
        }
    }

    /// Reads the intervals of `[limits]`.
    func readIntervals(ofLimits reader: TableReader) {
        if let time = reader.duration("min_interval", from: Self.least) {
            limits.minInterval = time.value
            minIntervalPlace = time.place
        }
        if let time = reader.duration("max_interval", from: Self.least) {
            limits.maxInterval = time.value
            maxIntervalPlace = time.place
        }
    }

    /// Reads the intervals of a feed, or of a list of feeds; answers where they stand.
    func readInterval(_ reader: TableReader, of settings: inout FeedSettings) -> ConfigPlace? {
        let interval = reader.interval("interval", from: Self.least)
        settings.interval = interval?.value
        let min = reader.duration("min_interval", from: Self.least)
        settings.minInterval = min?.value
        let max = reader.duration("max_interval", from: Self.least)
        settings.maxInterval = max?.value
        if case .fixed? = interval?.value, let place = min?.place ?? max?.place {
            context.error(
                "min_interval and max_interval are for interval = \"auto\"",
                at: place,
                hint: "a feed of a fixed interval is asked at that interval"
            )
        }
        return interval?.place ?? min?.place ?? max?.place
    }

    /// Looks whether the intervals fit each other.
    func checkIntervals() {
        // The other of the two may be in a file that could not be read.
        guard !context.isIncomplete else { return }
        let least = limits.minInterval
        if case .fixed(let interval) = watch.interval {
            demand("interval", interval, atLeast: least, at: intervalPlace ?? minIntervalPlace)
        } else {
            let place = meanIntervalPlace ?? minIntervalPlace
            demand("mean_interval", watch.meanInterval, atLeast: least, at: place)
            let most = limits.maxInterval
            if watch.meanInterval > most, let place = meanIntervalPlace ?? maxIntervalPlace {
                let mean = ValueGrammar.text(of: watch.meanInterval)
                let text = ValueGrammar.text(of: most)
                context.error("mean_interval \(mean) is more than max_interval \(text)", at: place)
            }
        }
        demand(
            "max_interval",
            limits.maxInterval,
            atLeast: least,
            at: maxIntervalPlace ?? minIntervalPlace
        )
        for feed in feeds { checkInterval(of: feed) }
    }

    private func checkInterval(of feed: FeedDraft) {
        let hint = "min_interval of [limits] is the least a feed may ask for"
        let least = limits.minInterval
        if case .fixed(let interval)? = feed.settings.interval {
            demand("interval", interval, atLeast: least, at: feed.intervalPlace, hint: hint)
        }
        if let min = feed.settings.minInterval {
            demand("min_interval", min, atLeast: least, at: feed.intervalPlace, hint: hint)
        }
        if let max = feed.settings.maxInterval {
            let own = Swift.max(feed.settings.minInterval ?? least, least)
            demand("max_interval", max, atLeast: own, at: feed.intervalPlace)
        }
    }

    private func demand(
        _ key: String,
        _ value: Duration,
        atLeast least: Duration,
        at place: ConfigPlace?,
        hint: String? = nil
    ) {
        guard value < least, let place else { return }
        let texts = (ValueGrammar.text(of: value), ValueGrammar.text(of: least))
        context.error(
            "\(key) \(texts.0) is less than min_interval \(texts.1)",
            at: place,
            hint: hint
        )
    }
}

extension TableReader {
    /// An interval: a duration, or `auto`.
    func interval(_ key: String, from least: Duration) -> Located<PollInterval>? {
        if let value = value(key), value.string == "auto" {
            return Located(value: .auto, place: place(of: value))
        }
        return duration(key, from: least).map {
            Located(value: .fixed($0.value), place: $0.place)
        }
    }
}
