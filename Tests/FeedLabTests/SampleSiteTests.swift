import FeedLab
import Testing

@Suite struct SampleSiteTests {
    @Test func eachItemOfEachFeedHasOneExpectation() async throws {
        let site = try sampleSite()
        try await withLab(site: site) { lab, client in
            await lab.publish(step: "evening")
            for feed in site.feeds where feed.fault == nil {
                let body = await client.get(feed.path).body
                let items = Self.items(in: body)
                let expected = site.expectations.filter { $0.feed == feed.id }
                #expect(items.count == expected.count, "\(feed.id)")
                for item in items {
                    let naming = expected.filter { item.firstRange(of: Array($0.item.utf8)) != nil }
                    #expect(naming.count == 1, "\(feed.id): \(naming.map(\.item))")
                }
            }
        }
    }

    @Test func whatIsWantedFollowsWhatIsPublished() async throws {
        let site = try sampleSite()
        try await withLab(site: site) { lab, client in
            let before = await client.get("/lab/wanted").text.split(separator: "\n")
            await lab.publish(step: "evening")
            let after = await client.get("/lab/wanted").text.split(separator: "\n")
            #expect(before.count < after.count)
            #expect(after.count == site.expectations.reduce(0) { $0 + $1.topics.count })
            #expect(await lab.publishedExpectations.count == site.expectations.count)
            let line = "kursk\tcourrier\thttps://courrier.example/monde/demineurs"
            #expect(before.contains { $0 == line })
            let unwanted = await client.get("/lab/unwanted").text.split(separator: "\n")
            #expect(unwanted.count == site.expectations.count(where: \.topics.isEmpty))
        }
    }

    @Test func theNewsIsToldInEachLanguageAndDialect() async throws {
        let site = try sampleSite()
        let telling = site.expectations.filter { $0.note.contains("The news of 17 June") }
        #expect(Set(telling.map(\.feed)).count == 11)
        #expect(telling.allSatisfy { $0.topics == ["dprk-russia", "kursk"] })
    }

    @Test func aMissingDirectoryIsReportedByName() {
        #expect {
            try LabSite(directory: "/nowhere")
        } throws: { error in
            "\(error)" == "/nowhere/site.json: cannot be read"
        }
    }

    private static func items(in document: [UInt8]) -> [[UInt8]] {
        var items: [[UInt8]] = []
        var rest = document[...]
        let closing = ["</item>", "</entry>"].map { Array($0.utf8) }
        while let end = closing.compactMap({ rest.firstRange(of: $0) }).first {
            items.append(Array(rest[..<end.upperBound]))
            rest = rest[end.upperBound...]
        }
        // What stands before the first item is the channel's.
        let opening = ["<item>", "<item rdf", "<entry>"].map { Array($0.utf8) }
        guard let first = items.first,
            let start = opening.compactMap({ first.firstRange(of: $0) }).first
        else { return items }
        items[0] = Array(first[start.lowerBound...])
        return items
    }
}
