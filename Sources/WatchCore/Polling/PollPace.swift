internal import FeedModel

/// How often feeds are polled: always after the same time, or as their cadence tells.
package enum PollInterval: Hashable, Sendable {
    /// As the feed's cadence tells.
    case auto
    /// After the same time.
    case fixed(Duration)
}

/// What all automatic feeds share: how much waiting is worth a poll.
///
/// All feeds are polled at the same threshold of waiting, so requests go where they find news
/// soonest; the threshold is the one at which all feeds together are asked as often as if each
/// were asked after the mean interval.
package struct PollPace: Hashable, Sendable {
    /// The waiting (items times seconds) that is worth a poll.
    package let threshold: Double

    /// A pace of a known threshold.
    package init(threshold: Double) { self.threshold = threshold }

    /// The pace at which feeds of these demands (`Rhythm.demand`) are polled every `mean` on
    /// average, none sooner than `shortest` or later than `longest`.
    ///
    /// Without any feed: the pace for one of which nothing is known.
    package init(
        demands: [Double],
        mean: Duration,
        shortest: Duration,
        longest: Duration
    ) {
        let known = demands.isEmpty ? [Cadence().rhythm.demand] : demands
        let mean = PollPace.seconds(min(max(mean, shortest), longest))
        let most = 1 / PollPace.seconds(shortest)
        let least = 1 / PollPace.seconds(max(longest, shortest))
        let wanted = Double(known.count) / mean
        // Polls a second are demand times `factor`, within bounds: grows with the factor.
        var low = 1e-9
        var high = 1e9
        for _ in 0..<80 {
            let factor = (low * high).squareRoot()
            var polls = 0.0
            for demand in known { polls += min(max(demand * factor, least), most) }
            if polls < wanted { low = factor } else { high = factor }
        }
        threshold = 1 / (2 * low * high)
    }

    private static func seconds(_ time: Duration) -> Double {
        max(0.001, Double(time.wholeMilliseconds) / 1_000)
    }
}
