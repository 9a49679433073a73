/// A piece of a query.
struct QueryToken: Hashable, Sendable {
    /// What it is.
    enum Kind: Hashable, Sendable {
        case open
        case close
        case phrase(isExact: Bool)
        case word
        case set
        case field
        case end
    }

    var kind: Kind
    /// The text without quotes, `@`, `:`.
    var text: String
    /// Where it stands, in Unicode scalars.
    var range: Range<Int>
}

/// Cuts a query into pieces.
struct QueryLexer {
    private let scalars: [Unicode.Scalar]
    private var index = 0
    /// Quotes that are not closed.
    private(set) var unclosed: [Range<Int>] = []

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    /// All pieces, the last of kind `end`.
    mutating func tokens() -> [QueryToken] {
        var tokens: [QueryToken] = []
        while true {
            let isValue = tokens.last.map { isFilter($0) } ?? false
            let token = next(asFilterValue: isValue)
            tokens.append(token)
            if token.kind == .end { return tokens }
        }
    }

    private func isFilter(_ token: QueryToken) -> Bool {
        token.kind == .field && FilterKind(rawValue: token.text) != nil
    }

    private mutating func next(asFilterValue isValue: Bool) -> QueryToken {
        skipSpace()
        let start = index
        guard index < scalars.count else { return make(.end, start..<start) }
        let scalar = scalars[index]
        switch scalar {
        case "(", "（":
            index += 1
            return make(.open, start..<start)
        case ")", "）":
            index += 1
            return make(.close, start..<start)
        case _ where QueryLexer.isQuote(scalar):
            return phrase(from: start, isExact: false)
        case "=" where index + 1 < scalars.count && QueryLexer.isQuote(scalars[index + 1]):
            index += 1
            return phrase(from: start, isExact: true)
        case "@" where !isValue:
            return setName(from: start)
        case ":" where !isValue:
            index += 1
            return make(.field, start..<start)
        default:
            return word(from: start, asFilterValue: isValue)
        }
    }

    private mutating func skipSpace() {
        while index < scalars.count {
            if scalars[index] == "#" {
                while index < scalars.count, scalars[index] != "\n" { index += 1 }
            } else if QueryLexer.isSpace(scalars[index]) {
                index += 1
            } else {
                return
            }
        }
    }

    private mutating func phrase(from start: Int, isExact: Bool) -> QueryToken {
        index += 1
        let first = index
        while index < scalars.count, scalars[index] != "\n", !QueryLexer.isQuote(scalars[index]) {
            index += 1
        }
        let text = first..<index
        if index < scalars.count, QueryLexer.isQuote(scalars[index]) {
            index += 1
        } else {
            unclosed.append(start..<index)
        }
        return make(.phrase(isExact: isExact), text, at: start..<index)
    }

    private mutating func setName(from start: Int) -> QueryToken {
        index += 1
        let first = index
        while index < scalars.count, QueryLexer.isNameScalar(scalars[index]) { index += 1 }
        return make(.set, first..<index, at: start..<index)
    }

    private mutating func word(from start: Int, asFilterValue isValue: Bool) -> QueryToken {
        while index < scalars.count, !endsWord(scalars[index], asFilterValue: isValue) {
            index += 1
        }
        if !isValue, index < scalars.count, scalars[index] == ":" {
            index += 1
            return make(.field, start..<index - 1, at: start..<index)
        }
        return make(.word, start..<index)
    }

    private func endsWord(_ scalar: Unicode.Scalar, asFilterValue isValue: Bool) -> Bool {
        switch scalar {
        case "(", ")", "（", "）": true
        case "@", "#", ":": !isValue
        default: QueryLexer.isQuote(scalar) || QueryLexer.isSpace(scalar)
        }
    }

    private func make(
        _ kind: QueryToken.Kind,
        _ text: Range<Int>,
        at range: Range<Int>? = nil
    ) -> QueryToken {
        var string = String.UnicodeScalarView()
        string.append(contentsOf: scalars[text])
        let whole = range ?? text.lowerBound..<max(text.upperBound, index)
        return QueryToken(kind: kind, text: String(string), range: whole)
    }

    /// Whether a scalar is white space.
    static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        // The common ones without a look into Unicode's tables.
        switch scalar.value {
        case 0x20, 0x09...0x0D: true
        case 0x21...0x7F, 0x400...0x4FF, 0x3400...0x9FFF, 0xAC00...0xD7A3: false
        default: scalar.properties.isWhitespace
        }
    }

    /// Whether a scalar opens or closes a phrase.
    static func isQuote(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\"", "“", "”", "„", "«", "»": true
        default: false
        }
    }

    /// Whether a scalar may stand in the name of a set.
    static func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x2D, 0x5F, 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x00...0x7F: false
        default: scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        }
    }
}
