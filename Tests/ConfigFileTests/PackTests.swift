import ConfigFile
import Foundation
import TermPacks
import Testing
import TopicQuery
import WatchCore

/// `include = ["pack:countries"]`.
@Suite struct PackTests {
    private static let pack = TermPack(named: "countries")

    /// A country's set, a text, and whether it must be found in it.
    struct Row: CustomTestStringConvertible, Sendable {
        let code: String
        let isFound: Bool
        let text: String
        var testDescription: String { "\(code) \(isFound ? "in" : "not in") \(text)" }
    }

    private static let rows: [Row] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/country-texts.txt")
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map { line in
                let parts = line.split(separator: " ", maxSplits: 2)
                return Row(
                    code: String(parts[0]),
                    isFound: parts[1] == "+",
                    text: String(parts[2])
                )
            }
    }()

    private func configuration(_ query: String, _ rest: String = "") -> String {
        """
        include = ['pack:countries']
        \(rest)
        [[topic]]
        id = 'a'
        query = '''\(query)'''
        [[topic.test]]
        text = 'x'
        match = false
        """
    }

    @Test func thereAreTextsToTry() { #expect(Self.rows.count > 200) }

    @Test func eachSetFindsItsCountryAndNotWhatOnlyLooksLikeIt() throws {
        let codes = Set(Self.rows.map(\.code)).sorted()
        let topics = codes.map { "[[topic]]\nid = '\($0)'\nquery = '@country-\($0)'\n" }
        let result = try load("include = 'pack:countries'\n" + topics.joined())
        let matcher = try #require(result.configuration?.matcher)
        var scratch = TopicMatcher.Scratch()
        for row in Self.rows {
            let matches = matcher.match(ItemText(title: row.text), using: &scratch)
            let isFound = matches.contains { codes[$0.topic] == row.code }
            #expect(isFound == row.isFound, "\(row.testDescription)")
        }
    }

    @Test func everySetCompiles() throws {
        let pack = try #require(Self.pack)
        #expect(pack.setNames.count > 600)
        let query = pack.setNames.map { "@" + $0 }.joined(separator: " OR ")
        let result = try load(configuration(query))
        #expect(result.problems.isEmpty)
        #expect(result.sets.count >= pack.setNames.count)
    }

    @Test func onlySetsThatAreUsedAreRead() throws {
        let result = try load(configuration("@mine", "[terms.mine]\nany = ['@country-cd']"))
        #expect(result.problems.isEmpty)
        // The one refers to the other, so that "Republic of the Congo" stays apart.
        #expect(Set(result.sets.map(\.name)) == ["mine", "country-cd", "name-cg"])
        #expect(result.files.count == 1)
    }

    @Test func aPackThatNobodyUsesIsNoWarning() throws {
        let result = try load(configuration("x"))
        #expect(result.problems.isEmpty)
        #expect(result.sets.isEmpty)
    }

    @Test func aSetOfTheUsersMayNotHaveTheNameOfOneInThePack() throws {
        try Mistake(
            configuration("@country-kp", "[terms.⟦country-kp⟧]\nen = ['Korea']"),
            "pack:countries has a term set country-kp",
            "to add to it, give yours another name and any = [\"@country-kp\"]"
        ).expect()
    }

    @Test func anUnknownPackIsAnError() throws {
        try Mistake(
            "include = [⟦'pack:country'⟧]",
            "there is no pack:country",
            "did you mean pack:countries?"
        ).expect()
    }

    @Test func aSetOfAPackThatIsNotIncludedIsPointedOut() throws {
        let result = try load("[[topic]]\nid = 'a'\nquery = '@country-kp'\n")
        #expect(result.errors.map(\.code) == ["E112"])
        #expect(
            result.errors.first?.hint
                == "it is in pack:countries: include = [\"pack:countries\"]"
        )
    }

    @Test func aCountryThatDoesNotExistIsPointedOut() throws {
        let result = try load(configuration("@country-zz"))
        #expect(result.errors.map(\.code) == ["E112"])
        #expect(result.errors.first?.hint?.contains("feedwatch terms list") == true)
    }

    @Test(arguments: ["KP", "kp", "North Korea", "северная корея", "북한", "Nordkorea"])
    func aCountryIsSuggestedByCodeOrName(name: String) throws {
        let suggestion = try #require(TermSuggestion(for: name))
        #expect(suggestion.name == "kp")
    }

    @Test func nothingIsSuggestedForWhatIsNoCountry() {
        #expect(TermSuggestion(for: "Atlantis") == nil)
        #expect(TermSuggestion(for: "") == nil)
    }

    @Test func everySuggestionCanBePasted() throws {
        let suggestions = TermSuggestion.known.compactMap { TermSuggestion(for: $0.code) }
        #expect(suggestions.count == TermSuggestion.known.count)
        let query = suggestions.map { "@" + $0.name }.joined(separator: " OR ")
        let topic = "[[topic]]\nid = 'a'\nquery = '\(query)'\n"
        let result = try load(suggestions.map(\.toml).joined() + topic)
        #expect(result.errors.isEmpty)
        // W205: the long names of Congo, which stand beside their own trap.
        let warnings = result.warnings.filter { $0.code != "W201" }
        #expect(warnings.count < 10, "\(warnings.map(\.message))")
    }
}
