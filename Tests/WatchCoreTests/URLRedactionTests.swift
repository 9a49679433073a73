import Testing
import WatchCore

@Suite struct URLRedactionTests {
    @Test(arguments: [
        ("http://a.example/x", "http://a.example/x", "a.example"),
        (
            "https://u:p@A.Example:8080/x@y?z@#@", "https://A.Example:8080/x@y?z@#@",
            "a.example:8080"
        ),
        ("http://u:p@ss@host/", "http://host/", "host"),
        ("http://u@host?q", "http://host?q", "host"),
        ("a:b://u@host", "a:b://host", "host"),
        ("no address@all", "no address@all", "no address@all"),
        ("https://NEWS.example?x=1", "https://NEWS.example?x=1", "news.example"),
        ("http://[2001:db8::1]:80/f", "http://[2001:db8::1]:80/f", "[2001:db8::1]"),
        ("https://news.example:443/f", "https://news.example:443/f", "news.example"),
        ("https://news.example:80/f", "https://news.example:80/f", "news.example:80"),
        ("http://", "http://", ""), ("http://@", "http://", ""),
        ("http://é.example/", "http://é.example/", "é.example"),
    ])
    func userInformationIsTakenOutAndTheHostIsKnown(url: String, clean: String, host: String) {
        #expect(URLRedaction.redacted(url) == clean)
        #expect(URLRedaction.host(of: url) == host)
    }
}
