import FeedLab
import Glibc
import Testing

/// The checkout, as the tests find it.
let checkout = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }

/// A line the log must hold: which item of which feed met which topic.
struct Telling: Hashable, Comparable {
    let feed: String
    let url: String
    let topic: String

    static func < (left: Telling, right: Telling) -> Bool {
        (left.feed, left.url, left.topic) < (right.feed, right.url, right.topic)
    }
}

func tellings(_ expectations: [LabExpectation]) -> Set<Telling> {
    Set(
        expectations.flatMap { item in
            item.topics.map { Telling(feed: item.feed, url: item.url, topic: $0) }
        }
    )
}

func tellings(_ records: [Record]) -> [Telling] {
    records.map { Telling(feed: $0.feed, url: $0.url ?? "", topic: $0.topic) }
}

/// The configuration of feeds by path at a lab.
func feeds(_ paths: [(id: String, path: String)], at lab: FeedLab) -> String {
    paths.map { "[[feed]]\nid = \"\($0.id)\"\nurl = \"\(lab.url($0.path))\"\n" }
        .joined(separator: "\n")
}

/// The real topics of the repository.
let topics = "include = [\"\(checkout)/config/topics.d/*.toml\"]\n"

@Suite(.serialized) struct WholePathTests {
    private let sample = [
        "harbour-wire", "northern-ledger", "polnochny-vestnik", "stepnoy-kurier", "svitlo",
        "hanbit", "haigang", "asagiri", "alpenbote", "courrier", "far-post",
    ]

    private func configure(_ workspace: Workspace, _ lab: FeedLab, more: String = "") throws {
        try workspace.configure(
            feeds(sample.map { ($0, "/\($0).xml") }, at: lab) + more
        )
        let text = Workspace.text(of: workspace.config)
        try workspace.write(topics + text, to: workspace.config)
    }

    @Test func everyPlantedStoryIsLoggedOnceAndNearMissesStayOut() async throws {
        let lab = try await FeedLab.start(site: LabSite(directory: checkout + "/config/lab"))
        let workspace = try Workspace()
        try configure(workspace, lab)
        let daemon = try Program(["run", "-c", workspace.config], in: workspace)
        let before = tellings(await lab.publishedExpectations)
        #expect(!before.isEmpty)
        #expect(
            try await eventually { Set(tellings(try workspace.records())).isSuperset(of: before) }
        )
        await lab.publish(step: "noon")
        await lab.publish(step: "evening")
        let after = tellings(await lab.publishedExpectations)
        _ = try await eventually { Set(tellings(try workspace.records())).isSuperset(of: after) }
        // A poll or two more, in which nothing may come twice.
        await lab.clearRequests()
        let count = sample.count
        #expect(await lab.wait { $0.count > 3 * count })
        daemon.send(SIGTERM)
        #expect(try await daemon.wait(within: .seconds(5)) == 0)
        let records = try workspace.records()
        let told = tellings(records)
        #expect(Set(told).subtracting(after).sorted() == [], "logged, and must not be")
        #expect(after.subtracting(told).sorted() == [], "not logged, and must be")
        #expect(told.count == Set(told).count)
        #expect(records.map(\.seq) == Array(1...max(1, records.count)))
        #expect(records.allSatisfy { !$0.hits.isEmpty })
        await lab.stop()
    }

    @Test func hitsPointAtTheirWords() async throws {
        let lab = try await FeedLab.start(site: LabSite(directory: checkout + "/config/lab"))
        let workspace = try Workspace()
        try configure(workspace, lab)
        let run = try await Program.run(["run", "--once", "-c", workspace.config], in: workspace)
        #expect(run.status == 0, "\(run.errorOutput)")
        for record in try workspace.records() {
            let title = Array((record.title ?? "").unicodeScalars)
            for hit in record.hits where hit.field == "title" {
                var found = String.UnicodeScalarView()
                found.append(contentsOf: title[hit.start..<hit.end])
                #expect(String(found) == hit.text, "\(record.title ?? "")")
            }
        }
        await lab.stop()
    }

    @Test func brokenFeedsAreNamedInStatusAndTheOthersGoOn() async throws {
        let lab = try await FeedLab.start(site: LabSite(directory: checkout + "/config/lab"))
        let workspace = try Workspace()
        let broken = ["portal", "babble", "torrent", "mute", "laughter"]
        try workspace.configure(
            feeds((["harbour-wire"] + broken).map { ($0, "/\($0).xml") }, at: lab),
            limits: "response_time = \"2s\"\ndocument = \"1MiB\""
        )
        let text = Workspace.text(of: workspace.config)
        try workspace.write(topics + text, to: workspace.config)
        let run = try await Program.run(["run", "--once", "-c", workspace.config], in: workspace)
        #expect(run.status == 0, "\(run.errorOutput)")
        #expect(try !workspace.records().isEmpty)
        let status = try await Program.run(["status", "-c", workspace.config], in: workspace)
        #expect(status.status == 1)
        let lines = status.output.split(separator: "\n")
        for (feed, reason) in [
            ("portal", "not_a_feed"), ("babble", "not_a_feed"), ("torrent", "too_large"),
            ("mute", "timed_out"),
        ] {
            let line = lines.first { $0.contains(" \(feed) ") }
            let word = reason == "not_a_feed" ? "not-a-feed" : "failing"
            #expect(line?.hasPrefix(word) == true, "\(feed): \(status.output)")
            #expect(line?.contains(reason) == true, "\(feed): \(status.output)")
        }
        let bomb = lines.first { $0.contains(" laughter ") }
        #expect(bomb?.hasPrefix("damaged") == true, "\(status.output)")
        #expect(bomb?.contains("entities") == true, "\(status.output)")
        let well = lines.first { $0.contains(" harbour-wire ") }
        #expect(well?.hasPrefix("ok") == true)
        await lab.stop()
    }

    @Test func anAddressInAPrivateNetworkIsNotReachedUnlessAllowed() async throws {
        let lab = try await FeedLab.start(site: LabSite(directory: checkout + "/config/lab"))
        let workspace = try Workspace()
        try configure(workspace, lab)
        let text = Workspace.text(of: workspace.config).replacing(
            "127.0.0.1/32",
            with: "10.0.0.0/8"
        )
        try workspace.write(text, to: workspace.config)
        let run = try await Program.run(["run", "--once", "-c", workspace.config], in: workspace)
        #expect(run.status == 0)
        #expect(await lab.requests.isEmpty)
        let status = try await Program.run(["status", "-c", workspace.config], in: workspace)
        #expect(status.output.contains("address_blocked"))
        await lab.stop()
    }
}
