import CurlTransport
import FeedModel
import Testing
import WatchCore

/// What a server does to us, and what must come of it.
struct Scenario: Sendable, CustomTestStringConvertible {
    /// What must come of a request.
    enum Outcome: Equatable, Sendable {
        /// A document of so many bytes.
        case document(Int)
        /// A failure.
        case fails(FailureReason)
    }

    /// What it is.
    let name: String
    /// What must come of it.
    let outcome: Outcome
    /// What the server does with a request.
    let script: LoopbackServer.Script
    /// What the server does with a connection.
    var greeting: @Sendable (Peer) -> Void = { _ in }
    /// What the message must hold.
    var hint = ""

    var testDescription: String { name }

    /// A server that sends bytes, however wrong, and closes.
    static func answer(
        _ name: String,
        _ bytes: [UInt8],
        _ outcome: Outcome,
        hint: String = ""
    ) -> Scenario {
        Scenario(
            name: name,
            outcome: outcome,
            script: { _, peer in
                peer.send(bytes)
                peer.close()
            },
            hint: hint
        )
    }

    /// A server that sends a text and closes.
    static func answer(
        _ name: String,
        _ text: String,
        _ outcome: Outcome,
        hint: String = ""
    ) -> Scenario {
        answer(name, Array(text.utf8), outcome, hint: hint)
    }

    /// A server that sends a whole answer with a body and closes.
    static func body(
        _ name: String,
        _ headers: [String],
        _ body: [UInt8],
        _ outcome: Outcome,
        hint: String = ""
    ) -> Scenario {
        let lines = ["HTTP/1.1 200 OK", "Content-Length: \(body.count)"] + headers
        let head = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
        return answer(name, head + body, outcome, hint: hint)
    }

    /// A server that does something else.
    static func script(
        _ name: String,
        _ outcome: Outcome,
        hint: String = "",
        _ script: @escaping LoopbackServer.Script
    ) -> Scenario {
        Scenario(name: name, outcome: outcome, script: script, hint: hint)
    }

    /// Plays the scenario and looks at what comes of it.
    func play(_ limits: Limits = .hostile) async throws {
        let server = try LoopbackServer(greeting: greeting, script)
        defer { server.stop() }
        let result = try await fetch(server.url(), limits)
        check(result)
    }

    /// Looks at what came of it.
    func check(_ result: TransferResult) {
        let state = FeedState(
            id: result.feed,
            url: result.feed.rawValue,
            nextPoll: Timestamp(milliseconds: 0)
        )
        let verdict = PollPolicy(watch: WatchSettings())
            .classify(result, state: state, now: Timestamp(milliseconds: 0))
        switch (verdict, outcome) {
        case (.document(let response), .document(let count)):
            #expect(response.body.count == count)
        case (.failed(let failure), .fails(let reason)):
            #expect(failure.reason == reason, "\(failure)")
            #expect(failure.message.contains(hint), "\(failure)")
            #expect(!failure.message.isEmpty && failure.message.utf8.count < 300, "\(failure)")
            let isClean = failure.message.unicodeScalars.allSatisfy { $0.value >= 0x20 }
            #expect(isClean, "\(failure)")
        default:
            Issue.record("\(name): \(result.outcome)")
        }
    }
}

extension Limits {
    /// Limits that let hostile servers come to an end soon.
    static var hostile: Limits {
        .loopback {
            $0.responseTime = .milliseconds(1_200)
            $0.connectTime = .milliseconds(800)
            $0.document = .kibibytes(256)
        }
    }
}
