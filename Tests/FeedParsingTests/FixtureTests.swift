import Testing

@testable import FeedParsing

@Suite struct FixtureTests {
    @Test(arguments: Fixture.all)
    func aFixtureIsReadAsItsExpectationSays(_ fixture: Fixture) throws {
        let json = try #require(ParsedJSON(fixture.document, hints: fixture.hints))
        for line in fixture.expectations {
            let words = line.split(separator: " ", maxSplits: 2).map(String.init)
            guard words.count == 3 else {
                Issue.record("\(fixture): cannot read \(line)")
                continue
            }
            switch words[1] {
            case "has":
                #expect(json.problems.contains(words[2]), "\(fixture): \(json.problems)")
            case "lacks":
                #expect(!json.problems.contains(words[2]), "\(fixture): \(json.problems)")
            default:
                let wanted = Array(words[2].utf8).withUnsafeBufferPointer {
                    JSONReader.read($0)?.value
                }
                #expect(json.value(words[0]) == wanted?.printed, "\(fixture): \(words[0])")
            }
        }
    }

    @Test func thereAreEnoughFixtures() {
        #expect(Fixture.all.count >= 60)
    }
}
