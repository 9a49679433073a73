internal import ConfigFile
internal import TermPacks
internal import TopicQuery

/// The surface forms that a term set finds.
struct FormsReport {
    private let name: String
    private let expansions: [TermExpansion]
    private let notIn: [String]

    /// The report on the set that `reference` names, with or without `@`; fails where there is
    /// none.
    init(_ reference: String, in result: ConfigResult) throws {
        name = reference.hasPrefix("@") ? String(reference.dropFirst()) : reference
        var sets = result.sets
        // Of a pack the configuration has only what it uses.
        for pack in result.packs where !sets.contains(where: { [name] in $0.name == name }) {
            sets += ConfigFile.sets(of: pack, named: name)
        }
        guard
            let set = sets.first(where: { [name] in $0.name == name }),
            let expansions = TermExpansion.ofSet(name, in: sets)
        else {
            let known = sets.map { "@" + $0.name }.sorted().joined(separator: ", ")
            throw CommandFailure(
                .usage,
                "--forms: there is no term set @\(name); "
                    + (known.isEmpty ? "the configuration has none" : "known: \(known)")
            )
        }
        self.expansions = expansions
        notIn = set.notIn.map(\.text)
    }

    /// A line a term: its key, the term, its forms; then what they may not be part of.
    var lines: [String] {
        var lines = ["@\(name): \(expansions.count) terms"]
        let rows = expansions.map { [$0.language, $0.term, Self.forms(of: $0)] }
        lines += TextTable(rows: rows).lines
        if !notIn.isEmpty { lines.append("not in: " + notIn.joined(separator: ", ")) }
        return lines
    }

    /// The forms of one word, parted by commas; those of each word of a phrase in braces.
    private static func forms(of expansion: TermExpansion) -> String {
        let words = expansion.words.map { $0.joined(separator: ", ") }
        guard words.count > 1 else { return words.first ?? "" }
        return words.map { "{\($0)}" }.joined(separator: " ")
    }
}
