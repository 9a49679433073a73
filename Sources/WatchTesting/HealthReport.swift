internal import FeedModel
internal import WatchCore

/// What came of a simulation: what was planted and told, and what became of the items.
package struct HealthReport: Sendable {
    /// One kind of plant.
    package struct Row: Sendable {
        /// What was planted.
        package let name: String
        /// How often it had to be told.
        package let planted: Int
        /// How often it was.
        package let reported: Int
        /// How often it was told later than stated.
        package let late: Int
        /// How long it took: half of them, and the longest.
        package let median: String
        /// The longest it took.
        package let worst: String
        /// The time stated.
        package let bound: String
    }

    /// What has to be told.
    package private(set) var rows: [Row] = []
    /// Events without cause, by kind; the kinds that can be wrong are all there.
    package private(set) var falseAlarms: [(event: String, count: Int, allowed: Int)] = []
    /// Examples of false alarms and of what was not told, for whoever looks for the cause.
    package private(set) var examples: [String]
    /// Items that meet the topic and came after the first poll.
    package private(set) var planted = 0
    /// Those that stand in the log once.
    package private(set) var once = 0
    /// Those that stand there more than once.
    package private(set) var repeated = 0
    /// Those that do not, and an event says why.
    package private(set) var missedTold = 0
    /// Those that do not, and nothing says so.
    package private(set) var missed = 0
    /// Matches of what is no news.
    package let wrong: Int
    /// Feeds told of singly while all were out of reach.
    package let singleEvents: Int
    /// Feeds told of that were out of reach by chance.
    package let chanceFailures: Int
    /// Gaps told where just a whole window was new, and nothing was lost.
    package let unclearGaps: Int
    /// Gaps that were not told, as older pages closed them and one was told that day.
    package let quietGaps: Int
    /// Items that meet the topic and that only older pages showed.
    package private(set) var recovered = 0
    /// Years of all feeds together.
    package let feedYears: Double
    /// Polls that were made.
    package let polls: Int
    private let feeds: Int
    private let days: Double

    /// The report of a run.
    init(
        ledger: HealthLedger,
        world: SimulatedWorld,
        states: [FeedID: FeedState],
        counts: PollCounts,
        days: Double,
        now: Timestamp
    ) {
        examples = ledger.examples
        wrong = ledger.wrongMatches
        singleEvents = ledger.singleEvents
        chanceFailures = ledger.chanceFailures
        unclearGaps = ledger.unclearGaps
        quietGaps = ledger.quietGaps
        feedYears = Double(world.sources.count) * days / 365
        polls = counts.polls
        feeds = world.sources.count
        self.days = days
        for kind in HealthPlant.Kind.allCases {
            let plants = ledger.plants.filter { $0.kind == kind }
            rows.append(row(kind, plants, world: world, states: states, now: now))
        }
        for event in [
            "feed.gap", "feed.gap_closed", "feed.gap_open", "feed.silent", "feed.failing",
            "feed.flood", "feed.stale_304",
            "feed.moved", "feed.gone", "host.failing", "network.failing",
        ] {
            // Stated for silence: 0.1 a feed and year; for the others: none.
            let allowed = event == "feed.silent" ? feedYears * FeedHealth.falseAlarmsPerYear : 0
            falseAlarms.append((event, ledger.falseAlarms[event] ?? 0, Int(allowed)))
        }
        for source in world.sources { count(source, ledger, now: now) }
    }

    private mutating func row(
        _ kind: HealthPlant.Kind,
        _ plants: [HealthPlant],
        world: SimulatedWorld,
        states: [FeedID: FeedState],
        now: Timestamp
    ) -> Row {
        var planted = 0
        var reported = 0
        var late = 0
        var delays: [Duration] = []
        for plant in plants {
            var due = plant.due
            if kind == .silence, let feed = plant.feed {
                let health = states[world.sources[feed].settings.id]?.health
                if let since = health?.quietSince, let limit = health?.silenceLimit {
                    // A poll that fails just then keeps it back until the next.
                    due = since + limit + HealthSimulation.sweepTime * 6
                    // Of who cannot be reached nothing is known until he can.
                    let host = world.sources[feed].host
                    for outage in world.outages where outage.host == nil || outage.host == host {
                        guard let moment = due, outage.from <= moment, moment < outage.until else {
                            continue
                        }
                        due = outage.until + HealthPlant.Kind.longestPoll
                    }
                }
            }
            if kind == .networkFailing {
                // By few feeds that are asked rarely nobody can know.
                due = world.noticeable[plant.from].flatMap { noticed in
                    kind.time(retry: .zero).map { noticed + $0 }
                }
            }
            if let told = plant.told {
                reported += 1
                planted += 1
                delays.append(told - plant.from)
                if let due, told > due { late += 1 }
                if due.map({ told > $0 }) ?? false { note("late", plant, world) }
            } else if let due, due < now {
                planted += 1
                note("not told", plant, world)
            }
        }
        delays.sort()
        let half = delays.isEmpty ? "" : HealthReport.text(delays[delays.count / 2])
        return Row(
            name: kind.rawValue,
            planted: planted,
            reported: reported,
            late: late,
            median: half,
            worst: delays.last.map(HealthReport.text) ?? "",
            bound: kind.bound ?? "the feed's own limit"
        )
    }

    private mutating func note(_ what: String, _ plant: HealthPlant, _ world: SimulatedWorld) {
        guard examples.count < 120 else { return }
        let source = plant.feed.map { world.sources[$0] }
        let name = source.map { "\($0.temper) \($0.trouble) \($0.style)" } ?? plant.host ?? ""
        let told = plant.told.map { HealthReport.text($0 - plant.from) } ?? ""
        examples.append(
            "\(what): \(plant.kind) \(plant.feed ?? -1) \(plant.from.rfc3339Seconds) \(told) \(name)"
        )
    }

    private mutating func count(_ source: SimulatedSource, _ ledger: HealthLedger, now: Timestamp) {
        let isDeadTold = ledger.plants.contains { $0.feed == source.number && $0.told != nil }
        for (index, story) in source.stories.enumerated() {
            guard story.isMatch || story.becomesMatch, !story.isBaseline,
                (story.edited ?? story.appears) < now - .seconds(12 * 3_600)
            else { continue }
            let isPending = index >= (source.delivered ?? 0)
            if story.announced == 0, isPending, !source.trouble.endsPublishing { continue }
            planted += 1
            if story.wasLost, story.announced > 0 { recovered += 1 }
            switch story.announced {
            case 1: once += 1
            case 2...: repeated += 1
            default:
                let isTold = story.wasToldMissed || isPending && isDeadTold
                if isTold { missedTold += 1 } else { missed += 1 }
            }
            if story.announced == 1 || examples.count >= 160 { continue }
            if story.announced == 0, story.wasToldMissed || isPending && isDeadTold { continue }
            examples.append(
                """
                announced \(story.announced) times, shown \(story.wasShown): \
                \(source.number)/\(index) \(story.appears.rfc3339Seconds) \
                \(source.temper) \(source.trouble) \(source.style)
                """
            )
        }
    }

    private static func text(_ time: Duration) -> String {
        let minutes = max(0, time.wholeMilliseconds / 60_000)
        switch minutes {
        case ..<120: return "\(minutes) min"
        case ..<2_880: return "\(minutes / 60) h"
        default: return "\(minutes / 1_440) d"
        }
    }

    /// The tables of docs/health.md.
    package var tables: String {
        var text = """
            \(feeds) feeds, \(Int(days)) days, \(polls) polls: \
            \(tenth(Double(polls) / Double(feeds) / days)) a feed and day.

            | planted | times | told | median | longest | stated | later than stated |
            | --- | --- | --- | --- | --- | --- | --- |

            """
        for row in rows {
            text += """
                | \(row.name) | \(row.planted) | \(row.reported) | \(row.median) | \(row.worst) \
                | \(row.bound) | \(row.late) |

                """
        }
        text += """

            | event | without cause | a feed and year | stated |
            | --- | --- | --- | --- |

            """
        for alarm in falseAlarms {
            let rate = Double(Int(Double(alarm.count) / feedYears * 1_000)) / 1_000
            let stated = alarm.event == "feed.silent" ? FeedHealth.falseAlarmsPerYear : 0
            text += "| `\(alarm.event)` | \(alarm.count) | \(rate) | \(stated) |\n"
        }
        text += """

            | items that meet the topic | |
            | --- | --- |
            | published after the first poll | \(planted) |
            | in the log once | \(once) |
            | announced twice | \(repeated) |
            | missed, with an event | \(missedTold) |
            | missed, without an event | \(missed) |
            | announced, and no news | \(wrong) |

            Feeds told of singly in a common outage: \(singleEvents). Feeds told of that chance kept \
            out of reach for an hour: \(chanceFailures). Gaps told where just a whole \
            window was new, and nothing was lost: \(unclearGaps). Gaps not told, as older pages \
            closed them and one was told that day: \(quietGaps). Older pages brought \(recovered) \
            of the items in the log.

            """
        return text
    }

    private func tenth(_ number: Double) -> Double { (number * 10).rounded() / 10 }
}
