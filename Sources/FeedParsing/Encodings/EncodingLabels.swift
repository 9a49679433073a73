/// An encoding: its name in the WHATWG Encoding Standard, and what iconv calls it.
struct TextEncoding: Hashable, Sendable {
    /// The name, in lower case.
    var name: String
    /// The name of the glibc converter that maps as browsers do.
    var converter: String
    /// Whether a byte is a character.
    var isSingleByte = true

    static let utf8 = TextEncoding(name: "utf-8", converter: "UTF-8", isSingleByte: false)
    static let utf16LE = TextEncoding(name: "utf-16le", converter: "UTF-16LE", isSingleByte: false)
    static let utf16BE = TextEncoding(name: "utf-16be", converter: "UTF-16BE", isSingleByte: false)
    static let utf32LE = TextEncoding(name: "utf-32le", converter: "UTF-32LE", isSingleByte: false)
    static let utf32BE = TextEncoding(name: "utf-32be", converter: "UTF-32BE", isSingleByte: false)
    static let windows1252 = TextEncoding(name: "windows-1252", converter: "CP1252")

    /// Whether the encoding is UTF-16 or UTF-32, in which no ASCII byte stands for itself.
    var isWide: Bool { name.hasPrefix("utf-16") || name.hasPrefix("utf-32") }
}

/// Encodings by the labels that documents and servers give.
enum EncodingLabels {
    /// The encoding of a label, as browsers read it; nil where nobody knows it.
    static func encoding(_ label: String) -> TextEncoding? {
        let key = label.lowercased().filter { $0 != " " && $0 != "\t" && $0 != "\n" && $0 != "\r" }
        if let known = table[key] { return known }
        // "utf_8", "windows_1251": the underscore is a mistake that nobody else's label has.
        let dashed = key.replacing("_", with: "-")
        if let known = table[dashed] { return known }
        // "iso_8859-2:1987"
        if let colon = dashed.firstIndex(of: ":"), let known = table[String(dashed[..<colon])] {
            return known
        }
        if dashed.hasPrefix("x-"), let known = table[String(dashed.dropFirst(2))] { return known }
        return nil
    }

    private static let table: [String: TextEncoding] = {
        var table: [String: TextEncoding] = [:]
        func add(_ name: String, _ converter: String, _ labels: String, single: Bool = true) {
            let encoding = TextEncoding(name: name, converter: converter, isSingleByte: single)
            for label in [name] + labels.split(separator: " ").map(String.init) {
                table[label] = encoding
            }
        }
        addUnicode(&table)
        add(
            "windows-1252",
            "CP1252",
            """
            ansi_x3.4-1968 ascii us-ascii cp1252 cp819 ibm819 iso-8859-1 iso-ir-100 iso8859-1 \
            iso88591 iso-88591 iso_8859-1 latin1 latin-1 l1 x-cp1252 csisolatin1 ansi 8859-1 1252
            """
        )
        let windows = [
            (874, "iso-8859-11 tis-620 dos-874 iso8859-11 iso885911"), (1250, ""),
            (1251, "win-1251 win1251"),
            (1253, ""), (1254, "iso-8859-9 latin5 iso8859-9 iso88599 iso-ir-148 l5 csisolatin5"),
            (1255, ""),
            (1256, ""), (1257, ""), (1258, ""),
        ]
        for (page, labels) in windows {
            add(
                "windows-\(page)",
                "CP\(page)",
                "cp\(page) x-cp\(page) cp-\(page) windows\(page) \(page) \(labels)"
            )
        }
        for part in [2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16] {
            add(
                "iso-8859-\(part)",
                "ISO-8859-\(part)",
                "iso8859-\(part) iso8859\(part) iso_8859-\(part) iso-8859\(part) 8859-\(part)"
            )
        }
        for (label, part) in [
            ("latin2", 2), ("latin3", 3), ("latin4", 4), ("cyrillic", 5), ("arabic", 6),
            ("greek", 7), ("hebrew", 8), ("latin6", 10), ("latin9", 15), ("latin-9", 15),
            ("latin10", 16), ("l2", 2), ("iso-8859-8-e", 8), ("csiso88598e", 8), ("visual", 8),
            ("iso-8859-6-e", 6),
            ("csisolatin2", 2), ("iso-ir-101", 2), ("csisolatin3", 3), ("l3", 3), ("iso-ir-109", 3),
            ("csisolatin4", 4), ("l4", 4), ("iso-ir-110", 4), ("csisolatincyrillic", 5),
            ("iso-ir-144", 5), ("asmo-708", 6), ("ecma-114", 6), ("csisolatinarabic", 6),
            ("iso-8859-6-i", 6), ("iso-ir-127", 6), ("ecma-118", 7), ("elot-928", 7),
            ("csisolatingreek", 7), ("greek8", 7), ("sun-eu-greek", 7), ("iso-ir-126", 7),
            ("csisolatinhebrew", 8), ("iso-ir-138", 8), ("csisolatin6", 10), ("l6", 10),
            ("iso-ir-157", 10), ("csisolatin9", 15), ("l9", 15),
        ] {
            table[label] = table["iso-8859-\(part)"]
        }
        add("iso-8859-8-i", "ISO-8859-8", "logical csiso88598i")
        add("koi8-r", "KOI8-R", "koi koi8 koi8_r koi8r cskoi8r")
        add("koi8-u", "KOI8-U", "koi8-ru koi8u")
        add("ibm866", "CP866", "cp866 866 csibm866 dos-866 alt")
        add("macintosh", "MACINTOSH", "mac x-mac-roman macroman mac-roman csmacintosh")
        add("x-mac-cyrillic", "MAC-UK", "x-mac-ukrainian maccyrillic mac-cyrillic")
        add(
            "x-mac-centraleurroman",
            "MAC-CENTRALEUROPE",
            "x-mac-ce macce maccentraleurope maclatin2 mac-latin2 mac-centraleurope"
        )
        add("x-mac-icelandic", "MAC-IS", "maciceland mac-iceland macis")
        add("x-mac-greek", "macos-6_2-10.4", "macgreek mac-greek")
        add("x-mac-turkish", "macos-35-10.2", "macturkish mac-turkish")
        add("ibm861", "CP861", "cp861 cp-is csibm861 861")
        addEastAsian(&table)
        return table
    }()

    private static func addUnicode(_ table: inout [String: TextEncoding]) {
        for label in ["utf-8", "utf8", "unicode-1-1-utf-8", "x-unicode20utf8", "utf-8-sig", "utf"] {
            table[label] = .utf8
        }
        for label in [
            "utf-16", "utf-16le", "utf16", "utf16le", "ucs-2", "unicode", "iso-10646-ucs-2",
            "csunicode", "unicodefeff", "utf-16-le",
        ] {
            table[label] = .utf16LE
        }
        for label in ["utf-16be", "utf16be", "unicodefffe", "utf-16-be"] {
            table[label] = .utf16BE
        }
        for label in ["utf-32", "utf-32le", "utf32", "ucs-4", "utf-32-le", "iso-10646-ucs-4"] {
            table[label] = .utf32LE
        }
        for label in ["utf-32be", "utf-32-be", "ucs-4be"] { table[label] = .utf32BE }
    }

    private static func addEastAsian(_ table: inout [String: TextEncoding]) {
        let lines = [
            (
                "gb18030", "GB18030",
                "gbk gb2312 gb_2312 gb_2312-80 gb2312-80 chinese csgb2312 csiso58gb231280 cp936 "
                    + "x-gbk iso-ir-58 euc-cn euccn windows-936 ms936 936"
            ),
            (
                "big5", "BIG5-HKSCS",
                "big5-hkscs big5hkscs big5-tw cn-big5 csbig5 x-x-big5 cp950 windows-950 big-5 950"
            ),
            (
                "shift_jis", "CP932",
                "shift-jis sjis s-jis ms_kanji ms-kanji ms932 x-sjis csshiftjis windows-31j cp932 "
                    + "windows-932 shiftjis 932"
            ),
            ("euc-jp", "EUC-JP-MS", "eucjp x-euc-jp ujis cseucpkdfmtjapanese euc-jp-ms cp51932"),
            ("iso-2022-jp", "ISO-2022-JP-2", "csiso2022jp iso2022jp jis"),
            (
                "euc-kr", "CP949",
                "euckr cp949 uhc ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 ks-c-5601-1987 "
                    + "windows-949 korean cseuckr csksc56011987 iso-ir-149 ksc-5601 949"
            ),
        ]
        for (name, converter, labels) in lines {
            let encoding = TextEncoding(name: name, converter: converter, isSingleByte: false)
            table[name] = encoding
            for label in labels.split(separator: " ") { table[String(label)] = encoding }
        }
    }
}
