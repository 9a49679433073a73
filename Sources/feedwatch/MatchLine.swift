internal import FoundationEssentials

/// A line of the match log, as far as people are shown it.
struct MatchLine: Decodable {
    /// A term at a place.
    struct Hit: Decodable {
        /// The field.
        let field: String
        /// The first scalar in the field's plain text.
        let start: Int
        /// The scalar behind the last.
        let end: Int
        /// What stands there.
        let text: String
    }

    let time: String
    let topic: String
    let topic_title: String
    let feed: String
    let feed_title: String?
    let title: String?
    let url: String?
    let excerpt: String?
    let published: String?
    let hits: [Hit]
}

extension MatchLine {
    /// The line, or nil where it is no match record.
    init?(_ line: some Sequence<UInt8>) {
        // A line that is not whole JSON is not ours to show: `log verify` reports it.
        guard let value = try? JSONDecoder().decode(MatchLine.self, from: Data(line)) else {
            return nil
        }
        self = value
    }
}
