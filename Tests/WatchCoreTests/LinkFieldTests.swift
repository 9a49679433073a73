import Testing
import WatchCore

/// `Link` fields, and where they lead.
@Suite struct LinkFieldTests {
    @Test func linksAreReadWithTheirParameters() {
        let links = LinkField.links(
            in: #"<?page=2>; rel="next last"; title="a, b", </old>; rel=prev-archive;anchor="/x""#
        )
        #expect(links.map(\.target) == ["?page=2", "/old"])
        #expect(links.first?.relations == ["next", "last"])
        #expect(links.first?.title == "a, b")
        #expect(links.first?.anchor == nil)
        #expect(links.last?.relations == ["prev-archive"])
        #expect(links.last?.anchor == "/x")
    }

    @Test(arguments: [
        ("https://other.example/a", "https://other.example/a"),
        ("//other.example/a", "https://other.example/a"),
        ("/a/b", "https://n.example:8443/a/b"), ("c.xml", "https://n.example:8443/feeds/c.xml"),
        ("?page=2", "https://n.example:8443/feeds/all?page=2"),
        ("", "https://n.example:8443/feeds/all?x=1"),
        ("#top", "https://n.example:8443/feeds/all?x=1"),
        ("../p/./2?a=../b", "https://n.example:8443/p/2?a=../b"),
        ("../../..", "https://n.example:8443/"), (".", "https://n.example:8443/feeds/"),
        ("mailto:a@b", "mailto:a@b"),
    ])
    func aTargetIsResolvedAtItsDocument(target: String, url: String) throws {
        let link = try #require(LinkField.links(in: "<\(target)>; rel=next").first)
        #expect(link.url(at: "https://n.example:8443/feeds/all?x=1#y") == url)
    }

    @Test(arguments: [
        ("a", "http://n.example", "http://n.example/a"),
        ("?a", "http://n.example", "http://n.example/?a"), ("a", "nowhere", nil),
    ])
    func aTargetIsResolvedAtADocumentWithoutPath(
        target: String,
        base: String,
        url: String?
    ) throws {
        let link = try #require(LinkField.links(in: "<\(target)>").first)
        #expect(link.url(at: base) == url)
    }
}
