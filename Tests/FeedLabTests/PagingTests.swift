import FeedLab
import Testing

/// Feeds whose older items are on further pages.
@Suite struct PagingTests {
    private func feed(_ format: FeedFormat, count: Int, _ paging: LabPaging) -> LabFeed {
        LabFeed(
            id: "paged",
            path: "/paged",
            format: format,
            items: (1...count).reversed().map { LabItem(id: "i\($0)", title: "No. \($0).") },
            paging: paging
        )
    }

    /// The numbers of the items in a document, in its order.
    private func numbers(_ text: String) -> [Int] {
        text.split(separator: "No. ").dropFirst().compactMap { Int($0.prefix { $0 != "." }) }
    }

    @Test func pagesAreCountedFromTheNewestItem() async throws {
        let paging = LabPaging(.pages, window: 3, size: 2)
        try await withLab([feed(.atom, count: 6, paging)]) { _, client in
            let first = await client.get("/paged").text
            #expect(numbers(first) == [6, 5, 4])
            #expect(first.contains(#"<link rel="next" href="/paged?page=2"/>"#))
            let second = await client.get("/paged?page=2").text
            #expect(numbers(second) == [3, 2])
            #expect(second.contains("page=3"))
            let last = await client.get("/paged?page=3").text
            #expect(numbers(last) == [1])
            #expect(!last.contains("rel=\"next\""))
        }
    }

    @Test func archivesAreCountedFromTheOldestItemAndStayAsTheyAre() async throws {
        let paging = LabPaging(.archives, window: 3, size: 2)
        try await withLab([feed(.rss20, count: 5, paging)]) { lab, client in
            let first = await client.get("/paged").text
            #expect(numbers(first) == [5, 4, 3])
            #expect(first.contains(#"rel="prev-archive" href="/paged?archive=2"/>"#))
            let archive = await client.get("/paged?archive=2").text
            #expect(numbers(archive) == [4, 3])
            #expect(numbers(await client.get("/paged?archive=1").text) == [2, 1])
            try await lab.publish(feed: "paged", item: LabItem(id: "i6", title: "No. 6."))
            #expect(await client.get("/paged?archive=2").text == archive)
            #expect(await client.get("/paged").text.contains("archive=3"))
        }
    }

    @Test func jsonFeedsNameTheirNextPage() async throws {
        let paging = LabPaging(.pages, window: 2, size: 2, base: "http://127.0.0.1:9")
        try await withLab([feed(.json, count: 3, paging)]) { _, client in
            let first = await client.get("/paged").text
            #expect(numbers(first) == [3, 2])
            #expect(first.contains(#""next_url":"http://127.0.0.1:9/paged?page=2""#))
            #expect(!(await client.get("/paged?page=2").text.contains("next_url")))
        }
    }

    @Test func pagesMayLeadInACircleNeverEndOrBeWrong() async throws {
        let circle = LabPaging(.pages, window: 2, size: 2, loop: 1)
        try await withLab([feed(.atom, count: 4, circle)]) { lab, client in
            #expect(await client.get("/paged?page=2").text.contains("page=1"))
            let endless = LabPaging(.pages, window: 2, size: 2, isEndless: true)
            try await lab.set(paging: endless, for: "paged")
            #expect(await client.get("/paged?page=70").text.contains("page=71"))
            let dead = LabPaging(.pages, window: 2, size: 2, faults: [2: "status 410"])
            try await lab.set(paging: dead, for: "paged")
            #expect(await client.get("/paged?page=2").status == 410)
            #expect(await client.get("/paged").status == 200)
        }
    }
}
