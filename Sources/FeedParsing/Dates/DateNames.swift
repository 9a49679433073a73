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

    /// The day of the week that an English word names, 0 for Sunday.
    static func weekday(_ word: Bytes) -> Int? {
        let names: [StaticString] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
        return names.firstIndex { word.hasPrefixIgnoringCase($0) }
    }

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

    // English, German, French, Italian, Spanish, Portuguese, Romanian, Dutch, Danish, Swedish,
    // Finnish, Hungarian, Greek, Russian, Ukrainian, Bulgarian, Polish, Czech, Turkish.
    private static let months = [
        """
        january jan ianuarie януари tammikuu tammikuuta januar janner janvier janv gennaio gen \
        enero ene janeiro januari ιανουαριος ιανουαριου ιαν январь января янв січень січня січ \
        styczeń stycznia sty ledna leden ocak
        """,
        """
        february feb februarie февруари helmikuu helmikuuta febr februar feber fevrier fevr fev \
        febbraio febrero fevereiro februari februári febrero φεβρουαριος φεβρουαριου φεβ φεβρ \
        февраль февраля фев февр лютий лютого лют lutego luty lut unora unor února únor şubat
        """,
        """
        march mar marts martie marec maaliskuu maaliskuuta märz mrz marz maerz mars marzo março \
        maart mrt március márc marcius μαρτιος μαρτιου μαρ март марта мар березень березня бер \
        marca marzec brezna brezen března březen mart
        """,
        """
        april apr aprilie април huhtikuu huhtikuuta avril avr aprile abril abr április ápr \
        απριλιος απριλιου απρ апрель апреля апр квітень квітня квіт кві kwietnia kwiecień kwi \
        dubna duben nisan
        """,
        """
        may mai toukokuu toukokuuta maggio mag mayo maio mei május máj majus május maius μαϊος \
        μαιου μαι μαη май мая травень травня трав тра maja maj kvetna kveten května květen május \
        mayıs
        """,
        """
        june jun iunie юни kesäkuu kesäkuuta juni juin giugno giu junio junho június jún ιουνιος \
        ιουνιου ιουν июнь июня июн червень червня черв чер czerwca czerwiec cze cervna cerven \
        června červen haziran
        """,
        """
        july jul iulie юли heinäkuu heinäkuuta juli juillet juil luglio lug julio julho július \
        júl ιουλιος ιουλιου ιουλ июль июля июл липень липня лип lipca lipiec lip cervence \
        cervenec července červenec temmuz
        """,
        """
        august aug augusti elokuu elokuuta août aout agosto ago ag augustus augusztus αυγουστος \
        αυγουστου αυγ авг август августа серпень серпня серп сер sierpnia sierpień sie srpna \
        srpen ağustos
        """,
        """
        september sep septembrie септември syyskuu syyskuuta sept septembre settembre set \
        septiembre setembro szeptember szept σεπτεμβριος σεπτεμβριου σεπ σεπτ сентябрь сентября \
        сен сент вересень вересня вер września wrzesień wrz zari září eylül
        """,
        """
        october oct octombrie октомври lokakuu lokakuuta oktober okt octobre ottobre ott octubre \
        outubro out október οκτωβριος οκτωβριου οκτ октябрь октября окт жовтень жовтня жовт жов \
        października październik paź paz rijna října říjen ekim
        """,
        """
        november nov noiembrie ноември marraskuu marraskuuta novembre noviembre novembro \
        νοεμβριος νοεμβριου νοε ноябрь ноября ноя нояб листопад листопада лист лис listopada \
        listopad lis kasım
        """,
        """
        december dec desember decembrie декември joulukuu joulukuuta dezember dez décembre déc \
        dicembre dic diciembre dezembro δεκεμβριος δεκεμβριου δεκ декабрь декабря дек грудень \
        грудня груд гру grudnia grudzień gru prosince prosinec aralık
        """,
    ]

    private static let fillers = """
        monday tuesday wednesday thursday friday saturday sunday mon tue tues wed wednes thu thur \
        thurs fri sat sun t at of on the um uhr den der le à a il alle ore h del el los en в года г \
        год р року рік о об час klo kl
        """
}
