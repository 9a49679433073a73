/// What is known of HTML's element names.
struct HTMLTags: Sendable {
    /// How an element bears on the text around it.
    enum Kind: UInt8, Sendable {
        /// Not an element of HTML.
        case unknown
        /// Runs within a line: joins what stands before and behind it.
        case inline
        /// Parts words but no paragraph: `br`, `td`.
        case separator
        /// Begins and ends a paragraph.
        case block
        /// Not shown, its content neither: `script`, `style`.
        case hidden
    }

    /// The one table.
    static let shared = HTMLTags()

    // An open hash table over names packed into words; 0 is an empty slot.
    private var keys: [UInt64]
    private var kinds: [Kind]

    private init() {
        keys = Array(repeating: 0, count: 1024)
        kinds = Array(repeating: .unknown, count: 1024)
        add(
            """
            a abbr acronym applet area audio b basefont bdi bdo big blink button cite code data \
            datalist del dfn em embed font i img input ins kbd label map mark meter nobr object \
            output param picture progress q rb rp rt rtc ruby s samp select slot small source \
            span strike strong sub sup svg time track tt u var video wbr marquee math canvas \
            link meta base col colgroup
            """,
            as: .inline
        )
        add("br td th", as: .separator)
        add(
            """
            address article aside blockquote body caption center dd details dialog dir div dl dt \
            fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header \
            hgroup hr html iframe legend li main menu nav noframes noscript ol optgroup option p \
            pre search section summary table tbody tfoot thead title tr ul textarea isindex \
            listing plaintext xmp
            """,
            as: .block
        )
        add("script style template", as: .hidden)
    }

    private mutating func add(_ names: String, as kind: Kind) {
        for name in names.split(separator: " ") {
            let key = Array(name.utf8).withUnsafeBufferPointer { HTMLTags.key($0) }
            var slot = HTMLTags.slot(of: key)
            while keys[slot] != 0 { slot = (slot + 1) & 1023 }
            keys[slot] = key
            kinds[slot] = kind
        }
    }

    /// Up to eight bytes of the name in lower case, with its length folded in so that longer names
    /// stay apart.
    @inline(__always)
    private static func key(_ name: Bytes) -> UInt64 {
        var key: UInt64 = 0
        for byte in name { key = (key << 8 | key >> 56) ^ UInt64(byte.asciiLowercased) }
        return key
    }

    @inline(__always)
    private static func slot(of key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 54)
    }

    /// The kind of the element `name`, in any case.
    func kind(of name: Bytes) -> Kind {
        guard !name.isEmpty, name.count <= 10 else { return .unknown }
        let key = HTMLTags.key(name)
        var slot = HTMLTags.slot(of: key)
        while keys[slot] != 0 {
            if keys[slot] == key { return kinds[slot] }
            slot = (slot &+ 1) & 1023
        }
        return .unknown
    }
}
