internal import CLibXML2

/// The entities of one document, and the memory that answers libxml2's questions for them.
///
/// libxml2 itself never learns of a declaration; it asks by name, and reads the answer before it
/// asks again.
struct SAXEntities {
    /// What a reference stands for.
    struct Meaning {
        var text: [UInt8]
        /// Whether HTML defines it and not the document.
        var isHTML = false
    }

    private let value: UnsafeMutablePointer<xmlEntity>
    private let content: UnsafeMutablePointer<UInt8>
    private static let contentLimit = 256
    private var declared: [[UInt8]: [UInt8]] = [:]
    /// Entities that are declared but not taken.
    private var refused: Set<[UInt8]> = []
    private static let refusedLimit = 1_000

    init() {
        value = .allocate(capacity: 1)
        value.initialize(to: xmlEntity())
        content = .allocate(capacity: SAXEntities.contentLimit + 1)
    }

    /// Frees the memory; nothing may be asked after it.
    func release() {
        value.deallocate()
        content.deallocate()
    }

    /// What `name` stands for: small entities that the document declares, then HTML's names.
    func meaning(of name: Bytes) -> Meaning? {
        let key = Array(name)
        if let own = declared[key] { return Meaning(text: own) }
        if let known = HTMLEntities.shared.reference(named: name) {
            var text: [UInt8] = []
            text.append(scalar: known.first)
            if known.second != 0 { text.append(scalar: known.second) }
            return Meaning(text: text, isHTML: true)
        }
        guard refused.contains(key) else { return nil }
        // It stays in the text as it is written.
        return Meaning(text: [UInt8(ascii: "&")] + key.prefix(100) + [UInt8(ascii: ";")])
    }

    /// An answer for libxml2 that stands for `text`; nil where it would be too long.
    func answer(_ text: [UInt8]) -> UnsafeMutablePointer<xmlEntity>? {
        // The content is parsed once more: markup characters go in as numbers.
        var written: [UInt8] = []
        for byte in text {
            switch byte {
            case UInt8(ascii: "<"): written.append(text: "&#60;")
            case UInt8(ascii: "&"): written.append(text: "&#38;")
            default: written.append(byte)
            }
        }
        guard written.count <= SAXEntities.contentLimit else { return nil }
        for (index, byte) in written.enumerated() { content[index] = byte }
        return answer(XML_INTERNAL_GENERAL_ENTITY, length: written.count)
    }

    /// An answer for a reference within the DTD: whatever it stands for is nothing.
    func emptyAnswer() -> UnsafeMutablePointer<xmlEntity>? {
        answer(XML_INTERNAL_PARAMETER_ENTITY, length: 0)
    }

    private func answer(_ kind: xmlEntityType, length: Int) -> UnsafeMutablePointer<xmlEntity> {
        content[length] = 0
        value.pointee = xmlEntity()
        value.pointee.type = XML_ENTITY_DECL
        value.pointee.etype = kind
        value.pointee.name = UnsafePointer(content)
        value.pointee.content = content
        value.pointee.orig = content
        value.pointee.length = Int32(length)
        value.pointee.checked = 1
        return value
    }

    /// Remembers a declaration if it is a short piece of plain text; of all others that they were
    /// refused, and then answers false.
    mutating func declare(_ name: Bytes, kind: xmlEntityType, content: Bytes) -> Bool {
        // Part of a DTD that nobody loads: XML leaves that to the reader.
        if kind == XML_EXTERNAL_PARAMETER_ENTITY { return true }
        if kind == XML_INTERNAL_PARAMETER_ENTITY { return content.isEmpty }
        let isPlain = !content.contains { $0 == UInt8(ascii: "&") || $0 == UInt8(ascii: "<") }
        let key = Array(name)
        if kind == XML_INTERNAL_GENERAL_ENTITY, isPlain, content.count <= 64,
            declared.count < 256
        {
            // The first declaration binds (XML 1.0, section 4.2).
            if declared[key] == nil { declared[key] = Array(content) }
            return true
        }
        if refused.count < SAXEntities.refusedLimit { refused.insert(key) }
        return false
    }
}
