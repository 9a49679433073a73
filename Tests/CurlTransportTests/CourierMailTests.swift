import CurlTransport
import FeedModel
import Synchronization
import Testing
import WatchCore

/// Letters, against a mail server of a few lines.
@Suite struct CourierMailTests {
    /// A mail server that takes everything but what `replies` says, and remembers what it heard.
    private final class MailServer: Sendable {
        private let heard = Mutex<[String]>([])
        private let replies: [(beginning: String, reply: String)]
        private let offers: [String]

        init(offers: [String] = ["8BITMIME"], replies: [(String, String)] = []) {
            self.offers = offers
            self.replies = replies.map { (beginning: $0.0, reply: $0.1) }
        }

        var lines: [String] { heard.withLock { $0 } }

        func serve(_ peer: Peer) {
            peer.send("220 mail.test\r\n")
            var rest = ""
            var isLetter = false
            while true {
                guard let end = rest.firstRange(of: "\r\n") else {
                    let piece = peer.receive()
                    guard !piece.isEmpty else { return }
                    rest += String(decoding: piece, as: UTF8.self)
                    continue
                }
                let line = String(rest[..<end.lowerBound])
                rest = String(rest[end.upperBound...])
                heard.withLock { $0.append(line) }
                if isLetter, line != "." { continue }
                peer.send(reply(to: line, &isLetter) + "\r\n")
                if line == "QUIT" { return peer.close() }
            }
        }

        private func reply(to line: String, _ isLetter: inout Bool) -> String {
            if let (_, reply) = replies.first(where: { line.hasPrefix($0.beginning) }) {
                isLetter = false
                return reply
            }
            if isLetter {
                isLetter = false
                return "250 2.0.0 queued as 42"
            }
            switch line.prefix(4) {
            case "EHLO":
                return (["250-test"] + offers.map { "250-\($0)" }).joined(separator: "\r\n")
                    + "\r\n250 HELP"
            case "DATA":
                isLetter = true
                return "354 go on"
            case "AUTH": return "235 welcome"
            case "QUIT": return "221 bye"
            default: return "250 ok"
            }
        }
    }

    private func send(
        _ text: String,
        to mail: MailServer,
        recipients: [String] = ["one@example.org", "two@example.org"],
        change: (inout MailSettings) -> Void = { _ in }
    ) async throws -> Result<String, MailFailure> {
        let server = try LoopbackServer {
            mail.serve($0)
        } _: { _, _ in
        }
        var settings = MailSettings(
            server: "smtp://127.0.0.1:\(server.port)",
            sender: "feedwatch@example.org",
            recipients: recipients
        )
        settings.requiresTLS = false
        change(&settings)
        let courier = CurlCourier(limits: .loopback, userAgent: "t")
        let letter = Letter(
            settings: settings,
            message: Array(text.utf8),
            timeLimit: .seconds(20)
        )
        let outcome = await courier.send(letter)
        await courier.stop()
        server.stop()
        return outcome
    }

    @Test func aLetterIsHandedInWhole() async throws {
        let mail = MailServer()
        let text = "Subject: x\r\n\r\nline\r\n.dot\r\n\r\nend\r\n"
        let outcome = try await send(text, to: mail)
        #expect(try outcome.get() == "250 2.0.0 queued as 42")
        let lines = mail.lines
        #expect(lines[1].hasPrefix("MAIL FROM:<feedwatch@example.org>"))
        #expect(
            lines[2...].prefix(2) == ["RCPT TO:<one@example.org>", "RCPT TO:<two@example.org>"]
        )
        #expect(
            lines.drop { $0 != "DATA" }.prefix(8)
                == ["DATA", "Subject: x", "", "line", "..dot", "", "end", "."]
        )
    }

    @Test func theLoginIsUsedAndNotShown() async throws {
        let mail = MailServer(
            offers: ["AUTH PLAIN"],
            replies: [("AUTH", "334 "), ("AGRl", "535 5.7.8 no")]
        )
        let outcome = try await send("\r\n", to: mail) {
            $0.user = "desk"
            $0.password = "pass-w0rd"
        }
        let failure = try #require(outcome.failure)
        #expect(failure.reason == .forbidden && !failure.isRefusal)
        #expect(!failure.message.contains("pass-w0rd") && failure.reply == "535 5.7.8 no")
        // "\0desk\0pass-w0rd" in Base64.
        #expect(mail.lines.contains("AGRlc2sAcGFzcy13MHJk"))
    }

    @Test func withoutTLSNothingIsSaidWhereItIsRequired() async throws {
        let mail = MailServer(offers: ["AUTH PLAIN"])
        let outcome = try await send("\r\n", to: mail) {
            $0.requiresTLS = true
            $0.user = "desk"
            $0.password = "pass-w0rd"
        }
        #expect(outcome.failure?.reason == .tlsFailed)
        #expect(mail.lines.allSatisfy { $0.hasPrefix("EHLO") || $0 == "QUIT" }, "\(mail.lines)")
    }

    @Test func aConnectionInTheClearIsNotUsedForALetterThatRequiresTLS() async throws {
        let mail = MailServer()
        let server = try LoopbackServer {
            mail.serve($0)
        } _: { _, _ in
        }
        var settings = MailSettings(
            server: "smtp://127.0.0.1:\(server.port)",
            sender: "feedwatch@example.org",
            recipients: ["one@example.org"]
        )
        let courier = CurlCourier(limits: .loopback, userAgent: "t")
        func send(_ text: String) async -> Result<String, MailFailure> {
            let message = Array(text.utf8)
            return await courier.send(
                Letter(settings: settings, message: message, timeLimit: .seconds(20))
            )
        }
        settings.requiresTLS = false
        #expect(try await send("Subject: open\r\n").get() == "250 2.0.0 queued as 42")
        settings.requiresTLS = true
        #expect(await send("Subject: secret\r\n").failure?.reason == .tlsFailed)
        await courier.stop()
        server.stop()
        #expect(mail.lines.contains("Subject: open"))
        #expect(!mail.lines.contains("Subject: secret"), "\(mail.lines)")
    }

    @Test func oneRecipientThatIsRefusedKeepsTheLetterBack() async throws {
        let mail = MailServer(replies: [("RCPT TO:<two", "550 5.1.1 nobody of that name")])
        let failure = try await send("\r\n", to: mail).failure
        #expect(failure?.isRefusal == false)
        #expect(failure?.reply == "550 5.1.1 nobody of that name")
        #expect(!mail.lines.contains("DATA"))
    }

    @Test(arguments: [("554 5.7.1 spam", true), ("451 4.3.0 later", false)])
    func onlyWhatIsSaidOfTheLetterForGoodIsARefusal(reply: String, isRefusal: Bool) async throws {
        let mail = MailServer(replies: [(".", reply)])
        let failure = try await send("a\r\n", to: mail).failure
        #expect(failure?.isRefusal == isRefusal)
        #expect(failure?.reply == reply)
    }
}
