/// A query as a tree, each node with its place in the text.
struct QuerySyntax: Hashable, Sendable {
    /// What a node says.
    indirect enum Kind: Hashable, Sendable {
        case term(TermSyntax)
        case set(String)
        case all([QuerySyntax])
        case any([QuerySyntax])
        case not(QuerySyntax)
        case proximity(ProximityOperator, [QuerySyntax])
        case field(FieldMask, QuerySyntax)
        case filter(FilterKind, String)
        case atLeast(Int, QuerySyntax)
    }

    var kind: Kind
    /// Where it stands, in Unicode scalars.
    var range: Range<Int>

    /// Whether it answers with places and not only with a truth value.
    var hasPlaces: Bool {
        switch kind {
        case .term, .set, .proximity: true
        case .any(let children): children.allSatisfy(\.hasPlaces)
        case .field(_, let child): child.hasPlaces
        case .all, .not, .filter, .atLeast: false
        }
    }

    /// Whether it holds for nearly every text because it only leaves out.
    var isNegative: Bool {
        switch kind {
        case .not(let child): !child.isNegative
        case .all(let children): children.allSatisfy(\.isNegative)
        case .any(let children): children.contains(where: \.isNegative)
        case .field(_, let child): child.isNegative
        case .term, .set, .proximity, .filter, .atLeast: false
        }
    }

    /// The nodes right below.
    var children: [QuerySyntax] {
        switch kind {
        case .term, .set, .filter: []
        case .all(let children), .any(let children), .proximity(_, let children): children
        case .not(let child), .field(_, let child), .atLeast(_, let child): [child]
        }
    }
}

/// A term or phrase as written.
struct TermSyntax: Hashable, Sendable {
    /// The words, without quotes, `=` and `*`.
    var text: String
    /// Whether only this form counts (`=`).
    var isExact = false
    /// Whether the last word is a beginning (`*`).
    var isPrefix = false
    /// The key that chooses the endings, or empty.
    var language = ""

    /// The term as it was written.
    var written: String { (isExact ? "=" : "") + text + (isPrefix ? "*" : "") }
}

/// How two places must stand to one another.
enum ProximityOperator: Hashable, Sendable {
    case near(Int, negated: Bool)
    case before(Int, negated: Bool)
    case sentence(negated: Bool)
    case paragraph(negated: Bool)
    case notIn

    /// The operator as it is written.
    var written: String {
        switch self {
        case .near(let distance, let negated): (negated ? "NOT " : "") + "NEAR/\(distance)"
        case .before(let distance, let negated): (negated ? "NOT " : "") + "BEFORE/\(distance)"
        case .sentence(let negated): (negated ? "NOT " : "") + "SENT"
        case .paragraph(let negated): (negated ? "NOT " : "") + "PARA"
        case .notIn: "NOT IN"
        }
    }

    /// Whether it keeps the places on its left that have no partner.
    var isNegated: Bool {
        switch self {
        case .near(_, let negated), .before(_, let negated), .sentence(let negated),
            .paragraph(let negated):
            negated
        case .notIn: true
        }
    }

    /// The same operator behind NOT.
    var negation: ProximityOperator {
        switch self {
        case .near(let distance, _): .near(distance, negated: true)
        case .before(let distance, _): .before(distance, negated: true)
        case .sentence: .sentence(negated: true)
        case .paragraph: .paragraph(negated: true)
        case .notIn: .notIn
        }
    }
}

/// What a filter looks at.
enum FilterKind: String, Hashable, Sendable, CaseIterable {
    case lang
    case feed
    case author
    case category
    case url
}

/// A set of text fields.
struct FieldMask: OptionSet, Hashable, Sendable {
    let rawValue: UInt8

    static let text = FieldMask(rawValue: 7)

    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    init(_ field: TextField) {
        rawValue = 1 << UInt8(field.rawValue)
    }

    init(_ fields: [TextField]) {
        rawValue = fields.reduce(0) { $0 | 1 << UInt8($1.rawValue) }
    }

    /// The mask for a name in a query, or nil.
    init?(named name: String) {
        if name == "text" {
            self = .text
        } else if let field = TextField.allCases.first(where: { $0.name == name }) {
            self.init(field)
        } else {
            return nil
        }
    }

    /// The name in queries.
    var name: String {
        TextField.allCases.first { FieldMask($0) == self }?.name ?? "text"
    }
}
