internal import FeedModel

/// What can be asked of a running daemon: on the wire a name and what belongs to it, in one line.
package enum ControlRequest: Hashable, Sendable {
    /// Read the configuration anew.
    case reload
    /// Rotate the match log.
    case rotate
    /// Say that you are there, and what keeps you from your work.
    case ping
    /// Make deliveries anew.
    case retry(DeliveryChoice)
    /// Let deliveries be made no more.
    case drop(DeliveryChoice)

    /// The names.
    package static let names = ["reload", "rotate", "ping", "retry", "drop"]

    /// Reads a line; nil: it asks for nothing that is known.
    package init?(line: String) {
        let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        switch (words.first, words.dropFirst()) {
        case ("reload", []): self = .reload
        case ("rotate", []): self = .rotate
        case ("ping", []): self = .ping
        case ("retry", let rest): self = .retry(DeliveryChoice(words: rest))
        case ("drop", let rest): self = .drop(DeliveryChoice(words: rest))
        default: return nil
        }
    }

    /// The line, without its end.
    package var line: String {
        switch self {
        case .reload: "reload"
        case .rotate: "rotate"
        case .ping: "ping"
        case .retry(let choice): (["retry"] + choice.words).joined(separator: " ")
        case .drop(let choice): (["drop"] + choice.words).joined(separator: " ")
        }
    }
}

/// Deliveries that somebody means.
package struct DeliveryChoice: Hashable, Sendable {
    /// The hook whose deliveries are meant; nil: any.
    package var hook: String?
    /// The identities of records and groups.
    package var ids: [String]

    /// A choice.
    package init(hook: String? = nil, ids: [String]) {
        self.hook = hook
        self.ids = ids
    }

    fileprivate init(words: some Collection<String>) {
        let hooks = words.filter { $0.hasPrefix("hook=") }
        hook = hooks.last.map { String($0.dropFirst(5)) }
        ids = words.filter { !$0.hasPrefix("hook=") && !$0.isEmpty }
    }

    fileprivate var words: [String] { (hook.map { ["hook=" + $0] } ?? []) + ids }
}

/// What a running daemon answers.
package struct ControlAnswer: Hashable, Sendable {
    /// Whether what was asked was done.
    package var done: Bool
    /// What was done, or why not, for people; may have several lines.
    package var message: String

    /// An answer.
    package init(done: Bool, message: String) {
        self.done = done
        self.message = message
    }

    /// The answer as one line of JSON, newline included: `{"schema":1,"done":true,"message":"…"}`.
    var line: [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("schema")
        json.integer(1)
        json.key("done")
        json.bool(done)
        json.key("message")
        json.string(message)
        json.endObject()
        json.newline()
        return json.bytes
    }

    /// Reads a line of JSON; nil: it is no answer.
    ///
    /// Keys it does not know are ignored.
    init?(line: [UInt8]) {
        var reader = FlatJSONReader(bytes: line)
        guard let members = reader.object(), case .bool(let done) = members["done"],
            case .string(let message) = members["message"]
        else { return nil }
        self.init(done: done, message: message)
    }
}
