import CurlTransport
import Glibc
import Testing
import WatchCore

private var hasTools: Bool {
    ["openssl", "python3"].allSatisfy { access("/usr/bin/" + $0, X_OK) == 0 }
}

/// Letters over TLS, against a mail server that has it.
@Suite(.enabled(if: hasTools, "needs the commands openssl and python3"))
struct CourierMailTLSTests {
    /// Sends a letter to a server of that kind, which trusts `bundle`: the outcome, and what the
    /// server heard.
    private func send(
        _ kind: String,
        _ files: Certificates,
        trusting bundle: String
    ) async throws -> (outcome: Result<String, MailFailure>, heard: [String]) {
        let script = #filePath.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        let arguments = [
            "python3", script + "/Fixtures/mail-server.py", kind, "server.pem", "server.key",
        ]
        let started = ChildProcess(arguments, in: files.directory)
        guard let server = started else { throw TLSServer.Unavailable() }
        let port = try #require(server.readLine()?.split(separator: " ").last)
        var settings = MailSettings(
            server: "\(kind == "smtps" ? "smtps" : "smtp")://127.0.0.1:\(port)",
            sender: "feedwatch@example.org",
            recipients: ["desk@example.org"]
        )
        settings.user = "desk"
        settings.password = "pass-w0rd"
        let limits = Limits.loopback { $0.certificateFile = bundle }
        let courier = CurlCourier(limits: limits, userAgent: "t")
        let letter = Letter(
            settings: settings,
            message: Array("Subject: x\r\n".utf8),
            timeLimit: .seconds(20)
        )
        let outcome = await courier.send(letter)
        await courier.stop()
        var heard: [String] = []
        while let line = server.readLine(), line != "end" { heard.append(line) }
        server.stop()
        return (outcome, heard)
    }

    @Test func beforeSTARTTLSNothingIsSaidOfSenderLoginOrLetter() async throws {
        guard let files = Certificates() else { throw TLSServer.Unavailable() }
        let bundle = files.directory + "/ca.pem"
        let (outcome, heard) = try await send("starttls", files, trusting: bundle)
        #expect(try outcome.get() == "250 2.0.0 queued as 42")
        let plain = heard.filter { $0.hasPrefix("plain: ") }
        #expect(plain.count == 2 && plain.last == "plain: STARTTLS", "\(heard)")
        #expect(heard.contains { $0.hasPrefix("tls: AUTH PLAIN") })
        #expect(heard.contains("tls: MAIL FROM:<feedwatch@example.org>"))
        #expect(heard.contains("tls: Subject: x"))
    }

    @Test func wholeConnectionsOverTLSWorkToo() async throws {
        guard let files = Certificates() else { throw TLSServer.Unavailable() }
        let bundle = files.directory + "/ca.pem"
        let (outcome, heard) = try await send("smtps", files, trusting: bundle)
        #expect(try outcome.get() == "250 2.0.0 queued as 42")
        #expect(heard.allSatisfy { $0.hasPrefix("tls: ") }, "\(heard)")
    }

    @Test(arguments: ["starttls", "smtps"])
    func aServerThatNobodyVouchesForIsToldNothing(kind: String) async throws {
        guard let files = Certificates(), let others = Certificates() else {
            throw TLSServer.Unavailable()
        }
        let bundle = others.directory + "/ca.pem"
        let (outcome, heard) = try await send(kind, files, trusting: bundle)
        #expect(outcome.failure?.reason == .tlsFailed, "\(outcome)")
        #expect(heard.allSatisfy { !$0.hasPrefix("tls: ") }, "\(heard)")
    }
}
