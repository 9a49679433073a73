/// What the language that a document names says of its encoding.
///
/// Three titles give a detector some dozens of letters; `<language>ro</language>` says more.
struct EncodingLanguage {
    /// The encodings that the language is written in, by their labels, the commonest first.
    let encodings: [StaticString]

    /// How much of a document is looked through for its language.
    private static let headSize = 16 << 10

    /// What the first language that `document` names says; nil where it names none that tells.
    init?(_ document: Bytes) {
        let head = document.part(0..<min(document.count, EncodingLanguage.headSize))
        let marks: [StaticString] = ["<language>", "<dc:language>", "xml:lang=\"", "xml:lang='"]
        let places = marks.compactMap { mark in
            head.firstOffset(of: mark).map { $0 + mark.utf8CodeUnitCount }
        }
        guard let start = places.min() else { return nil }
        let name = head.from(start).trimmed
        let tag = name.prefix(while: { $0.isASCIILetter || $0 == UInt8(ascii: "-") })
        let parts = String(decoding: tag, as: UTF8.self).lowercased().split(separator: "-")
        guard let language = parts.first else { return nil }
        let isTraditional = parts.dropFirst().contains { ["tw", "hk", "mo", "hant"].contains($0) }
        let family = language == "zh" && isTraditional ? "zh-tw" : String(language)
        guard let encodings = EncodingLanguage.families.first(where: { $0.0.contains(family) })?.1
        else { return nil }
        self.encodings = encodings
    }

    /// Whether an encoding is one of the language's.
    func fits(_ name: String) -> Bool { encodings.contains { $0.description == name } }

    // Not English: it is what programs write where nobody says otherwise.
    private static let families: [(Set<String>, [StaticString])] = [
        (
            ["pl", "cs", "sk", "sl", "hr", "bs", "hu", "ro", "sq"],
            ["windows-1250", "iso-8859-2", "iso-8859-16"]
        ),
        (["lt", "lv", "et"], ["windows-1257", "iso-8859-13", "iso-8859-4"]),
        (
            [
                "de", "fr", "es", "it", "pt", "nl", "da", "nb", "nn", "no", "sv", "fi", "is", "fo",
                "ca", "eu", "gl", "ga",
            ],
            ["windows-1252", "macintosh", "iso-8859-15"]
        ),
        (["tr", "az"], ["windows-1254", "iso-8859-3"]),
        (["el"], ["windows-1253", "iso-8859-7"]),
        (["he", "iw", "yi"], ["windows-1255", "iso-8859-8"]),
        (["ar", "fa", "ur"], ["windows-1256", "iso-8859-6"]),
        (["th"], ["windows-874"]),
        (["vi"], ["windows-1258"]),
        (
            ["ru", "uk", "be", "bg", "sr", "mk", "kk"],
            ["windows-1251", "koi8-r", "koi8-u", "iso-8859-5", "ibm866", "x-mac-cyrillic"]
        ),
        (["ja"], ["shift_jis", "euc-jp", "iso-2022-jp"]),
        (["ko"], ["euc-kr", "iso-2022-kr"]),
        (["zh"], ["gb18030", "big5", "hz-gb-2312"]),
        (["zh-tw"], ["big5", "gb18030"]),
    ]
}
