/// Reads `Link` header fields (RFC 8288).
struct LinkField {
    /// Where it leads, as written.
    var target: String
    /// The relations, in lower case.
    var relations: [String] = []
    /// The media type.
    var type: String?
    /// The title.
    var title: String?

    /// The links of a field, as far as they can be read.
    static func links(in value: String) -> [LinkField] {
        var links: [LinkField] = []
        var rest = value[...]
        while links.count < 100, let open = rest.firstIndex(of: "<") {
            rest = rest[rest.index(after: open)...]
            guard let close = rest.firstIndex(of: ">") else { break }
            var link = LinkField(target: String(rest[..<close]))
            rest = rest[rest.index(after: close)...]
            link.readParameters(&rest)
            links.append(link)
        }
        return links
    }

    /// Reads `; name="value"` up to the comma behind the link.
    private mutating func readParameters(_ rest: inout Substring) {
        while let first = rest.first, first != "," {
            rest.removeFirst()
            guard first == ";" else { continue }
            let name = rest.prefix { !"=;,".contains($0) }
            rest = rest.dropFirst(name.count)
            guard rest.first == "=" else { continue }
            rest.removeFirst()
            set(name.filter { !$0.isWhitespace }.lowercased(), to: Self.value(&rest))
        }
    }

    private static func value(_ rest: inout Substring) -> String {
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        guard rest.first == "\"" else {
            let value = rest.prefix { !";,".contains($0) }
            rest = rest.dropFirst(value.count)
            return String(value).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        rest.removeFirst()
        var value = ""
        while let character = rest.popFirst(), character != "\"" {
            value.append(character == "\\" ? rest.popFirst() ?? "\\" : character)
        }
        return value
    }

    private mutating func set(_ name: String, to value: String) {
        switch name {
        case "rel" where relations.isEmpty:
            relations = value.lowercased().split(separator: " ").map(String.init)
        case "type" where type == nil: type = value
        case "title" where title == nil: title = value
        default: break
        }
    }
}
