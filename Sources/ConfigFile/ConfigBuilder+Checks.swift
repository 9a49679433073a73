import FeedModel
import TopicQuery
import WatchCore

extension ConfigBuilder {
    /// Looks at what spans tables and files: names used twice, names of nothing, intervals.
    func check() {
        readLists()
        shareProxy()
        checkFiles()
        checkNames("feed", feeds.map { ($0.settings.id.rawValue, $0.namePlace) })
        checkNames("topic", topics.map { ($0.settings.id.rawValue, $0.namePlace) })
        checkNames("hook", hooks.map { ($0.settings.id.rawValue, $0.namePlace) })
        checkNames("term set", sets.map { ($0.source.name, $0.namePlace) })
        checkAddresses()
        checkIntervals()
        checkReferences()
        for topic in topics where topic.isEnabled && topic.tests.isEmpty {
            context.warning(
                "topic \(topic.settings.id) has no test",
                at: topic.namePlace,
                code: "W201",
                hint: "a [[topic.test]] with a text that must match keeps it honest"
            )
        }
    }

    private func checkNames(_ kind: String, _ names: [(String, ConfigPlace)]) {
        var known: [String: ConfigPlace] = [:]
        for (name, place) in names where !name.isEmpty {
            if let first = known[name] {
                context.error(
                    "there is another \(kind) \(name)",
                    at: place,
                    hint: "the first one is at \(context.describe(first))"
                )
            } else {
                known[name] = place
            }
        }
    }

    /// The same address twice is polled twice, which is not kind to its server.
    private func checkAddresses() {
        var known: [String: FeedDraft] = [:]
        for feed in feeds where !feed.settings.url.isEmpty {
            let url = FeedURL.normalized(feed.settings.url)
            if let first = known[url] {
                // Without a name of its own it had its error for the derived one.
                guard first.settings.id != feed.settings.id else { continue }
                context.warning(
                    "the same address as that of feed \(first.settings.id)",
                    at: feed.addressPlace,
                    hint: "it is at \(context.describe(first.addressPlace))"
                )
            } else {
                known[url] = feed
            }
        }
    }

    private func checkReferences() {
        // What is missing may be in a file that could not be read.
        guard !context.isIncomplete else { return }
        let topicNames = Set(topics.map(\.settings.id.rawValue))
        let feedNames = Set(feeds.map(\.settings.id.rawValue))
        for list in feeds.map(\.topics) + hooks.map(\.topics) {
            checkReferences(list ?? [], to: topicNames, kind: "topic")
        }
        for topic in topics { checkReferences(topic.feeds, to: feedNames, kind: "feed") }
    }

    private func checkReferences(
        _ references: [Located<String>],
        to names: Set<String>,
        kind: String
    ) {
        for reference in references where !names.contains(reference.value) {
            context.error(
                "there is no \(kind) \(reference.value)",
                at: reference.place,
                hint: Suggestion.hint(for: reference.value, among: names.sorted())
            )
        }
    }
}
