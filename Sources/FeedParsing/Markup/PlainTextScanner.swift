/// Walks markup or plain text and writes what a reader sees.
struct PlainTextScanner {
    private enum Class {
        static let ordinary: UInt8 = 0
        static let space: UInt8 = 1
        static let tag: UInt8 = 2
        static let reference: UInt8 = 3
        static let control: UInt8 = 4
        static let careful: UInt8 = 5
    }

    /// The class of each byte in markup.
    ///
    /// `careful` are lead bytes of sequences among which there is white space, a control, or
    /// something that form NFC may change.
    private static let classes: [UInt8] = {
        var classes = [UInt8](repeating: Class.ordinary, count: 256)
        for byte in 0x00...0x1F { classes[byte] = Class.control }
        for byte in 0x09...0x0D { classes[byte] = Class.space }
        classes[0x20] = Class.space
        classes[0x7F] = Class.control
        classes[Int(UInt8(ascii: "<"))] = Class.tag
        classes[Int(UInt8(ascii: "&"))] = Class.reference
        let careful: [ClosedRange<Int>] = [
            0xC2...0xC2, 0xCC...0xCD, 0xD2...0xD2, 0xD6...0xDF, 0xE0...0xE3, 0xEA...0xEA,
            0xEF...0xF4,
        ]
        for range in careful { for byte in range { classes[byte] = Class.careful } }
        return classes
    }()

    /// The class of each byte in plain text, where `<` and `&` are themselves.
    private static let plainClasses: [UInt8] = {
        var classes = PlainTextScanner.classes
        classes[Int(UInt8(ascii: "<"))] = Class.ordinary
        classes[Int(UInt8(ascii: "&"))] = Class.ordinary
        return classes
    }()

    private let text: Bytes
    private let isMarkup: Bool
    private var index = 0
    private var budget: Int
    private var hasNoCommentEnd = false
    private var hasNoSectionEnd = false

    /// Writes what a reader sees of `text` to `writer`.
    static func scan(_ text: Bytes, isMarkup: Bool, into writer: inout PlainTextWriter) {
        var scanner = PlainTextScanner(text: text, isMarkup: isMarkup)
        (isMarkup ? classes : plainClasses).withUnsafeBufferPointer {
            scanner.run($0, &writer)
        }
    }

    private init(text: Bytes, isMarkup: Bool) {
        self.text = text
        self.isMarkup = isMarkup
        budget = HTMLScan.budget(for: text)
    }

    private mutating func run(_ classes: Bytes, _ writer: inout PlainTextWriter) {
        let text = self.text
        let end = text.count
        var at = 0
        while at < end {
            let byte = text[at]
            switch classes[Int(byte)] {
            case Class.ordinary:
                writer.flushSeparator()
                let start = at
                at &+= 1
                // The run of ordinary bytes, over single blanks.
                while at < end {
                    let byte = text[at]
                    if byte < 0x80 {
                        let passed = PlainTextScanner.plainCount(text, at)
                        if passed > 0 {
                            at &+= passed
                            continue
                        }
                    }
                    if classes[Int(byte)] != Class.ordinary {
                        guard byte == 0x20, at &+ 1 < end,
                            classes[Int(text[at &+ 1])] == Class.ordinary
                        else { break }
                    }
                    at &+= 1
                }
                writer.put(text.part(start..<at))
            case Class.space:
                at = skipSpace(classes, from: at, &writer)
            case Class.control:
                at &+= 1
            case Class.careful:
                at = copySequence(at, &writer)
            case Class.reference:
                if let found = HTMLEntities.read(text, at: at) {
                    writer.write(scalar: found.first)
                    if found.second != 0 { writer.write(scalar: found.second) }
                    at &+= found.length
                } else {
                    writer.flushSeparator()
                    writer.put(byte)
                    at &+= 1
                }
            default:
                index = at
                readTag(&writer)
                at = index
            }
        }
    }

    /// How many of the eight bytes from `at` on are ASCII that is written as it is, single blanks
    /// with something behind them included; 0 also where there are no eight.
    @inline(__always)
    private static func plainCount(_ text: Bytes, _ at: Int) -> Int {
        guard at &+ 8 <= text.count else { return 0 }
        let high: UInt64 = 0x8080_8080_8080_8080
        let ones: UInt64 = 0x0101_0101_0101_0101
        let bytes = UInt64(
            littleEndian: UnsafeRawBufferPointer(text).loadUnaligned(
                fromByteOffset: at,
                as: UInt64.self
            )
        )
        // In each sum the high bit of a byte says whether its seven low bits reach a number.
        let low = bytes & ~high
        let shown = low &+ (0x80 - 0x20) &* ones
        let beyondBlank = low &+ (0x80 - 0x21) &* ones
        let notReference = (low ^ (0x26 &* ones)) &+ 0x7F &* ones
        let notTag = (low ^ (0x3C &* ones)) &+ 0x7F &* ones
        let notDelete = (low ^ (0x7F &* ones)) &+ 0x7F &* ones
        let plain = shown & notReference & notTag & notDelete & ~bytes & high
        let blanks = plain & ~beyondBlank
        // A blank is kept where the next byte is plain and no blank.
        let kept = plain & ~blanks | blanks & (plain & ~blanks) >> 8
        return (~kept & high).trailingZeroBitCount >> 3
    }

    /// Passes a run of white space; an empty line parts paragraphs in plain text.
    private func skipSpace(
        _ classes: Bytes,
        from start: Int,
        _ writer: inout PlainTextWriter
    ) -> Int {
        var at = start
        var lines = 0
        while at < text.count, classes[Int(text[at])] == Class.space {
            if text[at] == 0x0A { lines &+= 1 }
            at &+= 1
        }
        writer.separate(lines > 1 && !isMarkup ? .paragraph : .blank)
        return at
    }

    /// Copies the sequence at `at`, whose lead byte asks for care.
    private func copySequence(_ at: Int, _ writer: inout PlainTextWriter) -> Int {
        let lead = text[at]
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        guard at &+ length <= text.count else {
            // The decoder lets no such text through; were it to, nothing behind it is read.
            return text.count
        }
        let second = text[at &+ 1]
        let third = length > 2 ? text[at &+ 2] : 0
        switch PlainTextScanner.meaning(lead, second, third) {
        case .space: writer.separate(.blank)
        case .nothing: break
        case .windows1252: writer.write(scalar: HTMLEntities.scalar(forNumber: UInt32(second)))
        case .visible(let composes):
            if composes { writer.noteComposing(length) }
            writer.flushSeparator()
            for offset in 0..<length { writer.put(text[at &+ offset]) }
        }
        return at &+ length
    }

    /// What a sequence beyond ASCII means for the text.
    private enum Meaning {
        case space
        case nothing
        /// A control of U+0080 to U+009F: `&#150;` in XML means what it means in HTML.
        case windows1252
        /// Something to see, and whether form NFC may change it or what stands before it.
        case visible(composes: Bool)
    }

    @inline(__always)
    private static func meaning(_ lead: UInt8, _ second: UInt8, _ third: UInt8) -> Meaning {
        switch lead {
        case 0xC2:
            if second > 0xA0 { return .visible(composes: false) }
            return second == 0xA0 ? .space : .windows1252
        case 0xD2: return .visible(composes: second >= 0x83 && second <= 0x87)
        case 0xD8: return .visible(composes: second >= 0x90 && second <= 0x9A)
        case 0xD9: return .visible(composes: second >= 0x8B && second <= 0x9F || second == 0xB0)
        case 0xDA: return .visible(composes: false)
        case 0xE1:
            if second == 0x9A, third == 0x80 { return .space }
            return .visible(composes: second >= 0x84 && second != 0xBA && second != 0xBB)
        case 0xE2:
            switch second {
            case 0x80:
                let isSpace = third <= 0x8A || third == 0xA8 || third == 0xA9 || third == 0xAF
                return isSpace ? .space : .visible(composes: false)
            case 0x81: return third == 0x9F ? .space : .visible(composes: false)
            case 0x82, 0x86...0x8B, 0x92...0x9F: return .visible(composes: false)
            case 0x84: return .visible(composes: third >= 0xA6 && third <= 0xAB)
            default: return .visible(composes: true)
            }
        case 0xE3:
            if second == 0x80 {
                if third == 0x80 { return .space }
                return .visible(composes: third >= 0xAA && third <= 0xAF)
            }
            return .visible(composes: second == 0x82 && (third == 0x99 || third == 0x9A))
        case 0xEA: return .visible(composes: second < 0xB0)
        case 0xEF:
            if second == 0xBB, third == 0xBF { return .nothing }
            return .visible(composes: second < 0xAD || second == 0xB8)
        default: return .visible(composes: true)
        }
    }
}

extension PlainTextScanner {
    /// Reads what starts with the `<` at `index` and moves behind it.
    private mutating func readTag(_ writer: inout PlainTextWriter) {
        let next = index &+ 1 < text.count ? text[index &+ 1] : 0
        switch next {
        case UInt8(ascii: "!"):
            readDeclaration(&writer)
            return
        case UInt8(ascii: "?"):
            index = (text.firstOffset(of: UInt8(ascii: ">"), from: index) ?? text.count - 1) + 1
            return
        case UInt8(ascii: "/"):
            break
        default:
            guard next.isASCIILetter else {
                writer.flushSeparator()
                writer.put(UInt8(ascii: "<"))
                index &+= 1
                return
            }
        }
        let isEnd = next == UInt8(ascii: "/")
        let nameStart = isEnd ? index &+ 2 : index &+ 1
        let nameEnd = HTMLScan.nameEnd(text, from: nameStart)
        let kind = HTMLTags.shared.kind(of: text.part(nameStart..<nameEnd))
        guard let tagEnd = HTMLScan.tagEnd(text, from: nameEnd, budget: &budget) else {
            // Cut off within a tag: the rest is the tag, unless this is a mere `<` in prose.
            if kind == .unknown {
                writer.flushSeparator()
                writer.put(UInt8(ascii: "<"))
                index &+= 1
            } else {
                index = text.count
            }
            return
        }
        index = tagEnd
        switch kind {
        case .unknown, .inline: break
        case .block: writer.separate(.paragraph)
        case .separator:
            if nameEnd &- nameStart == 2, text[nameStart] | 0x20 == UInt8(ascii: "b") {
                writer.breakLine()
            } else {
                writer.separate(.blank)
            }
        case .hidden:
            if !isEnd, text[tagEnd &- 2] != UInt8(ascii: "/") {
                index = HTMLScan.endOfHidden(text, from: tagEnd, name: nameStart..<nameEnd)
            }
        }
    }

    /// Passes a comment, a document type, or the marks (not the content) of a CDATA section.
    private mutating func readDeclaration(_ writer: inout PlainTextWriter) {
        let rest = text.from(index)
        if rest.hasPrefix("<!--") {
            if rest.hasPrefix("<!-->") {
                index &+= 5
            } else if !hasNoCommentEnd, let end = text.firstOffset(of: "-->", from: index &+ 4) {
                index = end &+ 3
            } else {
                hasNoCommentEnd = true
                index = (text.firstOffset(of: UInt8(ascii: ">"), from: index) ?? text.count - 1) + 1
            }
            return
        }
        if rest.hasPrefix("<![CDATA[") {
            index &+= 9
            // Such a section ends with its first mark, so this goes one level deep.
            guard !hasNoSectionEnd, let end = text.firstOffset(of: "]]>", from: index) else {
                hasNoSectionEnd = true
                return
            }
            PlainTextScanner.scan(text.part(index..<end), isMarkup: true, into: &writer)
            index = end &+ 3
            return
        }
        index = (text.firstOffset(of: UInt8(ascii: ">"), from: index) ?? text.count - 1) + 1
    }
}

/// Finds the ends of HTML's constructs in bytes.
enum HTMLScan {
    /// The offset behind the element name that starts at `start`.
    static func nameEnd(_ text: Bytes, from start: Int) -> Int {
        var end = start
        while end < text.count {
            let byte = text[end]
            guard
                byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: ":")
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            else { break }
            end &+= 1
        }
        return end
    }

    /// How many bytes may be looked through in vain in `text`, all searches together.
    ///
    /// Without a bound a text of nothing but `<x ` costs the square of its length.
    static func budget(for text: Bytes) -> Int { text.count &* 8 &+ (1 << 20) }

    /// As `tagEnd(_:from:)`; takes what a search in vain costs off `budget`, and finds nothing
    /// once it is used up.
    static func tagEnd(_ text: Bytes, from start: Int, budget: inout Int) -> Int? {
        guard budget > 0 else { return nil }
        if let end = tagEnd(text, from: start) { return end }
        budget -= text.count &- start
        return nil
    }

    /// The offset behind the `>` of the tag whose name ends at `start`, or nil where none comes.
    ///
    /// A `>` within quotes does not count, unless the quote is never closed.
    static func tagEnd(_ text: Bytes, from start: Int) -> Int? {
        var at = start
        var firstClose: Int?
        var afterEquals = false
        while at < text.count {
            let byte = text[at]
            if byte == UInt8(ascii: ">") { return at &+ 1 }
            if afterEquals, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                guard let close = text.firstOffset(of: byte, from: at &+ 1) else {
                    firstClose = text.firstOffset(of: UInt8(ascii: ">"), from: at)
                    return firstClose.map { $0 &+ 1 }
                }
                at = close
                afterEquals = false
            } else if byte == UInt8(ascii: "=") {
                afterEquals = true
            } else if !byte.isASCIISpace {
                afterEquals = false
            }
            at &+= 1
        }
        return nil
    }

    /// The offset behind the end tag of the element whose start tag ends at `start`.
    static func endOfHidden(_ text: Bytes, from start: Int, name: Range<Int>) -> Int {
        var at = start
        while let open = text.firstOffset(of: "</", from: at) {
            let end = open &+ 2 &+ name.count
            if end <= text.count,
                zip(text[(open &+ 2)..<end], text[name])
                    .allSatisfy({ $0.asciiLowercased == $1.asciiLowercased })
            {
                return tagEnd(text, from: end) ?? text.count
            }
            at = open &+ 2
        }
        return text.count
    }
}
