import Testing

@testable import ServiceHost

@Suite struct VisibleTextTests {
    @Test(arguments: [
        ("plain text, \"quoted\"", "plain text, \"quoted\""),
        ("Курск 북한 朝鲜 é 👩‍🚀", "Курск 북한 朝鲜 é 👩‍🚀"),
        ("a\u{1B}[31mred", "a\\u{1B}[31mred"),
        ("one\ntwo\r\tthree\u{0}", "one\\ntwo\\r\\tthree\\u{00}"),
        ("evil\u{202E}gpj.exe", "evil\\u{202E}gpj.exe"),
        ("a\u{2028}b\u{2066}c\u{85}d\u{7F}", "a\\u{2028}b\\u{2066}c\\u{85}d\\u{7F}"),
    ])
    func whatATerminalWouldActOnIsShown(text: String, shown: String) {
        #expect(VisibleText.escape(text) == shown)
    }

    @Test(arguments: [
        ("word", "word"), ("https://a.example/b?c", "https://a.example/b?c"), ("", "\"\""),
        ("two words", "\"two words\""), ("a=b", "\"a=b\""), ("say \"hi\"", "\"say \\\"hi\\\"\""),
        ("back\\slash", "\"back\\\\slash\""), ("line\nbreak", "\"line\\nbreak\""),
        ("no\u{A0}break", "\"no\u{A0}break\""),
    ])
    func aValueEndsWhereItSeemsTo(text: String, shown: String) {
        #expect(VisibleText.value(text) == shown)
    }
}
