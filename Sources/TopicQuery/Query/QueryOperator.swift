/// What a word means that stands where an operator may stand.
enum QueryOperator: Hashable {
    case and
    case or
    case not
    case proximity(ProximityOperator)
    /// `IN`, which needs NOT before it.
    case inside
    case atLeast(Int)

    /// The operator as it is written.
    var written: String {
        switch self {
        case .and: "AND"
        case .or: "OR"
        case .not: "NOT"
        case .proximity(let proximity): proximity.written
        case .inside: "NOT IN"
        case .atLeast(let count): "ATLEAST/\(count)"
        }
    }
}

/// How well a word spells an operator.
enum OperatorSpelling: Hashable {
    case right(QueryOperator)
    /// Right but for small letters.
    case smallLetters(QueryOperator)
    /// Right but for the number.
    case noDistance(QueryOperator)
    /// Right but for a number that is too large.
    case tooFar(QueryOperator)
    /// What another tool writes for it.
    case foreign(QueryOperator)

    /// The operator that is meant.
    var meaning: QueryOperator {
        switch self {
        case .right(let meaning), .smallLetters(let meaning), .noDistance(let meaning),
            .tooFar(let meaning), .foreign(let meaning):
            meaning
        }
    }

    /// How a word spells an operator, or nil where it does not.
    static func of(_ word: String) -> OperatorSpelling? {
        if let spelling = capitals(word) { return spelling }
        if let meaning = symbols[word] { return .foreign(meaning) }
        if let plain = FullWidth.plain(word) { return of(plain).map { .foreign($0.meaning) } }
        let upper = word.uppercased()
        if upper != word, let spelling = capitals(upper) {
            return .smallLetters(spelling.meaning)
        }
        return foreign(upper)
    }

    private static let symbols: [String: QueryOperator] = [
        "&&": .and, "&": .and, "||": .or, "|": .or,
    ]

    private static func capitals(_ word: String) -> OperatorSpelling? {
        switch word {
        case "AND": return .right(.and)
        case "OR": return .right(.or)
        case "NOT": return .right(.not)
        case "IN": return .right(.inside)
        case "SENT": return .right(.proximity(.sentence(negated: false)))
        case "PARA": return .right(.proximity(.paragraph(negated: false)))
        default: break
        }
        for (name, make) in counted where word.hasPrefix(name) {
            let rest = word.dropFirst(name.count)
            if rest.isEmpty || rest == "/" { return .noDistance(make(5)) }
            if rest.first == "/", let number = smallNumber(rest.dropFirst()) {
                return .right(make(number))
            }
            if let number = smallNumber(rest) { return .noDistance(make(number)) }
            let digits = rest.drop { $0 == "/" }
            if digits.utf8.allSatisfy({ 48...57 ~= $0 }) { return .tooFar(make(99)) }
            if rest.first == "/", digits.first == "-" { return .noDistance(make(5)) }
        }
        return nil
    }

    private static let counted: [(String, @Sendable (Int) -> QueryOperator)] = [
        ("NEAR", { .proximity(.near($0, negated: false)) }),
        ("BEFORE", { .proximity(.before($0, negated: false)) }),
        ("ATLEAST", { .atLeast($0) }),
    ]

    private static func smallNumber(_ text: Substring) -> Int? {
        guard 1...2 ~= text.utf8.count, text.utf8.allSatisfy({ 48...57 ~= $0 }) else { return nil }
        return Int(text)
    }

    /// Operators of dtSearch, Factiva, LexisNexis, Meltwater and Lucene, in capitals.
    private static func foreign(_ word: String) -> OperatorSpelling? {
        if word.hasPrefix("<"), word.hasSuffix(">"), word.count > 2 {
            return of(String(word.dropFirst().dropLast())).map { .foreign($0.meaning) }
        }
        switch word {
        case "/S", "W/S", "W/SENT", "SAME": return .foreign(.proximity(.sentence(negated: false)))
        case "/P", "W/P", "W/PARA": return .foreign(.proximity(.paragraph(negated: false)))
        case "ANDNOT", "BUTNOT", "AND-NOT": return .foreign(.not)
        default: break
        }
        let digits = word.reversed().drop { $0 == "F" || $0 == "W" }.prefix { $0.isNumber }
        guard let number = smallNumber(Substring(String(digits.reversed()))) else { return nil }
        let end = word.lastIndex { $0.isNumber }.map { word.index(after: $0) } ?? word.endIndex
        let name = word[..<end].dropLast(digits.count)
        switch name {
        case "W/", "/", "~", "NEAR/", "NEAR", "N/", "WITHIN/", "N":
            return .foreign(.proximity(.near(number, negated: false)))
        case "ADJ/", "ADJ":
            // It counts the distance, and not the words between.
            return .foreign(.proximity(.before(max(0, number - 1), negated: false)))
        case "SENT/", "SAME/": return .foreign(.proximity(.sentence(negated: false)))
        case "PARA/": return .foreign(.proximity(.paragraph(negated: false)))
        case "PRE/", "P/", "ONEAR/", "ONEAR", "NEXT/", "FBY/", "FOLLOWEDBY/", "+":
            return .foreign(.proximity(.before(number, negated: false)))
        case "MINOC/", "/N": return .foreign(.proximity(.near(number, negated: false)))
        default: return nil
        }
    }
}
