/// A pack of ready-made term sets, as `include = ["pack:countries"]` brings it.
///
/// `countries` has three sets for each country and territory, named for its code in ISO 3166:
/// `country-kp` for everything, `name-kp` for names, adjectives and inhabitants, `capital-kp` for
/// the capital. Nothing is made of a set before it is asked for.
package struct TermPack: Sendable {
    /// The names of all packs.
    package static let names = ["countries"]

    /// The pack's name.
    package let name: String

    /// The pack with a name, or nil.
    package init?(named name: String) {
        guard TermPack.names.contains(name) else { return nil }
        self.name = name
    }

    /// The names of all sets.
    package var setNames: [String] {
        CountryTerms.all.flatMap { country in
            PackSet.Part.allCases.map { PackSet(part: $0, country: country) }
                .filter { !$0.isEmpty }.map(\.name)
        }
    }

    /// Whether there is such a set.
    package func contains(set name: String) -> Bool { PackSet(named: name) != nil }

    /// Whether a set's name begins like those of the pack.
    package func isLike(set name: String) -> Bool {
        PackSet.Part.allCases.contains { name.hasPrefix($0.rawValue + "-") }
    }

    /// The tables of some sets and of those they refer to, as TOML; unknown names are left out.
    package func toml(sets names: some Sequence<String>) -> String {
        var open = Array(names)
        var known: Set<String> = []
        var text = "# pack:\(name)\n"
        while let next = open.popLast() {
            guard known.insert(next).inserted, let set = PackSet(named: next) else { continue }
            text += "\n" + set.toml
            open += set.references
        }
        return text
    }
}
