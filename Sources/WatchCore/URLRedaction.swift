/// Takes secrets out of addresses before they are shown, logged or recorded.
package enum URLRedaction {
    /// The address without its user information (RFC 3986, section 3.2.1).
    package static func redacted(_ url: String) -> String {
        guard let scheme = url.range(of: "://") else { return url }
        let rest = url[scheme.upperBound...]
        let authorityEnd = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        guard let at = rest[..<authorityEnd].lastIndex(of: "@") else { return url }
        return String(url[..<scheme.upperBound] + rest[rest.index(after: at)...])
    }

    /// The host and port of an address, in lower case: what spacing and `Retry-After` go by.
    package static func host(of url: String) -> String {
        let clean = redacted(url)
        guard let scheme = clean.range(of: "://") else { return clean }
        let rest = clean[scheme.upperBound...]
        return rest.prefix { !"/?#".contains($0) }.lowercased()
    }
}

extension String {
    /// The first place where `part` stands.
    fileprivate func range(of part: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(part) {
                return start..<index(start, offsetBy: part.count)
            }
            start = index(after: start)
        }
        return nil
    }
}
