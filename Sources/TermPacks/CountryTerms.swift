/// What a pack knows of one country.
struct CountryTerms {
    /// The code of ISO 3166: `KP`.
    let code: String
    /// The name in English.
    let name: String
    /// The terms by key: a language for names, with `*` before it for the capital; `-` and `*-`
    /// for what the places of either may not be part of; `~` for what other terms find as well.
    private let terms: [Substring: [Substring]]

    /// The languages, in the order they are written in.
    static let languages = ["en", "ru", "uk", "ko", "zh", "ja", "de", "fr", "es", "it", "pl", "pt"]

    /// A country of the lines.
    init(_ line: Substring) {
        let fields = line.split(separator: "\t")
        code = String(fields.first ?? "")
        name = String(fields.dropFirst().first ?? "")
        var terms: [Substring: [Substring]] = [:]
        for field in fields.dropFirst(2) {
            guard let blank = field.firstIndex(of: " ") else { continue }
            terms[field[..<blank]] = field[field.index(after: blank)...].split(separator: "|")
        }
        self.terms = terms
    }

    /// Names, adjectives and inhabitants in a language.
    func names(in language: String) -> [String] { list(language) }

    /// The capital in a language.
    func capital(in language: String) -> [String] { list("*" + language) }

    /// Every term of the country, without marks.
    var all: [String] {
        CountryTerms.languages.flatMap { names(in: $0) + capital(in: $0) }
            .map { $0.hasPrefix("=") ? String($0.dropFirst()) : $0 }
    }

    /// What places of the names may not be part of.
    var traps: [String] { list("-") }

    /// What places of the capital may not be part of.
    var capitalTraps: [String] { list("*-") }

    /// The terms that others of the country find as well.
    var covered: [String] { list("~") }

    private func list(_ key: String) -> [String] { (terms[key[...]] ?? []).map(String.init) }
}

extension CountryTerms {
    /// The country with a code, whatever its case.
    static func withCode(_ code: some StringProtocol) -> CountryTerms? {
        guard code.utf8.count == 2 else { return nil }
        let wanted = code.uppercased()
        return lines.first { $0.hasPrefix(wanted + "\t") }.map(CountryTerms.init)
    }

    /// All countries by their codes.
    static var all: [CountryTerms] { lines.map(CountryTerms.init) }

    private static let lines = CountryData.lines.split(separator: "\n")
}
