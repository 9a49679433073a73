internal import FeedModel
internal import WatchCore

/// What a poll showed to be lost.
struct SimulatedLoss {
    /// The feed.
    let feed: Int
    /// The stories.
    let stories: Range<Int>
    /// Whether a gap stood before.
    let hadGap: Bool
}

/// Gaps: which have to be told, and which closed.
extension HealthLedger {
    /// How often gaps are told that are closed each time.
    private static let quietTime: Duration = .seconds(86_400)

    /// Takes a loss, and whether it was told with the poll that showed it.
    mutating func take(
        _ loss: SimulatedLoss,
        isTold: Bool,
        in world: inout SimulatedWorld,
        now: Timestamp
    ) {
        let source = world.sources[loss.feed]
        let isFirst = openLosses[loss.feed] == nil
        if !isFirst { doubt(loss.feed) }
        openLosses[loss.feed, default: []].append(loss.stories)
        if isTold || loss.hadGap {
            for story in loss.stories {
                world.sources[loss.feed].stories[story].wasToldMissed = true
            }
        }
        if loss.hadGap {
            continuedGaps += 1
        } else if let told = gapTold[loss.feed], source.pages != nil, !isTold,
            now - told < HealthLedger.quietTime
        {
            // Its items have to be in the log, or the end of the walk has to be told.
            quietGaps += 1
            doubted.insert(loss.feed)
        } else {
            let last = loss.stories.lowerBound + source.style.window
            var plant = HealthPlant(.gap, feed: loss.feed, from: source.stories[last].appears)
            plant.due = due(plant, ahead: .seconds(3_600), source)
            plant.told = isTold ? now : nil
            plants.append(plant)
            guard isTold, isFirst, source.pages != nil else { return }
            let kind: HealthPlant.Kind = source.pagesHold(loss.stories) ? .gapClosed : .gapOpen
            var end = HealthPlant(kind, feed: loss.feed, from: now)
            end.due = due(end, ahead: .seconds(3 * 3_600), source)
            add(end)
        }
    }

    /// Lets a walk end in either way: more was lost while it was under way.
    private mutating func doubt(_ feed: Int) {
        doubted.insert(feed)
        for index in plants.indices
        where plants[index].feed == feed && plants[index].told == nil && plants[index].kind.isEnd {
            plants[index].due = nil
        }
    }

    /// Takes that a walk through older pages ended: what it says to be there has to be in the log.
    mutating func takeEnd(_ event: String, of feed: Int, in world: inout SimulatedWorld) {
        let losses = openLosses.removeValue(forKey: feed) ?? []
        doubted.remove(feed)
        for story in losses.joined() {
            world.sources[feed].stories[story].wasToldMissed = event == "feed.gap_open"
        }
    }

    /// By when something about a gap has to be told: not before its feed can be reached, or stops
    /// to lie; outages that begin so long `ahead` count, too.
    private func due(
        _ plant: HealthPlant,
        ahead: Duration,
        _ source: SimulatedSource
    ) -> Timestamp? {
        guard let time = plant.kind.time(retry: .zero) else { return nil }
        var from = plant.from
        for outage in outages where outage.host == nil || outage.host == source.host {
            if outage.from - ahead <= from { from = max(from, outage.until) }
        }
        if source.turn <= from { from = max(from, source.turnEnd) }
        return from + (source.trouble.isLie ? time * 10 : time)
    }
}
