// libxml2 2.9.14 as a source of events; only `SAXParser`, its state and its
// entities know it (docs/hardening.md).
//
// No tree, no DTD, no network: the external entity loader answers nothing, the document's entity
// declarations never reach libxml2's tables as we take the events ourselves, and HTML's names are
// answered by `getEntity`. Names are interned by libxml2, so each element name of a document is
// looked up once and then recognised by its address.

internal import CLibXML2

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
            data?.assumingMemoryBound(to: SAXState.self).pointee.parameterEntity()
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
