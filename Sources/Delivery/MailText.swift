package import FeedModel
package import WatchCore

/// A message as a letter (RFC 5322): lines ended by CRLF, all of it ASCII.
package struct MailText: Sendable {
    /// The longest line of Base64 (RFC 2045, section 6.8).
    private static let longestLine = 76
    /// The longest encoded word (RFC 2047, section 2), less what stands around it.
    private static let longestWord = 39

    /// The whole letter.
    package let bytes: [UInt8]

    /// The letter of a message to the hook `hook`.
    ///
    /// The same message gives the same letter, `Message-ID` and date included.
    package init(_ message: HookMessage, to mail: MailSettings, hook: HookID) {
        let fields = message.fields
        let domain = mail.sender.split(separator: "@").last.map(String.init) ?? "localhost"
        let body = MailText.body(fields)
        var head = [
            "Date: " + MailText.date(fields.time),
            "From: feedwatch <\(mail.sender)>",
            "To: " + mail.recipients.joined(separator: ",\r\n "),
            "Message-ID: <\(message.identity(at: hook))@\(domain)>",
            "Subject: " + MailText.header(MailText.subject(message, fields)),
            "List-Id: <\(hook.asciiName).feedwatch.\(domain)>",
            "Auto-Submitted: auto-generated",
            "X-Auto-Response-Suppress: All",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8",
        ]
        let isPlain =
            body.utf8.allSatisfy { $0 < 0x80 }
            && body.split(separator: "\n").allSatisfy { $0.utf8.count <= 900 }
        head.append("Content-Transfer-Encoding: " + (isPlain ? "7bit" : "base64"))
        let text = head.joined(separator: "\r\n") + "\r\n\r\n"
        bytes = Array(text.utf8) + (isPlain ? MailText.lines(body) : MailText.base64(body))
    }

    // MARK: What it says

    private static func subject(_ message: HookMessage, _ fields: [RecordFields]) -> String {
        let title = fields.title(isMatches: message.stream == .matches)
        let about = fields.common("topic_title") ?? fields.common("event") ?? "feedwatch"
        return HookTemplate.cut(HookEnvironment.oneLine("[\(about)] \(title)"), to: 200)
    }

    private static func body(_ fields: [RecordFields]) -> String {
        fields.map(body).joined(separator: "\n\n")
    }

    private static func body(_ record: RecordFields) -> String {
        var lines: [String] = []
        func add(_ label: String, _ names: String...) {
            let value = names.lazy.compactMap { record[$0] }.first { !$0.isEmpty }
            guard let value else { return }
            lines.append(label + HookEnvironment.oneLine(value))
        }
        add("", "title", "message")
        add("", "url")
        add("  ", "excerpt", "summary")
        add("topic: ", "topic_title", "topic")
        add("event: ", "event")
        add("feed:  ", "feed_title", "feed")
        add("hook:  ", "hook")
        add("published: ", "published", "published_text")
        add("found: ", "time")
        add("id:    ", "id")
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: How it is written

    /// A header's text: as it is in ASCII, else in encoded words (RFC 2047), no line too long.
    static func header(_ text: String) -> String {
        // What looks like an encoded word must not be read as one.
        let isPlain = text.utf8.allSatisfy { (0x20..<0x7F).contains($0) } && !text.contains("=?")
        if isPlain, text.utf8.count <= 60 { return text }
        var words: [String] = []
        var word: [UInt8] = []
        // A character must not be torn apart (section 5).
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if word.count + bytes.count > longestWord {
                words.append("=?utf-8?B?\(Base64.encode(word))?=")
                word = []
            }
            word += bytes
        }
        if !word.isEmpty { words.append("=?utf-8?B?\(Base64.encode(word))?=") }
        return words.joined(separator: "\r\n ")
    }

    private static func lines(_ text: String) -> [UInt8] {
        Array(
            text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
                .utf8
        )
            + Array("\r\n".utf8)
    }

    private static func base64(_ text: String) -> [UInt8] {
        var rest = Base64.encode(lines(text))[...].utf8
        var lines: [UInt8] = []
        while !rest.isEmpty {
            lines += rest.prefix(longestLine) + [0x0D, 0x0A]
            rest = rest.dropFirst(longestLine)
        }
        return lines
    }

    /// `Tue, 17 Jun 2025 09:30:00 +0000`, of a time in RFC 3339 and UTC.
    static func date(_ time: String) -> String {
        let numbers = time.split { !("0"..."9").contains($0) }.compactMap { Int($0) }
        guard numbers.count >= 6,
            let moment = Timestamp(
                year: numbers[0],
                month: numbers[1],
                day: numbers[2],
                hour: numbers[3],
                minute: numbers[4],
                second: numbers[5]
            )
        else { return date("1970-01-01T00:00:00Z") }
        let parts = moment.civil
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(days[parts.weekday % 7]), \(two(parts.day)) \(months[parts.month - 1])"
            + " \(parts.year) \(two(parts.hour)):\(two(parts.minute)):\(two(parts.second)) +0000"
    }
}
