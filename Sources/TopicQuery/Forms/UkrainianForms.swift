/// Endings of Ukrainian words, from the dictionary form.
enum UkrainianForms {
    private static let adjective = Endings.list("ий а е і ого ої ому ій у ою им ім их ими о")
    private static let softAdjective = Endings.list(
        "ій я є і ього ьої ьому ю ьою ім іх іми ього"
    )
    private static let masculine = Endings.list("∅ а у ові ом ем еві і и ів ам ами ах е")
    private static let surname = Endings.list("им их ими ій ої")
    private static let people = Endings.list("и ∅ ам ами ах")
    private static let man = Endings.list("я ю ем еві і ів ям ями ях е")
    private static let feminine = Endings.list("а и і у ою ею о ∅ ам ами ах")
    private static let ia = Endings.list("я ї ю єю є й ям ями ях")
    private static let softFeminine = Endings.list("я і ю ею е ь ∅ ям ями ях")
    private static let soft = Endings.list("ь я ю ем еві і е ів ей ям ями ях")
    private static let short = Endings.list("й я ю єм єві ї є їв ям ями ях")
    private static let neuter = Endings.list("о а у ом і ові ∅ ам ами ах")
    private static let softNeuter = Endings.list("е я ю ем і а у ∅ ь ям ями ях ам ами ах")
    private static let hardOrSoftAdjective = adjective + softAdjective
    private static let fleetingPlural = Endings.list("ок ек")
    private static let iotatedPlural = Endings.list("ї їв й ям ями ях")
    private static let fight = Endings.list("ю єві єм ї їв ям ями ях")
    private static let softPlural = Endings.list("ь")
    private static let plural = Endings.list("и і ∅ ів ей ам ами ах ям ями ях")

    /// The stems of a folded word.
    static func stems(of word: [UInt32]) -> [Stem] {
        let text = Cyrillic(word)
        guard word.count > 1, let last = text.last else { return [Stem(word, .none)] }
        // Сі without its ending would be the word с.
        if word.count == 2, text.isVowel(fromEnd: 0) { return [Stem(word, .none)] }
        switch last {
        case "й": return shortStems(text)
        case "а": return feminineStems(text)
        case "я": return softFeminineStems(text)
        case "ь": return softStems(text)
        case "о": return [Stem(text.dropping(1), neuter)]
        case "е": return [Stem(text.dropping(1), softNeuter)] + adjectives(text)
        case "и", "і":
            var stems = [Stem(text.dropping(1), plural)]
            if last == "і" { stems += adjectives(text) }
            if text.ends("ки") { stems.append(Stem(text.dropping(2), fleetingPlural)) }
            return stems
        case "ї": return [Stem(text.dropping(1), iotatedPlural)]
        case "у", "ю", "є", "ы", "э": return [Stem(word, .none)]
        default: return masculineStems(text)
        }
    }

    /// The stems of a word before another one: Мала Локня, Малої Локні.
    static func attributeStems(of word: [UInt32]) -> [Stem] {
        let text = Cyrillic(word)
        let stems = stems(of: word)
        guard word.count > 3, text.ends("а", "е", "і"), !text.isVowel(fromEnd: 1) else {
            return stems
        }
        return stems + [Stem(text.dropping(1), adjective)]
    }

    private static func shortStems(_ text: Cyrillic) -> [Stem] {
        var stems: [Stem] = []
        if text.ends("ий"), text.word.count > 3 {
            stems.append(Stem(text.dropping(2), adjective))
        } else if text.ends("ій"), text.word.count > 3 {
            stems.append(Stem(text.dropping(2), hardOrSoftAdjective))
            stems.append(Stem(text.dropping(1), short))
        } else {
            stems.append(Stem(text.dropping(1), short))
        }
        if text.ends("бій", "рій", "кій") {
            // Бій, бою; стрій, строю.
            stems.append(Stem(text.dropping(2) + Endings.scalars("о"), fight))
        }
        return stems
    }

    private static func feminineStems(_ text: Cyrillic) -> [Stem] {
        var stems = [Stem(text.dropping(1), feminine)]
        if let consonant = text.letter(fromEnd: 1), let softer = softened[consonant] {
            stems.append(Stem(text.dropping(2), softer))
        }
        if text.ends("ка") { stems.append(Stem(text.dropping(2), fleetingPlural)) }
        if text.ends("ова", "ева", "єва", "іна", "ина") {
            stems.append(Stem(text.dropping(1), surname))
        }
        return stems + adjectives(text)
    }

    /// Північна, північне, північні decline as adjectives, unlike most words that end so.
    private static func adjectives(_ text: Cyrillic) -> [Stem] {
        let base = Cyrillic(text.dropping(1))
        guard base.ends("н", "ськ", "цьк", "зьк", "ов", "ев", "єв"), base.word.count > 3 else {
            return []
        }
        return [Stem(base.word, adjective)]
    }

    private static let softened: [Character: Endings] = [
        "к": Endings.list("ці"), "г": Endings.list("зі"), "х": Endings.list("сі"),
    ]

    private static func softFeminineStems(_ text: Cyrillic) -> [Stem] {
        let base = text.dropping(1)
        if text.isVowel(fromEnd: 1) || text.ends("ья") { return [Stem(base, ia)] }
        var stems = [Stem(base, softFeminine)]
        // Навчання, навчань.
        if let before = text.letter(fromEnd: 1), before == text.letter(fromEnd: 2) {
            stems.append(Stem(text.dropping(2), softPlural))
        }
        // Where the apostrophe before -я was folded away: сім'я.
        if let before = text.letter(fromEnd: 1), "бпвмфр".contains(before) {
            stems.append(Stem(base, ia))
        }
        return stems
    }

    private static func softStems(_ text: Cyrillic) -> [Stem] {
        let base = text.dropping(1)
        var stems = [Stem(base, soft)]
        if text.ends("ець", "єць"), text.word.count > 4 {
            let before = text.dropping(3)
            let isOpen = text.isVowel(fromEnd: 3) || text.ends("єць")
            stems.append(
                Stem(before + Endings.scalars(isOpen ? "йц" : "ц"), man)
            )
            // Боєць, бійця.
            if text.ends("боєць") {
                stems.append(Stem(text.dropping(4) + Endings.scalars("ійц"), man))
            }
            if text.ends("лець") { stems.append(Stem(before + Endings.scalars("ьц"), man)) }
        }
        return stems + alternated(base, soft)
    }

    private static func masculineStems(_ text: Cyrillic) -> [Stem] {
        var stems = [Stem(text.word, masculine)]
        stems += alternated(text.word, masculine)
        if text.ends("ськ", "цьк", "зьк") { stems.append(Stem(text.word, adjective)) }
        if text.ends("ов", "ев", "єв", "ін", "їн", "ин") {
            stems.append(Stem(text.word, surname))
        }
        if text.ends("анин", "янин") { stems.append(Stem(text.dropping(2), people)) }
        if text.ends("ок", "ек"), text.word.count > 3 {
            stems.append(Stem(text.dropping(2) + Endings.scalars("к"), masculine))
        }
        return stems
    }

    /// The stem with the vowel of an open syllable: Харків, Харкова; Київ, Києва.
    private static func alternated(_ base: [UInt32], _ endings: Endings) -> [Stem] {
        let vowels = Set(Endings.scalars("аеиоуюяіїє"))
        guard let index = base.lastIndex(where: vowels.contains), index < base.count - 1 else {
            return []
        }
        let others: [UInt32: [UInt32]] = [
            0x456: Endings.scalars("оеє"), 0x457: Endings.scalars("є"),
        ]
        return (others[base[index]] ?? []).map { vowel in
            var stem = base
            stem[index] = vowel
            return Stem(stem, endings)
        }
    }
}
