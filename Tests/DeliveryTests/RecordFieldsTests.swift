import Testing

@testable import Delivery

@Suite struct RecordFieldsTests {
    @Test func stringMembersAreReadBack() {
        let record = Array(
            #"{"schema":1,"title":"a \"b\" \ud83d\ude00 \u2028","x":{"title":"in"},"n":null}"#.utf8
        )
        let fields = RecordFields(of: record)
        #expect(fields["title"] == "a \"b\" 😀 \u{2028}")
        #expect(fields["x"] == nil)
        #expect(fields["n"] == nil)
    }

    @Test(
        arguments: [
            "", "{", #"{"a":"b""#, #"{"a":"b"} x"#, #"{"a":"\ud800"}"#, #"{"a":"\x"}"#,
            #"["a"]"#, #"{"a":"b",}"#, "{\"a\":\"b\nc\"}", #"{"a":[1,{"b":}]}"#,
        ]
    )
    func aBrokenRecordHasNoMembers(text: String) {
        #expect(RecordFields(of: Array(text.utf8))["a"] == nil)
    }
}
