import FeedModel
import TopicQuery
import WatchCore

extension ConfigBuilder {
    /// What came of compiling.
    struct Outcome {
        /// The configuration; nil where anything is wrong.
        var configuration: Configuration?
        /// The matcher of `topics`; nil where their sets are wrong as well.
        var matcher: TopicMatcher?
        /// The tests of the topics that are in force.
        var tests: [TopicTest] = []
        /// The topics in the order of the matcher.
        var topics: [TopicSource] = []
    }

    /// Compiles all topics, and notes what is wrong with them.
    ///
    /// Where something is, what came out of those topics that are right can still be tried.
    func finish() -> Outcome {
        for index in topics.indices {
            let (own, isEnabled) = (topics[index].fields, topics[index].isEnabled)
            topics[index].source?.fields = own ?? fields
            topics[index].source?.isInForce = isEnabled
        }
        // Topics that are not in force are checked like the others: they are there to be used.
        // They come last, so that the others have the same index here and in the configuration.
        var drafts = topics.filter { $0.source != nil }
        // Of ten thousand topics, each copy of the list counts.
        topics = []
        if !drafts.allSatisfy(\.isEnabled) {
            drafts = drafts.filter(\.isEnabled) + drafts.filter { !$0.isEnabled }
        }
        let compilation = compile(drafts)
        for diagnostic in compilation.diagnostics { report(diagnostic, drafts) }
        guard let matcher = compilation.matcher else {
            let faulty = Set(compilation.diagnostics.compactMap(\.faultyTopic))
            let sound = drafts.indices.filter { !faulty.contains($0) }.map { drafts[$0] }
            return outcome(of: sound, compile(sound).matcher)
        }
        var outcome = outcome(of: drafts, matcher)
        if !context.hasErrors, !context.isIncomplete {
            outcome.configuration = configuration(drafts.filter(\.isEnabled), matcher)
        }
        return outcome
    }

    private func compile(_ drafts: [TopicDraft]) -> TopicMatcher.Compilation {
        TopicMatcher.compile(topics: drafts.compactMap(\.source), sets: sets.map(\.source))
    }

    private func outcome(of drafts: [TopicDraft], _ matcher: TopicMatcher?) -> Outcome {
        // What is missing may be in a file that could not be read.
        guard let matcher, !context.isIncomplete else { return Outcome() }
        return Outcome(
            matcher: matcher,
            tests: tests(of: drafts.filter(\.isEnabled)),
            topics: drafts.compactMap(\.source)
        )
    }

    private func configuration(_ enabled: [TopicDraft], _ matcher: TopicMatcher) -> Configuration {
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
        return configuration
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
        // What a pack holds is not the user's to mend, and most of it is not used.
        if diagnostic.severity == .warning, packFiles.contains(place.file) { return }
        switch diagnostic.severity {
        case .error:
            context.error(
                diagnostic.message,
                at: place,
                code: diagnostic.code,
                hint: diagnostic.code == "E112"
                    ? packHint(diagnostic) ?? diagnostic.help : diagnostic.help
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

extension QueryDiagnostic {
    /// The topic that cannot be compiled for it.
    fileprivate var faultyTopic: Int? {
        guard severity == .error else { return nil }
        switch place {
        case .query(let topic), .exclude(let topic), .topic(let topic): return topic
        case .entry, .notIn, .termSet: return nil
        }
    }
}
