internal import CLibXML2

/// What a pass over one document knows.
struct SAXState {
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
    private var entities = SAXEntities()
    /// The most different names and namespaces of a document; feeds have some dozens.
    private static let nameLimit: Int32 = 50_000

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
    }

    /// The line that is read.
    private var line: Int { parser.pointee.input.map { Int($0.pointee.line) } ?? 0 }

    mutating func release() {
        slots.deallocate()
        entities.release()
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

    /// Answers a named reference.
    mutating func entity(_ name: Bytes) -> UnsafeMutablePointer<xmlEntity>? {
        guard let meaning = entities.meaning(of: name) else { return nil }
        if meaning.isHTML { builder.usedHTMLEntity(name, line: line) }
        guard builder.mayExpand(meaning.text.count) else {
            xmlStopParser(parser)
            return nil
        }
        return entities.answer(meaning.text)
    }

    /// Answers a reference within the DTD.
    func parameterEntity() -> UnsafeMutablePointer<xmlEntity>? { entities.emptyAnswer() }

    mutating func declareEntity(_ name: Bytes, kind: xmlEntityType, content: Bytes) {
        if !entities.declare(name, kind: kind, content: content) {
            builder.refusedEntity(name, line: line)
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
