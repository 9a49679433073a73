/// Endings of Russian words, from the dictionary form.
enum RussianForms {
    private static let adjective = Endings.list(
        """
        ый ий ой ая яя ое ее ые ие ого его ому ему ым им ом ем ую юю ых их ыми ими ою ею ей о
        """
    )
    private static let masculine = Endings.list("∅ а у ом ем е ы и ов ев ей ам ами ах")
    private static let surname = Endings.list("ым ых ыми ой")
    private static let people = Endings.list("е ∅ ам ами ах")
    private static let feminine = Endings.list("а ы и е у ой ою ей ею ∅ ам ами ах")
    private static let softFeminine = Endings.list("я и е ю ей ею й ям ями ях")
    private static let ia = Endings.list("я и ю ей ею й ям ями ях")
    private static let soft = Endings.list("ь я ю ем е и ью ей ям ями ях")
    private static let short = Endings.list("й я ю ем е и ев ям ями ях")
    private static let neuter = Endings.list("о а у ом е ∅ ам ами ах")
    private static let softNeuter = Endings.list("е я ю ем и й а у ∅ ям ями ях ам ами ах")
    private static let otherSoftFeminine = softFeminine + Endings.list("ь ∅")
    private static let fleetingPlural = Endings.list("ок ек")
    private static let cubs = Endings.list("а ∅ ам ами ах")
    private static let time = Endings.list("и ем а ам ами ах")
    private static let plural = Endings.list("ы и ∅ ов ев ей ам ами ах ям ями ях")

    /// The stems of a folded word.
    static func stems(of word: [UInt32]) -> [Stem] {
        let text = Cyrillic(word)
        guard word.count > 1, let last = text.last else { return [Stem(word, .none)] }
        // Си without its ending would be the word с.
        if word.count == 2, text.isVowel(fromEnd: 0) { return [Stem(word, .none)] }
        if text.ends("ый", "ой", "ий", "ая", "ое", "ые"), word.count > 3 {
            return adjectiveStems(text)
        }
        switch last {
        case "а": return feminineStems(text)
        case "я":
            return softFeminineStems(text)
        case "ь":
            let base = text.dropping(1)
            // День, дня; камень, камня.
            let isFleeting = text.ends("ень") && word.count > 3
            return [Stem(base, soft)] + (isFleeting ? [Stem(Cyrillic(base).without(1), soft)] : [])
        case "й":
            // Соловей, соловья.
            let isFleeting = text.ends("ей") && word.count > 4 && !text.isVowel(fromEnd: 2)
            return [Stem(text.dropping(1), short)]
                + (isFleeting ? [Stem(text.dropping(2) + Endings.scalars("ь"), short)] : [])
        case "о":
            let base = text.dropping(1)
            return [Stem(base, neuter)] + parted(base)
        case "е": return [Stem(text.dropping(1), softNeuter)]
        case "ы", "и":
            var stems = [Stem(text.dropping(1), plural)]
            if text.ends("ки") { stems += fleeting(text.dropping(2)) }
            return stems
        case "у", "ю", "э": return [Stem(word, .none)]
        default: return masculineStems(text)
        }
    }

    private static func adjectiveStems(_ text: Cyrillic) -> [Stem] {
        var stems = [Stem(text.dropping(2), adjective)]
        // Дмитрий, Юрий decline as nouns; российский does not.
        if text.ends("ий"), !text.ends("кий", "ний", "жий", "чий", "ший", "щий") {
            stems.append(Stem(text.dropping(1), short))
        }
        return stems
    }

    private static func feminineStems(_ text: Cyrillic) -> [Stem] {
        let base = text.dropping(1)
        var stems = [Stem(base, feminine)]
        if text.ends("ова", "ева", "ина", "ына") { stems.append(Stem(base, surname)) }
        if text.ends("ка") {
            stems += fleeting(text.dropping(2))
        } else {
            stems += parted(base)
        }
        return stems
    }

    private static func softFeminineStems(_ text: Cyrillic) -> [Stem] {
        let base = text.dropping(1)
        if text.ends("ия") { return [Stem(base, ia)] }
        if text.isVowel(fromEnd: 1) { return [Stem(base, softFeminine)] }
        var stems = [Stem(base, otherSoftFeminine)]
        if text.ends("мя") {
            // Время, времени.
            stems.append(Stem(base + Endings.scalars("ен"), time))
        } else if text.ends("ля", "ня"), text.word.count > 3, !text.isVowel(fromEnd: 2) {
            // Земля, земель; деревня, деревень.
            let parted = text.dropping(2) + Endings.scalars("е") + text.word.dropLast().suffix(1)
            stems.append(Stem(parted + Endings.scalars("ь"), .none))
        }
        return stems
    }

    /// The genitive plural of -ка: атак and поставок.
    private static func fleeting(_ base: [UInt32]) -> [Stem] {
        [Stem(base, fleetingPlural)]
    }

    /// The genitive plural that parts two consonants: окно, окон; число, чисел; ядро, ядер.
    private static func parted(_ base: [UInt32]) -> [Stem] {
        let text = Cyrillic(base)
        guard base.count > 2, text.ends("л", "н", "р"), !text.isVowel(fromEnd: 1),
            text.letter(fromEnd: 1) != "л", text.letter(fromEnd: 1) != "н"
        else { return [] }
        return ["о", "е"].map { vowel in
            Stem(text.dropping(1) + Endings.scalars(vowel) + base.suffix(1), .none)
        }
    }

    private static func masculineStems(_ text: Cyrillic) -> [Stem] {
        var stems = [Stem(text.word, masculine)]
        if text.ends("ов", "ев", "ин", "ын") { stems.append(Stem(text.word, surname)) }
        if text.ends("ск", "цк") { stems.append(Stem(text.word, adjective)) }
        if text.ends("анин", "янин") { stems.append(Stem(text.dropping(2), people)) }
        if text.ends("ец"), text.word.count > 3 {
            let before = text.dropping(2)
            let ending = Endings.scalars("ц")
            if text.isVowel(fromEnd: 2) {
                stems.append(Stem(before + Endings.scalars("й") + ending, masculine))
            } else {
                stems.append(Stem(before + ending, masculine))
                if text.ends("лец") {
                    stems.append(Stem(before + Endings.scalars("ь") + ending, masculine))
                }
            }
        }
        if text.ends("ок", "ек"), text.word.count > 3 {
            stems.append(Stem(text.without(1), masculine))
        } else if text.ends("сол", "зел", "рел", "вел", "тел"), text.word.count > 3 {
            // Посол, посла; орел, орла.
            stems.append(Stem(text.without(1), masculine))
        }
        if text.ends("енок"), text.word.count > 5 {
            stems.append(Stem(text.dropping(4) + Endings.scalars("ят"), cubs))
        }
        return stems
    }
}

/// A folded Cyrillic word, to be asked for its end.
struct Cyrillic {
    let word: [UInt32]

    init(_ word: [UInt32]) {
        self.word = word
    }

    /// The last letter.
    var last: Character? { letter(fromEnd: 0) }

    /// Whether it ends in one of these.
    func ends(_ endings: String...) -> Bool {
        endings.contains { ending in
            // Without a list for each: this is asked often while a configuration loads.
            var index = word.count
            for scalar in ending.unicodeScalars.reversed() {
                index -= 1
                guard index >= 0, word[index] == scalar.value else { return false }
            }
            return true
        }
    }

    /// The word without its last letters.
    func dropping(_ count: Int) -> [UInt32] { Array(word.dropLast(count)) }

    /// The word without the letter that has `index` letters behind it.
    func without(_ index: Int) -> [UInt32] { word.dropLast(index + 1) + word.suffix(index) }

    /// The letter with `index` letters behind it.
    func letter(fromEnd index: Int) -> Character? {
        guard index < word.count else { return nil }
        return Unicode.Scalar(word[word.count - 1 - index]).map(Character.init)
    }

    /// Whether the letter with `index` letters behind it is a vowel.
    func isVowel(fromEnd index: Int) -> Bool {
        letter(fromEnd: index).map { "аеиоуыэюяіїє".contains($0) } ?? false
    }
}
