import Testing

@testable import WatchCore

/// The form in which addresses are compared.
@Suite struct AddressFormTests {
    /// Two addresses and whether they are one.
    struct Row: Sendable, CustomTestStringConvertible {
        var one: String
        var other: String
        var areSame: Bool

        var testDescription: String { "\(one) and \(other)" }
    }

    @Test(arguments: [
        Row(one: "http://a.example/1", other: "https://a.example/1", areSame: true),
        Row(one: "http://a.example/1?utm_source=x", other: "http://a.example/1", areSame: true),
        Row(one: "http://a.example/1?UTM_Source=x&", other: "http://a.example/1", areSame: true),
        Row(one: "http://a.example/?fbclid=1&p=2", other: "http://a.example/?p=2", areSame: true),
        Row(
            one: "http://a.example/?p=2&&sid=9&q=3&gclid=4#top",
            other: "http://a.example/?p=2&q=3#top",
            areSame: true
        ),
        Row(one: "http://a.ex ample/\n?p=1", other: "http://a.example/?p=1", areSame: true),
        Row(one: "http://a.example/?sidebar=1", other: "http://a.example/", areSame: false),
        Row(one: "http://a.example/?p=1", other: "http://a.example/?p=2", areSame: false),
        Row(one: "?", other: "", areSame: true),
    ])
    func addressesAreComparedByWhatTheyAskFor(row: Row) {
        func hash(_ text: String) -> UInt64 {
            Array(text.utf8).withUnsafeBytes { AddressForm.hash($0, seed: 7) }
        }
        #expect((hash(row.one) == hash(row.other)) == row.areSame)
    }
}
