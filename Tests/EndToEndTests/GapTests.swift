import FeedLab
import Glibc
import Testing

/// What the daemon does when a window does not overlap the last: it reads older pages until they
/// meet.
@Suite struct GapTests {
    private let base = Int(time(nil)) - 3_600

    /// Items 1 to `count`, the newest first, all of them matches.
    private func items(_ count: Int) -> [LabItem] {
        (1...count).reversed().map { number in
            LabItem(
                id: "item-\(number)",
                title: "Report \(number) of the sappers",
                summary: "Number \(number) tells of \(number * 7_919 % 1_000) metres cleared.",
                published: base + number
            )
        }
    }

    private func feed(
        _ name: String,
        _ format: FeedFormat = .atom,
        count: Int,
        _ paging: LabPaging
    ) -> LabFeed {
        LabFeed(
            id: name,
            path: "/\(name).xml",
            format: format,
            items: items(count),
            paging: paging
        )
    }

    private let topic = "[[topic]]\nid = \"t\"\nquery = \"sappers\"\n"

    private func events(_ workspace: Workspace) -> [String] {
        Workspace.text(of: workspace.directory + "/log/events.jsonl").split(separator: "\n")
            .map(String.init)
    }

    private func event(_ kind: String, of feed: String, in workspace: Workspace) -> String? {
        events(workspace).first {
            $0.contains("\"event\":\"\(kind)\"") && $0.contains("\"feed\":\"\(feed)\"")
        }
    }

    /// The numbers of the items that were told of a feed, in the order of telling.
    private func told(_ feed: String, in workspace: Workspace) throws -> [Int] {
        try workspace.records().filter { $0.feed == feed }.compactMap { record in
            (record.url?.split(separator: "-").last).flatMap { Int($0) }
        }
    }

    private func stop(_ daemon: Program) async throws {
        daemon.send(SIGTERM)
        #expect(try await daemon.wait(within: .seconds(10)) == 0)
    }

    @Test func whatRolledOffIsFoundOnTheOlderPagesOfEachKind() async throws {
        let kinds: [(name: String, format: FeedFormat, style: LabPaging.Style)] = [
            ("atom-pages", .atom, .pages), ("atom-archives", .atom, .archives),
            ("rss-pages", .rss20, .pages), ("rss-archives", .rss20, .archives),
            ("undated-pages", .rss091, .pages), ("json-pages", .json, .pages),
        ]
        let lab = try await FeedLab.start()
        let workspace = try Workspace()
        for kind in kinds {
            let paging = LabPaging(kind.style, window: 5, size: 4)
            await lab.add(feed(kind.name, kind.format, count: 6, paging))
        }
        try workspace.configure(
            feeds(kinds.map { ($0.name, "/\($0.name).xml") }, at: lab) + topic
        )
        let daemon = try Program(["run", "-c", workspace.config], in: workspace)
        let isRead = try await eventually { try workspace.records().count == 5 * kinds.count }
        #expect(isRead)
        for kind in kinds {
            let paging = LabPaging(kind.style, window: 5, size: 4)
            await lab.add(feed(kind.name, kind.format, count: 30, paging))
        }
        let isClosed = try await eventually {
            kinds.allSatisfy { event("feed.gap_closed", of: $0.name, in: workspace) != nil }
        }
        #expect(isClosed, "\(events(workspace))")
        try await stop(daemon)
        for kind in kinds {
            let numbers = try told(kind.name, in: workspace)
            // Item 1 is older than the first window: no news.
            #expect(numbers.sorted() == Array(2...30), "\(kind.name)")
            let closed = event("feed.gap_closed", of: kind.name, in: workspace) ?? ""
            #expect(closed.contains("\"items\":19,\"matches\":19"), "\(closed)")
            // Each page was asked for once.
            let paths = await lab.requests.map(\.path).filter {
                $0.hasPrefix("/\(kind.name).xml?")
            }
            #expect(paths.count == Set(paths).count, "\(paths)")
        }
        let status = try await Program.run(
            ["status", "--json", "-c", workspace.config],
            in: workspace
        )
        #expect(status.output.contains(#""gap":false,"gap_walk":{"state":"closed""#))
        await lab.stop()
    }

    @Test func aWalkThatCannotCloseItsGapSaysWhy() async throws {
        let lab = try await FeedLab.start()
        let workspace = try Workspace()
        let kinds: [(name: String, format: FeedFormat, paging: LabPaging, why: String)] = [
            ("circle", .atom, LabPaging(.pages, window: 5, size: 50, loop: 2), "loop"),
            (
                "dead", .rss20,
                LabPaging(.archives, window: 5, size: 5, faults: [18: "status 404"]),
                "failed"
            ),
            (
                "portal", .json, LabPaging(.pages, window: 5, size: 5, faults: [3: "html"]),
                "not_a_feed"
            ),
            (
                "endless", .rss091, LabPaging(.pages, window: 5, size: 2, isEndless: true),
                "page_limit"
            ),
            ("short", .atom, LabPaging(.pages, window: 90, size: 5), "no_more_pages"),
        ]
        for kind in kinds {
            await lab.add(feed(kind.name, kind.format, count: 3, kind.paging))
        }
        try workspace.configure(
            feeds(kinds.map { ($0.name, "/\($0.name).xml") }, at: lab) + topic,
            limits: "archive_pages = 6"
        )
        let daemon = try Program(["run", "-c", workspace.config], in: workspace)
        let isRead = try await eventually { try workspace.records().count == 3 * kinds.count }
        #expect(isRead)
        for kind in kinds {
            // The first three items are gone for good.
            var gone = feed(kind.name, kind.format, count: 100, kind.paging)
            gone.dropOldest(3)
            await lab.add(gone)
        }
        let isTold = try await eventually {
            kinds.allSatisfy { event("feed.gap_open", of: $0.name, in: workspace) != nil }
        }
        #expect(isTold, "\(events(workspace))")
        try await stop(daemon)
        for kind in kinds {
            let open = event("feed.gap_open", of: kind.name, in: workspace) ?? ""
            #expect(open.contains("\"why\":\"\(kind.why)\""), "\(open)")
            #expect(event("feed.gap_closed", of: kind.name, in: workspace) == nil)
            let numbers = try told(kind.name, in: workspace)
            #expect(numbers.count == Set(numbers).count)
        }
        #expect(event("feed.gap_open", of: "dead", in: workspace)?.contains("not_found") == true)
        let pages = await lab.requests.filter { $0.path.hasPrefix("/endless.xml?") }
        #expect(pages.count == 6)
        await lab.stop()
    }

    @Test func anotherHostsPagesAreReadWithoutTheSecretsOfTheFeed() async throws {
        let home = try await FeedLab.start()
        let other = try await FeedLab.start()
        let workspace = try Workspace()
        let paging = LabPaging(.archives, window: 5, size: 5, base: other.baseURL)
        await home.add(feed("paper", count: 5, paging))
        try workspace.configure(
            """
            [[feed]]
            id = "paper"
            url = "\(home.url("/paper.xml"))"
            auth = { user = "me", password = "open sesame" }
            headers = { "X-Api-Key" = "sesame" }
            \(topic)
            """
        )
        let daemon = try Program(["run", "-c", workspace.config], in: workspace)
        let isRead = try await eventually { try workspace.records().count == 5 }
        #expect(isRead, "\(daemon.errorOutput)")
        await other.add(feed("paper", count: 25, paging))
        await home.add(feed("paper", count: 25, paging))
        let isClosed = try await eventually {
            event("feed.gap_closed", of: "paper", in: workspace) != nil
        }
        #expect(isClosed, "\(events(workspace))")
        try await stop(daemon)
        #expect(try told("paper", in: workspace).sorted() == Array(1...25))
        let asked = await other.requests
        #expect(asked.count >= 4)
        #expect(asked.allSatisfy { $0.authorization == nil && $0.key == nil })
        let polls = await home.requests
        #expect(polls.allSatisfy { $0.authorization != nil && $0.key == "sesame" })
        #expect(polls.allSatisfy { !$0.path.contains("?") })
        await home.stop()
        await other.stop()
    }

    @Test func aWalkGoesOnAfterItsDaemonWasKilled() async throws {
        let lab = try await FeedLab.start()
        let workspace = try Workspace()
        let paging = LabPaging(.archives, window: 5, size: 5)
        await lab.add(feed("paper", count: 5, paging))
        try workspace.configure(feeds([("paper", "/paper.xml")], at: lab) + topic)
        let first = try Program(["run", "-c", workspace.config], in: workspace)
        let isRead = try await eventually { try workspace.records().count == 5 }
        #expect(isRead)
        let slow = LabPaging(.archives, window: 5, size: 5, faults: [4: "silence"])
        await lab.add(feed("paper", count: 40, slow))
        #expect(await lab.wait { $0.contains { $0.path == "/paper.xml?archive=4" } })
        first.send(SIGKILL)
        #expect(try await first.wait(within: .seconds(10)) == 128 + SIGKILL)
        try await lab.set(paging: paging, for: "paper")
        let second = try Program(["run", "-c", workspace.config], in: workspace)
        let isClosed = try await eventually {
            event("feed.gap_closed", of: "paper", in: workspace) != nil
        }
        #expect(isClosed, "\(events(workspace))")
        try await stop(second)
        #expect(try told("paper", in: workspace).sorted() == Array(1...40))
        let pages = await lab.requests.map(\.path).filter { $0.contains("?") }
        #expect(pages.filter { $0.hasSuffix("=8") }.count == 1, "\(pages)")
        #expect(pages.filter { $0.hasSuffix("=4") }.count == 2, "\(pages)")
        await lab.stop()
    }

    @Test func runOnceClosesTheGapsItFindsAndKeepsItsDistance() async throws {
        let lab = try await FeedLab.start()
        let workspace = try Workspace()
        let paging = LabPaging(.pages, window: 5, size: 5)
        await lab.add(feed("paper", .json, count: 5, paging))
        try workspace.configure(
            feeds([("paper", "/paper.xml")], at: lab) + topic,
            limits: "host_spacing = \"100ms\""
        )
        let text = Workspace.text(of: workspace.config)
        try workspace.write(
            text.replacing("host_spacing = \"0s\"\n", with: ""),
            to: workspace.config
        )
        let first = try await Program.run(["run", "--once", "-c", workspace.config], in: workspace)
        #expect(first.status == 0, "\(first.errorOutput)")
        await lab.add(feed("paper", .json, count: 25, paging))
        // The feed may not be due yet.
        let isClosed = try await eventually {
            let next = try await Program.run(
                ["run", "--once", "-c", workspace.config],
                in: workspace
            )
            #expect(next.status == 0, "\(next.errorOutput)")
            return event("feed.gap_closed", of: "paper", in: workspace) != nil
        }
        #expect(isClosed)
        #expect(try told("paper", in: workspace).sorted() == Array(1...25))
        let times = await lab.requests.filter { $0.path.contains("?") }.map(\.milliseconds)
        #expect(times.count == 4)
        #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 >= 190 }, "\(times)")
        await lab.stop()
    }
}
