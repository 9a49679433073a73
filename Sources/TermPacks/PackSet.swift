/// One of a country's sets.
struct PackSet {
    /// What of a country is in a set.
    enum Part: String, CaseIterable {
        case country
        case name
        case capital
    }

    /// What is in it.
    let part: Part
    /// The country.
    let country: CountryTerms

    /// A set.
    init(part: Part, country: CountryTerms) {
        self.part = part
        self.country = country
    }

    /// The set with a name, or nil.
    init?(named name: String) {
        let pieces = name.split(separator: "-", omittingEmptySubsequences: false)
        guard pieces.count == 2, let part = Part(rawValue: String(pieces[0])),
            pieces[1].utf8.allSatisfy({ (0x61...0x7A).contains($0) }),
            let country = CountryTerms.withCode(pieces[1])
        else { return nil }
        self.init(part: part, country: country)
        guard !isEmpty else { return nil }
    }

    /// The name, without `@`.
    var name: String { "\(part.rawValue)-\(country.code.lowercased())" }

    /// Whether there is nothing in it: small places have no capital.
    var isEmpty: Bool { CountryTerms.languages.allSatisfy { terms(in: $0).isEmpty } }

    /// The sets that it refers to.
    var references: [String] {
        notIn.compactMap { $0.hasPrefix("@") ? String($0.dropFirst()) : nil }
    }

    /// The table as TOML.
    var toml: String {
        var text = "[terms.\(name)]\n"
        for language in CountryTerms.languages {
            let terms = terms(in: language)
            if !terms.isEmpty { text += "\(language) = [\(TOMLText.list(terms))]\n" }
        }
        if !notIn.isEmpty { text += "not_in = [\(TOMLText.list(notIn))]\n" }
        return text
    }

    private func terms(in language: String) -> [String] {
        let names = part == .capital ? [] : country.names(in: language)
        return names + (part == .name ? [] : country.capital(in: language))
    }

    private var notIn: [String] {
        (part == .capital ? [] : country.traps) + (part == .name ? [] : country.capitalTraps)
    }
}
