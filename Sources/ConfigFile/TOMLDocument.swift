import CToml

/// A TOML file, read.
///
/// Owns the tree that `TOMLValue` looks at.
final class TOMLDocument {
    /// Why a file could not be read.
    struct Failure: Error {
        /// The reason in one line.
        let message: String
        /// Where.
        let span: SourceSpan
    }

    private let handle: OpaquePointer
    fileprivate let nodes: UnsafeBufferPointer<ctoml_node>
    private let text: UnsafeBufferPointer<UInt8>

    /// Reads a file; answers whatever the bytes are.
    init(_ bytes: [UInt8]) throws(Failure) {
        let handle = bytes.withUnsafeBufferPointer { ctoml_parse($0.baseAddress, $0.count) }
        guard let handle else {
            let start = SourcePosition(line: 1, column: 1)
            throw Failure(message: "memory is out", span: SourceSpan(start: start, end: start))
        }
        if let error = ctoml_error(handle) {
            let message = String(cString: error)
            let span = SourceSpan(ctoml_error_span(handle))
            ctoml_free(handle)
            throw Failure(message: message, span: span)
        }
        self.handle = handle
        nodes = UnsafeBufferPointer(start: ctoml_nodes(handle), count: ctoml_node_count(handle))
        text = UnsafeBufferPointer(start: ctoml_text(handle), count: ctoml_text_size(handle))
    }

    deinit { ctoml_free(handle) }

    /// The root table.
    var root: TOMLValue { TOMLValue(document: self, index: 0) }

    fileprivate func string(at offset: UInt32, count: UInt32) -> String {
        String(decoding: text[Int(offset)..<Int(offset) + Int(count)], as: UTF8.self)
    }
}

/// The kind of a TOML value.
enum TOMLKind {
    case string
    case integer
    case float
    case boolean
    case dateTime
    case array
    case table

    /// The kind with its article, for messages.
    var described: String {
        switch self {
        case .string: "a string"
        case .integer: "an integer"
        case .float: "a number with a point"
        case .boolean: "a boolean"
        case .dateTime: "a date or time"
        case .array: "a list"
        case .table: "a table"
        }
    }
}

/// A value of a TOML file with its place.
struct TOMLValue {
    fileprivate let document: TOMLDocument
    fileprivate let index: Int

    private var node: ctoml_node { document.nodes[index] }

    /// The kind.
    var kind: TOMLKind {
        switch Int(node.kind) {
        case CTOML_STRING: .string
        case CTOML_INTEGER: .integer
        case CTOML_FLOAT: .float
        case CTOML_BOOLEAN: .boolean
        case CTOML_ARRAY: .array
        case CTOML_TABLE: .table
        default: .dateTime
        }
    }

    /// Where the value stands: for a table with a header, the header.
    var span: SourceSpan { SourceSpan(node.span) }

    /// Where the key stands.
    var keySpan: SourceSpan { SourceSpan(node.key_span) }

    /// The key; empty for an element of a list.
    var key: String { document.string(at: node.key_offset, count: node.key_length) }

    /// The text of a string.
    var string: String? {
        kind == .string ? document.string(at: node.text_offset, count: node.text_length) : nil
    }

    /// The value of an integer.
    var integer: Int64? { kind == .integer ? node.integer : nil }

    /// The value of a boolean.
    var boolean: Bool? { kind == .boolean ? node.integer != 0 : nil }

    /// The values of a table in the order of the file, or the elements of a list.
    var children: [TOMLValue] {
        var children: [TOMLValue] = []
        children.reserveCapacity(Int(node.count))
        var child = Int(node.first)
        while child != 0 {
            children.append(TOMLValue(document: document, index: child))
            child = Int(document.nodes[child].next)
        }
        return children
    }
}

extension SourceSpan {
    fileprivate init(_ span: ctoml_span) {
        start = SourcePosition(line: Int(span.line), column: Int(span.column))
        end = SourcePosition(line: Int(span.end_line), column: Int(span.end_column))
    }
}
