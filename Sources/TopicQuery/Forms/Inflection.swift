/// The beginning of a word and the endings it takes.
struct Stem: Sendable {
    var base: [UInt32]
    var endings: Endings

    init(_ base: some Sequence<UInt32>, _ endings: Endings) {
        self.base = Array(base)
        self.endings = endings
    }

    /// The forms as text.
    var forms: [String] {
        endings.all.map { ending in
            var text = String.UnicodeScalarView()
            text.append(contentsOf: (base + ending).compactMap(Unicode.Scalar.init))
            return String(text)
        }
    }
}

/// How the words of a term take endings.
enum InflectionRule: UInt32, Hashable, Sendable {
    case none
    case english
    case german
    case french
    case russian
    case ukrainian
    /// Russian and Ukrainian together.
    case cyrillic
    /// Ukrainian, of a word that another one follows in its phrase: мала may be an adjective.
    case ukrainianAttribute
    /// The same for Russian and Ukrainian together.
    case cyrillicAttribute

    /// A number that tells the rules apart.
    var number: UInt32 { rawValue }

    /// The rule for a set's key; where that says nothing, for the script.
    init(language: String, isCyrillic: Bool) {
        let isPlain = language.utf8.allSatisfy { 0x61...0x7A ~= $0 }
        let primary =
            isPlain
            ? language
            : language.split { $0 == "-" || $0 == "_" }.first.map { $0.lowercased() } ?? ""
        switch primary {
        case "ru": self = .russian
        case "uk": self = .ukrainian
        case "de": self = .german
        case "fr": self = .french
        default: self = isCyrillic ? .cyrillic : .english
        }
    }

    /// The rule for a word of a term, which may be in another script.
    func suiting(isCyrillic: Bool) -> InflectionRule {
        switch self {
        case .russian, .ukrainian, .cyrillic, .ukrainianAttribute, .cyrillicAttribute:
            isCyrillic ? self : .english
        case .german, .french, .english: isCyrillic ? .cyrillic : self
        case .none: .none
        }
    }

    /// The rule for a word that another one follows in its phrase.
    var ofAttribute: InflectionRule {
        switch self {
        case .ukrainian: .ukrainianAttribute
        case .cyrillic: .cyrillicAttribute
        default: self
        }
    }

    /// The stems of a folded word; together their forms hold the word itself.
    func stems(of word: [UInt32]) -> [Stem] {
        switch self {
        case .none: [Stem(word, .none)]
        case .english: LatinForms.english(word)
        case .german: LatinForms.german(word)
        case .french: LatinForms.french(word)
        case .russian: RussianForms.stems(of: word)
        case .ukrainian: UkrainianForms.stems(of: word)
        case .cyrillic: RussianForms.stems(of: word) + UkrainianForms.stems(of: word)
        case .ukrainianAttribute: UkrainianForms.attributeStems(of: word)
        case .cyrillicAttribute:
            RussianForms.stems(of: word) + UkrainianForms.attributeStems(of: word)
        }
    }
}

/// Endings that words of one kind take; each list is made once and known by its identity.
final class Endings: Sendable {
    /// The longest ending that a stem may take, in scalars.
    static let longest = 5

    /// No ending.
    static let none = Endings([[]])

    /// The endings; the empty one is the word without any.
    let all: [[UInt32]]

    init(_ all: [[UInt32]]) {
        self.all = all
    }

    /// The endings in a list parted by blanks; `∅` is the empty one.
    static func list(_ text: String) -> Endings {
        Endings(
            text.split(separator: " ").map { ending in
                ending == "∅" ? [] : ending.unicodeScalars.map(\.value)
            }
        )
    }

    /// Both lists as one.
    static func + (first: Endings, second: Endings) -> Endings {
        Endings(first.all + second.all)
    }

    /// The scalars of a text.
    static func scalars(_ text: String) -> [UInt32] { text.unicodeScalars.map(\.value) }
}

extension [UInt32] {
    /// Whether the word ends so.
    func ends(with ending: [UInt32]) -> Bool {
        count >= ending.count && suffix(ending.count).elementsEqual(ending)
    }
}
