import FeedLab
import Testing

@Suite struct FaultTests {
    @Test(arguments: [301, 302, 307, 308])
    func aRedirectNamesItsTarget(_ code: Int) async throws {
        try await withLab([smallFeed(fault: .redirect(code, to: "/new.xml"))]) { _, client in
            let answer = await client.get("/feed.xml")
            #expect(answer.status == code)
            #expect(answer.headers["location"] == "/new.xml")
        }
    }

    @Test(
        arguments: [
            (LabFault.status(404), nil), (.status(410), nil), (.status(500), nil),
            (.status(429, retryAfter: 7), "7"), (.status(503, retryAfter: 2), "2"),
        ] as [(LabFault, String?)]
    )
    func anErrorStatusSaysWhenToComeBack(_ fault: LabFault, _ retryAfter: String?) async throws {
        try await withLab([smallFeed(fault: fault)]) { _, client in
            let answer = await client.get("/feed.xml")
            #expect(fault == .status(answer.status, retryAfter: retryAfter.flatMap { Int($0) }))
            #expect(answer.headers["retry-after"] == retryAfter)
        }
    }

    @Test func silenceIsLoggedAndNeverAnswered() async throws {
        try await withLab([smallFeed(fault: .silence)]) { lab, client in
            async let answer = client.get("/feed.xml", limit: .milliseconds(300))
            #expect(await lab.wait { $0.count == 1 })
            #expect(await answer.status == 0)
            #expect(await lab.requests.first?.status == nil)
        }
    }

    @Test func aStopEndsAnswersThatWouldNeverEnd() async throws {
        let feeds = [
            smallFeed(fault: .silence),
            LabFeed(id: "endless", path: "/endless.xml", fault: .endless),
        ]
        let lab = try await FeedLab.start(site: LabSite(feeds: feeds))
        let client = LabClient(port: lab.port)
        async let silent = client.get("/feed.xml")
        async let endless = client.get("/endless.xml", most: 1_000_000_000)
        #expect(await lab.wait { $0.count == 2 })
        await lab.stop()
        #expect(await silent.isClosed)
        #expect(await endless.isClosed)
    }

    @Test func anEndlessFeedGoesOnPastAnyLimit() async throws {
        try await withLab([smallFeed(fault: .endless)]) { _, client in
            let answer = await client.get("/feed.xml", most: 4_000_000)
            #expect(answer.body.count >= 3_900_000)
            #expect(!answer.isClosed)
            #expect(answer.headers["transfer-encoding"] == "chunked")
        }
    }

    @Test func aStalledAnswerStopsInTheMiddle() async throws {
        try await withLab([smallFeed(fault: .stall(after: 40))]) { _, client in
            let answer = await client.get("/feed.xml", limit: .milliseconds(300))
            #expect(answer.body.count == 40)
            #expect(!answer.isClosed)
        }
    }

    @Test func aCutAnswerIsShorterThanAnnounced() async throws {
        try await withLab([smallFeed(fault: .cut(after: 40))]) { _, client in
            let answer = await client.get("/feed.xml")
            #expect(answer.body.count == 40)
            #expect(answer.isClosed)
            #expect((Int(answer.headers["content-length"] ?? "") ?? 0) > 40)
        }
    }

    @Test(arguments: [10, 100_000])
    func aWrongLengthIsSentAsTold(_ length: Int) async throws {
        try await withLab([smallFeed(fault: .length(length))]) { _, client in
            let answer = await client.get("/feed.xml")
            #expect(answer.headers["content-length"] == "\(length)")
            #expect(answer.text.hasSuffix("</channel></rss>\n"))
            #expect(answer.isClosed)
        }
    }

    @Test func aDelayedAnswerIsTheRightOneLate() async throws {
        try await withLab([smallFeed(fault: .delay(.milliseconds(200)))]) { _, client in
            let started = ContinuousClock.now
            let answer = await client.get("/feed.xml")
            #expect(started.duration(to: .now) >= .milliseconds(200))
            #expect(answer.status == 200)
            #expect(answer.text.contains("The first"))
        }
    }

    @Test func aDripArrivesWholeInTheEnd() async throws {
        try await withLab([smallFeed(fault: .drip(200))]) { lab, client in
            let answer = await client.get("/feed.xml")
            try await lab.set(fault: nil, for: "small")
            #expect(answer.body == (await client.get("/feed.xml")).body)
        }
    }

    @Test(arguments: [
        (LabFault.htmlPage, "<!DOCTYPE html>"), (.doctypeBomb, "<!ENTITY lol9"),
        (.garbage, "\r"), (.empty, ""),
    ])
    func aWrongDocumentComesAsTwoHundred(_ fault: LabFault, _ mark: String) async throws {
        try await withLab([smallFeed(fault: fault)]) { _, client in
            let answer = await client.get("/feed.xml")
            #expect(answer.status == 200)
            #expect(mark.isEmpty == answer.body.isEmpty)
            #expect(mark.isEmpty || answer.body.firstRange(of: Array(mark.utf8)) != nil)
        }
    }

    @Test func liesAboutValidatorsAreToldBothWays() async throws {
        try await withLab([smallFeed(fault: .unconditional)]) { lab, client in
            let first = await client.get("/feed.xml")
            let headers = ValidatorTests.conditions(first)
            #expect(await client.get("/feed.xml", headers: headers).status == 200)
            try await lab.set(fault: .stale304, for: "/feed.xml")
            #expect(await client.get("/feed.xml").status == 304)
        }
    }

    @Test func aFaultIsSetAndTakenAway() async throws {
        try await withLab([smallFeed()]) { lab, client in
            try await lab.set(fault: .status(500), for: "small")
            #expect(await client.get("/feed.xml").status == 500)
            try await lab.set(fault: nil, for: "small")
            #expect(await client.get("/feed.xml").status == 200)
            await #expect(throws: LabError.unknownFeed("large")) {
                try await lab.set(fault: .silence, for: "large")
            }
        }
    }

    @Test(arguments: [
        ("status 404", LabFault.status(404)),
        ("status 429 retry-after 7", .status(429, retryAfter: 7)),
        ("redirect 308 /a.xml", .redirect(308, to: "/a.xml")),
        ("delay 250ms", .delay(.milliseconds(250))),
        ("delay 2s", .delay(.seconds(2))), ("stall 10", .stall(after: 10)),
        ("cut 0", .cut(after: 0)),
        ("length 5", .length(5)), ("drip 64", .drip(64)), ("silence", .silence),
        ("doctype-bomb", .doctypeBomb),
    ])
    func aFaultIsReadFromText(_ text: String, _ fault: LabFault) throws {
        #expect(try LabFault(text: text) == fault)
    }

    @Test(arguments: [
        "", "status", "status x", "status 429 later 7", "delay 2", "drip 0", "silence 1",
    ])
    func anUnknownFaultIsRefused(_ text: String) {
        #expect(throws: LabError.badFault(text)) { try LabFault(text: text) }
    }
}
