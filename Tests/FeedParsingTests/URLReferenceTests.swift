import Testing

@testable import FeedParsing

@Suite struct URLReferenceTests {
    private func resolve(_ reference: String, _ base: String = "http://a/b/c/d;p?q") -> String {
        let reference = Array(reference.utf8)
        let base = Array(base.utf8)
        return reference.withUnsafeBufferPointer { reference in
            base.withUnsafeBufferPointer {
                String(decoding: URLReference.resolve(reference, against: $0), as: UTF8.self)
            }
        }
    }

    /// RFC 3986, sections 5.4.1 and 5.4.2.
    @Test(arguments: [
        ("g:h", "g:h"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"),
        ("g/", "http://a/b/c/g/"), ("/g", "http://a/g"), ("//g", "http://g"),
        ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"), ("#s", "http://a/b/c/d;p?q#s"),
        ("g#s", "http://a/b/c/g#s"), ("g?y#s", "http://a/b/c/g?y#s"), (";x", "http://a/b/c/;x"),
        ("g;x?y#s", "http://a/b/c/g;x?y#s"), ("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"),
        ("./", "http://a/b/c/"), ("..", "http://a/b/"), ("../", "http://a/b/"),
        ("../g", "http://a/b/g"), ("../..", "http://a/"), ("../../", "http://a/"),
        ("../../g", "http://a/g"), ("../../../g", "http://a/g"), ("/./g", "http://a/g"),
        ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."), ("..g", "http://a/b/c/..g"),
        ("./../g", "http://a/b/g"), ("./g/.", "http://a/b/c/g/"), ("g/../h", "http://a/b/c/h"),
        ("g;x=1/../y", "http://a/b/c/y"), ("g?y/../x", "http://a/b/c/g?y/../x"),
        ("g#s/../x", "http://a/b/c/g#s/../x"),
    ])
    func theExamplesOfRFC3986Hold(_ reference: String, _ wanted: String) {
        #expect(resolve(reference) == wanted)
    }

    @Test(arguments: [
        ("a", "http://x", "http://x/a"), ("?q", "http://x", "http://x?q"), ("a", "relative", "a"),
        ("/новости", "https://пример.example/a/", "https://пример.example/новости"),
    ])
    func otherBasesHold(_ reference: String, _ base: String, _ wanted: String) {
        #expect(resolve(reference, base) == wanted)
    }
}
