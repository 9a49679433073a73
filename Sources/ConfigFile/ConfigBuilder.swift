import FeedModel
import TermPacks
import TopicQuery
import WatchCore

/// Puts the tables of all files together to one configuration.
///
/// Reading comes first, file by file; then `ConfigBuilder+Checks` looks at what refers to what,
/// and `ConfigBuilder+Queries` compiles the topics. Each table has its own extension.
final class ConfigBuilder {
    /// Where problems go.
    let context: LoadContext
    /// What `[watch]` says.
    var watch = WatchSettings()
    /// What `[limits]` says.
    var limits = Limits()
    /// What `[health]` and `[metrics]` say.
    var health = HealthSettings()
    /// What `[matching]` says.
    var fields = TextField.allCases
    /// The feeds so far.
    var feeds: [FeedDraft] = []
    /// The subscription lists so far.
    var lists: [SubscriptionDraft] = []
    /// The proxy of the feeds that choose none.
    var proxy: ProxySettings?
    /// The topics so far.
    var topics: [TopicDraft] = []
    /// The term sets so far.
    var sets: [TermSetDraft] = []
    /// The packs that `include` names.
    var packs: [TermPack] = []
    /// The texts of packs among the files, by index.
    var packFiles: Set<Int> = []
    /// The hooks so far.
    var hooks: [HookDraft] = []
    /// Where `interval` of `[watch]` stands.
    var intervalPlace: ConfigPlace?
    /// Where `mean_interval` stands.
    var meanIntervalPlace: ConfigPlace?
    /// Where `min_interval` of `[limits]` stands.
    var minIntervalPlace: ConfigPlace?
    /// Where `max_interval` of `[limits]` stands.
    var maxIntervalPlace: ConfigPlace?
    private var single: [String: ConfigPlace] = [:]

    /// An empty configuration.
    init(context: LoadContext) { self.context = context }

    /// Reads the tables of a file; its `include` is the loader's.
    func read(_ root: TableReader) {
        if let table = singleTable("watch", of: root) { readWatch(table, in: root.file) }
        if let table = singleTable("limits", of: root) { readLimits(table, in: root.file) }
        if let table = singleTable("health", of: root) { readHealth(table, in: root.file) }
        if let table = singleTable("metrics", of: root) { readMetrics(table, in: root.file) }
        if let table = singleTable("matching", of: root) { readMatching(table, in: root.file) }
        for table in root.tables("feed") { readFeed(table, in: root.file) }
        for table in root.tables("feeds") { readSubscriptions(table, in: root.file) }
        if let table = root.table("terms") { readTerms(table, in: root) }
        for table in root.tables("topic") { readTopic(table, in: root.file) }
        for table in root.tables("hook") { readHook(table, in: root.file) }
    }

    /// Reads what can be said of a file that is broken further on.
    func readBegin(_ root: TableReader) {
        if let table = singleTable("watch", of: root) { readWatch(table, in: root.file) }
    }

    /// A table that may stand in one file only.
    private func singleTable(_ name: String, of root: TableReader) -> TOMLValue? {
        guard let table = root.table(name) else { return nil }
        let place = root.place(of: table)
        if let first = single[name] {
            let message = "[\(name)] stands in another file already"
            context.error(message, at: place, hint: "it is at \(context.describe(first))")
            return nil
        }
        single[name] = place
        return table
    }

    /// A path as the rest of the program wants it: absolute.
    ///
    /// Relative ones start at the file, `~/` at the user's home.
    func absolute(_ path: Located<String>, key: String) -> String? {
        let text = path.value
        guard !text.utf8.contains(0) else {
            context.error("\(key) holds a NUL character", at: path.place)
            return nil
        }
        if text.hasPrefix("/") { return text }
        if text.hasPrefix("~/") {
            guard let home = context.environment.home else {
                context.error("\(key) starts at a home directory that is not known", at: path.place)
                return nil
            }
            return FileAccess.join(home, String(text.dropFirst(2)))
        }
        return FileAccess.join(context.files[path.place.file].directory, text)
    }
}

/// A `[[feed]]` on its way.
struct FeedDraft {
    /// What it says.
    var settings: FeedSettings
    /// Where its name stands, or its address if it has none.
    var namePlace: ConfigPlace
    /// Where its address stands.
    var addressPlace: ConfigPlace
    /// Where its interval stands.
    var intervalPlace: ConfigPlace?
    /// The topics it names.
    var topics: [Located<String>]?
    /// Whether it goes through the proxy of `[watch]`, if there is one.
    var takesProxy = true
}

/// A `[[topic]]` on its way.
struct TopicDraft {
    /// What is compiled; nil: there is no query.
    var source: TopicSource?
    /// What is shown.
    var settings: TopicSettings
    /// Whether it is in force.
    var isEnabled: Bool
    /// Where its name stands.
    var namePlace: ConfigPlace
    /// Where the query stands.
    var queryPlace: ConfigPlace?
    /// Where the exclusion stands.
    var excludePlace: ConfigPlace?
    /// Whether it keeps to fields of its own.
    var fields: [TextField]?
    /// The feeds it names.
    var feeds: [Located<String>]
    /// Its tests.
    var tests: [TopicTest]
}

/// A `[terms.NAME]` on its way.
struct TermSetDraft {
    /// What is compiled.
    var source: TermSetSource
    /// Where its name stands.
    var namePlace: ConfigPlace
    /// Where each entry stands.
    var entryPlaces: [ConfigPlace]
    /// Where each entry of `not_in` stands.
    var notInPlaces: [ConfigPlace]
}

/// A `[[hook]]` on its way.
struct HookDraft {
    /// What it says.
    var settings: HookSettings
    /// Where its name stands.
    var namePlace: ConfigPlace
    /// The topics it names.
    var topics: [Located<String>]?
}
