import FeedModel
import TopicQuery
import WatchCore

extension ConfigBuilder {
    /// Compiles all topics, notes what is wrong with them, and answers the configuration with the
    /// tests and sources of its topics; nil where anything is wrong.
    func finish() -> (
        configuration: Configuration, tests: [TopicTest], topics: [TopicSource]
    )? {
        for index in topics.indices {
            let own = topics[index].fields
            topics[index].source?.fields = own ?? fields
        }
        // Topics that are not in force are checked like the others: they are there to be used.
        let drafts = topics.filter { $0.source != nil }
        let sources = drafts.compactMap(\.source)
        let compilation = TopicMatcher.compile(topics: sources, sets: sets.map(\.source))
        for diagnostic in compilation.diagnostics { report(diagnostic, drafts) }
        guard !context.hasErrors, !context.isIncomplete, var matcher = compilation.matcher else {
            return nil
        }
        let enabled = drafts.filter(\.isEnabled)
        if enabled.count < drafts.count {
            let inForce = enabled.compactMap(\.source)
            let second = TopicMatcher.compile(topics: inForce, sets: sets.map(\.source))
            guard let result = second.matcher else { return nil }
            matcher = result
        }
        var configuration = Configuration(matcher: matcher)
        configuration.watch = watch
        configuration.limits = limits
        configuration.health = health
        configuration.topics = enabled.map(\.settings)
        configuration.feeds = feeds.map { draft in
            var settings = draft.settings
            settings.topics = topicIDs(draft.topics, among: configuration.topics)
            return settings
        }
        configuration.hooks = hooks.map { draft in
            var settings = draft.settings
            settings.topics = topicIDs(draft.topics, among: configuration.topics)
            return settings
        }
        return (configuration, tests(of: enabled), enabled.compactMap(\.source))
    }

    /// The topics a feed or hook names, without those that are not in force.
    private func topicIDs(
        _ names: [Located<String>]?,
        among topics: [TopicSettings]
    ) -> [TopicID]? {
        guard let names else { return nil }
        let known = Set(topics.map(\.id))
        return names.map { TopicID($0.value) }.filter(known.contains)
    }

    private func tests(of topics: [TopicDraft]) -> [TopicTest] {
        var tests: [TopicTest] = []
        for (index, topic) in topics.enumerated() {
            guard let source = topic.source else { continue }
            for var test in topic.tests {
                test.resolve(topic: index, source)
                tests.append(test)
            }
        }
        return tests
    }

    private func report(_ diagnostic: QueryDiagnostic, _ drafts: [TopicDraft]) {
        // An unknown set may be in a file that could not be read, and so may the use of a set.
        if context.isIncomplete, ["E112", "W202"].contains(diagnostic.code) { return }
        let place = place(of: diagnostic, drafts)
        switch diagnostic.severity {
        case .error:
            context.error(
                diagnostic.message,
                at: place,
                code: diagnostic.code,
                hint: diagnostic.help
            )
        case .warning:
            context.warning(
                diagnostic.message,
                at: place,
                code: diagnostic.code,
                hint: diagnostic.help
            )
        }
    }

    private func place(of diagnostic: QueryDiagnostic, _ drafts: [TopicDraft]) -> ConfigPlace {
        let range = diagnostic.range
        switch diagnostic.place {
        case .query(let topic):
            let draft = drafts[topic]
            return narrowed(draft.source?.query, draft.queryPlace, range) ?? draft.namePlace
        case .exclude(let topic):
            let draft = drafts[topic]
            return narrowed(draft.source?.exclude, draft.excludePlace, range) ?? draft.namePlace
        case .entry(let set, let entry):
            let draft = sets[set]
            let text = draft.source.entries[entry].text
            return narrowed(text, draft.entryPlaces[entry], range) ?? draft.namePlace
        case .notIn(let set, let entry):
            let draft = sets[set]
            let text = draft.source.notIn[entry].text
            return narrowed(text, draft.notInPlaces[entry], range) ?? draft.namePlace
        case .termSet(let set):
            return sets[set].namePlace
        case .topic(let topic):
            return drafts[topic].namePlace
        }
    }

    private func narrowed(
        _ text: String?,
        _ place: ConfigPlace?,
        _ range: Range<Int>
    ) -> ConfigPlace? {
        guard let text, let place else { return nil }
        return narrowed(Located(value: text, place: place), to: range)
    }
}
