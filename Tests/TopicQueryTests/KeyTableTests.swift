import Testing

@testable import TopicQuery

/// The tables that words are looked up in.
@Suite struct KeyTableTests {
    @Test func everyKeyThatWasSetIsFound() {
        var table = KeyTable()
        for number in UInt32(0)..<5_000 {
            table.set(WordHash.key(number, number &* 7), to: number)
        }
        for number in UInt32(0)..<5_000 {
            let key = WordHash.key(number, number &* 7)
            #expect(table.mayContain(key))
            #expect(table.filter.withView { $0.mayContain(key) })
            #expect(table.find(key) == number)
        }
    }

    @Test func theFilterTellsNearlyAllKeysThatAreAbsent() {
        let table = KeyTable((UInt32(0)..<5_000).map { WordHash.key($0, 1) })
        let passed = (UInt32(0)..<10_000).count { table.mayContain(WordHash.key($0, 2)) }
        #expect(passed < 500)
        #expect((UInt32(0)..<10_000).allSatisfy { !table.has(WordHash.key($0, 2)) })
    }
}
