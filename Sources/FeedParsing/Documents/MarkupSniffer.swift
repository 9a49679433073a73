/// Tells markup from plain text where the format does not say.
enum MarkupSniffer {
    /// What a text looks like.
    enum Look {
        /// Nothing in it is HTML.
        case plain
        /// It holds references of HTML but no tag.
        case references
        /// It holds tags of HTML.
        case tags
    }

    /// What `text`, decoded from XML, looks like: one known tag or reference is enough.
    static func look(at text: Bytes) -> Look {
        var look = Look.plain
        var index = 0
        var budget = HTMLScan.budget(for: text)
        while index < text.count {
            let byte = text[index]
            if byte == UInt8(ascii: "<") {
                if isTag(text, at: index, &budget) { return .tags }
            } else if byte == UInt8(ascii: "&"), look == .plain {
                if let found = HTMLEntities.read(text, at: index), found.length > 2,
                    text[index &+ found.length &- 1] == UInt8(ascii: ";")
                {
                    look = .references
                }
            }
            index &+= 1
        }
        return look
    }

    /// Whether a known tag or a comment starts at `index`.
    private static func isTag(_ text: Bytes, at index: Int, _ budget: inout Int) -> Bool {
        var start = index &+ 1
        guard start < text.count else { return false }
        if text[start] == UInt8(ascii: "!") {
            return text.from(start).hasPrefix("!--") || text.from(start).hasPrefix("![CDATA[")
        }
        if text[start] == UInt8(ascii: "/") { start &+= 1 }
        let end = HTMLScan.nameEnd(text, from: start)
        guard end > start, end < text.count else { return false }
        let next = text[end]
        guard next == UInt8(ascii: ">") || next == UInt8(ascii: "/") || next.isASCIISpace else {
            return false
        }
        guard HTMLTags.shared.kind(of: text.part(start..<end)) != .unknown else { return false }
        // "x <a and b" is prose; a tag has its end or at least an attribute.
        if next == UInt8(ascii: ">") { return true }
        guard budget > 0 else { return false }
        if HTMLScan.tagEnd(text, from: end, budget: &budget) != nil { return true }
        if text.firstOffset(of: UInt8(ascii: "="), from: end) != nil { return true }
        budget -= text.count &- end
        return false
    }

    /// The markup in a text that holds it escaped once too often, or nil where it does not.
    ///
    /// A text without tags whose references decode to end tags or line breaks was escaped twice;
    /// a mere `&lt;b&gt;` is somebody writing about HTML.
    static func unescapedIfEscapedTwice(_ text: Bytes) -> [UInt8]? {
        guard
            text.firstOffset(of: "&lt;") != nil || text.firstOffset(of: "&#60;") != nil
                || text.firstOffset(of: "&amp;lt;") != nil
        else { return nil }
        var decoded: [UInt8] = decodeReferences(text)
        for _ in 0..<2 {
            let look: Look = decoded.withUnsafeBufferPointer { MarkupSniffer.look(at: $0) }
            if look == .tags {
                let isStructured: Bool = decoded.withUnsafeBufferPointer { holdsStructure($0) }
                return isStructured ? decoded : nil
            }
            guard look == .references else { return nil }
            let again: [UInt8] = decoded.withUnsafeBufferPointer { decodeReferences($0) }
            decoded = again
        }
        return nil
    }

    private static func holdsStructure(_ text: Bytes) -> Bool {
        var index = 0
        var budget = HTMLScan.budget(for: text)
        while let open = text.firstOffset(of: UInt8(ascii: "<"), from: index) {
            let rest = text.from(open)
            if rest.hasPrefix("</") || rest.hasPrefixIgnoringCase("<br")
                || rest.hasPrefixIgnoringCase("<img ") || rest.hasPrefixIgnoringCase("<p>")
            {
                if isTag(text, at: open, &budget) { return true }
            }
            index = open + 1
        }
        return false
    }

    private static func decodeReferences(_ text: Bytes) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            if text[index] == UInt8(ascii: "&"), let found = HTMLEntities.read(text, at: index) {
                output.append(scalar: found.first)
                if found.second != 0 { output.append(scalar: found.second) }
                index += found.length
            } else {
                output.append(text[index])
                index += 1
            }
        }
        return output
    }
}
