import FeedModel
import FoundationEssentials
import Testing
import WatchCore

@testable import Delivery

/// What hooks are sent, byte for byte.
@Suite struct HookFormTests {
    private let now = Timestamp(seconds: 1_750_000_000)

    private func record(_ number: Int, title: String = "A <b> \\\"c\\\" & @d") -> [UInt8] {
        Array(
            ("{\"schema\":1,\"seq\":\(number),\"id\":\"m\(number)\",\"time\":\"2025-06-17T09:30:0"
                + "\(number).000Z\",\"topic\":\"t\",\"topic_title\":\"Тема\",\"title\":\"\(title)\","
                + "\"url\":\"https://example.org/\(number)\",\"excerpt\":null}").utf8
        )
    }

    private func message(_ count: Int = 1, isGroup: Bool = false) -> HookMessage {
        HookMessage(
            id: isGroup ? "g1" : "m1",
            stream: .matches,
            records: (1...count).map { record($0) },
            isGroup: isGroup,
            attempt: 1
        )
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func theSignatureIsThatOfTheSpecification() throws {
        let key = try #require(Base64.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let value = WebhookSignature.value(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
            seconds: 1_614_265_330,
            body: Array("{\"test\": 2432232314}".utf8),
            keys: [key, key]
        )
        let wanted = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        #expect(value == "\(wanted) \(wanted)")
    }

    @Test func theDefaultFormWrapsTheRecord() {
        let sent = WebhookMessage(
            message(),
            to: WebhookSettings(url: "https://a/"),
            of: HookID("desk"),
            now: now
        )
        #expect(
            text(sent.body)
                == "{\"type\":\"match\",\"timestamp\":\"2025-06-17T09:30:01.000Z\",\"data\":"
                + text(record(1)) + "}"
        )
        let headers = sent.headers.map { "\($0.name): \($0.value)" }
        #expect(
            headers == [
                "Content-Type: application/json", "webhook-id: m1",
                "webhook-timestamp: 1750000000", "Idempotency-Key: \"m1.desk\"",
            ]
        )
    }

    @Test func aGroupHasItsRecordsInOrderAndTheSameBodyEachTime() {
        var webhook = WebhookSettings(url: "https://a/")
        webhook.keys = [[UInt8](repeating: 7, count: 32)]
        let first = WebhookMessage(
            message(2, isGroup: true),
            to: webhook,
            of: HookID("desk"),
            now: now
        )
        #expect(
            text(first.body)
                == "{\"type\":\"match.group\",\"timestamp\":\"2025-06-17T09:30:02.000Z\","
                + "\"data\":{\"id\":\"g1\",\"count\":2,\"records\":[\(text(record(1))),"
                + "\(text(record(2)))]}}"
        )
        var again = message(2, isGroup: true)
        again.attempt = 2
        let second = WebhookMessage(again, to: webhook, of: HookID("desk"), now: now + .seconds(9))
        #expect(second.body == first.body)
        #expect(second.headers != first.headers)
    }

    @Test func aCloudEventHasWhatIsRequired() throws {
        var webhook = WebhookSettings(url: "https://a/")
        webhook.body = .cloudevents
        let sent = WebhookMessage(message(), to: webhook, of: HookID("desk"), now: now)
        #expect(sent.headers.first?.value == "application/cloudevents+json")
        let event = try JSONDecoder().decode(CloudEvent.self, from: Data(sent.body))
        #expect(event.specversion == "1.0" && event.id == "m1" && event.source == "/feedwatch")
        #expect(event.type == "feedwatch.match" && event.data.topic == "t")
    }

    /// What a CloudEvent must have.
    private struct CloudEvent: Decodable {
        let specversion: String
        let id: String
        let source: String
        let type: String
        let data: Record

        struct Record: Decodable {
            let topic: String
        }
    }

    private func filled(
        _ template: String,
        _ message: HookMessage,
        type: String = "application/json",
        escaping: HookTemplate.Escaping = .none
    ) throws -> String {
        let names = HookTemplate.recordNames
        var webhook = WebhookSettings(url: "https://a/")
        webhook.contentType = type
        webhook.escaping = escaping
        webhook.body = .text(
            try HookTemplate(template, names: names + HookTemplate.messageNames),
            line: try HookTemplate("- {title:6} {url}", names: names)
        )
        return text(WebhookMessage(message, to: webhook, of: HookID("desk"), now: now).body)
    }

    @Test func aTemplateIsFilledAndNothingBreaksOutOfIt() throws {
        #expect(
            try filled("{\"a\": \"{title}\", \"b\": {}, \"c\": {count}}", message())
                == "{\"a\": \"A <b> \\\"c\\\" & @d\", \"b\": {}, \"c\": 1}"
        )
        #expect(
            try filled("{title} {excerpt}{topic_title:3}", message(), type: "text/plain")
                == "A <b> \"c\" & @d Те…"
        )
        #expect(
            try filled("{title:5}|{url}", message(), type: "text/plain", escaping: .html)
                == "A &lt;b…|https://example.org/1"
        )
        #expect(
            try filled("{\"t\":\"{title}: {topic}\\n{lines}\"}", message(2, isGroup: true))
                == "{\"t\":\"2 matches: t\\n- A <b>… https://example.org/1\\n"
                + "- A <b>… https://example.org/2\"}"
        )
        let cut = try filled("{lines:60}", message(9, isGroup: true), type: "text/plain")
        #expect(cut == "- A <b>… https://example.org/1\n… and 8 more")
        #expect(throws: HookTemplate.Flaw.self) { try filled("{titel}", message()) }
    }

    @Test func aLetterIsPlainMail() throws {
        let mail = MailSettings(
            server: "smtp://a",
            sender: "feedwatch@example.org",
            recipients: ["a@example.org", "b@example.org"]
        )
        let letter = text(MailText(message(), to: mail, hook: HookID("desk-1")).bytes)
        let parts = letter.components(separatedBy: "\r\n\r\n")
        #expect(parts[0].contains("Date: Tue, 17 Jun 2025 09:30:01 +0000\r\n"))
        #expect(parts[0].contains("Message-ID: <m1.desk-1@example.org>\r\n"))
        #expect(parts[0].contains("List-Id: <desk-1.feedwatch.example.org>\r\n"))
        #expect(parts[0].contains("Auto-Submitted: auto-generated\r\n"))
        #expect(parts[0].contains("To: a@example.org,\r\n b@example.org\r\n"))
        #expect(parts[0].contains("Content-Transfer-Encoding: base64"))
        let body = try #require(Data(base64Encoded: parts[1].replacing("\r\n", with: "")))
        let said = String(decoding: body, as: UTF8.self)
        #expect(said.hasPrefix("A <b> \"c\" & @d\r\nhttps://example.org/1\r\ntopic: Тема\r\n"))
        #expect(letter.utf8.allSatisfy { $0 < 0x80 })
        #expect(letter.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 76 })
    }

    @Test(arguments: ["Привет, мир! 한국어 " + String(repeating: "щ", count: 150), "=?x?=", "a"])
    func headersReadBackTheSame(subject: String) throws {
        let header = MailText.header(subject)
        let words = header.components(separatedBy: "\r\n ")
        #expect(words.allSatisfy { $0.utf8.count <= 75 })
        let read = try words.map { word -> String in
            guard word.hasPrefix("=?utf-8?B?") else { return word }
            return String(
                decoding: try #require(Base64.decode(word.dropFirst(10).dropLast(2))),
                as: UTF8.self
            )
        }
        #expect(read.joined() == subject)
    }

    @Test func theNamesOfHooksStayDifferentInASCII() {
        let names = ["desk", "desk_1", "desk.1", "desk:1", "стол", "окно"]
        let written = names.map { HookID($0).asciiName }
        #expect(Set(written).count == names.count, "\(written)")
        #expect(written.prefix(2) == ["desk", "desk_1"])
        #expect(written.allSatisfy { $0.wholeMatch(of: /[A-Za-z0-9_-]+/) != nil }, "\(written)")
    }

    @Test func ofTooMuchOutputErrorsAndWholeLinesAreKept() {
        var result = HookResult(ending: .exited(1))
        result.output = String(repeating: "much that nobody wants\n", count: 900)
        result.errorOutput = "no such channel\n"
        let kept = HookEnvironment.printable(result.failure.output, limit: 100)
        #expect(kept.hasPrefix("much that") && kept.hasSuffix("wants\nno such channel"), "\(kept)")
        #expect(HookEnvironment.printable("short\n", limit: 100) == "short")
        #expect(HookEnvironment.printable("a long line", limit: 4) == "line")
    }

    @Test func theEnvironmentSaysWhatRecordsAgreeOn() {
        let one = HookEnvironment(of: message(), home: "/").entries
        #expect(one.contains("FEEDWATCH_EVENT=match") && one.contains("FEEDWATCH_COUNT=1"))
        let group = HookEnvironment(of: message(3, isGroup: true), home: "/").entries
        for entry in [
            "FEEDWATCH_EVENT=match.group", "FEEDWATCH_TOPIC=t", "FEEDWATCH_URL=",
            "FEEDWATCH_TITLE=3 matches", "FEEDWATCH_COUNT=3", "FEEDWATCH_ID=g1",
        ] {
            #expect(group.contains(entry), "\(entry)")
        }
    }

    @Test(arguments: [[], [0], [0, 1], [0, 1, 2], [255, 254, 253, 252]] as [[UInt8]])
    func base64ReadsBackTheSame(bytes: [UInt8]) {
        #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        #expect(Base64.encode(bytes) == Data(bytes).base64EncodedString())
    }

    @Test(arguments: ["a", "ab=c", "====", "a===", "äbcd", "ab c"])
    func whatIsNoBase64IsRefused(text: String) { #expect(Base64.decode(text) == nil) }

    @Test(
        arguments: [
            (.exited(0), true, .temporary), (.exited(1), false, .temporary),
            (.exited(65), false, .refused), (.exited(75), false, .temporary),
            (.signalled(9), false, .temporary), (.timedOut(.seconds(1)), false, .temporary),
            (.answered(204, location: nil), true, .temporary),
            (.answered(302, location: "https://b"), false, .temporary),
            (.answered(404, location: nil), false, .temporary),
            (.answered(410, location: nil), false, .gone),
            (.answered(413, location: nil), false, .refused),
            (.answered(429, location: nil), false, .temporary), (.posted, true, .temporary),
            (.refused("554"), false, .refused), (.failed(.timedOut, "x"), false, .temporary),
        ] as [(HookResult.Ending, Bool, DeliveryFailure.Kind)]
    )
    func whatAnEndingMeans(ending: HookResult.Ending, taken: Bool, kind: DeliveryFailure.Kind) {
        let result = HookResult(ending: ending)
        #expect(result.isDelivered == taken)
        #expect(result.failure.kind == kind)
    }
}
