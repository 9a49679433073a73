import FoundationEssentials

/// The sample feeds of a directory, as its `site.json` describes them.
package struct LabSite: Sendable {
    /// The feeds, in file order.
    package var feeds: [LabFeed]
    /// What is to come of their items.
    package var expectations: [LabExpectation]

    /// A site of these feeds.
    package init(feeds: [LabFeed] = [], expectations: [LabExpectation] = []) {
        self.feeds = feeds
        self.expectations = expectations
    }

    /// Reads a directory: `site.json`, the documents it names, and `expectations.json`.
    package init(directory: String) throws(LabError) {
        let listed = try Self.decode(SiteFile.self, directory + "/site.json")
        let expected = try Self.decode(ExpectationFile.self, directory + "/expectations.json")
        expectations = expected.items
        feeds = []
        for entry in listed.feeds {
            feeds.append(try Self.feed(entry, in: directory))
        }
    }

    private static func feed(
        _ entry: SiteFile.Entry,
        in directory: String
    ) throws(LabError) -> LabFeed {
        var document = FeedDocument(format: .rss20, title: entry.id)
        if let file = entry.file {
            let path = "\(directory)/\(file)"
            let bytes = try read(path)
            do {
                document = try FeedDocument(bytes)
            } catch {
                throw .unreadable(path: path, message: "\(error)")
            }
        }
        var fault: LabFault?
        if let text = entry.fault { fault = try LabFault(text: text) }
        var feed = LabFeed(
            id: entry.id,
            path: entry.path,
            document: document,
            contentType: entry.contentType,
            validators: entry.validators ?? .none,
            isGzipped: entry.gzip ?? false,
            fault: fault
        )
        feed.paging = entry.paging
        return feed
    }

    private static func decode<Value: Decodable>(
        _ type: Value.Type,
        _ path: String
    ) throws(LabError) -> Value {
        let bytes = try read(path)
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw .unreadable(path: path, message: "\(error)")
        }
    }

    private static func read(_ path: String) throws(LabError) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .unreadable(path: path, message: "cannot be read")
        }
        return Array(data)
    }
}

/// `site.json`.
private struct SiteFile: Decodable {
    /// A feed.
    struct Entry: Decodable {
        var id: String
        var path: String
        var file: String?
        var contentType: String?
        var validators: LabValidators?
        var gzip: Bool?
        var fault: String?
        var paging: LabPaging?
    }

    var feeds: [Entry]
}

/// `expectations.json`.
private struct ExpectationFile: Decodable {
    var items: [LabExpectation]
}
