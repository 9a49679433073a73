/// Words that a full stop follows without ending a sentence.
enum Abbreviations {
    /// Whether a word, by its hash, is one.
    static func contains(_ hash: UInt64) -> Bool { hashes.has(WordHash.key(hash)) }

    private static let hashes = KeyTable(words.split(separator: " ").map(hash).map(WordHash.key))

    private static let words = """
        сев юж зап вост им ул обл гг тыс млн млрд трлн руб коп ст стр см тел проф акад ген полк подп \
        лейт кап адм мин деп рис др пр св гос нац мед экон напр респ пос дер просп пл район корп \
        півн півд зах схід вул тис грн ред рр акад держ \
        mr mrs ms dr prof gen col lt maj capt sgt adm rev hon gov sen rep pres st mt no nos vs etc inc \
        ltd corp co jr sr fig vol pp approx dept est jan feb mar apr jun jul aug sep sept oct nov dec \
        bzw usw ca evtl ggf inkl nr str tel abs bd hrsg sog vgl zzgl bspw mio mrd hl frl \
        mme mlle mm dr av bd env cf ex art chap éd
        """

    /// The hash of a word as the scanner finds it.
    private static func hash(_ word: Substring) -> UInt64 {
        let table = FoldTable.shared
        return word.unicodeScalars.reduce(WordHash.seed) {
            WordHash.adding(table.entry(of: $1.value).value, to: $0)
        }
    }
}

/// Articles and pronouns that lose their vowel before an apostrophe.
enum Elision {
    private static let hashes = KeyTable(
        ["l", "d", "qu", "j", "n", "c", "m", "t"].map { (word: String) in
            WordHash.key(WordHash.adding(word.unicodeScalars.map(\.value), to: WordHash.seed))
        }
    )

    /// Whether a word, by its hash, is one.
    static func isArticle(_ hash: UInt64) -> Bool { hashes.has(WordHash.key(hash)) }
}
