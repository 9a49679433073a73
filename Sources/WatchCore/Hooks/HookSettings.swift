package import FeedModel

/// What a hook is told of.
package enum HookSubject: String, Sendable, CaseIterable {
    /// Matches.
    case match
    /// What happened to feeds and deliveries.
    case feed
    /// That the daemon lives.
    case heartbeat
}

/// A `[[hook]]`.
package struct HookSettings: Hashable, Sendable {
    /// The hook's name.
    package var id: HookID
    /// How it is told.
    package var channel: HookChannel
    /// The topics whose matches it is told; nil: all.
    package var topics: [TopicID]?
    /// What it is told of.
    package var subjects: Set<HookSubject> = [.match]
    /// The time after which an attempt is ended.
    package var timeLimit: Duration = .seconds(30)
    /// How long records wait for others, to be told together; nil: each is told by itself.
    package var group: Duration?
    /// How many messages it gets in which time; what is beyond is told together.
    package var rate: HookRate?

    /// A hook.
    package init(id: HookID, channel: HookChannel) {
        self.id = id
        self.channel = channel
    }

    /// A hook that runs a program: an absolute path, and its arguments.
    package init(id: HookID, command: [String]) {
        self.init(id: id, channel: .exec(command))
    }

    /// The program and its arguments; empty where the hook runs none.
    package var command: [String] {
        if case .exec(let command) = channel { command } else { [] }
    }

    /// What is told, as a mark that shows no secret: another program or address gives another.
    package var target: UInt64 {
        switch channel {
        case .exec(let command): ContentHash.of(command.joined(separator: "\u{0}"))
        case .webhook(let webhook): ContentHash.of(webhook.url)
        case .mail(let mail):
            ContentHash.of(([mail.server] + mail.recipients).joined(separator: "\u{0}"))
        }
    }
}

/// How a hook is told.
package enum HookChannel: Hashable, Sendable {
    /// A program and its arguments; the program is an absolute path.
    case exec([String])
    /// A POST to an address.
    case webhook(WebhookSettings)
    /// A letter.
    case mail(MailSettings)
}

/// So many messages in so much time.
package struct HookRate: Hashable, Sendable {
    /// The most messages.
    package var messages: Int
    /// In any stretch of time of this length.
    package var period: Duration

    /// A rate.
    package init(messages: Int, period: Duration) {
        self.messages = messages
        self.period = period
    }
}

/// What a webhook is sent.
package enum WebhookBody: Hashable, Sendable {
    /// `{"type", "timestamp", "data"}` (Standard Webhooks).
    case feedwatch
    /// A CloudEvent in structured mode.
    case cloudevents
    /// Text made by templates: of the whole, and of each record where it says `{lines}`.
    case text(HookTemplate, line: HookTemplate)
}

/// A hook by HTTP.
package struct WebhookSettings: Hashable, Sendable {
    /// The address; may hold a secret.
    package var url: String
    /// What is sent.
    package var body = WebhookBody.feedwatch
    /// The type of a text body.
    package var contentType = "text/plain; charset=utf-8"
    /// How values are escaped in a text body, beside what JSON needs.
    package var escaping = HookTemplate.Escaping.none
    /// The keys that messages are signed with, the newest first; none: they are not signed.
    package var keys: [[UInt8]] = []
    /// The receiver's own header fields; their values may be secrets.
    package var headers: [RequestHeader] = []

    /// A webhook with the default body, not signed.
    package init(url: String) { self.url = url }
}

/// A hook by e-mail.
package struct MailSettings: Hashable, Sendable {
    /// The server: `smtp://host:port` or `smtps://host:port`.
    package var server: String
    /// The name to log in with; nil: no login.
    package var user: String?
    /// The password to log in with.
    package var password: String?
    /// Whether `smtp` must go over to TLS before anything else is said.
    package var requiresTLS = true
    /// The sender's address.
    package var sender: String
    /// The recipients' addresses.
    package var recipients: [String]

    /// A hook by e-mail, over TLS and without login.
    package init(server: String, sender: String, recipients: [String]) {
        self.server = server
        self.sender = sender
        self.recipients = recipients
    }
}
