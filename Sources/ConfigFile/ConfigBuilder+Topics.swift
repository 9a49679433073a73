import FeedModel
import TopicQuery
import WatchCore

extension ConfigBuilder {
    /// Reads a `[[topic]]`.
    func readTopic(_ table: TOMLValue, in file: Int) {
        let reader = TableReader(table, in: file, as: ConfigSchema.topic, context: context)
        reader.require("id", hint: "id = \"…\" names the topic in the log")
        reader.require("query", hint: "query = '''…''' says what to look for")
        let name = checkedIdentifier(reader)
        let query = reader.string("query")
        let exclude = reader.string("exclude")
        let id = name?.value ?? ""
        let title = reader.string("title")?.value ?? id
        let feeds = reader.strings("feeds") ?? []
        let fields = textFields(reader)
        var known: [[String?]: ConfigPlace] = [:]
        var source = query.map { TopicSource(id: id, query: $0.value, exclude: exclude?.value) }
        source?.languages = languages(reader.strings("languages"), key: "languages")
        source?.feeds = feeds.map(\.value)
        source?.minScore = reader.integer("min_score", in: 0...100)?.value ?? 0
        topics.append(
            TopicDraft(
                source: source,
                settings: TopicSettings(id: TopicID(id), title: title),
                isEnabled: reader.boolean("enabled")?.value ?? true,
                namePlace: name?.place ?? reader.place,
                queryPlace: query?.place,
                excludePlace: exclude?.place,
                fields: fields,
                feeds: feeds,
                tests: reader.tables("test").compactMap { readTest($0, in: file, &known) }
            )
        )
    }

    /// Reads a `[[topic.test]]`; `known` are the places of the topic's tests by what they read.
    private func readTest(
        _ table: TOMLValue,
        in file: Int,
        _ known: inout [[String?]: ConfigPlace]
    ) -> TopicTest? {
        let reader = TableReader(table, in: file, as: ConfigSchema.test, context: context)
        var test = TopicTest(place: context.located(reader.place))
        test.text = reader.string("text")?.value
        test.title = reader.string("title")?.value
        test.summary = reader.string("summary")?.value
        test.content = reader.string("content")?.value
        test.language = languages(reader.string("lang").map { [$0] }, key: "lang").first
        test.isMatchExpected = reader.boolean("match")?.value ?? true
        let hits = reader.strings("hits", orOne: true) ?? []
        test.hits = hits.map(\.value)
        let texts = ["text", "title", "summary", "content"]
        guard texts.contains(where: { reader.value($0) != nil }) else {
            context.error(
                "the test has no text",
                at: reader.place,
                hint: "give text, or title, summary and content"
            )
            return nil
        }
        if !test.isMatchExpected, let first = hits.first {
            context.error("a test that must not match can have no hits", at: first.place)
        }
        warnIfKnown(test, at: reader.place, &known)
        return test
    }

    /// Capitals, accents and lines make another test: a topic may be about them.
    private func warnIfKnown(
        _ test: TopicTest,
        at place: ConfigPlace,
        _ known: inout [[String?]: ConfigPlace]
    ) {
        let texts = [test.text, test.title, test.summary, test.content].map { text in
            text?.split(separator: " ").joined(separator: " ")
        }
        let key = texts + [test.language]
        guard let first = known[key] else {
            known[key] = place
            return
        }
        context.warning(
            "the test duplicates another of the topic",
            at: place,
            code: "W209",
            hint: "the first one is at \(context.describe(first))"
        )
    }

    /// Reads the `[terms.NAME]` tables of a file.
    func readTerms(_ table: TOMLValue, in root: TableReader) {
        for child in table.children {
            let name = Located(
                value: child.key,
                place: ConfigPlace(file: root.file, span: child.keySpan)
            )
            if !ValueGrammar.isSetName(name.value) {
                context.error(
                    "a term set may not be called \(name.value)",
                    at: name.place,
                    hint: "a letter, then letters, digits, - and _ make its name"
                )
            }
            guard child.kind == .table else {
                context.error(
                    "[terms.\(name.value)] wants a table, not \(child.kind.described)",
                    at: root.place(of: child),
                    hint: "write [terms.\(name.value)], and below it en = [\"…\"]"
                )
                continue
            }
            readSet(child, named: name, in: root.file)
        }
    }

    private func readSet(_ table: TOMLValue, named name: Located<String>, in file: Int) {
        var draft = TermSetDraft(
            source: TermSetSource(name: name.value, entries: []),
            namePlace: name.place,
            entryPlaces: [],
            notInPlaces: []
        )
        // Every key is a list, so each table is its own schema.
        let keys = table.children.map { ConfigKey($0.key, "", "") }
        let section = ConfigSection(header: "[terms.\(name.value)]", keys: keys)
        let reader = TableReader(table, in: file, as: section, context: context)
        for child in table.children {
            let key = child.key
            let place = ConfigPlace(file: file, span: child.keySpan)
            if key != "not_in", isSlipForNotIn(key) {
                context.error("unknown key \(key)", at: place, hint: "did you mean not_in?")
                continue
            }
            for entry in reader.strings(key, orOne: true) ?? [] {
                let term = TermEntry(text: entry.value, language: key == "not_in" ? "" : key)
                if key == "not_in" {
                    draft.source.notIn.append(term)
                    draft.notInPlaces.append(entry.place)
                } else {
                    draft.source.entries.append(term)
                    draft.entryPlaces.append(entry.place)
                }
            }
        }
        sets.append(draft)
    }

    /// A slip would turn what is to be left out into what is looked for.
    private func isSlipForNotIn(_ key: String) -> Bool {
        let letters = key.lowercased().filter { $0.isLetter }
        return letters == "notin"
            || key.count > 3 && Suggestion.nearest(to: key, among: ["not_in"]) != nil
    }
}
