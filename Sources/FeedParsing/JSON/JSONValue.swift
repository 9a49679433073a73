/// A value of JSON (RFC 8259), strings in UTF-8.
indirect enum JSONValue {
    case null
    case bool(Bool)
    /// A number as it is written: an identifier may have more digits than any number type.
    case number([UInt8])
    case string([UInt8])
    case array([JSONValue])
    case object([(name: [UInt8], value: JSONValue)])

    /// The value of a member; the last of a name counts.
    subscript(_ name: StaticString) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { member in
            member.name.withUnsafeBufferPointer { $0.equals(name) }
        }?.value
    }

    /// The text of a string or number.
    var text: [UInt8]? {
        switch self {
        case .string(let text): text
        case .number(let digits): digits
        default: nil
        }
    }

    /// The elements of an array; of anything else that is not null, it alone.
    ///
    /// For members that feeds write as one value where the format has several.
    var elementsOrSelf: [JSONValue] {
        switch self {
        case .array(let elements): elements
        case .null: []
        default: [self]
        }
    }

    /// The elements of an array.
    var elements: [JSONValue] {
        if case .array(let elements) = self { return elements }
        return []
    }
}

/// Reads JSON, and what feeds make of it: control characters in strings, a comma before a closing
/// bracket, escapes of what needs none, and documents that are cut off.
struct JSONReader {
    /// The deepest nesting that is read.
    static let depthLimit = 128
    /// The most elements of an array, and members of an object, that are kept; each takes many
    /// times the room that it has in the document.
    static let elementLimit = FeedBuilder.itemLimit

    private let text: Bytes
    private var index = 0
    private var flaw: Flaw?

    /// What was wrong with a document that was read all the same.
    struct Flaw {
        /// What was wrong, for people.
        var message: String
        /// The line, from 1.
        var line: Int
        /// Whether the document is cut off.
        var isCut = false
        /// Whether something was left out, as there was too much of it.
        var isTooMuch = false
    }

    /// The value that `text` holds and nothing else, or nil.
    ///
    /// Of a document that is cut off, the values that are whole.
    static func read(_ text: Bytes) -> (value: JSONValue, flaw: Flaw?)? {
        var reader = JSONReader(text: text)
        guard let value = reader.value(depth: 0) else { return nil }
        reader.skipBlanks()
        if reader.index < text.count {
            // Behind a whole object nothing matters.
            guard case .object = value else { return nil }
            reader.note("something stands behind the document")
        }
        return (value, reader.flaw)
    }

    private mutating func note(_ message: String, isCut: Bool = false) {
        guard flaw == nil || isCut else { return }
        let line = 1 + text.part(0..<min(index, text.count)).reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) }
        flaw = Flaw(message: message, line: line, isCut: isCut)
    }

    private mutating func noteTooMuch() {
        guard flaw == nil else { return }
        note("an array or object has more than \(JSONReader.elementLimit) values")
        flaw?.isTooMuch = true
    }

    /// Whether the document ends here, within something; then what is whole is kept.
    private mutating func isCut() -> Bool {
        guard index >= text.count else { return false }
        note("the document is cut off", isCut: true)
        return true
    }

    private init(text: Bytes) { self.text = text }

    private mutating func skipBlanks() {
        while index < text.count, text[index].isASCIISpace { index += 1 }
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
        skipBlanks()
        guard index < text.count, text[index] == byte else { return false }
        index += 1
        return true
    }

    private mutating func value(depth: Int) -> JSONValue? {
        skipBlanks()
        guard index < text.count, depth < JSONReader.depthLimit else { return nil }
        switch text[index] {
        case UInt8(ascii: "{"): return object(depth: depth)
        case UInt8(ascii: "["): return array(depth: depth)
        case UInt8(ascii: "\""): return string().map { .string($0) }
        case UInt8(ascii: "t"): return word("true") ? .bool(true) : nil
        case UInt8(ascii: "f"): return word("false") ? .bool(false) : nil
        case UInt8(ascii: "n"): return word("null") ? .null : nil
        default: return number()
        }
    }

    private mutating func word(_ word: StaticString) -> Bool {
        let rest = text.from(index)
        guard rest.hasPrefix(word) else {
            // Cut off within the word.
            if rest.count < word.utf8CodeUnitCount { index = text.count }
            return false
        }
        index += word.utf8CodeUnitCount
        return true
    }

    private mutating func object(depth: Int) -> JSONValue? {
        index += 1
        var members: [(name: [UInt8], value: JSONValue)] = []
        while true {
            if skip(UInt8(ascii: "}")) { return .object(members) }
            guard index < text.count, text[index] == UInt8(ascii: "\""), let name = string(),
                skip(UInt8(ascii: ":")), let value = value(depth: depth + 1)
            else { return isCut() ? .object(members) : nil }
            if members.count < JSONReader.elementLimit {
                members.append((name, value))
            } else {
                noteTooMuch()
            }
            if skip(UInt8(ascii: ",")) { continue }
            return skip(UInt8(ascii: "}")) || isCut() ? .object(members) : nil
        }
    }

    private mutating func array(depth: Int) -> JSONValue? {
        index += 1
        var elements: [JSONValue] = []
        while true {
            if skip(UInt8(ascii: "]")) { return .array(elements) }
            guard let value = value(depth: depth + 1) else {
                return isCut() ? .array(elements) : nil
            }
            if elements.count < JSONReader.elementLimit {
                elements.append(value)
            } else {
                noteTooMuch()
            }
            if skip(UInt8(ascii: ",")) { continue }
            return skip(UInt8(ascii: "]")) || isCut() ? .array(elements) : nil
        }
    }

    private mutating func number() -> JSONValue? {
        let start = index
        while index < text.count {
            let byte = text[index]
            guard
                byte.isASCIIDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
                    || byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e")
            else { break }
            index += 1
        }
        let digits = text.part(start..<index)
        guard !digits.isEmpty, Double(digits.string) != nil else { return nil }
        return .number(Array(digits))
    }

    private mutating func string() -> [UInt8]? {
        index += 1
        var output: [UInt8] = []
        while index < text.count {
            let start = index
            while index < text.count, text[index] != UInt8(ascii: "\""),
                text[index] != UInt8(ascii: "\\")
            {
                index &+= 1
            }
            if index > start { output.append(contentsOf: text.part(start..<index)) }
            guard index < text.count else { return nil }
            let byte = text[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return output
            default:
                guard escape(&output) else { return nil }
            }
        }
        return nil
    }

    private mutating func escape(_ output: inout [UInt8]) -> Bool {
        guard index < text.count else { return false }
        let byte = text[index]
        index += 1
        switch byte {
        case UInt8(ascii: "n"): output.append(0x0A)
        case UInt8(ascii: "t"): output.append(0x09)
        case UInt8(ascii: "r"): output.append(0x0D)
        case UInt8(ascii: "b"), UInt8(ascii: "f"): output.append(0x20)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): output.append(byte)
        case UInt8(ascii: "u"):
            guard let unit = hexadecimal() else { return false }
            guard unit & 0xFC00 == 0xD800 else {
                output.append(scalar: unit)
                return true
            }
            // A pair of surrogates; half of one is U+FFFD.
            let here = index
            if word("\\u"), let low = hexadecimal(), low & 0xFC00 == 0xDC00 {
                output.append(scalar: 0x1_0000 + ((unit & 0x3FF) << 10) + (low & 0x3FF))
            } else {
                index = here
                output.append(scalar: 0xFFFD)
            }
        default:
            // "\'" and the like: somebody's own idea of an escape.
            output.append(byte)
            note("a string holds an escape that JSON does not know")
        }
        return true
    }

    private mutating func hexadecimal() -> UInt32? {
        guard index + 4 <= text.count else {
            index = text.count
            return nil
        }
        guard
            let value = UInt32(text.part(index..<(index + 4)).string, radix: 16)
        else { return nil }
        index += 4
        return value
    }
}
