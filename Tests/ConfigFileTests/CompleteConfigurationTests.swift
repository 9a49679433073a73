import ConfigFile
import FeedModel
import Foundation
import Testing
import TopicQuery
import WatchCore

@Suite struct CompleteConfigurationTests {
    private static let main = """
        include = ["topics.d/*.toml"]

        [watch]
        contact   = "mailto:desk@example.org"
        interval  = "20m"
        mean_interval = "30m"
        baseline  = "match"
        history   = "30d"
        rotate    = "100MiB"
        keep      = 7
        state_limit = "2GiB"
        state     = "/srv/feedwatch"
        log       = "logs/matches.jsonl"
        languages = ["en", "zh-Hant"]

        [limits]
        document = "64KiB"
        response_time = "30s"
        connect_time = "1500ms"
        redirects = 0
        connections = 8
        connections_per_host = 1
        host_spacing = "250ms"
        min_interval = "100ms"
        allow_networks = ["127.0.0.1/32", "fd00::/8"]
        ca_file = "ca.pem"

        [[feed]]
        id = "yonhap-nk"
        url = "https://en.yna.co.kr/RSS/nk.xml"
        title = "Yonhap, North Korea"
        interval = "10m"
        language = "en"
        topics = ["dprk"]
        headers = { "X-Api-Key" = { credential = "key" }, Accept-Language = "en" }

        [[feed]]
        url = "http://www.example.org:8080/feed?x=%20"

        [matching]
        fields = ["title", "summary"]

        [terms.dprk]
        en = ["North Korea", "DPRK"]
        ko = "북한"
        not_in = ["북한산"]

        [[topic]]
        id = "off"
        query = "@dprk"
        enabled = false

        [[hook]]
        id = "desk"
        exec = ["bin/notify", "--channel", "osint"]
        topics = ["dprk", "off"]
        on = ["match", "feed"]
        timeout = "5s"
        """

    private static let topics = """
        [[topic]]
        id = "dprk"
        title = "North Korea"
        query = '@dprk'
        exclude = 'FIFA'
        languages = ["en"]
        feeds = ["yonhap-nk"]
        min_score = 10
          [[topic.test]]
          text = "DPRK"
          match = true
          hits = ["DPRK"]
        """

    private func complete() throws -> (ConfigSandbox, ConfigResult) {
        let sandbox = try ConfigSandbox([
            "feedwatch.toml": Self.main, "topics.d/dprk.toml": Self.topics,
            "topics.d/.hidden.toml": "broken [", "ca.pem": "", "credentials/secret_key": "s3cret\n",
        ])
        try sandbox.write("bin/notify", Data("#!/bin/sh\n".utf8), executable: true)
        let variables = ["CREDENTIALS_DIRECTORY": sandbox.path("credentials")]
        return (sandbox, sandbox.load(variables: variables))
    }

    @Test func aCompleteConfigurationIsReadWithoutAProblem() throws {
        let (_, result) = try complete()
        #expect(result.problems.map { $0.rendered(colour: false) } == [])
        #expect(result.configuration != nil)
        #expect(result.files.count == 2)
        #expect(result.files.last?.hasSuffix("/topics.d/dprk.toml") == true)
    }

    @Test func theWatchTableIsTakenOver() throws {
        let (sandbox, result) = try complete()
        let watch = try #require(result.configuration).watch
        #expect(watch.contact == "mailto:desk@example.org")
        #expect(watch.interval == .fixed(.seconds(1_200)))
        #expect(watch.meanInterval == .seconds(1_800))
        #expect(watch.baseline == .match)
        #expect(watch.history == .seconds(30 * 86_400))
        #expect(watch.rotation == LogRotation(rule: .size(.mebibytes(100)), kept: 7))
        #expect(watch.stateLimit == .mebibytes(2_048))
        #expect(watch.statePath == "/srv/feedwatch")
        #expect(watch.logPath == sandbox.path("logs/matches.jsonl"))
        #expect(watch.languages == ["en", "zh-Hant"])
    }

    @Test func theLimitsTableIsTakenOver() throws {
        let (sandbox, result) = try complete()
        let limits = try #require(result.configuration).limits
        #expect(limits.document == .kibibytes(64))
        #expect(limits.responseTime == .seconds(30))
        #expect(limits.connectTime == .milliseconds(1_500))
        #expect(limits.redirects == 0)
        #expect(limits.connections == 8)
        #expect(limits.connectionsPerHost == 1)
        #expect(limits.hostSpacing == .milliseconds(250))
        #expect(limits.minInterval == .milliseconds(100))
        let unique = NetworkRange(address: [0xFD] + Array(repeating: 0, count: 15), prefixLength: 8)
        #expect(
            limits.allowNetworks
                == [NetworkRange(address: [127, 0, 0, 1], prefixLength: 32), unique]
        )
        #expect(limits.certificateFile == sandbox.path("ca.pem"))
    }

    @Test func feedsAreTakenOver() throws {
        let (_, result) = try complete()
        let feeds = try #require(result.configuration).feeds
        #expect(feeds.count == 2)
        #expect(feeds[0].id == FeedID("yonhap-nk"))
        #expect(feeds[0].url == "https://en.yna.co.kr/RSS/nk.xml")
        #expect(feeds[0].title == "Yonhap, North Korea")
        #expect(feeds[0].interval == .fixed(.seconds(600)))
        #expect(feeds[0].language == "en")
        #expect(feeds[0].topics == [TopicID("dprk")])
        #expect(
            feeds[0].headers == [
                RequestHeader(name: "X-Api-Key", value: "s3cret"),
                RequestHeader(name: "Accept-Language", value: "en"),
            ]
        )
        // The name is derived, and may never change: state is kept under it.
        #expect(feeds[1].id == FeedID("example.org-6befa19e"))
        #expect(feeds[1].topics == nil)
        #expect(feeds[1].interval == nil)
    }

    @Test func topicsThatAreOffAreLeftOut() throws {
        let (_, result) = try complete()
        let configuration = try #require(result.configuration)
        #expect(
            configuration.topics == [TopicSettings(id: TopicID("dprk"), title: "North Korea")]
        )
        #expect(configuration.hooks[0].topics == [TopicID("dprk")])
    }

    @Test func hooksAreTakenOver() throws {
        let (sandbox, result) = try complete()
        let hooks = try #require(result.configuration).hooks
        #expect(hooks.count == 1)
        #expect(hooks[0].id == HookID("desk"))
        #expect(hooks[0].command == [sandbox.path("bin/notify"), "--channel", "osint"])
        #expect(hooks[0].subjects == [.match, .feed])
        #expect(hooks[0].timeLimit == .seconds(5))
    }

    @Test func testsAreTiedToTheirTopic() throws {
        let (_, result) = try complete()
        #expect(result.tests.count == 1)
        let test = try #require(result.tests.first)
        #expect(test.topic == 0)
        #expect(test.topicID == "dprk")
        #expect(test.text == "DPRK")
        #expect(test.hits == ["DPRK"])
        #expect(test.item.title == 0..<4)
        #expect(test.item.language == "en")
        #expect(test.item.feed == "yonhap-nk")
        #expect(test.place.line == 9)
    }

    @Test func anEmptyFileHasTheDefaults() throws {
        let result = try load("")
        let configuration = try #require(result.configuration)
        var watch = WatchSettings()
        watch.statePath = "/var/lib/feedwatch"
        watch.logPath = "/var/lib/feedwatch/matches.jsonl"
        #expect(result.problems.isEmpty)
        #expect(configuration.watch == watch)
        #expect(configuration.limits == Limits())
        #expect(configuration.feeds.isEmpty)
    }

    @Test(arguments: [
        (["STATE_DIRECTORY": "/a:/b", "LOGS_DIRECTORY": "/l"], "/a", "/l/matches.jsonl"),
        (["XDG_STATE_HOME": "/x", "HOME": "/h"], "/x/feedwatch", "/x/feedwatch/matches.jsonl"),
        (
            ["HOME": "/h", "STATE_DIRECTORY": ""], "/h/.local/state/feedwatch",
            "/h/.local/state/feedwatch/matches.jsonl"
        ),
        (
            ["HOME": "/h", "XDG_STATE_HOME": "relative"], "/h/.local/state/feedwatch",
            "/h/.local/state/feedwatch/matches.jsonl"
        ),
    ])
    func pathsThatAreLeftOutComeFromTheEnvironment(
        variables: [String: String],
        state: String,
        log: String
    ) throws {
        let sandbox = try ConfigSandbox(["feedwatch.toml": ""])
        let result = ConfigFile.load(
            path: sandbox.path("feedwatch.toml"),
            environment: ConfigEnvironment(variables: variables)
        )
        #expect(result.configuration?.watch.statePath == state)
        #expect(result.configuration?.watch.logPath == log)
    }

    @Test func withoutAnyStateDirectoryThereIsAnError() throws {
        let sandbox = try ConfigSandbox(["feedwatch.toml": ""])
        let result = ConfigFile.load(
            path: sandbox.path("feedwatch.toml"),
            environment: ConfigEnvironment()
        )
        #expect(result.configuration == nil)
        #expect(result.problems.map(\.message) == ["there is no state directory"])
    }
}
