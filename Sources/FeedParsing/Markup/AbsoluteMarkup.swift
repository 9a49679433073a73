/// Makes the addresses in markup absolute.
enum AbsoluteMarkup {
    /// `markup` with each `href` and `src` of its tags resolved against `base`.
    static func make(_ markup: Bytes, base: Bytes) -> [UInt8] {
        guard !base.isEmpty, URLReference.isAbsolute(base) else { return Array(markup) }
        var output: [UInt8] = []
        output.reserveCapacity(markup.count + 64)
        var copied = 0
        var index = 0
        while let open = markup.firstOffset(of: UInt8(ascii: "<"), from: index) {
            index = open + 1
            guard index < markup.count else { break }
            if markup.from(open).hasPrefix("<!--") {
                index = markup.firstOffset(of: "-->", from: open) ?? markup.count
                continue
            }
            guard markup[index].isASCIILetter else { continue }
            let nameEnd = HTMLScan.nameEnd(markup, from: index)
            guard let end = HTMLScan.tagEnd(markup, from: nameEnd) else { break }
            let inside = markup.part(nameEnd..<(end - 1))
            HTMLAttributes.forEach(inside) { name, value in
                guard isAddress(inside.part(name)) else { return }
                let reference = inside.part(value)
                var plain: [UInt8] = []
                PlainText.append(reference, isMarkup: true, paragraphs: false, to: &plain)
                let resolved = plain.withUnsafeBufferPointer {
                    $0.isEmpty || URLReference.isAbsolute($0)
                        ? nil : URLReference.resolve($0, against: base)
                }
                guard let resolved else { return }
                output.append(contentsOf: markup.part(copied..<(nameEnd + value.lowerBound)))
                for byte in resolved {
                    switch byte {
                    case UInt8(ascii: "&"): output.append(text: "&amp;")
                    case UInt8(ascii: "\""): output.append(text: "&quot;")
                    case UInt8(ascii: "'"): output.append(text: "&#39;")
                    default: output.append(byte)
                    }
                }
                copied = nameEnd + value.upperBound
            }
            index = end
        }
        output.append(contentsOf: markup.part(copied..<markup.count))
        return output
    }

    /// Whether an attribute of this name is an address.
    static func isAddress(_ name: Bytes) -> Bool {
        name.equalsIgnoringCase("href") || name.equalsIgnoringCase("src")
    }
}
