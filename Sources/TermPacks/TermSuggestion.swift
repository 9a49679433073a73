/// A term set to start from, for somebody to paste into a configuration and to change.
package struct TermSuggestion: Sendable {
    /// The set's name.
    package let name: String
    /// The tables as TOML, with remarks.
    package let toml: String

    /// The suggestion for a country, by its code in ISO 3166 or one of its names in any language;
    /// nil where nothing is known by that name.
    package init?(for query: String) {
        guard let country = Self.country(query) else { return nil }
        self.init(country)
    }

    /// Codes and English names of all countries, by code.
    package static var known: [(code: String, name: String)] {
        CountryTerms.all.map { ($0.code, $0.name) }
    }

    private static func country(_ query: String) -> CountryTerms? {
        if let country = CountryTerms.withCode(query) { return country }
        let wanted = query.lowercased()
        let all = CountryTerms.all
        return all.first { $0.name.lowercased() == wanted }
            ?? all.first { country in country.all.contains { $0.lowercased() == wanted } }
    }

    private init(_ country: CountryTerms) {
        name = country.code.lowercased()
        var text = """
            # \(country.name) (\(country.code)): a place to start, from CLDR and the program's own lists.
            # Take out what you do not want and add what your readers write: leaders, agencies,
            # ministries. Then see what it finds: feedwatch check --forms @\(name)

            """
        text += Self.table(country, named: name, withCapital: true)
        let others = PackSet(part: .country, country: country).references
        for other in others {
            guard let set = PackSet(named: other) else { continue }
            text += "\n# What @\(name) may not be part of, and has traps of its own.\n"
            text += Self.table(set.country, named: Self.local(other), withCapital: false)
        }
        toml = text
    }

    private static func table(
        _ country: CountryTerms,
        named name: String,
        withCapital: Bool
    ) -> String {
        var text = "[terms.\(name)]\n"
        let covered = withCapital ? Set(country.covered) : []
        for language in CountryTerms.languages {
            let names = country.names(in: language).filter { !covered.contains($0) }
            let capital = country.capital(in: language)
                .filter { withCapital && !covered.contains($0) }
            guard !(names + capital).isEmpty else { continue }
            text += "\(language) = [\n"
            for line in TOMLText.lines(names) { text += line + "\n" }
            for line in TOMLText.lines(capital) { text += line + "  # capital\n" }
            text += "]\n"
        }
        let traps = country.traps + (withCapital ? country.capitalTraps : [])
        if !traps.isEmpty {
            text += "# A name may not be part of these.\nnot_in = [\n"
            for line in TOMLText.lines(traps.map(local)) { text += line + "\n" }
            text += "]\n"
        }
        return text
    }

    /// The name of a pack's set where the pack is not included: `@name-cg` becomes `@cg-name`.
    private static func local(_ term: String) -> String {
        guard term.hasPrefix("@name-") || term.hasPrefix("name-") else { return term }
        let sign = term.hasPrefix("@") ? "@" : ""
        return sign + term.suffix(2) + "-name"
    }
}
