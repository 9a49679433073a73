// How to read this file: `read` decodes, then walks from tag to tag. Only the tags of `outline`,
// `title` and `opml` mean anything; everything else is stepped over. The walk takes what readers
// really write: attributes in any case and order, `url` for `xmlUrl`, ampersands as they are,
// entities of HTML. What may have cost a feed is an error: a list that is cut off is no list.

/// Reads subscription lists: OPML 1.0, 1.1 and 2.0 in the dialects of other feed readers.
///
/// Reads nothing but the bytes it is given: no document type, no entity of the document's own.
package struct OPMLReader {
    private let text: [UInt8]
    private var index = 0
    private var document = OPMLDocument()
    /// What the open outlines are called; nil: a feed, or an outline without a name.
    private var open: [String?] = []
    private var hasRoot = false
    private var isEnded = false

    /// Nobody has more folders within folders: those further in are left out.
    private static let deepest = 32

    /// Reads a list; never fails but by its problems.
    package static func read(_ bytes: [UInt8]) -> OPMLDocument {
        let decoded = OPMLDecoder.decode(bytes)
        var reader = OPMLReader(text: decoded.text)
        if let message = decoded.problem { reader.note(message, at: 0..<0, isError: true) }
        reader.walk()
        return reader.document
    }

    private init(text: [UInt8]) {
        self.text = text
        document.text = text
    }

    private mutating func walk() {
        while !isEnded, let start = text[index...].firstIndex(of: UInt8(ascii: "<")) {
            index = start + 1
            if starts(with: "!--") {
                skip(past: "-->")
            } else if starts(with: "![CDATA[") {
                skip(past: "]]>")
            } else if starts(with: "?") {
                skip(past: "?>")
            } else if starts(with: "!") {
                skipDeclaration()
            } else if starts(with: "/") {
                index += 1
                closeTag(name())
            } else {
                openTag(at: start)
            }
        }
        if !hasRoot {
            note("this is no OPML: there is no opml element", at: 0..<0, isError: true)
        } else if !isEnded {
            let end = max(0, text.count - 1)..<text.count
            note("the list is cut off: </opml> is missing", at: end, isError: true)
        }
    }

    // MARK: Tags

    private mutating func openTag(at start: Int) {
        let name = name()
        guard !name.isEmpty else { return }
        guard let tag = attributes() else {
            return note("a tag without its end", at: start..<text.count, isError: true)
        }
        guard hasRoot || name == "opml" else {
            isEnded = true
            return
        }
        switch name {
        case "opml": hasRoot = true
        case "outline": outline(tag.attributes, isClosed: tag.isClosed)
        case "title" where document.title == nil && !tag.isClosed:
            let end = text[index...].firstIndex(of: UInt8(ascii: "<")) ?? text.count
            document.title = OPMLText.plain(text[index..<end]).nonEmpty
        default: break
        }
    }

    private mutating func closeTag(_ name: String) {
        if name == "outline" { _ = open.popLast() }
        if name == "opml" { isEnded = true }
    }

    private mutating func outline(_ attributes: [String: Range<Int>], isClosed: Bool) {
        func value(_ name: String) -> String? {
            attributes[name].flatMap { OPMLText.plain(text[$0]).nonEmpty }
        }
        let title = value("title") ?? value("text")
        let type = value("type")?.lowercased()
        // `link` and `include` (OPML 2.0) have a `url` as well, of a page or of another list.
        let isOther = ["link", "include"].contains(type)
        let key = ["xmlurl", "feedurl", "xmluri"].first { value($0) != nil }
        let place = key ?? (isOther || value("url") == nil ? nil : "url")
        if let place, let range = attributes[place], let url = value(place) {
            var folders = Array(open.lazy.compactMap { $0 }.prefix(Self.deepest))
            if folders.isEmpty, let category = value("category") {
                folders = Self.folders(in: category)
            }
            document.feeds.append(
                OPMLFeed(
                    url: OPMLText.address(url),
                    title: title,
                    page: value("htmlurl"),
                    folders: folders,
                    place: range
                )
            )
            if !isClosed { open.append(nil) }
        } else if !isClosed {
            open.append(title)
        }
    }

    /// The folders of `/News/Asia,/Other`: those of the first category (OPML 2.0).
    private static func folders(in category: String) -> [String] {
        category.prefix { $0 != "," }.split(separator: "/").map { String($0) }
            .compactMap { OPMLText.trimmed($0).nonEmpty }
    }

    // MARK: Parts of tags

    private mutating func name() -> String {
        let start = index
        while index < text.count, !Self.endsName(text[index]) { index += 1 }
        return String(decoding: text[start..<index], as: UTF8.self).lowercased()
    }

    private static func endsName(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: "=") || byte == UInt8(ascii: ">")
            || byte == UInt8(ascii: "/")
    }

    /// The places of the attributes' values by name in lower case, the first of a name; nil: the
    /// tag has no end.
    private mutating func attributes() -> (attributes: [String: Range<Int>], isClosed: Bool)? {
        var attributes: [String: Range<Int>] = [:]
        var isClosed = false
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: ">"):
                index += 1
                return (attributes, isClosed)
            case UInt8(ascii: "/"):
                isClosed = true
                index += 1
            case 0...0x20, UInt8(ascii: "="):
                index += 1
            default:
                isClosed = false
                let name = name()
                skipBlanks()
                guard index < text.count, text[index] == UInt8(ascii: "=") else { continue }
                index += 1
                skipBlanks()
                guard let range = value() else { return nil }
                if attributes[name] == nil { attributes[name] = range }
            }
        }
        return nil
    }

    private mutating func value() -> Range<Int>? {
        guard index < text.count else { return nil }
        let quote = text[index]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            let start = index
            while index < text.count, text[index] > 0x20, text[index] != UInt8(ascii: ">") {
                index += 1
            }
            return start..<index
        }
        let start = index + 1
        guard let end = text[start...].firstIndex(of: quote) else { return nil }
        index = end + 1
        return start..<end
    }

    private mutating func skipBlanks() {
        while index < text.count, text[index] <= 0x20 { index += 1 }
    }

    // MARK: What is stepped over

    private func starts(with part: StaticString) -> Bool {
        part.withUTF8Buffer { text[index...].starts(with: $0) }
    }

    private mutating func skip(past end: StaticString) {
        end.withUTF8Buffer { end in
            while index < text.count, !text[index...].starts(with: end) { index += 1 }
            index = min(text.count, index + end.count)
        }
    }

    /// Steps over a document type, which is never read: an entity of its own stays as it is.
    private mutating func skipDeclaration() {
        var depth = 0
        while index < text.count {
            defer { index += 1 }
            switch text[index] {
            case UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: ">") where depth <= 0: return
            default: break
            }
        }
    }

    private mutating func note(_ message: String, at place: Range<Int>, isError: Bool) {
        let problem = OPMLProblem(isError: isError, message: message, place: place)
        document.problems.append(problem)
    }
}

extension String {
    /// The text, or nil where there is none.
    fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
