import Testing

@testable import ServiceHost

@Suite struct FlatJSONReaderTests {
    private func read(_ text: String) -> [String: FlatJSONReader.Value]? {
        var reader = FlatJSONReader(bytes: Array(text.utf8))
        return reader.object()
    }

    @Test func valuesOfEveryFlatKindAreRead() {
        let text = #" { "a" : "x" , "b":true,"c":false,"d":null,"e":-1.5e3 } "# + "\n"
        #expect(
            read(text) == [
                "a": .string("x"), "b": .bool(true), "c": .bool(false), "d": .null,
                "e": .number("-1.5e3"),
            ]
        )
        #expect(read("{}") == [:])
    }

    @Test(arguments: [
        (#"\" \\ \/ \b\f\n\r\t"#, "\" \\ / \u{8}\u{C}\n\r\t"), (#"\u0041\u00e9\u4e2D"#, "Aé中"),
        (#"\ud83d\ude80"#, "🚀"), ("Курск", "Курск"),
    ])
    func escapesAreResolved(escaped: String, plain: String) {
        #expect(read(#"{"a":""# + escaped + #""}"#) == ["a": .string(plain)])
    }

    @Test(arguments: [
        "", "{", "[]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":[1]}", "{\"a\":{}}",
        "{\"a\":tru}", "{\"a\":\"x}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12\"}", "{\"a\":1} x",
        #"{"a":"\ud83d"}"#, #"{"a":"\ude80"}"#, #"{"a":"\u+123"}"#, "{\"a\":\"\n\"}",
    ])
    func anythingElseIsRefused(text: String) {
        #expect(read(text) == nil)
    }

    @Test(arguments: [
        ControlAnswer(done: true, message: "reloaded: 2 feeds added"),
        ControlAnswer(done: false, message: "a.toml:1:2: error: \"x\"\n\t\u{1}^ 中🚀\u{2028}"),
        ControlAnswer(done: true, message: ""),
    ])
    func anAnswerReadsBackTheSame(answer: ControlAnswer) {
        #expect(ControlAnswer(line: answer.line) == answer)
        #expect(answer.line.filter { $0 == UInt8(ascii: "\n") }.count == 1)
    }
}
