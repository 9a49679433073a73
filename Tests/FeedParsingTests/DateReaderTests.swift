import FeedModel
import Testing

@testable import FeedParsing

@Suite struct DateReaderTests {
    private func read(_ text: String) -> String? {
        Array(text.utf8).withUnsafeBufferPointer { DateReader.read($0)?.rfc3339Seconds }
    }

    @Test(arguments: [
        ("Tue, 17 Jun 2025 09:30:00 GMT", "2025-06-17T09:30:00Z"),
        ("Tue, 17 Jun 2025 09:30:00 +0300", "2025-06-17T06:30:00Z"),
        ("Tue, 17 Jun 2025 09:30 EST", "2025-06-17T14:30:00Z"),
        ("17 Jun 25 09:30:05 PDT", "2025-06-17T16:30:05Z"),
        ("Tuesday, 17 June 2025 9:30 PM", "2025-06-17T21:30:00Z"),
        ("Tue,17 Jun 2025 9:30:00 UTC", "2025-06-17T09:30:00Z"),
        ("Tue, 17-Jun-2025 09:30:00 MSK", "2025-06-17T06:30:00Z"),
        ("Tues, 7 Sept 1999 09:30:00 +0000 (UTC)", "1999-09-07T09:30:00Z"),
        ("June 17, 2025 12:05 a.m.", "2025-06-17T00:05:00Z"),
        ("Tue, Jun 17 2025 09:30:00 -0430", "2025-06-17T14:00:00Z"),
        ("Tue Jun 17 09:30:00 2025", "2025-06-17T09:30:00Z"),
        ("Tue Jun 17 09:30:00 KST 2025", "2025-06-17T00:30:00Z"),
        ("Tue Jun 17 09:30:00 +0900 2025", "2025-06-17T00:30:00Z"),
        ("Tue, 17 Jun 2025 09:30:00 GMT+3", "2025-06-17T06:30:00Z"),
        ("Tue, 17 Jun 2025 09:30:00 Europe/Paris", "2025-06-17T07:30:00Z"),
        ("Wed, 15 Jan 2025 09:30:00 America/New_York", "2025-01-15T14:30:00Z"),
        ("Wed, 19 Aug 2009 18:28:00 Etc/GMT", "2009-08-19T18:28:00Z"),
        ("Fri, 2006/09/15 08:19:53 EDT", "2006-09-15T12:19:53Z"),
        ("17 Jun 2025", "2025-06-17T00:00:00Z"),
        ("Thu, 31 Dec 98 23:59:60 GMT", "1998-12-31T23:59:59Z"),
        ("Tue, 17 Jun 2025 24:00:00 GMT", "2025-06-18T00:00:00Z"),
    ])
    func aDateOfRFC822IsReadHoweverItIsBent(_ text: String, _ wanted: String) {
        #expect(read(text) == wanted)
    }

    @Test(arguments: [
        ("2025-06-17T09:30:00Z", "2025-06-17T09:30:00Z"),
        ("2025-06-17T09:30:00.123+05:30", "2025-06-17T04:00:00Z"),
        ("2025-06-17t09:30:00z", "2025-06-17T09:30:00Z"),
        ("2025-06-17 09:30:00", "2025-06-17T09:30:00Z"),
        ("2025/06/17 09:30:00 +0300", "2025-06-17T06:30:00Z"),
        ("2025-06-17T09:30+0300", "2025-06-17T06:30:00Z"),
        ("2025-06-17T0930Z", "2025-06-17T09:30:00Z"),
        ("20250617T093000Z", "2025-06-17T09:30:00Z"),
        ("2025-06-17T09:30:00 EST", "2025-06-17T14:30:00Z"),
        ("2025-06-17", "2025-06-17T00:00:00Z"), ("2025-06", "2025-06-01T00:00:00Z"),
        ("2025", "2025-01-01T00:00:00Z"), ("20250617", "2025-06-17T00:00:00Z"),
        ("2003-335", "2003-12-01T00:00:00Z"), ("2003335", "2003-12-01T00:00:00Z"),
        ("03-12-31", "2003-12-31T00:00:00Z"), ("2004-07-08 23:56:58.0", "2004-07-08T23:56:58Z"),
        ("17.06.2025 09:30", "2025-06-17T09:30:00Z"), ("17/06/2025", "2025-06-17T00:00:00Z"),
        ("2025-06-17T24:00:00Z", "2025-06-18T00:00:00Z"),
    ])
    func aDateOfISO8601IsReadInAllReductions(_ text: String, _ wanted: String) {
        #expect(read(text) == wanted)
    }

    @Test(arguments: [
        ("2025년 6월 17일 오후 3:05:01", "2025-06-17T06:05:01Z"),
        ("2004년 05월 28일  01:31:15", "2004-05-27T16:31:15Z"),
        ("2004-05-25 오후 11:23:17", "2004-05-25T14:23:17Z"),
        ("2004-05-25 오전 12:23:17 GMT", "2004-05-25T00:23:17Z"),
        ("2025年6月17日 15:05", "2025-06-17T15:05:00Z"),
        ("вт, 17 июня 2025 09:30:00 +0300", "2025-06-17T06:30:00Z"),
        ("17 июн. 2025 г. 09:30", "2025-06-17T09:30:00Z"),
        ("Вт, 17 Чер 2025 09:30:00 +0300", "2025-06-17T06:30:00Z"),
        ("17 листопада 2025 року", "2025-11-17T00:00:00Z"),
        ("Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11T17:00:00Z"),
        ("Πέμ, 3 Μαΐου 2025 10:00", "2025-05-03T10:00:00Z"),
        ("2004-július-13T9:15-05:00", "2004-07-13T14:15:00Z"),
        ("mardi 17 juin 2025 à 9h30", "2025-06-17T09:30:00Z"),
        ("17 févr. 2025 09:30:00 CET", "2025-02-17T08:30:00Z"),
        ("Di, 17. März 2025 09:30 Uhr", "2025-03-17T09:30:00Z"),
        ("mar, 17 giu 2025 09:30:00 +0200", "2025-06-17T07:30:00Z"),
        ("17 de junio de 2025", "2025-06-17T00:00:00Z"),
    ])
    func aDateInOtherLanguagesIsRead(_ text: String, _ wanted: String) {
        #expect(read(text) == wanted)
    }

    @Test(arguments: [
        "", "yesterday", "soon", "17 Foo 2025", "32 Jun 2025", "Tue, 17 Jun", "2025-13-01",
        "05/06/2025", "0000-00-00 00:00:00", "Sun, 31 Dec 9999 23:59:59 -9999", "12:30", "-1",
        "99999999999999999999", "Tue, 17 Jun 2025 25:99:00",
    ])
    func whatIsNoDateIsNone(_ text: String) {
        #expect(read(text) == nil)
    }

    /// Each line of `Fixtures/dates.tsv`: a date as somebody writes it, a tab, the moment or `-`.
    @Test func everyDateOfTheTableIsRead() throws {
        let table = try #require(Fixture.read("dates.tsv"))
        let lines = String(decoding: table, as: UTF8.self).split(separator: "\n")
        #expect(lines.count > 900)
        for line in lines {
            let parts = line.split(separator: "\t")
            try #require(parts.count == 2, "\(line)")
            let wanted = parts[1] == "-" ? nil : String(parts[1])
            #expect(read(String(parts[0])) == wanted, "\(parts[0])")
        }
    }
}
