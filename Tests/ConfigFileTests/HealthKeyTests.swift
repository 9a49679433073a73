import ConfigFile
import Testing
import WatchCore

@Suite struct HealthKeyTests {
    @Test func healthAndMetricsAreTakenOver() throws {
        let result = try load(
            """
            [health]
            failing_after = "10m"
            heartbeat = "1h"
            [metrics]
            file = "/srv/feedwatch.prom"
            interval = "30s"
            """
        )
        let health = try #require(result.configuration).health
        #expect(health.failingAfter == .seconds(600))
        #expect(health.heartbeat == .seconds(3_600))
        #expect(health.metricsFile == "/srv/feedwatch.prom")
        #expect(health.metricsInterval == .seconds(30))
    }

    @Test func endpointsOfThisMachineAreTakenOver() throws {
        let wanted: [(String, EndpointAddress)] = [
            ("127.0.0.1:9465", .loopback([127, 0, 0, 1], port: 9_465)),
            ("localhost:0", .loopback([127, 0, 0, 1], port: 0)),
            (
                "[::1]:9465",
                .loopback([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], port: 9_465)
            ),
            ("unix:/run/feedwatch/metrics.sock", .local(path: "/run/feedwatch/metrics.sock")),
        ]
        for (text, address) in wanted {
            let result = try load("[metrics]\nlisten = \"\(text)\"\n")
            #expect(result.configuration?.health.listen == address)
            #expect(address.description == text.replacing("localhost", with: "127.0.0.1"))
        }
    }

    private static let hint =
        "write 127.0.0.1:PORT, [::1]:PORT or unix:/PATH; who asks from elsewhere needs a proxy"

    @Test(arguments: [
        ("0.0.0.0:9465", "listen would answer other machines"),
        (":9465", "listen would answer other machines"),
        ("[::]:9465", "listen would answer other machines"),
        ("192.0.2.1:9465", "listen is no address of this machine's own: 192.0.2.1"),
        ("example.org:9465", "listen is no address of this machine's own: example.org"),
        ("9465", "listen is no address: 9465"),
        ("127.0.0.1", "listen is no address: 127.0.0.1"),
        ("127.0.0.1:70000", "listen is no address: 127.0.0.1:70000"),
        ("::1:9465", "listen is no address: ::1:9465"),
    ])
    func anEndpointThatOthersCouldReachIsAnError(text: String, message: String) throws {
        try Mistake("[metrics]\nlisten = ⟦\"\(text)\"⟧", message, Self.hint).expect()
    }

    @Test func aSocketWantsItsWholePath() throws {
        try Mistake(
            "[metrics]\nlisten = ⟦'unix:metrics.sock'⟧",
            "listen wants the whole path of its socket",
            "write unix:/run/feedwatch/metrics.sock"
        ).expect()
    }

    @Test func whereHeartbeatsAreHeardIsTakenOver() throws {
        let text = "[health]\nheartbeat = \"1h\"\nheartbeat_url = \"https://dog.example/a\"\n"
        #expect(
            try load(text).configuration?.health.heartbeatPing
                == HeartbeatPing(url: "https://dog.example/a", sendsRecord: true)
        )
        #expect(
            try load(text + "heartbeat_method = \"get\"\n").configuration?.health.heartbeatPing
                == HeartbeatPing(url: "https://dog.example/a", sendsRecord: false)
        )
    }

    @Test func aHeartbeatThatIsNeverSentIsAnError() throws {
        try Mistake(
            "[health]\n⟦heartbeat_url⟧ = 'https://dog.example/a'",
            "heartbeat_url goes with heartbeat only",
            "heartbeat = \"1h\" says how often"
        ).expect()
        try Mistake(
            "[health]\n⟦heartbeat_method⟧ = 'get'",
            "heartbeat_method goes with heartbeat_url only"
        ).expect()
        try Mistake(
            "[health]\nheartbeat = '1h'\nheartbeat_url = 'https://a/'\nheartbeat_method = ⟦'put'⟧",
            "heartbeat_method knows no put",
            "it may be post, get"
        ).expect()
    }

    @Test func aMetricsFileThatNobodyReadsIsAnError() throws {
        try Mistake(
            "[metrics]\nfile = ⟦'/srv/feedwatch.txt'⟧",
            "the node exporter reads files whose names end in .prom only"
        ).expect()
    }
}
