import FeedLab
import Testing

@Suite struct RequestLogTests {
    @Test func aRequestIsKeptWithItsHeaders() async throws {
        try await withLab([smallFeed()]) { lab, client in
            let headers = [
                "If-None-Match": "W/\"a, b\"", "If-Modified-Since": "Tue, 17 Jun 2025 12:00:00 GMT",
                "User-Agent": "test/1", "Accept-Encoding": "gzip",
            ]
            _ = await client.get("/feed.xml?x=1", headers: headers)
            let request = try #require(await lab.requests.first)
            #expect(request.method == "GET")
            #expect(request.path == "/feed.xml?x=1")
            #expect(request.status == 200)
            #expect(request.ifNoneMatch == "W/\"a, b\"")
            #expect(request.ifModifiedSince == "Tue, 17 Jun 2025 12:00:00 GMT")
            #expect(request.userAgent == "test/1")
            #expect(request.acceptEncoding == "gzip")
            #expect(request.isConditional)
        }
    }

    @Test func theLabsOwnPagesAreNotInTheLog() async throws {
        try await withLab([smallFeed()]) { lab, client in
            _ = await client.get("/lab/requests")
            _ = await client.get("/nowhere.xml")
            #expect(await lab.requests.map(\.path) == ["/nowhere.xml"])
            #expect(await lab.requests.map(\.status) == [404])
        }
    }

    @Test func theLogIsReadAndClearedOverHTTP() async throws {
        try await withLab([smallFeed()]) { lab, client in
            _ = await client.get("/feed.xml", headers: ["User-Agent": "test/1"])
            let page = await client.get("/lab/requests")
            #expect(page.headers["content-type"] == "application/json")
            #expect(page.text.hasPrefix("{\"requests\":[{"))
            #expect(page.text.contains("\"path\":\"/feed.xml\""))
            #expect(page.text.contains("\"userAgent\":\"test/1\""))
            #expect(await client.get("/lab/clear", method: "POST").status == 200)
            #expect(await lab.requests.isEmpty)
        }
    }

    @Test func aWaitEndsWithTheConditionOrTheLimit() async throws {
        try await withLab([smallFeed()]) { lab, client in
            async let isSeen = lab.wait { $0.contains { $0.path == "/feed.xml" } }
            _ = await client.get("/feed.xml")
            #expect(await isSeen)
            #expect(await lab.wait(within: .milliseconds(20)) { $0.count > 1 } == false)
        }
    }

    @Test func stepsItemsAndFaultsAreSetOverHTTP() async throws {
        try await withLab([smallFeed()], site: try sampleSite()) { lab, client in
            let step = await client.get("/lab/publish?step=evening", method: "POST")
            #expect(step.text == "published 7\n")
            let item = """
                {"id":"n","title":"New","summary":"","link":"https://x.example/","published":0}
                """
            let one = await client.get("/lab/publish?feed=courrier", method: "POST", body: item)
            #expect(one.text == "published 1\n")
            #expect(await client.get("/courrier.xml").text.contains("<title>New</title>"))
            let fault = "/lab/fault?feed=courrier&fault=status%20410"
            #expect(await client.get(fault, method: "POST").status == 200)
            #expect(await client.get("/courrier.xml").status == 410)
            #expect(
                await client.get("/lab/fault?feed=courrier&fault=x", method: "POST").status == 400
            )
            #expect(await client.get("/lab/nowhere").status == 404)
        }
    }
}
