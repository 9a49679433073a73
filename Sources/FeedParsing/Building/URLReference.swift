/// Resolves references against a base: RFC 3986, section 5.2, over bytes.
enum URLReference {
    private struct Parts {
        var scheme: Bytes?
        var authority: Bytes?
        var path: Bytes
        var query: Bytes?
        var fragment: Bytes?

        /// Splits as the regular expression of RFC 3986, appendix B, does.
        init(_ text: Bytes) {
            var rest = text
            if let length = URLReference.schemeLength(text) {
                scheme = text.part(0..<length)
                rest = text.from(length + 1)
            }
            if let hash = rest.firstOffset(of: UInt8(ascii: "#")) {
                fragment = rest.from(hash + 1)
                rest = rest.part(0..<hash)
            }
            if let mark = rest.firstOffset(of: UInt8(ascii: "?")) {
                query = rest.from(mark + 1)
                rest = rest.part(0..<mark)
            }
            if rest.hasPrefix("//") {
                let end = rest.firstOffset(of: UInt8(ascii: "/"), from: 2) ?? rest.count
                authority = rest.part(2..<end)
                rest = rest.from(end)
            }
            path = rest
        }
    }

    /// The length of the scheme that `text` starts with, or nil where it is relative.
    static func schemeLength(_ text: Bytes) -> Int? {
        guard let first = text.first, first.isASCIILetter else { return nil }
        var index = 1
        while index < text.count {
            let byte = text[index]
            if byte == UInt8(ascii: ":") { return index }
            guard
                byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: "+")
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            else { return nil }
            index += 1
        }
        return nil
    }

    /// Whether `text` has a scheme.
    static func isAbsolute(_ text: Bytes) -> Bool { schemeLength(text) != nil }

    /// Whether `text` is an address of the web.
    static func isWeb(_ text: Bytes) -> Bool {
        text.hasPrefixIgnoringCase("http://") || text.hasPrefixIgnoringCase("https://")
    }

    /// Whether `text` is code or content in the dress of an address, which leads nowhere.
    static func isScript(_ text: Bytes) -> Bool {
        text.hasPrefixIgnoringCase("javascript:") || text.hasPrefixIgnoringCase("data:")
            || text.hasPrefixIgnoringCase("vbscript:")
    }

    /// The reference resolved against `base`; as it is where it has a scheme or the base has none.
    static func resolve(_ reference: Bytes, against base: Bytes) -> [UInt8] {
        guard !isAbsolute(reference) else { return Array(reference) }
        let base = Parts(base)
        guard let scheme = base.scheme else { return Array(reference) }
        let parts = Parts(reference)
        var output = Array(scheme)
        output.append(UInt8(ascii: ":"))
        if let authority = parts.authority ?? base.authority {
            output.append(text: "//")
            output.append(contentsOf: authority)
        }
        var query = parts.query
        if parts.authority != nil {
            appendWithoutDots(Array(parts.path), to: &output)
        } else if parts.path.isEmpty {
            output.append(contentsOf: base.path)
            query = query ?? base.query
        } else if parts.path.first == UInt8(ascii: "/") {
            appendWithoutDots(Array(parts.path), to: &output)
        } else {
            var merged: [UInt8] = []
            if base.path.isEmpty, base.authority != nil {
                merged.append(UInt8(ascii: "/"))
            } else if let slash = base.path.lastIndex(of: UInt8(ascii: "/")) {
                merged.append(contentsOf: base.path[...slash])
            }
            merged.append(contentsOf: parts.path)
            appendWithoutDots(merged, to: &output)
        }
        if let query {
            output.append(UInt8(ascii: "?"))
            output.append(contentsOf: query)
        }
        if let fragment = parts.fragment {
            output.append(UInt8(ascii: "#"))
            output.append(contentsOf: fragment)
        }
        return output
    }

    /// Appends `path` without its `.` and `..` segments (RFC 3986, section 5.2.4).
    private static func appendWithoutDots(_ path: [UInt8], to output: inout [UInt8]) {
        let slash = UInt8(ascii: "/")
        let isRooted = path.first == slash
        var kept: [ArraySlice<UInt8>] = []
        var segments = path[...].split(separator: slash, omittingEmptySubsequences: false)
        if isRooted { segments.removeFirst() }
        var endsInDirectory = false
        for segment in segments {
            endsInDirectory = false
            if segment.elementsEqual(".".utf8) {
                endsInDirectory = true
            } else if segment.elementsEqual("..".utf8) {
                if !kept.isEmpty { kept.removeLast() }
                endsInDirectory = true
            } else {
                kept.append(segment)
            }
        }
        if endsInDirectory { kept.append([]) }
        if isRooted { output.append(slash) }
        for (index, segment) in kept.enumerated() {
            if index > 0 { output.append(slash) }
            output.append(contentsOf: segment)
        }
    }
}
