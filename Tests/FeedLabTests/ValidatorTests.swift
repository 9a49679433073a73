import FeedLab
import Testing

@Suite struct ValidatorTests {
    /// What a kind of validators sends, and the conditional headers that answer it.
    static func conditions(_ answer: LabAnswer) -> [String: String] {
        var headers: [String: String] = [:]
        headers["If-None-Match"] = answer.headers["etag"]
        headers["If-Modified-Since"] = answer.headers["last-modified"]
        return headers
    }

    @Test(arguments: [LabValidators.strong, .weak, .date, .both])
    func whatWasSentComesBackAsNotModified(_ validators: LabValidators) async throws {
        try await withLab([smallFeed(validators: validators)]) { _, client in
            let first = await client.get("/feed.xml")
            #expect(first.status == 200)
            #expect(first.text.contains("<title>The first</title>"))
            let second = await client.get("/feed.xml", headers: Self.conditions(first))
            #expect(second.status == 304)
            #expect(second.body.isEmpty)
            #expect(second.headers["etag"] == first.headers["etag"])
            #expect(second.headers["last-modified"] == first.headers["last-modified"])
        }
    }

    @Test(arguments: [
        (LabValidators.none, false, false), (.strong, true, false), (.weak, true, false),
        (.date, false, true), (.both, true, true),
    ])
    func eachKindSendsItsOwn(_ kind: LabValidators, hasTag: Bool, hasDate: Bool) async throws {
        try await withLab([smallFeed(validators: kind)]) { _, client in
            let answer = await client.get("/feed.xml")
            #expect((answer.headers["etag"] != nil) == hasTag)
            #expect((answer.headers["last-modified"] != nil) == hasDate)
            #expect(answer.headers["etag"]?.hasPrefix("W/") ?? false == (kind == .weak))
        }
    }

    @Test func anAlteredValidatorGetsTheWholeDocument() async throws {
        try await withLab([smallFeed(validators: .both)]) { _, client in
            let first = await client.get("/feed.xml")
            let tag = try #require(first.headers["etag"])
            let date = try #require(first.headers["last-modified"])
            let altered: [[String: String]] = [
                ["If-None-Match": "W/" + tag],
                ["If-None-Match": String(tag.dropFirst().dropLast())],
                ["If-None-Match": tag, "If-Modified-Since": date.lowercased()],
                ["If-Modified-Since": "Wed, 18 Jun 2025 12:00:00 GMT"],
            ]
            for headers in altered {
                let answer = await client.get("/feed.xml", headers: headers)
                #expect(answer.status == 200, "\(headers)")
            }
            #expect(await client.get("/feed.xml", headers: ["If-None-Match": tag]).status == 304)
        }
    }

    @Test func aNewItemChangesBothValidators() async throws {
        try await withLab([smallFeed(validators: .both)]) { lab, client in
            let first = await client.get("/feed.xml")
            try await lab.publish(feed: "small", item: LabItem(id: "two", title: "The second"))
            let second = await client.get("/feed.xml", headers: Self.conditions(first))
            #expect(second.status == 200)
            #expect(second.text.contains("The second"))
            #expect(second.headers["etag"] != first.headers["etag"])
            #expect(second.headers["last-modified"] != first.headers["last-modified"])
        }
    }
}
