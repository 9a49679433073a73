/// Endings of words in Latin script.
///
/// Few on purpose: the union of all languages' endings finds too much (America, American).
enum LatinForms {
    private static let plural = Endings.list("∅ s es")
    private static let germanEndings = Endings.list("∅ s es e en er ern em n ns")
    private static let frenchEndings = Endings.list("∅ s es e ne nes x")
    private static let ies = Endings.list("ies")
    private static let women = Endings.list("in innen")

    /// The English forms, which are also those of any language we know nothing of.
    static func english(_ word: [UInt32]) -> [Stem] {
        var stems = [Stem(word, plural)]
        if word.count > 2, word.ends(with: Endings.scalars("y")) {
            stems.append(Stem(word.dropLast(), ies))
        }
        return stems
    }

    /// The German forms.
    static func german(_ word: [UInt32]) -> [Stem] {
        var stems = [Stem(word, germanEndings)]
        if word.count > 3, word.ends(with: Endings.scalars("e")) {
            // Russe, Russin, Russinnen.
            stems.append(Stem(word.dropLast(), women))
        } else if word.count > 4, word.ends(with: Endings.scalars("er")) {
            stems.append(Stem(word, women))
        }
        return stems
    }

    /// The French forms.
    static func french(_ word: [UInt32]) -> [Stem] {
        var stems = [Stem(word, frenchEndings)]
        for (ending, others) in french {
            let ending = Endings.scalars(ending)
            if word.count > ending.count + 1, word.ends(with: ending) {
                stems.append(Stem(word.dropLast(ending.count), others))
            }
        }
        return stems
    }

    private static let french = [
        ("al", "aux"), ("er", "ere eres"), ("f", "ve ves"), ("eux", "euse euses"),
    ].map { ($0.0, Endings.list($0.1)) }
}
