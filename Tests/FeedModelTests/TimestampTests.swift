import FeedModel
import Testing

@Suite struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (1_750_152_600_123, "2025-06-17T09:30:00.123Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ])
    func aMomentIsWrittenByRFC3339(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).rfc3339 == text)
    }

    @Test func civilPartsReadBackTheSame() throws {
        for day in stride(from: -200_000, through: 200_000, by: 37) {
            let moment = Timestamp(seconds: Int64(day) * 86_400 + 45_296)
            let parts = moment.civil
            let back = try #require(
                Timestamp(
                    year: parts.year,
                    month: parts.month,
                    day: parts.day,
                    hour: parts.hour,
                    minute: parts.minute,
                    second: parts.second
                )
            )
            #expect(back == moment)
            #expect(parts.weekday == ((day % 7) + 11) % 7)
        }
    }

    @Test(arguments: [
        (2025, 2, 29), (2025, 13, 1), (2025, 0, 1), (2025, 4, 31), (1900, 2, 29), (0, 1, 1),
    ])
    func aDateThatDoesNotExistIsNone(year: Int, month: Int, day: Int) {
        #expect(Timestamp(year: year, month: month, day: day) == nil)
    }

    @Test func aLeapSecondIsTheSecondBefore() {
        #expect(
            Timestamp(year: 2016, month: 12, day: 31, hour: 23, minute: 59, second: 60)
                == Timestamp(year: 2016, month: 12, day: 31, hour: 23, minute: 59, second: 59)
        )
    }

    @Test func durationsShiftMoments() {
        let moment = Timestamp(seconds: 100)
        #expect(moment + .milliseconds(1_500) == Timestamp(milliseconds: 101_500))
        #expect(moment - .seconds(1) == Timestamp(seconds: 99))
        #expect(Timestamp(seconds: 160) - moment == .seconds(60))
    }
}

@Suite struct ContentHashTests {
    @Test(
        arguments: [
            ("", 0xEF46_DB37_51D8_E999), ("a", 0xD24E_C4F1_A98C_6E5B),
            ("abc", 0x44BC_2CF5_AD77_0999),
            (
                "Call me Ishmael. Some years ago--never mind how long precisely-",
                0x02A2_E854_70D6_FD96
            ),
        ] as [(String, UInt64)]
    )
    func theHashIsThatOfTheSpecification(text: String, expected: UInt64) {
        #expect(ContentHash.of(text) == expected)
        #expect(ContentHash.of(Array(text.utf8)) == expected)
    }

    @Test func hexadecimalHasSixteenDigits() {
        #expect(ContentHash.hexadecimal(0xAB) == "00000000000000ab")
    }
}

@Suite struct JSONWriterTests {
    @Test func membersAndElementsAreParted() {
        var json = JSONWriter()
        json.beginObject()
        json.key("a")
        json.integer(1)
        json.key("b")
        json.beginArray()
        json.string("x")
        json.null()
        json.bool(true)
        json.beginObject()
        json.endObject()
        json.endArray()
        json.key(named: "c\"")
        json.number(0.28)
        json.endObject()
        #expect(
            String(decoding: json.bytes, as: UTF8.self)
                == #"{"a":1,"b":["x",null,true,{}],"c\"":0.28}"#
        )
    }

    @Test(arguments: [
        ("a\"b\\c", #""a\"b\\c""#), ("\n\t\r\u{1}", #""\n\t\r\u0001""#), ("Курск", "\"Курск\""),
        ("🇰🇵", "\"🇰🇵\""), ("a\u{2029}b\u{2028}", #""a\u2029b\u2028""#), ("\u{7F}", #""\u007f""#),
    ])
    func textIsEscaped(text: String, expected: String) {
        var json = JSONWriter()
        json.string(text)
        #expect(String(decoding: json.bytes, as: UTF8.self) == expected)
    }

    @Test(
        arguments: [
            [0xFF], [0xC0, 0xAF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80],
            [0xD0], [0xE2, 0x80],
        ] as [[UInt8]]
    )
    func whatIsNoUTF8IsReplaced(bytes: [UInt8]) {
        var json = JSONWriter()
        bytes.withUnsafeBufferPointer { json.string($0) }
        let text = String(decoding: json.bytes, as: UTF8.self)
        #expect(text.hasPrefix("\"\u{FFFD}"))
        #expect(String(validating: json.bytes, as: UTF8.self) != nil)
    }

    @Test func continuingPutsACommaFirst() {
        var json = JSONWriter(continuing: [])
        json.key("id")
        json.string("x")
        #expect(String(decoding: json.bytes, as: UTF8.self) == #","id":"x""#)
    }
}
