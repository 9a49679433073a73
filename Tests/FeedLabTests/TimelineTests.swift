import FeedLab
import Testing

@Suite struct TimelineTests {
    @Test func aStepPublishesItsItemsOnTop() async throws {
        try await withLab(site: try sampleSite()) { lab, client in
            let before = await client.get("/harbour-wire.xml")
            #expect(!before.text.contains("hw-2025-1107"))
            #expect(await lab.publish(step: "evening") == 7)
            #expect(await lab.publish(step: "evening") == 0)
            let after = await client.get(
                "/harbour-wire.xml",
                headers: ValidatorTests.conditions(before)
            )
            #expect(after.status == 200)
            #expect(after.text.contains("hw-2025-1107"))
            #expect(!after.text.contains("<?lab"))
        }
    }

    @Test func aStepLeavesOtherFeedsAlone() async throws {
        try await withLab(site: try sampleSite()) { lab, client in
            let before = await client.get("/courrier.xml")
            await lab.publish(step: "evening")
            let again = await client.get(
                "/courrier.xml",
                headers: ValidatorTests.conditions(before)
            )
            #expect(again.status == 304)
        }
    }

    @Test func anItemAppearsWhenItsTimeHasCome() async throws {
        let directory = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        let site = try LabSite(directory: "/\(directory)/Fixtures/timeline")
        try await withLab(site: site) { lab, client in
            let first = await client.get("/timeline.xml")
            #expect(first.text.contains("From the start"))
            #expect(!first.text.contains("In an hour"))
            let deadline = ContinuousClock.now + .seconds(10)
            var later = first
            while !later.text.contains("A little later"), ContinuousClock.now < deadline {
                later = await client.get("/timeline.xml")
            }
            #expect(later.text.contains("A little later"))
            #expect(!later.text.contains("In an hour"))
        }
    }

    @Test(arguments: FeedFormat.markup)
    func anItemIsPublishedInTheFeedsDialect(_ format: FeedFormat) async throws {
        try await withLab([smallFeed(format: format)]) { lab, client in
            let item = LabItem(id: "two", title: "Сапёры & Co", summary: "<p>Text</p>")
            try await lab.publish(feed: "small", item: item)
            let text = await client.get("/feed.xml").text
            #expect(text.contains("<title>Сапёры &amp; Co</title>"))
            #expect(text.contains("&lt;p&gt;Text&lt;/p&gt;"))
            #expect(text.components(of: format == .atom ? "<entry>" : "<item") == 2)
        }
    }

    @Test func anItemForAFeedInAnotherEncodingIsWrittenInASCII() async throws {
        try await withLab(site: try sampleSite()) { lab, client in
            let item = LabItem(id: "x", title: "Сапёры")
            try await lab.publish(feed: "polnochny-vestnik", item: item)
            let body = await client.get("/polnochny-vestnik.xml").body
            let title = "<title>&#1057;&#1072;&#1087;&#1105;&#1088;&#1099;</title>"
            #expect(body.firstRange(of: Array(title.utf8)) != nil)
        }
    }
}

extension String {
    /// How often a piece occurs.
    fileprivate func components(of piece: String) -> Int {
        ranges(of: piece).count
    }
}
