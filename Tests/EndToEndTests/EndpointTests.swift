import FeedLab
import Glibc
import Testing

/// What the daemon answers to those who look after it, and whom it tells that it lives.
@Suite struct EndpointTests {
    private let topic = "[[topic]]\nid = \"t\"\nquery = \"sappers\"\n"

    /// The answer of the daemon's endpoint, whose port stands in its log; empty: none.
    private func ask(_ daemon: Program, _ path: String, host: String = "localhost") -> String {
        let log = daemon.errorOutput
        guard let place = log.range(of: "127.0.0.1:", after: "serving metrics"),
            let port = UInt16(log[place.upperBound...].prefix { $0.isNumber })
        else { return "" }
        let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(connection) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isThere = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isThere else { return "" }
        let request = Array("GET \(path) HTTP/1.1\r\nHost: \(host)\r\n\r\n".utf8)
        _ = send(connection, request, request.count, Int32(MSG_NOSIGNAL))
        var answer: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(connection, &piece, piece.count, 0)
            guard count > 0 else { return String(decoding: answer, as: UTF8.self) }
            answer += piece[..<count]
        }
    }

    @Test func theDaemonSaysThatItIsReadyAndWhatItCounts() async throws {
        let lab = try await FeedLab.start(site: LabSite(directory: checkout + "/config/lab"))
        let workspace = try Workspace()
        func configure(_ listen: String) throws {
            try workspace.configure(
                """
                [metrics]
                listen = "\(listen)"
                \(feeds([("harbour-wire", "/harbour-wire.xml"), ("lost", "/lost.xml")], at: lab))
                \(topic)
                """
            )
        }
        try configure("127.0.0.1:0")
        let daemon = try Program(["run", "-c", workspace.config], in: workspace)
        let isReady = try await eventually {
            ask(daemon, "/readyz").hasSuffix("\r\n\r\nready\n")
        }
        #expect(isReady, "\(daemon.errorOutput)")
        #expect(ask(daemon, "/healthz").hasPrefix("HTTP/1.1 200 OK\r\n"))
        let isCounted = try await eventually {
            let page = ask(daemon, "/metrics")
            return page.contains("\nfeedwatch_feeds{state=\"ok\"} 1\n")
                && page.contains("\nfeedwatch_feeds{state=\"failing\"} 1\n")
        }
        #expect(isCounted, "\(ask(daemon, "/metrics"))")
        #expect(ask(daemon, "/metrics", host: "evil.example").hasPrefix("HTTP/1.1 421 "))

        // A reload moves it.
        let path = workspace.directory + "/metrics.sock"
        try configure("unix:" + path)
        daemon.send(SIGHUP)
        #expect(try await eventually { access(path, F_OK) == 0 }, "\(daemon.errorOutput)")
        #expect(try await eventually { ask(daemon, "/healthz").isEmpty })
        daemon.send(SIGTERM)
        #expect(try await daemon.wait(within: .seconds(10)) == 0)
        #expect(access(path, F_OK) != 0)
        await lab.stop()
    }

    @Test func aDaemonWhoseLogCannotBeWrittenSaysSo() async throws {
        let lab = try await FeedLab.start(site: LabSite(directory: checkout + "/config/lab"))
        let workspace = try Workspace()
        try workspace.configure(
            """
            [metrics]
            listen = "127.0.0.1:0"
            \(feeds([("harbour-wire", "/harbour-wire.xml")], at: lab))
            \(topic)
            """
        )
        let daemon = try Program(["run", "-c", workspace.config], in: workspace)
        let wasReady = try await eventually { ask(daemon, "/readyz").hasSuffix("\r\n\r\nready\n") }
        #expect(wasReady, "\(daemon.errorOutput)")
        // Where its folder was stands a file when it opens its log anew.
        let folder = workspace.directory + "/log"
        rename(folder, folder + ".away")
        close(creat(folder, 0o600))
        daemon.send(SIGHUP)
        let isRefused = try await eventually {
            let answer = ask(daemon, "/readyz")
            return answer.hasPrefix("HTTP/1.1 503 ") && answer.contains("not written to their log")
        }
        #expect(isRefused, "\(ask(daemon, "/readyz")) \(daemon.errorOutput)")
        #expect(ask(daemon, "/healthz").hasPrefix("HTTP/1.1 200 OK\r\n"))
        unlink(folder)
        rename(folder + ".away", folder)
        let isBack = try await eventually { ask(daemon, "/readyz").hasSuffix("\r\n\r\nready\n") }
        #expect(isBack, "\(ask(daemon, "/readyz")) \(daemon.errorOutput)")
        daemon.send(SIGTERM)
        _ = try await daemon.wait(within: .seconds(10))
        await lab.stop()
    }

    @Test func aPortThatIsTakenKeepsNobodyFromWatching() async throws {
        let lab = try await FeedLab.start(site: LabSite(directory: checkout + "/config/lab"))
        let receiver = WebhookReceiver { _, _ in .answer("200 OK") }
        let workspace = try Workspace()
        try workspace.configure(
            """
            [metrics]
            listen = "127.0.0.1:\(receiver.port)"
            \(feeds([("harbour-wire", "/harbour-wire.xml")], at: lab))
            \(topic)
            """
        )
        let run = try await Program.run(["run", "-c", workspace.config, "--once"], in: workspace)
        #expect(run.status == 0)
        let daemon = try Program(["run", "-c", workspace.config], in: workspace)
        let isTold = try await eventually {
            daemon.errorOutput.contains("metrics are not served")
                && daemon.errorOutput.contains("Address already in use")
        }
        #expect(isTold, "\(daemon.errorOutput)")
        let status = try await Program.run(["status", "-c", workspace.config], in: workspace)
        #expect(status.status == 0)
        daemon.send(SIGTERM)
        #expect(try await daemon.wait(within: .seconds(10)) == 0)
        receiver.stop()
        await lab.stop()
    }

    @Test func heartbeatsAreHeardElsewhere() async throws {
        let lab = try await FeedLab.start(site: LabSite(directory: checkout + "/config/lab"))
        let receiver = WebhookReceiver { number, hook in
            hook.path == "/get" && number < 3 ? .answer("500 Oops") : .answer("200 OK")
        }
        for method in ["post", "get"] {
            let workspace = try Workspace()
            try workspace.configure(
                """
                [health]
                heartbeat = "1s"
                heartbeat_url = "\(receiver.url("/" + method))"
                heartbeat_method = "\(method)"
                \(feeds([("harbour-wire", "/harbour-wire.xml")], at: lab))
                \(topic)
                """
            )
            let daemon = try Program(["run", "-c", workspace.config], in: workspace)
            let isHeard = try await eventually { receiver.received("/" + method).count >= 3 }
            #expect(isHeard, "\(daemon.errorOutput)")
            let beat = try #require(receiver.received("/" + method).first)
            #expect(beat.method == method.uppercased())
            if method == "post" {
                #expect(beat.headers["content-type"] == "application/json")
                #expect(beat.body.hasPrefix(#"{"schema":1,"id":""#))
                #expect(beat.body.contains(#""event":"heartbeat""#))
                #expect(beat.body.contains(#""feeds":1"#))
            } else {
                #expect(beat.body.isEmpty)
                // Two failures, told once, and that it works again.
                let isToldAgain = try await eventually {
                    daemon.errorOutput.contains("the heartbeat is heard again")
                }
                #expect(isToldAgain, "\(daemon.errorOutput)")
                let told = daemon.errorOutput.components(of: "the heartbeat was not heard")
                #expect(told == 1)
                // The path of such an address is its secret.
                #expect(!daemon.errorOutput.contains("/get"))
            }
            daemon.send(SIGTERM)
            #expect(try await daemon.wait(within: .seconds(10)) == 0)
        }
        receiver.stop()
        await lab.stop()
    }
}

extension String {
    /// Where `text` stands behind the first `start`.
    fileprivate func range(of text: String, after start: String) -> Range<Index>? {
        guard let start = firstRange(of: start) else { return nil }
        return self[start.upperBound...].firstRange(of: text)
    }

    /// How often `text` stands in it.
    fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
