import FeedModel
import WatchCore

/// A `[[feeds]]` on its way: a subscription list kept elsewhere.
struct SubscriptionDraft {
    /// The list's path, absolute.
    var path: String
    /// The list's path as it stands in the configuration.
    var name: Located<String>
    /// The folder whose feeds count; empty: all.
    var folder: [String]
    /// Where the folder stands.
    var folderPlace: ConfigPlace?
    /// What holds for its feeds.
    var settings: FeedSettings
    /// Where the interval stands.
    var intervalPlace: ConfigPlace?
    /// The topics it names.
    var topics: [Located<String>]?
}

extension ConfigBuilder {
    /// Reads a `[[feeds]]`; the list itself is read when all tables are.
    func readSubscriptions(_ table: TOMLValue, in file: Int) {
        let reader = TableReader(table, in: file, as: ConfigSchema.feeds, context: context)
        reader.require("opml", hint: "opml = \"feeds.opml\"")
        var settings = FeedSettings(id: FeedID(""), url: "")
        let interval = readInterval(reader, of: &settings)
        let language = reader.string("language").map { languages([$0], key: "language") }
        settings.language = language?.first
        let folder = reader.string("folder")
        let topics = references(reader, "topics")
        guard let name = reader.string("opml"), let path = absolute(name, key: "opml") else {
            return
        }
        lists.append(
            SubscriptionDraft(
                path: path,
                name: name,
                folder: folder.map { $0.value.split(separator: "/").map(String.init) } ?? [],
                folderPlace: folder?.place,
                settings: settings,
                intervalPlace: interval,
                topics: topics
            )
        )
    }

    /// Reads the lists, and adds those feeds that have no `[[feed]]` of their own.
    ///
    /// Of several lists that hold a feed, the first counts.
    func readLists() {
        var known = Set(feeds.map { FeedURL.normalized($0.settings.url) })
        var read: [String: (list: SubscriptionList, file: Int)] = [:]
        for draft in lists {
            var entry = read[draft.path]
            if entry == nil {
                do throws(FileFlaw) {
                    let list = SubscriptionList(try FileAccess.read(draft.path))
                    let shown = draft.name.value
                    let directory = FileAccess.directory(of: draft.path)
                    let file = list.report(to: context, path: shown, directory: directory)
                    entry = (list, file)
                    read[draft.path] = entry
                } catch {
                    context.isIncomplete = true
                    let message = "\(draft.name.value) cannot be read: \(error.reason)"
                    context.error(message, at: draft.name.place)
                }
            }
            guard let entry else { continue }
            add(entry.list, file: entry.file, as: draft, known: &known)
        }
    }

    private func add(
        _ list: SubscriptionList,
        file: Int,
        as draft: SubscriptionDraft,
        known: inout Set<String>
    ) {
        let folder = draft.folder.map { $0.lowercased() }
        let source = context.files[file]
        var isFolderThere = false
        for subscription in list.subscriptions {
            let path = subscription.folders.map { $0.lowercased() }
            guard path.starts(with: folder) else { continue }
            isFolderThere = true
            guard known.insert(FeedURL.normalized(subscription.url)).inserted else { continue }
            var settings = draft.settings
            settings.id = subscription.id
            settings.url = subscription.url
            settings.title = subscription.title
            settings.folders = subscription.folders
            if let range = subscription.userInfo { takeOutUserInfo(range, of: &settings) }
            let place = source.place(of: subscription.place, file: file)
            feeds.append(
                FeedDraft(
                    settings: settings,
                    namePlace: place,
                    addressPlace: place,
                    intervalPlace: draft.intervalPlace,
                    topics: draft.topics
                )
            )
        }
        if !isFolderThere, !folder.isEmpty, let place = draft.folderPlace {
            context.warning("\(draft.name.value) has no feed in such a folder", at: place)
        }
    }
}
