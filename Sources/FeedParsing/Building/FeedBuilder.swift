// Events of the XML parser to a `ParsedFeed`.
//
// A stack of frames says where in the feed the parser is. `start` and `end` (here) keep the stack
// and hand the element to the frame's rules: `+Channel` and `+Item` decide what an element means,
// `+Text` collects and finishes texts, `+Links` and `+People` read the rest, `+Finish` settles
// what needs the whole item or document. All text goes to the end of one buffer, `feed.bytes`;
// a field is finished while its text is still at that end, so it can be changed in place.

import FeedModel

/// Builds a feed from the events of a parser.
struct FeedBuilder {
    /// Where in a feed an element stands.
    enum Frame: UInt8 {
        /// Around the feed.
        case outside
        /// In the feed itself: `channel`, `feed`, `rdf:RDF`.
        case channel
        case item
        /// In something of the feed that may hold items but nothing else we know.
        case wrapper
        /// In `author`.
        case person
        /// In RSS `image`.
        case image
        /// In `atom:source`.
        case source
        case skipHours
        case skipDays
        /// In a group of Media RSS.
        case mediaGroup
        /// In a text that is being collected.
        case text
        /// In something of no interest.
        case skip
    }

    /// One open element.
    struct Level {
        var frame: Frame
        /// Whether the element set a base address or a language for what it holds.
        var setsBase = false
        var setsLanguage = false
        var setsInnerBase = false
    }

    /// How strongly the values of an item or feed are backed; a weaker one never replaces them.
    struct Ranks {
        var title: UInt8 = 0
        var description: UInt8 = 0
        var content: UInt8 = 0
        var id: UInt8 = 0
        var url: UInt8 = 0
        var published: UInt8 = 0
        var updated: UInt8 = 0
        var language: UInt8 = 0
        var image: UInt8 = 0
    }

    /// The deepest nesting that is read.
    static let depthLimit = 200
    /// The largest field, in bytes.
    static let fieldLimit = 8 << 20
    /// The most authors or files of one item that are kept: each is compared with all others.
    static let listLimit = 500
    /// The most items of a document that are read; no feed has so many, and each takes some 600
    /// bytes of memory.
    static let itemLimit = 50_000
    /// The most problems that are kept.
    static let problemLimit = 200

    var feed: ParsedFeed
    /// The item being read.
    var item = ParsedItem()
    var isInItem = false
    /// Whether the item's guid is said to be an address in so many words.
    var hasSurePermalink = false
    var feedRanks = Ranks()
    var itemRanks = Ranks()
    var levels: [Level] = []
    var bases: [TextSpan] = []
    var languages: [TextSpan] = []
    /// The base addresses that elements within the text being collected set.
    var innerBases: [[UInt8]] = []
    var capture = Capture()
    var person = ParsedPerson()
    var personRank: UInt8 = 0
    var updatePeriod: Int?
    var updateFrequency: Int?
    /// Whether the document is a feed at all.
    var isFeed = false
    /// The local name of the document's element, for people.
    var rootName = ""
    /// Whether the receiver needs no more events.
    var shouldStop = false
    var hasDTD = false
    /// Whether the feed is of RSS 0.90 or 1.0 and it is not known yet which.
    var isRDFVersionOpen = false
    /// Whether some address could not be made absolute yet.
    var hasRelativeURL = false
    /// Whether the document was left because of its nesting; flatter, all of it could be read.
    private(set) var isTooDeep = false
    /// Whether the element of the feed has been closed.
    var isComplete = false
    /// Whether an item counts that the document ends in.
    var keepsOpenItem = true
    var line = 0
    private var expandedBytes = 0
    private var expansionLimit = 0

    /// A builder for a document of `count` bytes, found at `base`, as far as known.
    init(count: Int, base: [UInt8]) {
        feed = ParsedFeed(format: .rss)
        feed.bytes.reserveCapacity(min(count, 1 << 20) + base.count)
        feed.bytes.append(contentsOf: base)
        if !base.isEmpty { bases.append(TextSpan(start: 0, count: base.count)) }
        levels.reserveCapacity(16)
        expansionLimit = count + 1 << 20
    }

    /// The address that relative references start from at this place, or empty.
    var base: TextSpan { bases.last ?? .none }

    /// An element starts; `defaultSpace` is asked for the namespace it sets for names without
    /// prefix.
    mutating func start(
        _ key: ElementKey,
        _ name: SAXName,
        _ attributes: SAXAttributes,
        line: Int,
        defaultSpace: () -> Bytes
    ) {
        self.line = line
        var level = Level(frame: .skip)
        guard levels.count < FeedBuilder.depthLimit else {
            note("xml-depth", "elements are nested more than \(FeedBuilder.depthLimit) deep")
            isTooDeep = true
            shouldStop = true
            return
        }
        let parent = levels.last?.frame ?? .outside
        if parent == .text {
            level.frame = .text
            if attributes.count > 0 { readInnerBase(attributes, &level) }
            startWithinText(key, name, attributes)
            levels.append(level)
            return
        }
        if parent == .skip {
            levels.append(level)
            return
        }
        if attributes.count > 0 { readScope(attributes, &level) }
        // The frame is known only now, but captures compare their depth with the stack's.
        levels.append(level)
        let frame = frame(of: key, name, in: parent, attributes)
        levels[levels.count &- 1].frame = frame
        if isRDFVersionOpen, levels.count == 1 { settleRDFVersion(defaultSpace()) }
    }

    private mutating func frame(
        of key: ElementKey,
        _ name: SAXName,
        in parent: Frame,
        _ attributes: SAXAttributes
    ) -> Frame {
        if isRDFVersionOpen, key.isCore { settleRDFVersion(name.uri) }
        return switch parent {
        case .outside: startRoot(key, name.uri, attributes)
        case .channel: startInChannel(key, attributes)
        case .wrapper: startInWrapper(key, attributes)
        case .item: startInItem(key, attributes)
        case .mediaGroup: startInMediaGroup(key, attributes)
        case .person: startInPerson(key)
        case .image: startInImage(key)
        case .source: startInSource(key, attributes)
        case .skipHours, .skipDays: startInSkip(key, parent)
        case .text, .skip: .skip
        }
    }

    /// An element ends.
    mutating func end(_ name: SAXName) {
        guard let level = levels.popLast() else { return }
        switch level.frame {
        case .skip: break
        case .text:
            if capture.depth == levels.count &+ 1 {
                finishCapture()
            } else {
                endWithinText(name)
            }
        case .item: finishItem()
        case .person: finishPerson()
        case .channel: if levels.isEmpty { isComplete = true }
        case .source, .outside, .wrapper, .image, .skipHours, .skipDays, .mediaGroup: break
        }
        if level.setsBase { bases.removeLast() }
        if level.setsLanguage { languages.removeLast() }
        if level.setsInnerBase { innerBases.removeLast() }
    }

    /// Takes `xml:base` and `xml:lang`.
    private mutating func readScope(_ attributes: SAXAttributes, _ level: inout Level) {
        for index in 0..<attributes.count where attributes.prefix(index).equals("xml") {
            let name = attributes.name(index)
            let value = attributes.value(index).trimmed
            if name.equals("base"), !value.isEmpty {
                let span = appendURL(value)
                bases.append(span)
                level.setsBase = true
            } else if name.equals("lang") {
                let span = appendTrimmed(value)
                // "en_US" is a locale's name; XML asks for "en-US".
                for index in span.range where feed.bytes[index] == UInt8(ascii: "_") {
                    feed.bytes[index] = UInt8(ascii: "-")
                }
                languages.append(span)
                level.setsLanguage = true
            }
        }
    }

    /// Appends bytes to the buffer.
    mutating func appendTrimmed(_ text: Bytes) -> TextSpan {
        let text = text.trimmed
        guard !text.isEmpty else { return .none }
        let start = feed.bytes.count
        feed.bytes.append(contentsOf: text)
        return TextSpan(start: start, count: text.count)
    }

    /// Notes a problem on the current line.
    mutating func note(_ code: String, _ message: String) { note(code, message, line: line) }

    /// Notes a problem.
    mutating func note(_ code: String, _ message: String, line: Int) {
        guard feed.problems.count < FeedBuilder.problemLimit else { return }
        feed.problems.append(ParseProblem(code: code, line: line, message: message))
    }
}

extension FeedBuilder {
    /// Whether so many bytes more may come from entities; a problem where not.
    mutating func mayExpand(_ count: Int) -> Bool {
        expandedBytes += count
        if expandedBytes <= expansionLimit { return true }
        note("entity-limit", "entities make more text than the document has")
        shouldStop = true
        return false
    }

    /// The document has more different names than any feed; what was read counts.
    mutating func refuseNames() {
        guard !shouldStop else { return }
        note("xml-names", "the document has too many different names")
        shouldStop = true
    }

    /// A name of HTML was used; without a DTD that is an error of XML.
    mutating func usedHTMLEntity(_ name: Bytes, line: Int) {
        guard !hasDTD else { return }
        note(
            "entity-undefined",
            "the entity \(name.string) is not declared; read as in HTML",
            line: line
        )
    }

    /// A reference nobody can answer: it stays as text.
    mutating func undefinedEntity(_ name: Bytes) {
        note("entity-undefined", "the entity \(name.string) is not declared")
        guard capture.isActive else { return }
        feed.bytes.append(UInt8(ascii: "&"))
        feed.bytes.append(contentsOf: name)
        feed.bytes.append(UInt8(ascii: ";"))
    }

    /// A declaration of an entity was not taken.
    mutating func refusedEntity(_ name: Bytes, line: Int) {
        guard !feed.problems.contains(where: { $0.code == "entity-refused" }) else { return }
        note(
            "entity-refused",
            "declared entities such as \(name.string) are not expanded",
            line: line
        )
    }

    /// Something is wrong with a prefix.
    mutating func namespaceProblem(code: Int, line: Int) {
        // 201: libxml2's XML_NS_ERR_UNDEFINED_NAMESPACE.
        guard code == 201 else { return }
        guard !feed.problems.contains(where: { $0.code == "xml-undeclared-prefix" }) else { return }
        note("xml-undeclared-prefix", "a prefix is used that is not declared", line: line)
    }
}
