/// Reads a query; goes on after an error, so that all errors of a text are told at once.
struct QueryParser {
    /// How deep parentheses and NOT may be nested.
    static let deepest = 100

    private let scalars: [Unicode.Scalar]
    let tokens: [QueryToken]
    private(set) var index = 0
    private var depth = 0
    /// The first parenthesis that is never closed.
    private var unclosed: Range<Int>?
    private var isTooDeep = false
    private(set) var problems: [QueryProblem] = []
    /// Where terms begin that no operator precedes, as has been told.
    private var missingJoins: Set<Int> = []

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
        var lexer = QueryLexer(text)
        tokens = lexer.tokens()
        for range in lexer.unclosed {
            report("E101", "quote is not closed", range, help: "close it on the same line")
        }
    }

    /// The query's tree, as far as it could be read, and all errors.
    static func parse(_ text: String) -> (query: QuerySyntax?, problems: [QueryProblem]) {
        var parser = QueryParser(text)
        return (parser.parseAll(), parser.problems)
    }

    private mutating func parseAll() -> QuerySyntax? {
        let query = parseExpression()
        // One missing parenthesis is one error, however many follow from it.
        if peek.kind == .close {
            report("E102", "missing ( for this )", peek.range, help: "take it out, or open it")
        }
        while peek.kind == .close {
            advance()
            // Whatever joined it to the rest is right, but for the parenthesis.
            if peek.kind == .word, case .right = OperatorSpelling.of(peek.text) { advance() }
            if peek.kind != .end, peek.kind != .close { _ = parseExpression() }
        }
        if let unclosed, !isTooDeep { report("E102", "missing )", unclosed, help: "close this (") }
        return query
    }

    // MARK: Pieces

    var peek: QueryToken { tokens[index] }

    func token(ahead: Int) -> QueryToken { tokens[min(index + ahead, tokens.count - 1)] }

    mutating func advance() {
        index = min(index + 1, tokens.count - 1)
    }

    mutating func report(
        _ code: String,
        _ message: String,
        _ range: Range<Int>,
        help: String? = nil
    ) {
        problems.append(QueryProblem(code: code, message: message, help: help, range: range))
    }

    /// The text at a range, on one line and not too long for a hint.
    func source(_ range: Range<Int>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[range])
        let words = String(text).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.count <= 60 ? words : words.prefix(57) + "…"
    }

    // MARK: AND and OR

    /// An operand of a level, with the operator before it.
    private struct Operand {
        var isOr: Bool
        var operatorRange: Range<Int>
        var syntax: QuerySyntax
    }

    private mutating func parseExpression() -> QuerySyntax? {
        guard let first = parseUnary() else {
            skipToBoundary()
            return nil
        }
        var operands = [Operand(isOr: false, operatorRange: first.range, syntax: first)]
        var isRunOn = false
        while let (isOr, range) = parseJoin(&isRunOn) {
            if let operand = parseUnary() {
                operands.append(Operand(isOr: isOr, operatorRange: range, syntax: operand))
            }
        }
        return join(operands)
    }

    /// The operator between two operands; nil at the end of the level.
    private mutating func parseJoin(_ isRunOn: inout Bool) -> (isOr: Bool, range: Range<Int>)? {
        let token = peek
        guard token.kind != .end, token.kind != .close else { return nil }
        guard token.kind == .word, let spelling = OperatorSpelling.of(token.text) else {
            return missingJoin(token, &isRunOn)
        }
        if spelling == .smallLetters(.not) {
            isRunOn = false
            report(
                "E105",
                "operators are written in capitals",
                token.range,
                help: "AND NOT leaves out the item; NOT IN / NOT NEAR/5 leave out the place"
            )
            return (false, token.range)
        }
        reportSpelling(spelling, token)
        switch spelling.meaning {
        case .and, .or:
            isRunOn = false
            advance()
            // `&&` before NOT and the like need no further word.
            return (spelling.meaning == .or, token.range)
        case .not:
            isRunOn = false
            // ANDNOT is told already.
            if case .foreign = spelling { return (false, token.range) }
            report(
                "E107",
                "NOT needs AND before it",
                token.range,
                help: "AND NOT leaves out the item; NOT IN / NOT NEAR/5 leave out the place"
            )
            return (false, token.range)
        case .inside:
            report("E107", "IN needs NOT before it", token.range, help: "A NOT IN B")
            advance()
            return (false, token.range)
        case .atLeast:
            return missingJoin(token, &isRunOn)
        case .proximity:
            // After a level's operand: a proximity operator that no place precedes.
            advance()
            return (false, token.range)
        }
    }

    private mutating func missingJoin(
        _ token: QueryToken,
        _ isRunOn: inout Bool
    ) -> (isOr: Bool, range: Range<Int>) {
        if let join = foreignJoin() {
            isRunOn = false
            return (false, join)
        }
        if reportMark(token) {
            isRunOn = true
            return (false, token.range)
        }
        if !isRunOn {
            missingJoins.insert(token.range.lowerBound)
            let both = source(tokens[max(0, index - 1)].range.lowerBound..<token.range.upperBound)
            let quotable = !both.unicodeScalars.contains {
                QueryLexer.isQuote($0) || $0 == "@" || $0 == "(" || $0 == ":"
            }
            let words = both.split { "'‘’".contains($0) || $0 == " " }.joined(separator: " ")
            let quoted = quotable ? " (\"\(words)\")" : ""
            report(
                "E104",
                "two terms without an operator",
                token.range,
                help: "quote them for a phrase\(quoted), or put AND / OR / NEAR/5 between them"
            )
        }
        isRunOn = true
        return (false, token.range)
    }

    /// Reports an operator that is spelled wrongly.
    mutating func reportSpelling(_ spelling: OperatorSpelling, _ token: QueryToken) {
        let right = spelling.meaning.written
        switch spelling {
        case .right: break
        case .smallLetters:
            guard problems.last?.range != token.range else { return }
            report("E105", "operators are written in capitals", token.range, help: right)
        case .noDistance:
            let name = right.prefix { $0 != "/" }
            report("E114", "\(name) needs a distance", token.range, help: right)
        case .tooFar:
            let name = right.prefix { $0 != "/" }
            report("E114", "\(name) takes 0 to 99", token.range, help: right)
        case .foreign:
            guard problems.last?.range != token.range else { return }
            let isNot = spelling.meaning == .not
            reportForeign(
                "\(token.text) is no operator here",
                token.range,
                isNot ? "AND NOT" : right
            )
        }
    }

    private mutating func join(_ operands: [Operand]) -> QuerySyntax? {
        guard let first = operands.first else { return nil }
        guard operands.count > 1 else { return first.syntax }
        // Where an operator is missing, none is of another kind than the rest.
        let joined = operands.dropFirst().filter {
            !missingJoins.contains($0.operatorRange.lowerBound)
        }
        let isOr = joined.first?.isOr ?? operands[1].isOr
        let other = joined.first { $0.isOr != isOr }
        if let other {
            report(
                "E106",
                "AND and OR at the same level",
                other.operatorRange,
                help:
                    "write \(rewrite(operands, groupOr: false)), or \(rewrite(operands, groupOr: true))"
            )
        }
        let children = operands.map(\.syntax)
        let range = first.syntax.range.lowerBound..<(children.last ?? first.syntax).range.upperBound
        if isOr, other == nil, let negative = children.first(where: \.isNegative) {
            report(
                "E109",
                "OR NOT matches almost everything",
                negative.range,
                help: "put AND before NOT, or leave the NOT out"
            )
        }
        return QuerySyntax(kind: isOr ? .any(children) : .all(children), range: range)
    }

    /// The level with parentheses around the operands of one of the operators.
    private func rewrite(_ operands: [Operand], groupOr: Bool) -> String {
        var groups: [[String]] = []
        for (number, operand) in operands.enumerated() {
            let text = source(operand.syntax.range)
            if number > 0, operand.isOr == groupOr {
                groups[groups.count - 1].append(text)
            } else {
                groups.append([text])
            }
        }
        let inner = groupOr ? " OR " : " AND "
        let outer = groupOr ? " AND " : " OR "
        return groups.map { $0.count == 1 ? $0[0] : "(" + $0.joined(separator: inner) + ")" }
            .joined(separator: outer)
    }

    // MARK: NOT

    mutating func parseUnary() -> QuerySyntax? {
        let token = peek
        guard token.kind == .word else { return parseProximity() }
        if reportMark(token) { return parseProximity() }
        guard let spelling = OperatorSpelling.of(token.text), spelling.meaning == .not else {
            return parseProximity()
        }
        reportSpelling(spelling, token)
        advance()
        guard enter(token.range) else { return nil }
        defer { depth -= 1 }
        guard let child = parseUnary() else { return nil }
        return QuerySyntax(
            kind: .not(child),
            range: token.range.lowerBound..<child.range.upperBound
        )
    }

    // MARK: Nesting

    /// Goes one level deeper; false, and reported, where that is too deep.
    mutating func enter(_ range: Range<Int>) -> Bool {
        if depth >= QueryParser.deepest {
            if !isTooDeep { report("E102", "nested more than \(QueryParser.deepest) deep", range) }
            isTooDeep = true
            index = tokens.count - 1
            return false
        }
        depth += 1
        return true
    }

    /// Comes back from a level.
    mutating func leave() {
        depth -= 1
    }

    /// What stands in parentheses, the first of which is next.
    mutating func parseGroup() -> QuerySyntax? {
        let open = peek.range
        guard enter(open) else { return nil }
        defer { depth -= 1 }
        advance()
        let inner = parseExpression()
        if peek.kind == .close {
            let range = open.lowerBound..<peek.range.upperBound
            advance()
            return inner.map { QuerySyntax(kind: $0.kind, range: range) }
        }
        // The outermost one comes last, and is the one to tell.
        unclosed = open
        return inner
    }

    /// After an error at the start of a level: goes on behind what can't be read.
    private mutating func skipToBoundary() {
        while peek.kind != .end, peek.kind != .close { advance() }
    }
}
