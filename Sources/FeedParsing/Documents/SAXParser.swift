// libxml2 2.9.14 as a source of events; the only file that knows it (docs/hardening.md).
//
// No tree, no DTD, no network: the external entity loader answers nothing, the document's entity
// declarations never reach libxml2's tables as we take the events ourselves, and HTML's names are
// answered by `getEntity`. Names are interned by libxml2, so each element name of a document is
// looked up once and then recognised by its address.

internal import CLibXML2

/// The attributes of a start tag, valid during the event.
struct SAXAttributes {
    fileprivate let base: UnsafeMutablePointer<UnsafePointer<UInt8>?>?
    /// The number of attributes.
    let count: Int

    /// The local name of an attribute.
    func name(_ index: Int) -> Bytes { Bytes(cString: base?[index * 5]) }

    /// The prefix of an attribute, empty where it has none.
    func prefix(_ index: Int) -> Bytes { Bytes(cString: base?[index * 5 + 1]) }

    /// The value of an attribute.
    func value(_ index: Int) -> Bytes {
        guard let start = base?[index * 5 + 3], let end = base?[index * 5 + 4] else {
            return Bytes(start: nil, count: 0)
        }
        return Bytes(start: start, count: end - start)
    }

    /// The trimmed value of the attribute with a local name (in lower case) and any prefix.
    func value(named name: StaticString) -> Bytes? {
        for index in 0..<count where self.name(index).equalsIgnoringCase(name) {
            return value(index).trimmed
        }
        return nil
    }
}

extension UnsafeBufferPointer where Element == UInt8 {
    fileprivate init(cString: UnsafePointer<UInt8>?) {
        guard let cString else {
            self.init(start: nil, count: 0)
            return
        }
        var length = 0
        while cString[length] != 0 { length &+= 1 }
        self.init(start: cString, count: length)
    }
}

/// The namespaces that a start tag declares, valid during the event.
struct SAXSpaces {
    fileprivate let base: UnsafeMutablePointer<UnsafePointer<UInt8>?>?
    /// The number of declarations.
    fileprivate let count: Int

    /// The namespace of names without prefix, or empty.
    var defaultSpace: Bytes {
        for index in 0..<count where base?[index * 2] == nil {
            return Bytes(cString: base?[index * 2 + 1])
        }
        return Bytes(start: nil, count: 0)
    }
}

/// An element's name as the document has it, valid during the event.
struct SAXName {
    fileprivate let localPointer: UnsafePointer<UInt8>?
    fileprivate let prefixPointer: UnsafePointer<UInt8>?
    fileprivate let uriPointer: UnsafePointer<UInt8>?

    /// The name without prefix.
    var local: Bytes { Bytes(cString: localPointer) }
    /// The prefix, or empty.
    var prefix: Bytes { Bytes(cString: prefixPointer) }
    /// The namespace, or empty.
    var uri: Bytes { Bytes(cString: uriPointer) }
}

/// How a pass of libxml2 over a document ended.
struct SAXOutcome {
    /// The first error that makes the document not well-formed, if any.
    var failure: ParseFailure?
    /// Whether the receiver asked to stop.
    var wasStopped: Bool
}

/// An error of the XML parser.
struct ParseFailure {
    /// libxml2's number (xmlerror.h).
    var code: Int
    /// The line, from 1.
    var line: Int
    /// What is wrong, in libxml2's words.
    var message: String
}

/// Runs libxml2 over documents.
enum SAXParser {
    private static let start: Void = {
        xmlInitParser()
        xmlCatalogSetDefaults(XML_CATA_ALLOW_NONE)
        // NONET does not cover file: addresses; this covers all (hardening.md, section 2).
        xmlSetExternalEntityLoader { _, _, _ in nil }
        // Errors that belong to no parser would go to standard error: of this thread and of all.
        xmlSetStructuredErrorFunc(nil) { _, _ in }
        xmlThrDefSetStructuredErrorFunc(nil) { _, _ in }
    }()

    /// Sends the events of a document in UTF-8 to `builder`.
    ///
    /// `recovering`: goes on behind errors, as libxml2 sees fit.
    static func parse(
        _ document: Bytes,
        into builder: inout FeedBuilder,
        recovering: Bool = false
    ) -> SAXOutcome {
        _ = start
        guard let first = document.baseAddress, document.count <= Int(Int32.max) / 2,
            let parser = first.withMemoryRebound(
                to: CChar.self,
                capacity: document.count,
                { xmlCreateMemoryParserCtxt($0, Int32(document.count)) }
            )
        else { return SAXOutcome(failure: nil, wasStopped: false) }
        defer { xmlFreeParserCtxt(parser) }

        let state = UnsafeMutablePointer<SAXState>.allocate(capacity: 1)
        state.initialize(to: SAXState(builder: builder, parser: parser, goesOn: recovering))
        // libxml2 owns this table, allocated with the context, and frees it with it.
        parser.pointee.sax.pointee = makeHandler()
        parser.pointee.userData = UnsafeMutableRawPointer(state)
        var options = XML_PARSE_NOENT.rawValue | XML_PARSE_NONET.rawValue
        options |= XML_PARSE_IGNORE_ENC.rawValue
        if recovering { options |= XML_PARSE_RECOVER.rawValue }
        _ = xmlCtxtUseOptions(parser, Int32(options))
        _ = xmlSwitchEncoding(parser, XML_CHAR_ENCODING_UTF8)
        _ = xmlParseDocument(parser)
        if let document = parser.pointee.myDoc {
            xmlFreeDoc(document)
            parser.pointee.myDoc = nil
        }

        var end = state.move()
        state.deallocate()
        end.release()
        builder = end.builder
        return SAXOutcome(failure: end.failure, wasStopped: end.builder.shouldStop)
    }

    /// What is called for what.
    ///
    /// The callbacks do nothing but find the state again: it is the user data of the parser, which
    /// runs within `parse` only.
    private static func makeHandler() -> xmlSAXHandler {
        var handler = xmlSAXHandler()
        handler.initialized = UInt32(XML_SAX2_MAGIC)
        handler.startElementNs = { data, local, prefix, uri, spaceCount, spaces, count, _, values in
            data?.assumingMemoryBound(to: SAXState.self).pointee.start(
                SAXName(localPointer: local, prefixPointer: prefix, uriPointer: uri),
                SAXAttributes(base: values, count: Int(count)),
                SAXSpaces(base: spaces, count: Int(spaceCount))
            )
        }
        handler.endElementNs = { data, local, prefix, uri in
            data?.assumingMemoryBound(to: SAXState.self).pointee.end(
                SAXName(localPointer: local, prefixPointer: prefix, uriPointer: uri)
            )
        }
        handler.characters = { data, text, count in
            data?.assumingMemoryBound(to: SAXState.self).pointee.builder.characters(
                Bytes(start: text, count: Int(count))
            )
        }
        handler.cdataBlock = handler.characters
        // The same function, or libxml2 guesses which white space matters.
        handler.ignorableWhitespace = handler.characters
        handler.getEntity = { data, name in
            data?.assumingMemoryBound(to: SAXState.self).pointee.entity(Bytes(cString: name))
        }
        handler.getParameterEntity = { data, _ in
            data?.assumingMemoryBound(to: SAXState.self).pointee.emptyEntity()
        }
        handler.reference = { data, name in
            data?.assumingMemoryBound(to: SAXState.self).pointee.builder.undefinedEntity(
                Bytes(cString: name)
            )
        }
        handler.internalSubset = { data, _, _, _ in
            data?.assumingMemoryBound(to: SAXState.self).pointee.builder.hasDTD = true
        }
        handler.entityDecl = { data, name, kind, _, _, content in
            data?.assumingMemoryBound(to: SAXState.self).pointee.declareEntity(
                Bytes(cString: name),
                kind: xmlEntityType(rawValue: UInt32(kind)),
                content: Bytes(cString: content)
            )
        }
        handler.serror = { data, error in
            guard let error else { return }
            data?.assumingMemoryBound(to: SAXState.self).pointee.note(error.pointee)
        }
        return handler
    }
}

/// What a pass over one document knows.
private struct SAXState {
    private struct Slot {
        var local: UnsafePointer<UInt8>?
        var space: UnsafePointer<UInt8>?
        var key: ElementKey
    }

    var builder: FeedBuilder
    var failure: ParseFailure?
    private let parser: xmlParserCtxtPtr
    /// Whether the parser goes on behind an error.
    private let goesOn: Bool
    private var rootSpace: RootSpace?
    private let slots: UnsafeMutablePointer<Slot>
    private static let slotCount = 128
    private var entityValue: UnsafeMutablePointer<xmlEntity>
    private var entityContent: UnsafeMutablePointer<UInt8>
    private static let entityLimit = 256
    /// The most different names and namespaces of a document; feeds have some dozens.
    private static let nameLimit: Int32 = 50_000
    private var declared: [[UInt8]: [UInt8]] = [:]
    /// Entities that are declared but not taken.
    private var refused: Set<[UInt8]> = []
    private static let refusedLimit = 1_000

    init(builder: FeedBuilder, parser: xmlParserCtxtPtr, goesOn: Bool) {
        self.builder = builder
        self.parser = parser
        self.goesOn = goesOn
        slots = .allocate(capacity: SAXState.slotCount)
        slots.initialize(
            repeating: Slot(
                local: nil,
                space: nil,
                key: ElementKey(vocabulary: .foreign, name: .unknown)
            ),
            count: SAXState.slotCount
        )
        entityValue = .allocate(capacity: 1)
        entityValue.initialize(to: xmlEntity())
        entityContent = .allocate(capacity: SAXState.entityLimit + 1)
    }

    mutating func release() {
        slots.deallocate()
        entityValue.deallocate()
        entityContent.deallocate()
    }

    /// The key of an element.
    ///
    /// libxml2 keeps one copy of each name for as long as the parser lives (its dictionary), so
    /// equal addresses are equal names.
    private func key(_ name: SAXName) -> ElementKey {
        let space = name.uriPointer ?? name.prefixPointer
        let address = UInt(bitPattern: name.localPointer) ^ (UInt(bitPattern: space) &* 31)
        let hash = UInt64(address) &* 0x9E37_79B9_7F4A_7C15
        let slot = slots + Int(truncatingIfNeeded: hash >> 57)
        if slot.pointee.local == name.localPointer, slot.pointee.space == space {
            return slot.pointee.key
        }
        var key = ElementKey(localName: name.local, prefix: name.prefix, uri: name.uri)
        rootSpace?.apply(to: &key, uri: name.uri)
        slot.pointee = Slot(local: name.localPointer, space: space, key: key)
        return key
    }

    mutating func start(_ name: SAXName, _ attributes: SAXAttributes, _ spaces: SAXSpaces) {
        let line = parser.pointee.input.map { Int($0.pointee.line) } ?? 0
        if builder.rootName.isEmpty { rootSpace = RootSpace(name) }
        builder.start(key(name), name, attributes, line: line) { spaces.defaultSpace }
        // libxml2's table of names stops growing: a million of them cost minutes.
        if xmlDictSize(parser.pointee.dict) > SAXState.nameLimit { builder.refuseNames() }
        if builder.shouldStop { xmlStopParser(parser) }
    }

    mutating func end(_ name: SAXName) {
        builder.end(name)
        if builder.shouldStop { xmlStopParser(parser) }
    }

    /// Answers a named reference: HTML's names and the small entities the document declares.
    mutating func entity(_ name: Bytes) -> UnsafeMutablePointer<xmlEntity>? {
        var text: [UInt8] = []
        let key = Array(name)
        if let own = declared[key] {
            text = own
        } else if let known = HTMLEntities.shared.reference(named: name) {
            text.append(scalar: known.first)
            if known.second != 0 { text.append(scalar: known.second) }
            builder.usedHTMLEntity(
                name,
                line: parser.pointee.input.map { Int($0.pointee.line) } ?? 0
            )
        } else if refused.contains(key) {
            // It stays in the text as it is written.
            text = [UInt8(ascii: "&")] + key.prefix(100) + [UInt8(ascii: ";")]
        } else {
            return nil
        }
        guard builder.mayExpand(text.count) else {
            xmlStopParser(parser)
            return nil
        }
        // The content is parsed once more: markup characters go in as numbers.
        var content: [UInt8] = []
        for byte in text {
            switch byte {
            case UInt8(ascii: "<"): content.append(text: "&#60;")
            case UInt8(ascii: "&"): content.append(text: "&#38;")
            default: content.append(byte)
            }
        }
        guard content.count <= SAXState.entityLimit else { return nil }
        for (index, byte) in content.enumerated() { entityContent[index] = byte }
        entityContent[content.count] = 0
        entityValue.pointee = xmlEntity()
        entityValue.pointee.type = XML_ENTITY_DECL
        entityValue.pointee.etype = XML_INTERNAL_GENERAL_ENTITY
        entityValue.pointee.name = UnsafePointer(entityContent)
        entityValue.pointee.content = entityContent
        entityValue.pointee.orig = entityContent
        entityValue.pointee.length = Int32(content.count)
        entityValue.pointee.checked = 1
        return entityValue
    }

    /// Answers a reference within the DTD: whatever it stands for is nothing.
    mutating func emptyEntity() -> UnsafeMutablePointer<xmlEntity>? {
        entityContent[0] = 0
        entityValue.pointee = xmlEntity()
        entityValue.pointee.type = XML_ENTITY_DECL
        entityValue.pointee.etype = XML_INTERNAL_PARAMETER_ENTITY
        entityValue.pointee.name = UnsafePointer(entityContent)
        entityValue.pointee.content = entityContent
        entityValue.pointee.orig = entityContent
        entityValue.pointee.checked = 1
        return entityValue
    }

    /// Remembers a declaration if it is a short piece of plain text; of all others that they were
    /// refused.
    ///
    /// libxml2 itself never learns of any.
    mutating func declareEntity(_ name: Bytes, kind: xmlEntityType, content: Bytes) {
        // Part of a DTD that nobody loads: XML leaves that to the reader.
        if kind == XML_EXTERNAL_PARAMETER_ENTITY { return }
        let isInternal = kind == XML_INTERNAL_GENERAL_ENTITY
        let isPlain = !content.contains { $0 == UInt8(ascii: "&") || $0 == UInt8(ascii: "<") }
        if isInternal, isPlain, content.count <= 64, declared.count < 256 {
            // The first declaration binds (XML 1.0, section 4.2).
            let key = Array(name)
            if declared[key] == nil { declared[key] = Array(content) }
        } else if kind != XML_INTERNAL_PARAMETER_ENTITY {
            if refused.count < SAXState.refusedLimit { refused.insert(Array(name)) }
            builder.refusedEntity(name)
        } else if !content.isEmpty {
            builder.refusedEntity(name)
        }
    }

    mutating func note(_ error: xmlError) {
        let line = Int(error.line)
        if error.domain == Int32(XML_FROM_NAMESPACE.rawValue) {
            builder.namespaceProblem(code: Int(error.code), line: line)
            return
        }
        guard error.level == XML_ERR_FATAL || error.level == XML_ERR_ERROR, !builder.shouldStop
        else { return }
        // Each time: behind an attribute libxml2 takes itself to be within the content again.
        defer { if !goesOn { stop() } }
        guard failure == nil else { return }
        var message = ""
        if let text = error.message { message = String(cString: text) }
        failure = ParseFailure(
            code: Int(error.code),
            line: line,
            message: message.last == "\n" ? String(message.dropLast()) : message
        )
    }

    /// Ends the pass.
    ///
    /// Left alone, libxml2 looks for more errors to the end, at half a microsecond each. Not
    /// `xmlStopParser`: it frees the input, which the function that met the error still reads.
    private func stop() {
        parser.pointee.disableSAX = 1
        parser.pointee.instate = XML_PARSER_EOF
    }
}
