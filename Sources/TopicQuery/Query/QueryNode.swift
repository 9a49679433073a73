/// A query's node, compiled; children are numbers of nodes.
enum QueryNode: Sendable {
    case leaf(Int)
    /// A term set, by its name.
    case set(String, child: Int)
    case any([Int], hasPlaces: Bool)
    case all([Int])
    case not(Int)
    case proximity(ProximityOperator, [Int])
    case field(FieldMask, child: Int, hasPlaces: Bool)
    case filter(FilterKind, GlobPattern)
    case atLeast(Int, child: Int)

    /// Whether it answers with places.
    var hasPlaces: Bool {
        switch self {
        case .leaf, .set, .proximity: true
        case .any(_, let hasPlaces), .field(_, _, let hasPlaces): hasPlaces
        case .all, .not, .filter, .atLeast: false
        }
    }
}

/// A topic, compiled.
struct CompiledTopic: Sendable {
    var source: TopicSource
    var query: Int
    var exclude: Int?
    var fields: FieldMask
}

/// What must have occurred before a query needs to be looked at.
enum Gate: Sendable {
    /// Nothing need occur.
    case open
    case leaf(Int)
    /// One of these.
    case leaves([Int])

    /// Leaves of which one must occur; nil where nothing need occur.
    var leaves: [Int]? {
        switch self {
        case .open: nil
        case .leaf(let leaf): [leaf]
        case .leaves(let leaves): leaves
        }
    }

    /// How often it is expected to open.
    func cost(_ table: [Leaf]) -> Int {
        leaves.map { $0.reduce(0) { $0 + table[$1].cost } } ?? Int.max
    }
}

/// A pattern of letters and `*`, compared without case and diacritics.
struct GlobPattern: Hashable, Sendable {
    /// The pattern as written.
    let written: String
    private let scalars: [UInt32]
    private static let star: UInt32 = 0x2A

    init(_ written: String) {
        self.written = written
        scalars = GlobPattern.fold(written)
    }

    private static func fold(_ text: String) -> [UInt32] {
        let table = FoldTable.shared
        return text.unicodeScalars.flatMap { scalar -> [UInt32] in
            let entry = table.entry(of: scalar.value)
            switch entry.kind {
            case .letter, .ideograph: return [entry.value]
            case .expansion: return table.expansions[Int(entry.value)].map(\.value)
            case .mark, .ignorable: return []
            case .separator, .punctuation, .composite: return [scalar.value]
            }
        }
    }

    /// Whether the whole text fits.
    func matches(_ text: String) -> Bool {
        let text = GlobPattern.fold(text)
        var at = 0
        var index = 0
        var star: (pattern: Int, text: Int)?
        while index < text.count {
            if at < scalars.count, scalars[at] == GlobPattern.star {
                star = (at + 1, index)
                at += 1
            } else if at < scalars.count, scalars[at] == text[index] {
                at += 1
                index += 1
            } else if let last = star {
                at = last.pattern
                index = last.text + 1
                star = (last.pattern, last.text + 1)
            } else {
                return false
            }
        }
        return scalars[at...].allSatisfy { $0 == GlobPattern.star }
    }

    /// Whether a language tag is, or begins with, the pattern.
    func matches(language: String) -> Bool {
        matches(language) || GlobPattern(written + "-*").matches(language)
            || GlobPattern(written + "_*").matches(language)
    }
}
