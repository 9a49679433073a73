internal import ArgumentParser
internal import ConfigFile
internal import TermPacks

/// The command `feedwatch terms`.
struct TermsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "terms",
        abstract: "Shows ready-made terms: countries, their capitals and inhabitants.",
        subcommands: [TermsSuggestCommand.self, TermsListCommand.self]
    )
}

/// The command `feedwatch terms suggest`.
struct TermsSuggestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suggest",
        abstract: "Prints a term set for a country, to paste and to change.",
        discussion: """
            Names, adjectives, inhabitants and the capital in many languages, and in not_in what \
            only looks like them. Exit status 2 where there is no such country.
            """
    )

    @Argument(
        help: "Countries: a code of ISO 3166 (KP), or a name in any of the languages."
    )
    var country: [String]

    func run() throws {
        var suggestions: [TermSuggestion] = []
        for name in country {
            guard let suggestion = TermSuggestion(for: name) else {
                throw CommandFailure(
                    .usage,
                    "there is no country '\(name)'; \(Self.hint(for: name))"
                )
            }
            if !suggestions.contains(where: { $0.name == suggestion.name }) {
                suggestions.append(suggestion)
            }
        }
        for (index, suggestion) in suggestions.enumerated() {
            Output.line((index > 0 ? "\n" : "") + suggestion.toml.dropLast())
        }
    }

    /// What may be meant by a name that no country has: those that have it as a part, or one that
    /// is spelled nearly so.
    private static func hint(for name: String) -> String {
        let wanted = name.lowercased()
        let known = TermSuggestion.known
        let longer = known.filter { wanted.count > 2 && $0.name.lowercased().contains(wanted) }
        if !longer.isEmpty, longer.count <= 5 {
            let names = longer.map { "\($0.code) (\($0.name))" }
            return "did you mean \(names.joined(separator: " or "))?"
        }
        return Suggestion.hint(for: name, among: known.map(\.name))
            ?? "feedwatch terms list shows codes and names"
    }
}

/// The command `feedwatch terms list`.
struct TermsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the sets of the packs: set, pack, country."
    )

    func run() throws {
        let names = TermSuggestion.known.map { ($0.code.lowercased(), $0.name) }
        let countries = Dictionary(names, uniquingKeysWith: { first, _ in first })
        for pack in TermPack.names.compactMap(TermPack.init(named:)) {
            let rows = pack.setNames.map { set in
                ["@" + set, "pack:" + pack.name, countries[String(set.suffix(2))] ?? ""]
            }
            for line in TextTable(rows: rows).lines { Output.line(line) }
        }
    }
}
