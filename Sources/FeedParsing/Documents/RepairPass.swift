// Makes a well-formed document of a broken one, in one pass over its bytes.
//
// `run` walks the text and hands each construct to a rule: `+Tags` writes start and end tags and
// keeps the stack of open elements, `+Text` writes text and attribute values. What cannot be
// XML is escaped, never dropped, unless nobody could see it. Each kind of repair is noted at its
// first line. Line breaks are kept, so that line numbers hold.

import FeedModel

/// A pass that repairs XML.
struct RepairPass {
    /// An open element.
    struct Open {
        /// The name as its start tag has it, as a part of the input.
        var name: Range<Int>
        /// What the element is to a feed.
        var role: Role
        /// Where its start tag begins in the output.
        var outputStart: Int
    }

    /// What an element is to a feed.
    enum Role {
        /// `rss`, `feed`, `channel` and the like.
        case container
        /// `item` or `entry`.
        case item
        /// A field of a feed or item: `title`, `link`, `pubDate`, ….
        case field
        /// Markup within a field, or anything else.
        case other
    }

    /// The most repairs of one document: with more it is no XML with mistakes, and the time they
    /// take would be felt.
    static let repairLimit = 1_000_000
    /// The deepest stack; elements beyond are passed over.
    static let depthLimit = 180

    let text: Bytes
    var index = 0
    var output: [UInt8] = []
    var stack: [Open] = []
    var problems: [ParseProblem] = []
    var entities: [[UInt8]: [UInt8]] = [:]
    /// Entities that are declared but not taken.
    var refusedEntities: Set<[UInt8]> = []
    /// Open elements beyond the deepest that is written, which are markup.
    var hiddenCount = 0
    /// The name of the last of them.
    var hiddenName = 0..<0
    var isRootClosed = false
    /// The element that was the document's, and where its end tag starts in the output.
    var closedRoot: (open: Open, end: Int)?
    /// How many bytes may be looked through in vain, all searches for the end of a tag together.
    var budget: Int
    private var hasNoCommentEnd = false
    private var hasNoSectionEnd = false
    private var declarationCount = 0
    private var repairCount = 0
    /// Whether the rest of the document is left out.
    var isAbandoned: Bool { repairCount > RepairPass.repairLimit }
    private var lineIndex = 0
    private var line = 1

    /// Whether the text ends within an item.
    private var endsInItem = false

    /// The repaired text of a document in UTF-8, what was repaired, and whether the document ends
    /// within an item.
    static func repair(
        _ text: Bytes
    ) -> (text: [UInt8], problems: [ParseProblem], endsInItem: Bool) {
        var pass = RepairPass(text)
        pass.run()
        return (pass.output, pass.problems, pass.endsInItem)
    }

    private init(_ text: Bytes) {
        self.text = text
        budget = HTMLScan.budget(for: text)
        output.reserveCapacity(text.count + text.count / 16 + 64)
    }

    private mutating func run() {
        skipJunk()
        while index < text.count, !isAbandoned {
            if text[index] == UInt8(ascii: "<") {
                readMarkup()
            } else {
                let end = text.firstOffset(of: UInt8(ascii: "<"), from: index) ?? text.count
                if stack.isEmpty {
                    noteJunk(index..<end)
                    keepLines(index..<end)
                } else {
                    appendText(index..<end)
                }
                index = end
            }
        }
        finish()
    }

    /// Passes what stands before the document: blanks, mail headers, messages of a server.
    private mutating func skipJunk() {
        var start = text.firstOffset(of: "<?xml") ?? text.count
        let roots: [StaticString] = ["<rss", "<feed", "<rdf:rdf", "<channel", "<atom:feed"]
        for root in roots {
            let head = text.part(0..<min(start, text.count))
            if let offset = head.firstOffsetIgnoringCase(of: root) { start = min(start, offset) }
        }
        guard start < text.count, start > 0 else { return }
        let head = text.part(0..<start)
        // A document type before the feed is kept for its entities, comments are no junk.
        if head.firstOffset(of: "<!DOCTYPE") != nil || head.trimmed.hasPrefix("<!--") { return }
        note("xml-junk", "the document does not start with its declaration or element")
        keepLines(0..<start)
        index = start
    }

    private mutating func readMarkup() {
        let rest = text.from(index)
        if rest.hasPrefix("<!--") {
            skipComment()
        } else if rest.hasPrefix("<![CDATA[") {
            readCDATA()
        } else if rest.hasPrefixIgnoringCase("<!doctype") {
            readDoctype()
        } else if rest.hasPrefix("<?") {
            let end = text.firstOffset(of: UInt8(ascii: ">"), from: index) ?? text.count - 1
            keepLines(index..<(end + 1))
            index = end + 1
        } else if rest.count > 1, rest[1] == UInt8(ascii: "/") {
            readEndTag()
        } else if rest.count > 1, RepairPass.startsName(rest[1]) {
            readStartTag()
        } else {
            literalSign()
        }
    }

    /// Writes the `<` at `index` as text.
    mutating func literalSign() {
        note("xml-bare-less-than", "a `<` starts no tag")
        if !stack.isEmpty { output.append(text: "&lt;") }
        index += 1
    }

    private mutating func skipComment() {
        guard !hasNoCommentEnd, let end = text.firstOffset(of: "-->", from: index + 4) else {
            hasNoCommentEnd = true
            literalSign()
            return
        }
        if text.part((index + 4)..<end).firstOffset(of: "--") != nil {
            note("xml-comment", "a comment holds `--`")
        }
        keepLines(index..<(end + 3))
        index = end + 3
    }

    /// Writes a CDATA section as text; one that never ends goes to the end tag of its element.
    private mutating func readCDATA() {
        let start = index + 9
        var end = text.count
        var next = text.count
        if !hasNoSectionEnd, let close = text.firstOffset(of: "]]>", from: start) {
            end = close
            next = close + 3
            // A section within a section: the end of the outer one is missing.
            if let inner = text.part(start..<close).firstOffset(of: "<![CDATA["),
                let tag = endOfElement(in: start..<start + inner)
            {
                note("xml-cdata", "a CDATA section has no end")
                end = tag
                next = tag
            }
        } else {
            note("xml-cdata", "a CDATA section has no end")
            hasNoSectionEnd = true
            if let tag = endOfElement(in: start..<text.count) {
                end = tag
                next = tag
            }
        }
        if stack.isEmpty {
            noteJunk(start..<end)
        } else {
            appendLiteral(start..<end)
        }
        index = next
    }

    /// Where the end tag of the open element or of an item stands in `range`, if anywhere.
    private func endOfElement(in range: Range<Int>) -> Int? {
        guard let open = stack.last else { return nil }
        let part = text.part(0..<range.upperBound)
        let name = text.part(open.name)
        var from = range.lowerBound
        while let close = part.firstOffset(of: "</", from: from) {
            from = close + 2
            let rest = part.from(from)
            if RepairPass.same(rest.prefix(name.count), name)
                || rest.hasPrefixIgnoringCase("item>") || rest.hasPrefixIgnoringCase("entry>")
            {
                return close
            }
        }
        return nil
    }

    /// Takes the short entities of a document type and passes over the rest.
    private mutating func readDoctype() {
        var at = index
        var hasSubset = false
        while at < text.count {
            let byte = text[at]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                at = text.firstOffset(of: byte, from: at + 1) ?? text.count
            } else if byte == UInt8(ascii: "[") {
                hasSubset = true
            } else if byte == UInt8(ascii: "]") {
                hasSubset = false
            } else if byte == UInt8(ascii: ">"), !hasSubset {
                break
            } else if declarationCount < 1_000, text.from(at).hasPrefix("<!ENTITY") {
                declarationCount += 1
                readEntityDeclaration(at)
            }
            at += 1
        }
        let end = min(at + 1, text.count)
        keepLines(index..<end)
        index = end
    }

    private mutating func readEntityDeclaration(_ start: Int) {
        let end = text.firstOffset(of: UInt8(ascii: ">"), from: start) ?? text.count
        let words = text.part((start + 8)..<end)
        var position = 0
        while position < words.count, words[position].isASCIISpace { position += 1 }
        let nameStart = position
        while position < words.count, !words[position].isASCIISpace { position += 1 }
        let name = Array(words[nameStart..<position])
        let value = words.from(position).trimmed
        guard entities.count < 256, let quote = value.first,
            quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
            let close = value.firstOffset(of: quote, from: 1), close <= 65
        else { return refuse(name) }
        var plain: [UInt8] = []
        let content = value.part(1..<close)
        var at = 0
        while at < content.count {
            if content[at] == UInt8(ascii: "&") {
                guard let found = HTMLEntities.read(content, at: at) else { return refuse(name) }
                plain.append(scalar: found.first)
                at += found.length
            } else if content[at] == UInt8(ascii: "<") || content[at] == UInt8(ascii: "%") {
                return refuse(name)
            } else {
                plain.append(content[at])
                at += 1
            }
        }
        if entities[name] == nil { entities[name] = plain }
    }

    private mutating func refuse(_ name: [UInt8]) {
        refusedEntities.insert(name)
        let name = String(decoding: name.prefix(40), as: UTF8.self)
        note("entity-refused", "declared entities such as \(name) are not expanded")
    }

    /// Closes what is open at the end of the document.
    private mutating func finish() {
        guard !stack.isEmpty else { return }
        endsInItem = stack.contains { $0.role == .item }
        note("xml-truncated", "the document ends within \(text.part(stack[0].name).string)")
        // A field of which only a part came is worse than none: half a title is a wrong title.
        if let last = stack.lastIndex(where: { $0.role == .field }) {
            output.removeLast(output.count - stack[last].outputStart)
            stack.removeLast(stack.count - last)
        }
        while let open = stack.popLast() { appendEndTag(open.name) }
    }

    /// Notes a repair on the current line, each kind once.
    mutating func note(_ code: String, _ message: String) {
        repairCount += 1
        if repairCount == RepairPass.repairLimit + 1 {
            let count = RepairPass.repairLimit
            add("xml-abandoned", "more than \(count) repairs; what follows is left out")
        }
        add(code, message)
    }

    private mutating func add(_ code: String, _ message: String) {
        guard problems.last?.code != code, !problems.contains(where: { $0.code == code }) else {
            return
        }
        while lineIndex < index, lineIndex < text.count {
            if text[lineIndex] == 0x0A { line += 1 }
            lineIndex += 1
        }
        problems.append(ParseProblem(code: code, line: line, message: message))
    }

    private mutating func noteJunk(_ range: Range<Int>) {
        guard !text.part(range).trimmed.isEmpty else { return }
        note("xml-junk", "text stands outside the document's element")
    }

    /// Writes the line breaks of a part that is left out.
    mutating func keepLines(_ range: Range<Int>) {
        // The document may not start with a line break if a declaration follows: there is none
        // in the output.
        for at in range where text[at] == 0x0A { output.append(0x0A) }
    }

    static func startsName(_ byte: UInt8) -> Bool {
        byte.isASCIILetter || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ":")
    }

    static func same(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
        left.count == right.count
            && zip(left, right).allSatisfy { $0.asciiLowercased == $1.asciiLowercased }
    }
}
