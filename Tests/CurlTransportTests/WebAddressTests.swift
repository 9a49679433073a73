import Testing

@testable import CurlTransport

@Suite struct WebAddressTests {
    @Test(arguments: [
        ("http://a.example/x", "http://a.example/x", "a.example:80"),
        ("https://a.example:8443/x?y", "https://a.example:8443/x?y", "a.example:8443"),
        ("HTTPS://A.Example/x#frag", "https://A.Example/x", "a.example:443"),
        ("http://user:pa%40ss@a.example/", "http://a.example/", "a.example:80"),
        ("http://[::1]:81/", "http://[::1]:81/", "[::1]:81"),
        ("http://x@2130706433/", "http://127.0.0.1/", "127.0.0.1:80"),
        ("http://a.example/ü b", "http://a.example/%c3%bc%20b", "a.example:80"),
    ])
    func anAddressIsTakenApart(text: String, url: String, authority: String) throws {
        let address = try WebAddress(text)
        #expect(address.authority == authority)
        #expect(address.url == url)
    }

    @Test func userInformationIsDecodedAndTakenOut() throws {
        let address = try WebAddress("http://us%65r:pa%40ss@a.example/")
        #expect(address.credentials?.user == "user")
        #expect(address.credentials?.password == "pa@ss")
        #expect(address.url == "http://a.example/")
    }

    @Test(arguments: [
        "http://a.example:0x50/", "http://a.example:99999/", "//a.example", "a.example",
        "http://a.example:/\0", "https://a b/",
    ])
    func whatCannotBeReadIsRefused(text: String) {
        #expect(throws: WebAddress.Flaw.self) { try WebAddress(text) }
    }

    @Test(arguments: [
        ("http://a.example/1", "http://a.example/2", true),
        ("http://a.example/", "http://a.example:80/", true),
        ("http://a.example/", "https://a.example/", true),
        ("https://a.example/", "http://a.example/", false),
        ("http://a.example:81/", "https://a.example:82/", false),
        ("http://a.example/", "http://a.example:81/", false),
        ("http://a.example/", "http://www.a.example/", false),
    ])
    func hostsAreToldApart(from: String, to: String, isSame: Bool) throws {
        #expect(try WebAddress(from).isSameHost(as: WebAddress(to)) == isSame)
    }

    @Test(arguments: [
        ("/x", "https://a.example/x"), ("x?y", "https://a.example/d/x?y"),
        ("../x", "https://a.example/x"), ("//b.example/x", "https://b.example/x"),
        ("?q", "https://a.example/d/f?q"), ("http://c.example", "http://c.example/"),
    ])
    func aReferenceIsResolved(reference: String, url: String) throws {
        let base = try WebAddress("https://a.example/d/f")
        #expect(try base.resolving(reference.utf8).url == url)
    }
}

@Suite struct WireTextTests {
    @Test(arguments: [
        [], Array("\"abc\"".utf8), Array("W/\"ü\"".utf8), [0xE9], [0x22, 0xFF, 0x80, 0x22],
        Array("\u{EFE9}".utf8), [0xC3], Array("日本".utf8) + [0xFE],
    ])
    func aValueComesBackByteForByte(bytes: [UInt8]) {
        let text = WireText.decode(bytes)
        let back = WireText.withBytes(of: text) { pointer in
            Array(String(cString: pointer).utf8).count < 0
                ? [] : (0..<bytes.count).map { UInt8(bitPattern: pointer[$0]) }
        }
        #expect(back == bytes)
    }
}
