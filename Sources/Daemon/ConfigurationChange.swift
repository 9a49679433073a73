import WatchCore

/// What a reload changed, in one line.
struct ConfigurationChange: Sendable {
    /// `2 feeds added, 1 topic changed`, or that nothing changed.
    let summary: String

    /// Compares two configurations.
    init(from old: Configuration, to new: Configuration) {
        var parts: [String] = []
        ConfigurationChange.compare(old.feeds, new.feeds, "feed", id: \.id, to: &parts)
        ConfigurationChange.compare(old.topics, new.topics, "topic", id: \.id, to: &parts)
        ConfigurationChange.compare(old.hooks, new.hooks, "hook", id: \.id, to: &parts)
        if old.watch != new.watch { parts.append("[watch] changed") }
        if old.limits != new.limits { parts.append("[limits] changed") }
        if old.health != new.health { parts.append("[health] or [metrics] changed") }
        summary =
            parts.isEmpty
            ? "reloaded: \(new.feeds.count) feeds, \(new.topics.count) topics, no setting changed"
            : "reloaded: " + parts.joined(separator: ", ")
    }

    private static func compare<Element: Equatable, ID: Hashable>(
        _ old: [Element],
        _ new: [Element],
        _ noun: String,
        id: KeyPath<Element, ID>,
        to parts: inout [String]
    ) {
        let before = Dictionary(
            old.map { ($0[keyPath: id], $0) },
            uniquingKeysWith: { first, _ in first }
        )
        let after = Set(new.map { $0[keyPath: id] })
        let added = new.filter { before[$0[keyPath: id]] == nil }.count
        let removed = old.filter { !after.contains($0[keyPath: id]) }.count
        let changed = new.filter { element in
            before[element[keyPath: id]].map { $0 != element } ?? false
        }.count
        for (count, verb) in [(added, "added"), (removed, "removed"), (changed, "changed")]
        where count > 0 {
            parts.append("\(count) \(noun)\(count == 1 ? "" : "s") \(verb)")
        }
    }
}
