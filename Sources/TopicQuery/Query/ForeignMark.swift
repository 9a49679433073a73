/// A mark that other tools put at a word, and that would find nothing here.
struct ForeignMark: Hashable {
    /// The code of the error.
    var code = "E105"
    var message: String
    var help: String
    /// The word without the mark.
    var term: String
    /// Whether the mark joins the word to what stands before it.
    var joins = false

    /// The mark of a word, or nil where it has none.
    static func of(_ word: String) -> ForeignMark? {
        let scalars = word.unicodeScalars
        guard scalars.count > 1, let first = scalars.first, let last = scalars.last else {
            return nil
        }
        if let mark = leading(first, scalars.dropFirst()) ?? enclosing(word, first, last) {
            return mark
        }
        if let field = foreignField(word) ?? fullWidth(word) { return field }
        if last == "!" {
            let term = String(scalars.dropLast())
            return ForeignMark(
                message: "! cuts no word here",
                help: "write \(stem(term))",
                term: term
            )
        }
        // Behind a number it is a percent sign.
        if last == "%", let before = scalars.dropLast().last, before.properties.isAlphabetic {
            let term = String(scalars.dropLast())
            return ForeignMark(
                message: "% cuts no word here",
                help: "write \(stem(term))",
                term: term
            )
        }
        if let index = scalars.firstIndex(of: "?") {
            let start = String(scalars[..<index])
            return ForeignMark(
                message: "? stands for no letter here",
                help: "write the spellings with OR, or \(stem(start))",
                term: String(scalars.filter { $0 != "?" })
            )
        }
        return trailing(scalars)
    }

    /// `-word`, `!word`, `+word`.
    private static func leading(
        _ first: Unicode.Scalar,
        _ rest: String.UnicodeScalarView.SubSequence
    ) -> ForeignMark? {
        guard let next = rest.first, next.properties.isAlphabetic else { return nil }
        let term = String(rest)
        switch first {
        case "-", "!":
            return ForeignMark(
                code: "E107",
                message: "\(first) does not leave out here",
                help: "write AND NOT \(term)",
                term: term,
                joins: true
            )
        case "+":
            return ForeignMark(
                message: "+ does not demand a term here",
                help: "put AND between the terms",
                term: term,
                joins: true
            )
        default: return nil
        }
    }

    /// `/pattern/`, `[from`, `to]`, `{word}`.
    private static func enclosing(
        _ word: String,
        _ first: Unicode.Scalar,
        _ last: Unicode.Scalar
    ) -> ForeignMark? {
        if first == "/", last == "/", word.unicodeScalars.count > 2 {
            return ForeignMark(
                message: "patterns are not known here",
                help: "write the spellings with OR, or a stem and *",
                term: "pattern"
            )
        }
        guard "[{".unicodeScalars.contains(first) || "]}".unicodeScalars.contains(last) else {
            return nil
        }
        return ForeignMark(
            message: "[ ] and { } are no brackets here",
            help: "write ( )",
            term: String(word.unicodeScalars.filter { !"[]{}".unicodeScalars.contains($0) })
        )
    }

    /// `word~`, `word~2`, `word^3`.
    private static func trailing(_ scalars: String.UnicodeScalarView) -> ForeignMark? {
        guard let index = scalars.lastIndex(where: { $0 == "~" || $0 == "^" }),
            index > scalars.startIndex
        else { return nil }
        let rest = scalars[scalars.index(after: index)...]
        guard rest.allSatisfy({ "0123456789.".unicodeScalars.contains($0) }) else { return nil }
        let isFuzzy = scalars[index] == "~"
        return ForeignMark(
            message: isFuzzy ? "~ finds no similar words here" : "^ gives no weight here",
            help: isFuzzy
                ? "write the spellings with OR" : "leave it out: sets and fields make the score",
            term: String(scalars[..<index])
        )
    }

    /// `hd=word`, as Factiva has it.
    private static func foreignField(_ word: String) -> ForeignMark? {
        guard let index = word.firstIndex(of: "="), index > word.startIndex,
            let name = FieldAlias.codes[word[..<index].lowercased()]
        else { return nil }
        let value = String(word[word.index(after: index)...])
        return ForeignMark(
            message: "\(word[...index]) is no field here",
            help: "write \(name):\(value.isEmpty ? "(…)" : value)",
            term: value
        )
    }

    /// `＠name`, `＝word`, `title：word`, `word＊`.
    private static func fullWidth(_ word: String) -> ForeignMark? {
        guard let mark = word.unicodeScalars.first(where: { "＠＝：＊＃".unicodeScalars.contains($0) })
        else { return nil }
        let plain = FullWidth.plain(word) ?? word
        return ForeignMark(
            message: "\(mark) is not read as \(FullWidth.plain(String(mark)) ?? "") here",
            help: "write \(plain)",
            term: String(word.unicodeScalars.filter { $0 != mark })
        )
    }

    /// A word cut short by `*`, as far as it may be.
    private static func stem(_ word: String) -> String {
        word.unicodeScalars.count >= 3 ? word + "*" : "a longer stem and *"
    }
}

/// What other tools call our fields.
enum FieldAlias {
    /// Our names for those that stand before `:` or `(`.
    static let ours: [String: String] = [
        "headline": "title", "head": "title", "hl": "title", "hlead": "title", "intitle": "title",
        "allintitle": "title", "subject": "title", "title": "title", "lead": "summary",
        "ingress": "summary", "description": "summary", "abstract": "summary",
        "summary": "summary", "body": "content", "fulltext": "content", "intext": "content",
        "content": "content", "language": "lang", "sourcelanguage": "lang", "site": "url",
        "domain": "url", "inurl": "url", "allinurl": "url", "link": "url", "host": "url",
        "source": "feed", "publication": "feed", "sourcename": "feed", "by": "author",
        "byline": "author", "creator": "author", "tag": "category", "section": "category",
        "topic": "category",
    ]

    /// Our names for Factiva's codes.
    static let codes: [String: String] = [
        "hd": "title", "hlp": "title", "lp": "summary", "te": "content", "tx": "content",
        "la": "lang", "by": "author", "au": "author", "sc": "feed", "sn": "feed", "rst": "feed",
        "ns": "category", "in": "category", "re": "category",
    ]

    private static let ofTime: Set<String> = [
        "date", "before", "after", "since", "until", "published", "pubdate", "daterange",
    ]

    /// What to write for a field that is not known.
    static func hint(for name: String, among names: [String]) -> String {
        let small = name.lowercased()
        if let ours = ours[small] {
            let isAddress = ours == "url" && small != "inurl" && small != "link"
            return isAddress ? "write url:*…* or feed:…; " : "write \(ours):; "
        }
        if ofTime.contains(small) { return "topics know no dates: use match --since; " }
        return Spelling.nearest(to: name, among: names).map { "did you mean \($0):? " } ?? ""
    }
}

/// Full-width forms of ASCII, as East Asian keyboards make them.
enum FullWidth {
    /// The text in ASCII, or nil where it has no such form.
    static func plain(_ text: String) -> String? {
        guard text.unicodeScalars.contains(where: { 0xFF01...0xFF5E ~= $0.value }) else {
            return nil
        }
        var plain = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isWide = 0xFF01...0xFF5E ~= scalar.value
            plain.append(isWide ? Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar : scalar)
        }
        return String(plain)
    }
}
