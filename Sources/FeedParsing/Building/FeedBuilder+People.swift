import FeedModel

extension FeedBuilder {
    /// `author` of RSS (text) or Atom (elements); both occur in both.
    mutating func startAuthor(_ key: ElementKey) -> Frame {
        person = ParsedPerson()
        capture = Capture(
            field: .personText,
            rank: 3,
            start: feed.bytes.count,
            depth: levels.count
        )
        return .person
    }

    /// An element in a person.
    mutating func startInPerson(_ key: ElementKey) -> Frame {
        // What stood there is white space, or not worth more than the parts that come now.
        let hasOnlyBlanks = trimmedTail(from: capture.start).isEmpty
        if capture.field == .personText, hasOnlyBlanks { dropTail(from: capture.start) }
        switch key.name {
        case .name: return collect(.personName, .plain)
        case .email: return collect(.personEmail)
        case .uri, .url, .homepage: return collect(.personURL)
        default: return .skip
        }
    }

    /// A person ends.
    mutating func finishPerson() {
        if capture.field == .personText {
            capture.kind = .untyped
            let span = settlePlain()
            capture = Capture()
            if person == ParsedPerson() {
                addPeople(span)
                return
            }
        }
        addPerson(person)
    }

    /// Adds an author, once.
    mutating func addPerson(_ person: ParsedPerson) {
        let people = isInItem ? item.authors : feed.authors
        guard person != ParsedPerson(), people.count < FeedBuilder.listLimit else { return }
        let name = feed.bytes[person.name.range]
        if person.email.isEmpty, person.url.isEmpty,
            people.contains(where: { feed.bytes[$0.name.range].elementsEqual(name) })
        {
            return
        }
        if isInItem { item.authors.append(person) } else { feed.authors.append(person) }
    }

    /// Adds the authors of a text: one, or several with an address each between commas.
    mutating func addPeople(_ span: TextSpan) {
        let parts = feed.bytes[span.range].split(separator: UInt8(ascii: ",")).map(\.indices)
        let isList = parts.count > 1 && parts.allSatisfy { feed.bytes[$0].contains(0x40) }
        for part in isList ? parts : [span.range] {
            let person = splitPerson(TextSpan(start: part.lowerBound, count: part.count))
            addPerson(person)
        }
    }

    /// Reads `mail (name)`, `name (mail)`, `name <mail>`, `mail name` or one of them alone.
    func splitPerson(_ span: TextSpan) -> ParsedPerson {
        let text = Array(feed.bytes[span.range])
        guard let at = text.firstIndex(of: UInt8(ascii: "@")) else {
            return ParsedPerson(name: strip(span.range))
        }
        var start = at
        while start > 0, FeedBuilder.isMailByte(text[start - 1]) { start -= 1 }
        var end = at + 1
        while end < text.count, FeedBuilder.isMailByte(text[end]) { end += 1 }
        while end > at + 1, text[end - 1] == UInt8(ascii: ".") { end -= 1 }
        // "@handle" and "a @ b" are no addresses.
        guard start < at, end > at + 1 else { return ParsedPerson(name: strip(span.range)) }
        let offset = Int(span.start)
        var mail = offset + start..<offset + end
        if text[start..<end].starts(with: "mailto:".utf8) {
            mail = mail.lowerBound + 7..<mail.upperBound
        }
        let before = strip(offset..<offset + start)
        let after = strip(offset + end..<offset + text.count)
        return ParsedPerson(
            name: before.isEmpty ? after : before,
            email: TextSpan(start: mail.lowerBound, count: mail.count)
        )
    }

    private static func isMailByte(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte != UInt8(ascii: "(") && byte != UInt8(ascii: ")")
            && byte != UInt8(ascii: "<") && byte != UInt8(ascii: ">")
            && byte != UInt8(ascii: "[") && byte != UInt8(ascii: "]")
            && byte != UInt8(ascii: ",") && byte != UInt8(ascii: ";")
            && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "@")
    }

    /// The range without the blanks, quotes and brackets around a name.
    private func strip(_ range: Range<Int>) -> TextSpan {
        var range = range
        func isMark(_ byte: UInt8, _ marks: StaticString) -> Bool {
            byte.isASCIISpace
                || Bytes(start: marks.utf8Start, count: marks.utf8CodeUnitCount).contains(byte)
        }
        while let first = range.first, isMark(feed.bytes[first], "(<[\"',;:-") {
            range = range.lowerBound + 1..<range.upperBound
        }
        while let last = range.last, isMark(feed.bytes[last], ")>]\"',;:-(<[") {
            // A bracket that was opened in the name belongs to it.
            if feed.bytes[last] == UInt8(ascii: ")"),
                feed.bytes[range].contains(UInt8(ascii: "("))
            {
                break
            }
            range = range.lowerBound..<range.upperBound - 1
        }
        return range.isEmpty ? .none : TextSpan(start: range.lowerBound, count: range.count)
    }
}
