import FeedModel
import Glibc

@testable import FeedParsing

/// A document in `Fixtures` with what is expected of it.
///
/// `name.expect` beside the document holds lines `path = JSON`, `problems has CODE` and
/// `problems lacks CODE`; before a line `---` there may be hints (`url: …`).
struct Fixture: Sendable, CustomStringConvertible {
    let description: String
    let document: [UInt8]
    let hints: DocumentHints
    let expectations: [String]

    /// All fixtures, by name.
    static let all: [Fixture] = {
        names().filter { $0.hasSuffix(".expect") }.sorted().compactMap {
            Fixture(String($0.dropLast(".expect".count)))
        }
    }()

    private static let directory: String = {
        var parts = #filePath.split(separator: "/")
        parts.removeLast()
        return "/" + parts.joined(separator: "/") + "/Fixtures"
    }()

    private init?(_ name: String) {
        description = name
        let extensions = ["xml", "json", "html"]
        guard
            let document = extensions.lazy.compactMap({ Fixture.read("\(name).\($0)") }).first,
            let expected = Fixture.read("\(name).expect")
        else { return nil }
        self.document = document
        var lines = String(decoding: expected, as: UTF8.self)
            .split(separator: "\n").map(String.init)
        var hints = DocumentHints()
        if let end = lines.firstIndex(of: "---") {
            for line in lines[..<end] {
                let parts = line.split(separator: ":", maxSplits: 1)
                let value = String(parts[1].drop { $0 == " " })
                switch parts[0] {
                case "url": hints.url = value
                case "content-type": hints.contentType = value
                case "content-location": hints.contentLocation = value
                default: hints.contentLanguage = value
                }
            }
            lines.removeSubrange(...end)
        }
        self.hints = hints
        expectations = lines
    }

    private static func names() -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafePointer(to: entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
            )
        }
        return names
    }

    /// The bytes of a file of `Fixtures`.
    static func read(_ name: String) -> [UInt8]? {
        guard let file = fopen("\(directory)/\(name)", "rb") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk[..<count])
        }
    }
}

/// The JSON of a document, as `feedwatch parse` prints it.
struct ParsedJSON {
    let root: JSONValue
    let text: String

    init?(_ document: [UInt8], hints: DocumentHints = DocumentHints()) {
        var writer = JSONWriter()
        ParseJSON.append(FeedParser().read(document, hints: hints), file: "f", to: &writer)
        let bytes = writer.bytes
        text = String(decoding: bytes, as: UTF8.self)
        guard let root = bytes.withUnsafeBufferPointer({ JSONReader.read($0)?.value }) else {
            return nil
        }
        self.root = root
    }

    init?(_ document: String) { self.init(Array(document.utf8)) }

    /// The value at a path such as `entries.0.title` or `entries.count`, as JSON.
    func value(_ path: String) -> String {
        var value: JSONValue = root
        for part in path.split(separator: ".") {
            if part == "count" { return String(value.elements.count) }
            if let index = Int(part) {
                let elements = value.elements
                guard elements.indices.contains(index) else { return "(none)" }
                value = elements[index]
            } else if case .object(let members) = value,
                let member = members.last(where: { $0.name.elementsEqual(part.utf8) })
            {
                value = member.value
            } else {
                return "(none)"
            }
        }
        return value.printed
    }

    /// The codes of all problems.
    var problems: [String] {
        (root["problems"]?.elements ?? []).compactMap {
            $0["code"]?.text.map { String(decoding: $0, as: UTF8.self) }
        }
    }
}

extension JSONValue {
    /// The value as JSON, in one way only.
    var printed: String {
        switch self {
        case .null: return "null"
        case .bool(let value): return value ? "true" : "false"
        case .number: return String(decoding: text ?? [], as: UTF8.self)
        case .string(let text):
            var writer = JSONWriter()
            writer.string(String(decoding: text, as: UTF8.self))
            return String(decoding: writer.bytes, as: UTF8.self)
        case .array(let values): return "[" + values.map(\.printed).joined(separator: ", ") + "]"
        case .object: return "{…}"
        }
    }
}
