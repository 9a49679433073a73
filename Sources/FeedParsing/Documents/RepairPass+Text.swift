extension RepairPass {
    /// Writes text of the document: references are checked, what may not stand in XML is escaped.
    mutating func appendText(_ range: Range<Int>) {
        var at = range.lowerBound
        while at < range.upperBound, !isAbandoned {
            let byte = text[at]
            switch byte {
            case UInt8(ascii: "&"):
                index = at
                at = appendReference(at, range.upperBound)
            case UInt8(ascii: ">") where text.from(at).startsWithClosedSection(before: text, at):
                note("xml-cdata", "`]]>` stands in text")
                output.append(text: "&gt;")
                at += 1
            default:
                at = appendRun(at, range.upperBound)
            }
        }
    }

    /// Writes text in which nothing is a reference.
    mutating func appendLiteral(_ range: Range<Int>) {
        var at = range.lowerBound
        while at < range.upperBound {
            switch text[at] {
            case UInt8(ascii: "&"):
                output.append(text: "&amp;")
                at += 1
            case UInt8(ascii: "<"):
                output.append(text: "&lt;")
                at += 1
            case UInt8(ascii: ">"):
                output.append(text: "&gt;")
                at += 1
            default: at = appendRun(at, range.upperBound)
            }
        }
    }

    /// Writes the characters from `at` on that stand for themselves wherever they are, at least one
    /// of any kind; gives the offset behind.
    private mutating func appendRun(_ at: Int, _ limit: Int) -> Int {
        var end = at
        loop: while end < limit {
            switch text[end] {
            case 0x00...0x08, 0x0B, 0x0C, 0x0E...0x1F, 0xEF: break loop
            case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""):
                break loop
            default: end += 1
            }
        }
        guard end > at else { return appendCharacter(at) }
        output.append(contentsOf: text.part(at..<end))
        return end
    }

    /// Writes the character at `at` unless XML has no such character.
    private mutating func appendCharacter(_ at: Int) -> Int {
        let byte = text[at]
        if byte < 0x20, byte != 0x09, byte != 0x0A, byte != 0x0D {
            index = at
            note("xml-control", "a control character stands in the document")
            return at + 1
        }
        if byte == 0xEF, at + 2 < text.count, text[at + 1] == 0xBF, text[at + 2] >= 0xBE {
            index = at
            note("xml-control", "U+FFFE or U+FFFF stands in the document")
            return at + 3
        }
        output.append(byte)
        return at + 1
    }

    /// Writes the reference at `at`, or its ampersand as text; gives the offset behind.
    private mutating func appendReference(_ at: Int, _ limit: Int) -> Int {
        let rest = text.part(at..<limit)
        let known: [StaticString] = ["&amp;", "&lt;", "&gt;", "&quot;", "&apos;"]
        for name in known where rest.hasPrefix(name) {
            output.append(text: name)
            return at + name.utf8CodeUnitCount
        }
        let name = rest.part(0..<min(rest.count, HTMLEntities.longestName + 2))
        if !entities.isEmpty, let end = name.firstOffset(of: UInt8(ascii: ";")),
            let own = entities[Array(rest[1..<end])]
        {
            for byte in own { appendEscaped(byte) }
            return at + end + 1
        }
        guard let found = HTMLEntities.read(rest, at: 0),
            text[at + found.length - 1] == UInt8(ascii: ";")
        else {
            if !isRefused(name) { noteAmpersand(rest) }
            output.append(text: "&amp;")
            return at + 1
        }
        let isNumber = rest[1] == UInt8(ascii: "#")
        if !isNumber {
            note(
                "entity-undefined",
                "the entity \(rest.part(1..<(found.length - 1)).string) is not declared"
            )
        }
        for scalar in [found.first, found.second] where scalar != 0 {
            if RepairPass.isCharacter(scalar) {
                output.append(text: "&#")
                output.append(contentsOf: String(scalar).utf8)
                output.append(UInt8(ascii: ";"))
            } else {
                note("xml-control", "a reference names no character of XML")
            }
        }
        return at + found.length
    }

    /// Whether `name` starts with a reference to an entity that was declared but not taken.
    private func isRefused(_ name: Bytes) -> Bool {
        guard !refusedEntities.isEmpty, let end = name.firstOffset(of: UInt8(ascii: ";")) else {
            return false
        }
        return refusedEntities.contains(Array(name[1..<end]))
    }

    private mutating func noteAmpersand(_ rest: Bytes) {
        var end = 1
        let limit = min(rest.count, 40)
        while end < limit, rest[end].isASCIILetter || rest[end].isASCIIDigit { end += 1 }
        if end > 1, end < rest.count, rest[end] == UInt8(ascii: ";") {
            note(
                "entity-undefined",
                "the entity \(rest.part(1..<min(end, 40)).string) is not declared"
            )
        } else {
            note("xml-bare-ampersand", "an ampersand starts no reference")
        }
    }

    private static func isCharacter(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x09, 0x0A, 0x0D, 0x20...0xD7FF, 0xE000...0xFFFD, 0x1_0000...0x10_FFFF: true
        default: false
        }
    }

    private mutating func appendEscaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "&"): output.append(text: "&amp;")
        case UInt8(ascii: "<"): output.append(text: "&lt;")
        case UInt8(ascii: ">"): output.append(text: "&gt;")
        case UInt8(ascii: "\""): output.append(text: "&quot;")
        default: output.append(byte)
        }
    }

    /// Writes the attributes of a start tag, quoted, the first of each name.
    mutating func appendAttributes(_ range: Range<Int>) {
        let inside = text.part(range)
        var seen: Set<[UInt8]> = []
        var isBroken = false
        var places: [(Range<Int>, Range<Int>)] = []
        HTMLAttributes.forEach(inside) { places.append(($0, $1)) }
        for (name, value) in places {
            let key = Array(inside.part(name))
            guard let first = key.first, RepairPass.startsName(first),
                RepairPass.nameEnd(inside, name.lowerBound) == name.upperBound,
                seen.count < DocumentGuard.attributeLimit, seen.insert(key).inserted
            else {
                isBroken = true
                continue
            }
            output.append(0x20)
            output.append(contentsOf: key)
            output.append(text: "=\"")
            let offset = range.lowerBound
            appendValue(offset + value.lowerBound..<offset + value.upperBound)
            output.append(UInt8(ascii: "\""))
        }
        if isBroken { note("xml-attribute", "an attribute is not well-formed or given twice") }
    }

    private mutating func appendValue(_ range: Range<Int>) {
        let here = index
        var at = range.lowerBound
        while at < range.upperBound {
            switch text[at] {
            case UInt8(ascii: "&"): at = appendReference(at, range.upperBound)
            case UInt8(ascii: "<"):
                note("xml-attribute", "a `<` stands in an attribute")
                output.append(text: "&lt;")
                at += 1
            case UInt8(ascii: "\""):
                output.append(text: "&quot;")
                at += 1
            default: at = appendRun(at, range.upperBound)
            }
        }
        index = here
    }
}

extension UnsafeBufferPointer where Element == UInt8 {
    /// Whether the view, which starts at `offset` of `text`, is the `>` of a `]]>`.
    fileprivate func startsWithClosedSection(before text: Bytes, _ offset: Int) -> Bool {
        offset >= 2 && text[offset - 1] == UInt8(ascii: "]")
            && text[offset - 2] == UInt8(ascii: "]")
    }
}
