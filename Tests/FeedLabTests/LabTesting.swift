import FeedLab

/// Runs a body against a lab of these feeds, and stops the lab whatever happens.
func withLab(
    _ feeds: [LabFeed] = [],
    site: LabSite? = nil,
    manyFeeds: Int = 0,
    _ body: (FeedLab, LabClient) async throws -> Void
) async throws {
    let lab = try await FeedLab.start(site: site ?? LabSite(feeds: feeds), manyFeeds: manyFeeds)
    do {
        try await body(lab, LabClient(port: lab.port))
    } catch {
        await lab.stop()
        throw error
    }
    await lab.stop()
}

/// A feed at `/feed.xml` with one item.
func smallFeed(
    format: FeedFormat = .rss20,
    validators: LabValidators = .both,
    isGzipped: Bool = false,
    fault: LabFault? = nil
) -> LabFeed {
    LabFeed(
        id: "small",
        path: "/feed.xml",
        format: format,
        items: [LabItem(id: "one", title: "The first", summary: "Fish & <b>chips</b>")],
        validators: validators,
        isGzipped: isGzipped,
        fault: fault
    )
}

/// The repository's own sample feeds.
func sampleSite() throws -> LabSite {
    try LabSite(directory: sampleDirectory)
}

/// Where they lie.
let sampleDirectory: String = {
    let here = #filePath.split(separator: "/").dropLast(3)
    return "/" + here.joined(separator: "/") + "/config/lab"
}()
