/// A message to an address.
package struct HTTPPost: Sendable {
    /// Whether it is asked by GET, and the body stays here.
    package var isGet = false
    /// The address, http or https; may hold a secret.
    package var url: String
    /// The header fields, the type of the body among them; values may be secrets.
    package var headers: [RequestHeader]
    /// The body.
    package var body: [UInt8]
    /// The time after which the attempt is ended.
    package var timeLimit: Duration

    /// A message.
    package init(url: String, headers: [RequestHeader], body: [UInt8], timeLimit: Duration) {
        self.url = url
        self.headers = headers
        self.body = body
        self.timeLimit = timeLimit
    }
}

/// What the receiver of a message answered.
package struct HTTPAnswer: Hashable, Sendable {
    /// The status code.
    package var status: Int
    /// The value of `Retry-After`.
    package var retryAfter: String?
    /// Where a redirect leads; none is followed.
    package var location: String?
    /// The beginning of the body.
    package var body: [UInt8]

    /// An answer.
    package init(
        status: Int,
        retryAfter: String? = nil,
        location: String? = nil,
        body: [UInt8] = []
    ) {
        self.status = status
        self.retryAfter = retryAfter
        self.location = location
        self.body = body
    }
}

/// A letter and where to hand it in.
package struct Letter: Sendable {
    /// Server, login, sender and recipients.
    package var settings: MailSettings
    /// The whole message (RFC 5322), lines ended by CRLF, none longer than 998 bytes.
    package var message: [UInt8]
    /// The time after which the attempt is ended.
    package var timeLimit: Duration

    /// A letter.
    package init(settings: MailSettings, message: [UInt8], timeLimit: Duration) {
        self.settings = settings
        self.message = message
        self.timeLimit = timeLimit
    }
}

/// A letter that was not taken.
package struct MailFailure: Error, Hashable, Sendable {
    /// Why, as one of a bounded list.
    package var reason: FailureReason
    /// Whether the server refused this very letter for good after it had seen it.
    package var isRefusal: Bool
    /// Why, for people; holds no secret.
    package var message: String
    /// The server's last words.
    package var reply: String

    /// A failure.
    package init(
        reason: FailureReason,
        isRefusal: Bool = false,
        message: String,
        reply: String = ""
    ) {
        self.reason = reason
        self.isRefusal = isRefusal
        self.message = message
        self.reply = reply
    }
}

/// Carries hooks' messages to other machines, one attempt a call.
///
/// Each connection's address is judged as those of feeds are; no redirect is followed.
package protocol Courier: Sendable {
    /// Sends a message and returns with the answer.
    func send(_ post: HTTPPost) async -> Result<HTTPAnswer, TransportFailure>
    /// Hands a letter in and returns with the server's last words.
    func send(_ letter: Letter) async -> Result<String, MailFailure>
    /// Ends all attempts; each results in `FailureReason.cancelled`.
    func cancelAll() async
}
