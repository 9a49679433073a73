import Glibc

/// The names of the header fields that are kept; all others are dropped as they arrive.
enum HeaderName {
    /// The names, in lower case; a field is recorded by its place in here.
    static let kept: [StaticString] = [
        "etag", "last-modified", "content-type", "content-length", "content-encoding", "location",
        "retry-after", "cache-control", "expires", "age", "date", "link", "transfer-encoding",
        "content-location", "content-language", "im", "vary",
    ]

    /// The places of names that are read here.
    static let contentLength = place(of: "content-length")
    static let contentEncoding = place(of: "content-encoding")
    static let transferEncoding = place(of: "transfer-encoding")
    static let location = place(of: "location")

    /// The place of the name that `bytes` spells, without regard to ASCII case; nil if it is not
    /// kept.
    static func place(of bytes: UnsafeRawBufferPointer) -> Int? {
        guard let start = bytes.baseAddress, bytes.count < placesByLength.count else { return nil }
        let name = start.assumingMemoryBound(to: CChar.self)
        return placesByLength[bytes.count].first { place in
            kept[place].withUTF8Buffer { known in
                known.withMemoryRebound(to: CChar.self) { known in
                    known.baseAddress.map { strncasecmp($0, name, known.count) == 0 } ?? false
                }
            }
        }
    }

    /// The name at a place.
    static func text(at place: Int) -> String { texts[place] }

    private static let texts = kept.map { "\($0)" }

    private static let placesByLength: [[Int]] = (0...18).map { length in
        kept.indices.filter { kept[$0].utf8CodeUnitCount == length }
    }

    private static func place(of name: String) -> Int { texts.firstIndex(of: name) ?? -1 }
}
