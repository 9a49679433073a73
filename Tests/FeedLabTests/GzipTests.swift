import FeedLab
import Testing

@Suite struct GzipTests {
    @Test func theBodyIsPackedForThoseWhoAcceptIt() async throws {
        try await withLab([smallFeed(isGzipped: true)]) { _, client in
            let plain = await client.get("/feed.xml")
            let packed = await client.get("/feed.xml", headers: ["Accept-Encoding": "br, gzip"])
            #expect(plain.headers["content-encoding"] == nil)
            #expect(packed.headers["content-encoding"] == "gzip")
            #expect(packed.headers["vary"] == "Accept-Encoding")
            #expect(gunzip(packed.body) == plain.body)
            #expect(packed.headers["etag"] != plain.headers["etag"])
        }
    }

    @Test func thePackedDocumentHasAValidatorOfItsOwn() async throws {
        try await withLab([smallFeed(validators: .strong, isGzipped: true)]) { _, client in
            let gzip = ["Accept-Encoding": "gzip"]
            let packed = await client.get("/feed.xml", headers: gzip)
            let tag = try #require(packed.headers["etag"])
            let withTag = gzip.merging(["If-None-Match": tag]) { $1 }
            #expect(await client.get("/feed.xml", headers: withTag).status == 304)
            #expect(await client.get("/feed.xml", headers: ["If-None-Match": tag]).status == 200)
        }
    }

    @Test func theBombUnpacksToManyTimesItsSize() async throws {
        try await withLab([smallFeed(fault: .gzipBomb)]) { _, client in
            let bomb = await client.get("/feed.xml")
            #expect(bomb.headers["content-encoding"] == "gzip")
            #expect(bomb.body.count < 200_000)
            #expect(gunzip(bomb.body)?.count == 64 * 1_048_576)
        }
    }

    @Test func aCutMemberIsCutUnderTheRightLength() async throws {
        try await withLab([smallFeed(fault: .cutGzip)]) { _, client in
            let answer = await client.get("/feed.xml")
            #expect(answer.headers["content-length"] == "\(answer.body.count)")
            #expect(gunzip(answer.body) == nil)
        }
    }
}
