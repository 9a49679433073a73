import FeedModel

/// Decides the encoding of a document and brings it to UTF-8.
///
/// The order: byte-order mark, HTTP, XML declaration, UTF-8, a guess; the first that decodes the
/// whole document wins. Bytes that are UTF-8 beyond ASCII are UTF-8 whatever one-byte or
/// two-byte encoding is named.
struct DocumentDecoder {
    /// A document in UTF-8.
    struct Text {
        /// The text; nil: the bytes of the document as they are, from `offset` on.
        var converted: [UInt8]?
        /// Where the text starts in the document, behind a mark.
        var offset = 0
        /// The encoding's name.
        var encoding = "utf-8"
        /// What was wrong.
        var problems: [ParseProblem] = []
        /// Whether the bytes are known to be UTF-8 without a look at them: they are not.
        var isUnchecked = false
    }

    private let document: Bytes
    private let httpLabel: String?
    private var declaredLabel: String?
    private var text = Text()

    /// The text of `document`.
    ///
    /// Where everything says UTF-8, that is taken for granted: the XML parser checks it while it
    /// reads, and `checked` is for when it finds it wrong.
    static func decode(_ document: Bytes, contentType: String?, checked: Bool) -> Text {
        var decoder = DocumentDecoder(document, contentType)
        decoder.run(checked: checked)
        return decoder.text
    }

    private init(_ document: Bytes, _ contentType: String?) {
        self.document = document
        httpLabel = contentType.flatMap { DocumentDecoder.charset(of: $0) }
    }

    private mutating func run(checked: Bool) {
        if let (encoding, length) = DocumentDecoder.mark(of: document) {
            if take(encoding, from: length) { return }
            note("encoding-wrong", "the byte-order mark says \(encoding.name), the bytes do not")
        }
        if let mainframe = DocumentDecoder.mainframeEncoding(of: document), take(mainframe, from: 0)
        {
            return
        }
        let wide = DocumentDecoder.wideEncoding(of: document)
        if wide == nil {
            declaredLabel =
                XMLDeclaration.encoding(in: document)
                ?? (checked ? HTMLPage.encoding(in: document) : nil)
        }
        if let wide, take(wide, from: 0) { return }
        let isMereASCII = self.isMereASCII
        if isMereASCII { note("encoding-wrong", "us-ascii is named, but the bytes are not") }
        let http = named(isMereASCII ? nil : httpLabel, by: "HTTP")
        let declared = named(declaredLabel, by: "the XML declaration")
        if !checked, text.problems.isEmpty, http ?? .utf8 == .utf8, declared ?? .utf8 == .utf8 {
            text.isUnchecked = true
            return
        }
        if choose(http, declared) { return }
        giveUp(http ?? declared ?? .utf8)
    }

    /// Whether HTTP speaks of ASCII, the document of something else, and the bytes are none.
    private var isMereASCII: Bool {
        let names = ["us-ascii", "ascii", "ansi_x3.4-1968"]
        guard let declaredLabel, names.contains(httpLabel?.lowercased() ?? ""),
            !names.contains(declaredLabel.lowercased())
        else { return false }
        return document.contains { $0 >= 0x80 }
    }

    /// Tries the named encodings, then UTF-8, then a guess.
    private mutating func choose(_ http: TextEncoding?, _ declared: TextEncoding?) -> Bool {
        let isUTF8 = UTF8Check.firstError(document) == nil
        let first = http ?? declared
        if isUTF8, document.contains(where: { $0 >= 0x80 }) {
            if let first, first != .utf8 {
                note("encoding-wrong", "\(first.name) is named, but the bytes are UTF-8")
            }
            return take(.utf8, from: 0)
        }
        // XML has no escape character: this is a document of seven bits, in ISO 2022.
        if document.firstOffset(of: "\u{1B}$") != nil, first?.name.hasPrefix("iso-2022") != true,
            takeGuess()
        {
            return true
        }
        for encoding in [http, declared].compactMap({ $0 }) {
            if takeBetter(than: encoding, or: encoding == http ? declared : nil) { return true }
            if take(encoding, from: 0) { return true }
            note("encoding-wrong", "\(encoding.name) is named, but the bytes are not")
        }
        if isUTF8 { return take(.utf8, from: 0) }
        if EncodingGuess.isNearlyUTF8(document) {
            giveUp(.utf8)
            return true
        }
        if let first, first != .utf8, isNearly(first),
            EncodingPlausibility.better(than: first, or: nil, for: document).isEmpty
        {
            return false
        }
        return takeGuess()
    }

    /// Takes another encoding than a named one that makes no text of the bytes.
    private mutating func takeBetter(than named: TextEncoding, or other: TextEncoding?) -> Bool {
        for better in EncodingPlausibility.better(than: named, or: other, for: document)
        where better != named && take(better, from: 0) {
            note("encoding-wrong", "\(named.name) is named, but would make no text of the bytes")
            if better != other { note("encoding-guessed", "read as \(better.name)") }
            return true
        }
        return false
    }

    private mutating func takeGuess() -> Bool {
        for guess in EncodingGuess.guesses(document) where take(guess, from: 0) {
            note("encoding-guessed", "read as \(guess.name)")
            return true
        }
        return false
    }

    /// Whether the named encoding reads all but a few bytes: they are damaged, not of another one.
    private func isNearly(_ encoding: TextEncoding) -> Bool {
        guard !encoding.isWide,
            let decoded = TextDecoder.decode(document, encoding, strict: false)
        else { return false }
        return decoded.errorCount * 50 <= decoded.bytes.reduce(0) { $0 + ($1 >= 0x80 ? 1 : 0) } / 3
    }

    /// Nothing fits: the named encoding, with U+FFFD for what it cannot read.
    private mutating func giveUp(_ encoding: TextEncoding) {
        let decoded =
            TextDecoder.decode(document, encoding, strict: false)
            ?? TextDecoder.decodeUTF8(document, strict: false)
        text.converted = decoded?.bytes ?? []
        text.encoding = encoding.name
        note("encoding-undecodable", "\(decoded?.errorCount ?? 0) places are not \(encoding.name)")
    }

    private mutating func take(_ encoding: TextEncoding, from offset: Int) -> Bool {
        if encoding == .utf8 {
            guard UTF8Check.firstError(document.from(offset)) == nil else { return false }
            text.converted = nil
            text.offset = offset
        } else {
            // UTF-16 is named of documents whose every byte is ASCII: then it is not UTF-16.
            if encoding.isWide, offset == 0, DocumentDecoder.wideEncoding(of: document) == nil {
                return false
            }
            guard
                let decoded = TextDecoder.decode(document.from(offset), encoding, strict: true)
            else { return false }
            text.converted = decoded.bytes
        }
        text.encoding = encoding.name
        return true
    }

    private mutating func named(_ label: String?, by whom: String) -> TextEncoding? {
        guard let label, !label.isEmpty else { return nil }
        if let encoding = EncodingLabels.encoding(label) ?? TextDecoder.encoding(named: label) {
            return encoding
        }
        note("encoding-unknown", "\(whom) names an unknown encoding, \(label.prefix(40))")
        return nil
    }

    private mutating func note(_ code: String, _ message: String) {
        text.problems.append(ParseProblem(code: code, line: 1, message: message))
    }

    /// The encoding of a byte-order mark and the mark's length.
    private static func mark(of document: Bytes) -> (TextEncoding, Int)? {
        let head = Array(document.prefix(4))
        if head.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
        if head == [0xFF, 0xFE, 0, 0] { return (.utf32LE, 4) }
        if head == [0, 0, 0xFE, 0xFF] { return (.utf32BE, 4) }
        if head.starts(with: [0xFF, 0xFE]) { return (.utf16LE, 2) }
        if head.starts(with: [0xFE, 0xFF]) { return (.utf16BE, 2) }
        return nil
    }

    /// The encoding in which the document starts with a sign of ASCII, for UTF-16 and UTF-32
    /// without a mark (XML 1.0, appendix F.1; RFC 4627, section 3).
    private static func wideEncoding(of document: Bytes) -> TextEncoding? {
        let head = Array(document.prefix(4))
        guard head.count == 4 else { return nil }
        let isSign = head.map { $0 > 0 && $0 < 0x80 }
        if isSign == [true, false, false, false], head[1...] == [0, 0, 0] { return .utf32LE }
        if isSign == [false, false, false, true], head[..<3] == [0, 0, 0] { return .utf32BE }
        if isSign == [true, false, true, false], head[1] == 0, head[3] == 0 { return .utf16LE }
        if isSign == [false, true, false, true], head[0] == 0, head[2] == 0 { return .utf16BE }
        return nil
    }

    /// The encoding of a document that starts with `<?xm` in EBCDIC (XML 1.0, appendix F.1).
    private static func mainframeEncoding(of document: Bytes) -> TextEncoding? {
        guard document.prefix(4).elementsEqual([0x4C, 0x6F, 0xA7, 0x94]) else { return nil }
        let common = TextEncoding(name: "ibm037", converter: "IBM037", isSingleByte: false)
        let head = document.part(0..<min(256, document.count))
        guard let text = TextDecoder.decode(head, common, strict: false) else { return nil }
        let label = text.bytes.withUnsafeBufferPointer { XMLDeclaration.encoding(in: $0) }
        return label.flatMap { TextDecoder.encoding(named: $0) } ?? common
    }

    /// The `charset` parameter of a media type.
    private static func charset(of contentType: String) -> String? {
        for parameter in contentType.split(separator: ";").dropFirst() {
            let parts = parameter.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased().filter({ $0 != " " }) == "charset" else {
                continue
            }
            return parts[1].filter { $0 != "\"" && $0 != "'" && $0 != " " }
        }
        return nil
    }
}

/// The declaration at the start of an XML document.
enum XMLDeclaration {
    /// The encoding that the declaration names.
    static func encoding(in document: Bytes) -> String? {
        place(in: document).map { document.part($0).trimmed.string }
    }

    /// `document` without a declaration whose encoding's name XML does not allow ("437"): the name
    /// has served its purpose, and is no reason to call the document broken.
    static func withoutIllegalName(_ document: Bytes) -> Bytes {
        guard document.hasPrefix("<?xml"), let name = place(in: document),
            let first = document[name].first, !first.isASCIILetter,
            let end = document.firstOffset(of: "?>", from: name.upperBound)
        else { return document }
        return document.from(end + 2)
    }

    private static func place(in document: Bytes) -> Range<Int>? {
        let head = document.part(0..<min(document.count, 1024))
        guard let start = head.firstOffset(of: "<?xml") else { return nil }
        let end = head.firstOffset(of: UInt8(ascii: ">"), from: start) ?? head.count
        guard let name = head.part(0..<end).firstOffset(of: "encoding", from: start) else {
            return nil
        }
        var index = name + 8
        while index < end, head[index].isASCIISpace || head[index] == UInt8(ascii: "=") {
            index += 1
        }
        guard index < end, head[index] == UInt8(ascii: "\"") || head[index] == UInt8(ascii: "'")
        else { return nil }
        guard let close = head.firstOffset(of: head[index], from: index + 1), close < end else {
            return nil
        }
        return (index + 1)..<close
    }
}
