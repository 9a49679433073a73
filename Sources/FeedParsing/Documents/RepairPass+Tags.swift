extension RepairPass {
    /// Reads the start tag at `index`.
    mutating func readStartTag() {
        let nameStart = index + 1
        let nameEnd = RepairPass.nameEnd(text, nameStart)
        let name = nameStart..<nameEnd
        guard nameEnd < text.count, RepairPass.endsName(text[nameEnd]),
            let tagEnd = tagEnd(nameEnd)
        else {
            literalSign()
            return
        }
        if isHidden(name), text[tagEnd - 2] != UInt8(ascii: "/") {
            hiddenCount += 1
            index = tagEnd
            return
        }
        let role = role(of: text.part(name))
        if isRootClosed, !reopens(role) {
            note("xml-junk", "an element stands behind the document's")
            keepLines(index..<tagEnd)
            index = tagEnd
            return
        }
        closeUnclosed(before: role, name)
        let isEmpty = tagEnd - 2 > nameEnd - 1 && text[tagEnd - 2] == UInt8(ascii: "/")
        let isVoid = !isEmpty && stack.contains { $0.role == .field } && isVoid(text.part(name))
        guard stack.count < RepairPass.depthLimit else {
            note("xml-depth", "elements are nested more than \(RepairPass.depthLimit) deep")
            if !isEmpty, !isVoid {
                hiddenCount += 1
                hiddenName = name
            }
            index = tagEnd
            return
        }
        let start = output.count
        output.append(UInt8(ascii: "<"))
        output.append(contentsOf: text.part(name))
        appendAttributes(nameEnd..<(isEmpty ? tagEnd - 2 : tagEnd - 1))
        index = tagEnd
        if isEmpty || isVoid {
            if isVoid { note("xml-unclosed", "\(text.part(name).string) is not closed") }
            output.append(text: "/>")
            if stack.isEmpty { isRootClosed = true }
        } else {
            output.append(UInt8(ascii: ">"))
            stack.append(Open(name: name, role: role, outputStart: start))
        }
    }

    /// Whether a tag behind the end of the document's element starts a second document, whose
    /// items count.
    private mutating func reopens(_ role: Role) -> Bool {
        guard role == .container || role == .item, let last = closedRoot else { return false }
        note("xml-junk", "a second document follows the first")
        // Take the end tag of the first back, so that the second stands in it.
        output.removeLast(output.count - last.end)
        stack.append(last.open)
        isRootClosed = false
        return true
    }

    /// Closes elements that the next start tag shows to have been left open.
    private mutating func closeUnclosed(before role: Role, _ name: Range<Int>) {
        switch role {
        case .item:
            // An item within an item, or within one of its fields.
            if let open = stack.lastIndex(where: { $0.role == .item }) {
                note("xml-unclosed", "an item is not closed")
                close(downTo: open)
            } else if let open = stack.lastIndex(where: { $0.role == .field }) {
                note("xml-unclosed", "\(text.part(stack[open].name).string) is not closed")
                close(downTo: open)
            }
        case .field:
            guard let last = stack.last, last.role == .field, !mayNest(last.name, name) else {
                return
            }
            note("xml-unclosed", "\(text.part(last.name).string) is not closed")
            close(downTo: stack.count - 1)
        case .container, .other: break
        }
    }

    /// Whether a field may stand in another: an author's name, an image's title.
    private func mayNest(_ outer: Range<Int>, _ inner: Range<Int>) -> Bool {
        // iTunes nests its categories.
        if text.part(outer).equalsIgnoringCase("itunes:category") {
            return text.part(inner).equalsIgnoringCase("itunes:category")
        }
        let outer = localName(of: text.part(outer))
        return outer.equalsIgnoringCase("author") || outer.equalsIgnoringCase("image")
            || outer.equalsIgnoringCase("source") || outer.equalsIgnoringCase("textinput")
    }

    /// Reads the end tag at `index`.
    mutating func readEndTag() {
        let nameStart = index + 2
        let nameEnd = RepairPass.nameEnd(text, nameStart)
        guard nameEnd > nameStart else {
            literalSign()
            return
        }
        let name = text.part(nameStart..<nameEnd)
        // "</title" without its `>` runs into the next tag.
        var end = nameEnd
        while end < text.count, text[end] != UInt8(ascii: ">"), text[end] != UInt8(ascii: "<") {
            end += 1
        }
        if end < text.count, text[end] == UInt8(ascii: ">") {
            end += 1
        } else {
            note("xml-tag", "an end tag is cut off")
        }
        if isHidden(nameStart..<nameEnd) {
            hiddenCount -= 1
            index = end
            return
        }
        let open = stack.lastIndex { RepairPass.same(text.part($0.name), name) }
        if hiddenCount > 0 {
            // Markup that was not written needs no end; a field's or an item's end ends it all.
            if open.map({ stack[$0].role == .other }) ?? true {
                hiddenCount -= 1
                index = end
                return
            }
            hiddenCount = 0
        }
        if let open {
            if open < stack.count - 1 {
                // An end tag of markup never closes a field or item around it.
                guard mayClose(open) else {
                    note("xml-mismatch", "</\(name.string)> closes nothing here")
                    index = end
                    return
                }
                note(
                    "xml-unclosed",
                    "\(text.part(stack[stack.count - 1].name).string) is not closed"
                )
            } else if !text.part(stack[open].name).elementsEqual(name) {
                note("xml-mismatch", "</\(name.string)> differs in case from its start tag")
            }
            self.close(downTo: open)
        } else {
            note("xml-mismatch", "</\(name.string)> closes nothing")
            if !stack.isEmpty { output.append(0x20) }
        }
        index = end
    }

    /// Whether a tag is one more of the markup that is not written.
    private func isHidden(_ name: Range<Int>) -> Bool {
        hiddenCount > 0 && text.part(name).elementsEqual(text.part(hiddenName))
    }

    private func mayClose(_ open: Int) -> Bool {
        stack[open].role != .other || !stack[(open + 1)...].contains { $0.role != .other }
    }

    /// Closes open elements, the one at `depth` the last.
    mutating func close(downTo depth: Int) {
        while stack.count > depth, let open = stack.popLast() {
            if stack.isEmpty {
                isRootClosed = true
                closedRoot = (open, output.count)
            }
            appendEndTag(open.name)
        }
    }

    mutating func appendEndTag(_ name: Range<Int>) {
        output.append(text: "</")
        output.append(contentsOf: text.part(name))
        output.append(UInt8(ascii: ">"))
    }

    /// A name without its prefix.
    private func localName(of name: Bytes) -> Bytes {
        name.firstOffset(of: UInt8(ascii: ":")).map { name.from($0 + 1) } ?? name
    }

    private func role(of name: Bytes) -> Role {
        let local = localName(of: name)
        let isPlain = local.count == name.count
        let known = local.string.lowercased()
        if RepairPass.items.contains(known) { return .item }
        if RepairPass.containers.contains(known) {
            return stack.contains { $0.role == .field } ? .other : .container
        }
        if stack.last?.role == .other, !isPlain || !RepairPass.certainFields.contains(known) {
            return .other
        }
        return RepairPass.fields.contains(known) ? .field : .other
    }

    private func isVoid(_ name: Bytes) -> Bool {
        RepairPass.voids.contains(name.string.lowercased())
    }

    private static let items: Set<String> = ["item", "entry"]
    private static let containers: Set<String> = ["rss", "feed", "channel", "rdf"]
    /// Names that no markup within a text has.
    private static let certainFields: Set<String> = ["guid", "pubdate", "description", "comments"]
    private static let fields: Set<String> = [
        "title", "link", "description", "guid", "pubdate", "author", "category", "comments",
        "enclosure", "source", "summary", "content", "id", "updated", "published", "encoded",
        "creator", "date", "language", "image", "subject", "issued", "modified", "name", "email",
        "uri", "lastbuilddate", "copyright", "generator", "ttl", "webmaster", "managingeditor",
        "subtitle", "tagline", "rights", "textinput", "origlink", "url",
    ]
    private static let voids: Set<String> = [
        "br", "hr", "img", "input", "wbr", "embed", "area", "param", "track", "meta", "base",
    ]

    static func nameEnd(_ text: Bytes, _ start: Int) -> Int {
        var end = start
        while end < text.count {
            let byte = text[end]
            guard
                startsName(byte) || byte.isASCIIDigit || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: ".")
            else { break }
            end += 1
        }
        return end
    }

    private static func endsName(_ byte: UInt8) -> Bool {
        byte.isASCIISpace || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/")
    }

    /// The offset behind the `>` of a start tag; nil where another `<` comes first.
    ///
    /// A tag that was cut off runs into the next one. A quote that is never closed is no quote.
    private mutating func tagEnd(_ start: Int) -> Int? {
        var at = start
        var afterEquals = false
        while at < text.count {
            let byte = text[at]
            if byte == UInt8(ascii: ">") { return at + 1 }
            if byte == UInt8(ascii: "<") { return nil }
            if afterEquals, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'"), budget > 0 {
                if let close = text.firstOffset(of: byte, from: at + 1) {
                    // A value that end tags stand in lacks its own quote: this is another's.
                    if text.part(at..<close).firstOffset(of: "</") == nil { at = close }
                } else {
                    budget -= text.count - at
                }
            }
            if !byte.isASCIISpace { afterEquals = byte == UInt8(ascii: "=") }
            at += 1
        }
        return nil
    }
}
