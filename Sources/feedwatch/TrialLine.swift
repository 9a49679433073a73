internal import FoundationEssentials

/// A line of JSON with an item or, as `feedwatch parse` prints them, with the items of a document.
struct TrialLine: Decodable {
    /// An item as JSON has it; all keys may be absent.
    struct Item: Decodable {
        let title: String?
        let text: String?
        let summary: String?
        let content: String?
        let language: String?
        let feed: String?
        let url: String?
        let guid: String?
        let id: String?
        let published: String?
        let time: String?
        let authors: [String]
        let categories: [String]

        private enum CodingKeys: String, CodingKey {
            case title, text, summary, content, language, feed, url, guid, id, published, time
            case authors, categories
        }

        /// A person as `feedwatch parse` prints one.
        private struct Person: Decodable {
            let name: String?
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            func string(_ key: CodingKeys) throws -> String? {
                try values.decodeIfPresent(String.self, forKey: key)
            }
            title = try string(.title)
            text = try string(.text)
            summary = try string(.summary)
            content = try string(.content)
            language = try string(.language)
            // A document of `parse` has an object here, and it is no name.
            feed = try? string(.feed)
            url = try string(.url)
            guid = try string(.guid)
            id = try string(.id)
            published = try string(.published)
            time = try string(.time)
            // Names, or people with names.
            let names = try? values.decodeIfPresent([String].self, forKey: .authors)
            let people = try? values.decodeIfPresent([Person].self, forKey: .authors)
            authors = names ?? people?.compactMap(\.name) ?? []
            categories = try values.decodeIfPresent([String].self, forKey: .categories) ?? []
        }
    }

    /// The items.
    let items: [Item]

    private enum CodingKeys: String, CodingKey { case entries }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        if values.contains(.entries) {
            items = try values.decode([Item].self, forKey: .entries)
        } else {
            items = [try Item(from: decoder)]
        }
    }

    /// The items of a line; nil where it is no JSON object, or holds something else.
    init?(_ line: some Sequence<UInt8>) {
        // What is wrong with the JSON matters to nobody: the line is named.
        guard let value = try? JSONDecoder().decode(TrialLine.self, from: Data(line)) else {
            return nil
        }
        self = value
    }
}
