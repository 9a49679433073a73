import FeedLab
import Testing

@Suite struct ManyFeedsTests {
    @Test func aGeneratedFeedIsTheSameInEachLab() async throws {
        var bodies: [[[UInt8]]] = []
        for _ in 0..<2 {
            try await withLab(manyFeeds: 12) { _, client in
                var run: [[UInt8]] = []
                for number in 0..<12 { run.append(await client.get("/many/\(number).xml").body) }
                bodies.append(run)
            }
        }
        #expect(bodies.first == bodies.last)
        #expect(Set(bodies.first ?? []).count == 12)
    }

    @Test func aNumberBeyondTheLastIsNotFound() async throws {
        try await withLab(manyFeeds: 3) { _, client in
            #expect(await client.get("/many/2.xml").status == 200)
            #expect(await client.get("/many/3.xml").status == 404)
            #expect(await client.get("/many/-1.xml").status == 404)
        }
    }

    @Test func thePlantedItemsStandWhereTheyAreExpected() async throws {
        let expected = FeedLab.manyExpectations(count: 40)
        #expect(expected.count == 12)
        #expect(expected.count { $0.topics == ["dprk-russia", "kursk"] } == 4)
        #expect(expected.count { $0.topics == ["kursk"] } == 4)
        try await withLab(manyFeeds: 40) { lab, client in
            #expect(await lab.publishedExpectations == expected)
            for item in expected {
                let number = item.feed.dropFirst("many-".count)
                let text = await client.get("/many/\(number).xml").text
                #expect(text.contains(item.url))
            }
        }
    }

    @Test func aGeneratedFeedTakesItemsAndFaults() async throws {
        try await withLab(manyFeeds: 3) { lab, client in
            try await lab.publish(feed: "/many/1.xml", item: LabItem(id: "n", title: "Brand new"))
            #expect(await client.get("/many/1.xml").text.contains("Brand new"))
            try await lab.set(fault: .status(500), for: "/many/1.xml")
            #expect(await client.get("/many/1.xml").status == 500)
        }
    }
}
