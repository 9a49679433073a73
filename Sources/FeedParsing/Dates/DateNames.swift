/// Names of months and words around dates, in the languages of the feeds people read.
enum DateNames {
    /// What a word of a date means.
    enum Meaning: Sendable {
        case month(Int)
        /// Before noon or after it.
        case halfDay(isAfternoon: Bool)
        /// A word that says nothing: a day of the week, "at", "of".
        case filler
    }

    private static let chineseMonths: [StaticString] = [
        "一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月",
    ]

    /// The month whose Chinese name `text` starts with, and the name's length.
    static func chineseMonth(_ text: Bytes) -> (month: Int, length: Int)? {
        guard let index = chineseMonths.firstIndex(where: { text.hasPrefix($0) }) else {
            return nil
        }
        return (index + 1, chineseMonths[index].utf8CodeUnitCount)
    }

    /// The meaning of a word, in any case, with or without accents.
    static func meaning(of word: String) -> Meaning? { words[fold(word)] }

    /// A word in lower case without the accents of Greek and Latin letters.
    private static func fold(_ word: String) -> String {
        var output = ""
        for scalar in word.lowercased().unicodeScalars {
            if scalar.value >= 0x300, scalar.value < 0x370 { continue }
            output.unicodeScalars.append(accents[scalar] ?? scalar)
        }
        return output
    }

    private static let accents: [Unicode.Scalar: Unicode.Scalar] = {
        var accents: [Unicode.Scalar: Unicode.Scalar] = [:]
        let groups = [
            "aáàâäãå", "eéèêë", "iíìîï", "oóòôöőõ", "uúùûüű", "cç", "nñ", "αά", "εέ", "ηή", "ιίϊΐ",
            "οό", "υύϋΰ", "ωώ", "σς",
        ]
        for group in groups {
            let scalars = Array(group.unicodeScalars)
            for scalar in scalars.dropFirst() { accents[scalar] = scalars[0] }
        }
        return accents
    }()

    private static let words: [String: Meaning] = {
        var words: [String: Meaning] = [:]
        for (index, line) in months.enumerated() {
            for name in line.split(separator: " ") {
                words[fold(String(name))] = .month(index + 1)
            }
        }
        for name in fillers.split(separator: " ") { words[fold(String(name))] = .filler }
        for name in ["am", "a.m", "π.μ", "πμ", "de"] {
            words[fold(name)] = .halfDay(isAfternoon: false)
        }
        for name in ["pm", "p.m", "μ.μ", "μμ", "du"] {
            words[fold(name)] = .halfDay(isAfternoon: true)
        }
        // Spanish "17 de junio" is more common than Hungarian "de" for the morning.
        words["de"] = .filler
        words["du"] = .filler
        return words
    }()

    // English, German, French, Italian, Spanish, Portuguese, Dutch, Hungarian, Greek, Russian,
    // Ukrainian, Polish, Czech.
    private static let months = [
        """
        january jan januar janner janvier janv gennaio gen enero ene janeiro januari ιανουαριος \
        ιανουαριου ιαν январь января янв січень січня січ styczeń stycznia ledna leden
        """,
        """
        february feb febr februar feber fevrier fevr fev febbraio febrero fevereiro februari \
        februári febrero φεβρουαριος φεβρουαριου φεβ φεβρ февраль февраля фев февр лютий лютого лют \
        lutego luty unora unor
        """,
        """
        march mar märz mrz marz maerz mars marzo março maart mrt március márc marcius μαρτιος \
        μαρτιου μαρ март марта мар березень березня бер marca marzec brezna brezen
        """,
        """
        april apr avril avr aprile abril abr április ápr απριλιος απριλιου απρ апрель апреля апр \
        квітень квітня квіт кві kwietnia kwiecień dubna duben
        """,
        """
        may mai maggio mag mayo maio mei május máj majus május maius μαϊος μαιου μαι μαη май мая \
        травень травня трав тра maja maj kvetna kveten május
        """,
        """
        june jun juni juin giugno giu junio junho június jún ιουνιος ιουνιου ιουν июнь июня июн \
        червень червня черв чер czerwca czerwiec cervna cerven
        """,
        """
        july jul juli juillet juil luglio lug julio julho július júl ιουλιος ιουλιου ιουλ июль июля \
        июл липень липня лип lipca lipiec cervence cervenec
        """,
        """
        august aug août aout agosto ago ag augustus augusztus αυγουστος αυγουστου αυγ авг август \
        августа серпень серпня серп сер sierpnia sierpień srpna srpen
        """,
        """
        september sep sept septembre settembre set septiembre setembro szeptember szept σεπτεμβριος \
        σεπτεμβριου σεπ σεπτ сентябрь сентября сен сент вересень вересня вер września wrzesień zari
        """,
        """
        october oct oktober okt octobre ottobre ott octubre outubro out október οκτωβριος \
        οκτωβριου οκτ октябрь октября окт жовтень жовтня жовт жов października październik rijna
        """,
        """
        november nov novembre noviembre novembro νοεμβριος νοεμβριου νοε ноябрь ноября ноя нояб \
        листопад листопада лист лис listopada listopad
        """,
        """
        december dec dezember dez décembre déc dicembre dic diciembre dezembro δεκεμβριος \
        δεκεμβριου δεκ декабрь декабря дек грудень грудня груд гру grudnia grudzień prosince
        """,
    ]

    private static let fillers = """
        monday tuesday wednesday thursday friday saturday sunday mon tue tues wed wednes thu thur \
        thurs fri sat sun t at of on the um uhr den der le à a il alle ore h del el los en в года г \
        год р року рік о об час
        """
}
