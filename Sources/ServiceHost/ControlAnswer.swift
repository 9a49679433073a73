internal import FeedModel

/// What can be asked of a running daemon, by its name on the wire.
package enum ControlRequest: String, Sendable, CaseIterable {
    /// Read the configuration anew.
    case reload
    /// Rotate the match log.
    case rotate
    /// Say that you are there.
    case ping
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
