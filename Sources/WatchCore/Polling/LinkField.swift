/// Reads `Link` header fields (RFC 8288).
package struct LinkField: Hashable, Sendable {
    /// Where it leads, as written.
    package var target: String
    /// The relations, in lower case.
    package var relations: [String] = []
    /// The media type.
    package var type: String?
    /// The title.
    package var title: String?
    /// What it is a link of, where that is not the document it came with.
    package var anchor: String?

    /// The links of a response, in order.
    package static func links(of response: HTTPResponse) -> [LinkField] {
        response.headers.filter { asciiEqualIgnoringCase($0.name, "link") }
            .flatMap { links(in: $0.value) }
    }

    /// The links of a field, as far as they can be read.
    package static func links(in value: String) -> [LinkField] {
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
        case "anchor" where anchor == nil: anchor = value
        default: break
        }
    }

    // MARK: Where it leads

    /// The target as an absolute address, for a document at `base` (RFC 3986, section 5.2); nil
    /// where `base` is none.
    package func url(at base: String) -> String? {
        let target = target.split(whereSeparator: \.isWhitespace).joined()
        if LinkField.hasScheme(target) { return target }
        guard let mark = base.firstRange(of: "://") else { return nil }
        let scheme = base[..<mark.lowerBound]
        let authority = base[mark.upperBound...].prefix { !"/?#".contains($0) }
        if target.hasPrefix("//") { return "\(scheme):\(target)" }
        let origin = "\(scheme)://\(authority)"
        let rest = base[authority.endIndex...].prefix { $0 != "#" }
        let path = rest.prefix { $0 != "?" }
        switch target.first {
        case nil, "#": return origin + rest
        case "?": return origin + (path.isEmpty ? "/" : path) + target
        case "/": return origin + LinkField.withoutDots(target[...])
        default:
            let folder = path.lastIndex(of: "/").map { path[...$0] } ?? "/"
            return origin + LinkField.withoutDots(folder + target)
        }
    }

    private static func hasScheme(_ target: String) -> Bool {
        let name = target.prefix {
            $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0))
        }
        return name.first?.isLetter == true && target.dropFirst(name.count).hasPrefix(":")
    }

    /// A path whose steps `.` and `..` are taken; what stands behind it stays.
    private static func withoutDots(_ target: Substring) -> String {
        let path = target.prefix { !"?#".contains($0) }
        var steps: [Substring] = []
        let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            switch part {
            case ".": if isLast { steps.append("") }
            case "..":
                _ = steps.popLast()
                if isLast { steps.append("") }
            default: steps.append(part)
            }
        }
        return "/" + steps.joined(separator: "/") + target[path.endIndex...]
    }
}
