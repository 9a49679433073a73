internal import FeedModel
internal import FoundationEssentials

/// A line of `feedwatch parse --batch`.
struct ParseJob: Decodable {
    /// The document.
    let file: String
    /// The document's address.
    let url: String?
    /// The HTTP response headers.
    private let headers: [String: HeaderValue]?

    /// The value of a header: a string, or a list of which the last counts.
    ///
    /// Anything else is no reason to refuse the job: it is as if the header were not there.
    private struct HeaderValue: Decodable {
        let text: String?

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            text = (try? value.decode(String.self)) ?? (try? value.decode([String].self))?.last
        }
    }

    /// The job a line describes, or nil.
    init?(_ line: String) {
        // What is no job is reported by the caller, with the line.
        guard let job = try? JSONDecoder().decode(ParseJob.self, from: Data(line.utf8)) else {
            return nil
        }
        self = job
    }

    /// What is known of the document beside its bytes.
    var hints: DocumentHints {
        func header(_ name: String) -> String? {
            headers?.first { $0.key.lowercased() == name }?.value.text
        }
        return DocumentHints(
            url: url,
            contentType: header("content-type"),
            contentLocation: header("content-location"),
            contentLanguage: header("content-language")
        )
    }
}
