/// Looks for what must not reach the XML parser.
enum DocumentGuard {
    /// The most attributes a tag may have.
    ///
    /// The time of libxml2 2.9.14 grows with their square: 60,000 cost 17 s (hardening.md,
    /// section 2).
    static let attributeLimit = 2_000

    /// Whether some tag has more attributes than the limit.
    ///
    /// An attribute has its `=`, so a document with few of those needs no closer look.
    static func hasTooManyAttributes(_ document: Bytes) -> Bool {
        guard countEquals(document) > attributeLimit else { return false }
        var index = 0
        while let open = document.firstOffset(of: UInt8(ascii: "<"), from: index) {
            index = open + 1
            guard index < document.count else { break }
            if document.from(open).hasPrefix("<!--") {
                index = document.firstOffset(of: "-->", from: open) ?? document.count
            } else if document.from(open).hasPrefix("<![CDATA[") {
                index = document.firstOffset(of: "]]>", from: open) ?? document.count
            } else if document[index].isASCIILetter || document[index] >= 0x80
                || document[index] == UInt8(ascii: "_") || document[index] == UInt8(ascii: ":")
            {
                if attributes(document, &index) > attributeLimit { return true }
            }
        }
        return false
    }

    /// The number of `=`.
    private static func countEquals(_ document: Bytes) -> Int {
        guard let start = document.baseAddress else { return 0 }
        var total = 0
        var index = 0
        while index < document.count {
            // Short stretches with a small counter: this becomes vector instructions.
            let end = min(index &+ 255, document.count)
            var count: UInt8 = 0
            while index < end {
                count &+= start[index] == UInt8(ascii: "=") ? 1 : 0
                index &+= 1
            }
            total &+= Int(count)
        }
        return total
    }

    /// Counts the attributes of the tag at `index` and moves behind it.
    private static func attributes(_ document: Bytes, _ index: inout Int) -> Int {
        var count = 0
        while index < document.count {
            let byte = document[index]
            if byte == UInt8(ascii: ">") { break }
            if byte == UInt8(ascii: "=") { count += 1 }
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                index = document.firstOffset(of: byte, from: index + 1) ?? document.count
            }
            index += 1
        }
        return count
    }
}
