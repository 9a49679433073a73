internal import ConfigFile
internal import FeedModel
internal import SQLiteStore
internal import ServiceHost
internal import WatchCore

/// How all feeds, logs and hooks stand.
struct StatusReport {
    /// One feed's line.
    struct Row {
        /// The feed.
        let settings: FeedSettings
        /// Its state; nil: never polled.
        let state: FeedState?
        /// How it stands.
        let condition: FeedCondition

        /// The line of a feed at `now`.
        init(settings: FeedSettings, state: FeedState?, now: Timestamp) {
            self.settings = settings
            self.state = state
            condition = FeedCondition(of: state, at: now)
        }
    }

    private let rows: [Row]
    private let state: StateSnapshot
    private let now: Timestamp
    private let hooks: [HookSettings]
    private let obstacle: String?

    /// The report on a configuration's feeds, and on what keeps the running daemon from its work.
    init(
        configuration: Configuration,
        state: StateSnapshot,
        obstacle: String? = nil,
        now: Timestamp
    ) {
        let states = Dictionary(
            state.feeds.map { ($0.id, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        rows = configuration.feeds
            .map { Row(settings: $0, state: states[$0.id], now: now) }
            .sorted { left, right in
                (left.condition, -(left.state?.failures ?? 0), left.settings.id)
                    < (right.condition, -(right.state?.failures ?? 0), right.settings.id)
            }
        hooks = configuration.hooks
        self.state = state
        self.obstacle = obstacle
        self.now = now
    }

    /// Whether any feed is failing or silent, or the daemon is kept from its work.
    var isAnyBad: Bool { obstacle != nil || rows.contains(where: \.condition.isBad) }

    // MARK: For people

    /// The table and the totals.
    func text(coloured: Bool) -> String {
        var table = [
            ["STATE", "FEED", "SINCE", "LAST OK", "LAST NEW", "USUALLY", "NEXT POLL", "REASON"]
        ]
        for row in rows {
            table.append([
                row.condition.word, VisibleText.escape(row.settings.id.rawValue),
                row.state.flatMap { row.condition.since($0) }.map { span(now - $0) } ?? "-",
                ago(row.state?.lastSuccess), ago(row.state?.lastNewItem),
                row.state?.cadence.summary ?? "-",
                row.state.map { until($0.nextPoll) } ?? "-",
                reason(row),
            ])
        }
        var lines = TextTable(rows: table).lines
        if coloured {
            for (index, row) in rows.enumerated() where row.condition.isBad {
                lines[index + 1] = "\u{1B}[31m\(lines[index + 1])\u{1B}[0m"
            }
        }
        lines.append("")
        lines.append(contentsOf: totals)
        return lines.joined(separator: "\n")
    }

    private var totals: [String] {
        let counts = FeedCondition.allCases.compactMap { condition -> String? in
            let count = rows.count { $0.condition == condition }
            return count > 0 || condition == .ok ? "\(count) \(condition.word)" : nil
        }
        let items = rows.reduce(0) { $0 + ($1.state?.items ?? 0) }
        let matches = rows.reduce(0) { $0 + ($1.state?.matches ?? 0) }
        var lines = [
            "\(rows.count) feeds: \(counts.joined(separator: ", ")); \(items) items,"
                + " \(matches) matches"
        ]
        if let obstacle { lines.append("the daemon is held up: " + VisibleText.escape(obstacle)) }
        for log in state.logs where log.waiting > 0 {
            lines.append("\(log.waiting) lines wait to be written to \(log.stream).jsonl")
        }
        for hook in hooks {
            let counts = state.deliveries[hook.id] ?? DeliveryCounts()
            lines.append(
                "hook \(hook.id): \(counts.pending) pending, \(counts.delivered) delivered,"
                    + " \(counts.dead) given up"
                    + (state.pauses[hook.id]?.reason == .gone ? "; disabled: gone (410)" : "")
            )
        }
        let configured = Set(hooks.map(\.id))
        let others = state.deliveries.filter {
            $0.value.pending > 0 && !configured.contains($0.key)
        }
        for (id, counts) in others.sorted(by: { $0.key < $1.key }) {
            lines.append("hook \(id), not in the configuration: \(counts.pending) pending")
        }
        return lines
    }

    private func reason(_ row: Row) -> String {
        guard let state = row.state else { return "" }
        switch row.condition {
        case .silent, .quiet:
            let longest = state.health.longestPause.map { span($0) } ?? "?"
            return "nothing new for longer than ever of late (\(longest))"
        case .stale304: return "the server says falsely that nothing has changed"
        case .moved: return VisibleText.escape(URLRedaction.redacted(state.address))
        default: break
        }
        guard let reason = state.reason else {
            return VisibleText.escape(
                state.message ?? StatusReport.gap(of: state, at: now) ?? ""
            )
        }
        let since = state.failingSince.map { " for " + span(now - $0) } ?? ""
        let message = state.message.map { ": " + VisibleText.escape($0) } ?? ""
        return "\(reason.rawValue) (\(state.failures)x\(since))\(message)"
    }

    private func ago(_ moment: Timestamp?) -> String {
        moment.map { span(now - $0) + " ago" } ?? "never"
    }

    private func until(_ moment: Timestamp) -> String {
        moment <= now ? "due" : "in " + span(moment - now)
    }

    private func span(_ duration: Duration) -> String { duration.shortText }
}

extension StatusReport {
    /// One JSON object, newline included.
    var json: [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("schema")
        json.integer(1)
        json.key("time")
        json.string(now.rfc3339)
        json.key("feeds")
        json.beginArray()
        for row in rows { write(row, to: &json) }
        json.endArray()
        json.key("obstacle")
        json.string(orNull: obstacle)
        json.key("logs")
        json.beginArray()
        for log in state.logs {
            json.beginObject()
            json.key("log")
            json.string("\(log.stream).jsonl")
            json.key("last_seq")
            json.integer(log.lastSeq)
            json.key("waiting")
            json.integer(log.waiting)
            json.endObject()
        }
        json.endArray()
        json.key("hooks")
        json.beginArray()
        for hook in hooks {
            let counts = state.deliveries[hook.id] ?? DeliveryCounts()
            json.beginObject()
            json.key("hook")
            json.string(hook.id.rawValue)
            json.key("pending")
            json.integer(counts.pending)
            json.key("delivered")
            json.integer(counts.delivered)
            json.key("dead")
            json.integer(counts.dead)
            json.key("disabled")
            json.bool(state.pauses[hook.id]?.reason == .gone)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        json.newline()
        return json.bytes
    }

    private func write(_ row: Row, to json: inout JSONWriter) {
        let state = row.state
        json.beginObject()
        json.key("feed")
        json.string(row.settings.id.rawValue)
        json.key("title")
        json.string(orNull: row.settings.title ?? state?.title)
        json.key("url")
        json.string(URLRedaction.redacted(row.settings.url))
        json.key("state")
        json.string(row.condition.word)
        json.key("since")
        json.string(orNull: state.flatMap { row.condition.since($0) }?.rfc3339)
        json.key("last_poll")
        json.string(orNull: state?.lastPoll?.rfc3339)
        json.key("last_success")
        json.string(orNull: state?.lastSuccess?.rfc3339)
        json.key("last_new_item")
        json.string(orNull: state?.lastNewItem?.rfc3339)
        json.key("next_poll")
        json.string(orNull: state?.nextPoll.rfc3339)
        json.key("items_per_day")
        if let cadence = state?.cadence, cadence.learnedUntil != nil {
            json.number(cadence.itemsPerDay)
        } else {
            json.null()
        }
        json.key("longest_pause_seconds")
        json.integer(
            orNull: state?.health.longestPause.map { Int($0.wholeMilliseconds / 1_000) }
        )
        json.key("gap")
        json.bool(state?.health.hasGap ?? false)
        StatusReport.writeGap(of: state, to: &json)
        json.key("failures")
        json.integer(state?.failures ?? 0)
        json.key("failing_since")
        json.string(orNull: state?.failingSince?.rfc3339)
        json.key("reason")
        json.string(orNull: state?.reason?.rawValue)
        json.key("message")
        json.string(orNull: state?.message)
        json.key("polls")
        json.integer(state?.polls ?? 0)
        json.key("items")
        json.integer(state?.items ?? 0)
        json.key("matches")
        json.integer(state?.matches ?? 0)
        json.endObject()
    }
}
