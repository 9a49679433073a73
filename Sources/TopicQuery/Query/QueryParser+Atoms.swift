/// Proximity, and what stands between operators.
extension QueryParser {
    mutating func parseProximity() -> QuerySyntax? {
        guard let first = parseAtom() else { return nil }
        var children = [first]
        var common: ProximityOperator?
        while let (proximity, range) = parseProximityOperator() {
            if let common, common != proximity {
                report(
                    "E111",
                    "different proximity operators at the same level",
                    range,
                    help: "add parentheses: (\(source(spanned(children)))) \(proximity.written) …"
                )
            }
            common = common ?? proximity
            guard let child = parseAtom() else { break }
            for side in children.count == 1 ? [first, child] : [child] {
                requirePlaces(side, proximity.written)
            }
            children.append(child)
        }
        guard let common, children.count > 1 else { return first }
        return QuerySyntax(kind: .proximity(common, children), range: spanned(children))
    }

    private func spanned(_ children: [QuerySyntax]) -> Range<Int> {
        let start = children.first?.range.lowerBound ?? 0
        return start..<max(start, children.last?.range.upperBound ?? 0)
    }

    private mutating func requirePlaces(_ syntax: QuerySyntax, _ name: String) {
        guard !syntax.hasPlaces else { return }
        report(
            "E110",
            "\(name) needs places on both sides; AND, NOT and filters have none",
            syntax.range,
            help: "use OR inside the parentheses, or AND outside"
        )
    }

    /// The proximity operator that comes next, or nil where another thing does.
    private mutating func parseProximityOperator() -> (ProximityOperator, Range<Int>)? {
        let token = peek
        guard token.kind == .word, let spelling = OperatorSpelling.of(token.text) else {
            return nil
        }
        if case .proximity(let proximity) = spelling.meaning {
            reportSpelling(spelling, token)
            advance()
            return (proximity, token.range)
        }
        guard spelling.meaning == .not, self.token(ahead: 1).kind == .word,
            let second = OperatorSpelling.of(self.token(ahead: 1).text)
        else { return nil }
        let range = token.range.lowerBound..<self.token(ahead: 1).range.upperBound
        switch second.meaning {
        case .proximity(let proximity):
            reportSpelling(spelling, token)
            reportSpelling(second, self.token(ahead: 1))
            advance()
            advance()
            return (proximity.negation, range)
        case .inside:
            reportSpelling(spelling, token)
            reportSpelling(second, self.token(ahead: 1))
            advance()
            advance()
            return (.notIn, range)
        case .and, .or, .not, .atLeast:
            return nil
        }
    }

    private mutating func parseAtom() -> QuerySyntax? {
        let token = peek
        switch token.kind {
        case .open:
            if self.token(ahead: 1).kind == .close {
                report("E103", "a term is missing here", self.token(ahead: 1).range)
                advance()
                advance()
                return nil
            }
            return parseGroup()
        case .close, .end:
            report("E103", "a term is missing here", token.range)
            return nil
        case .set:
            advance()
            if token.text.isEmpty {
                report("E103", "a term is missing here", token.range, help: "@ and a set's name")
                return nil
            }
            return QuerySyntax(kind: .set(token.text), range: token.range)
        case .field: return parseField()
        case .phrase(let isExact):
            advance()
            return parseTerm(token.text, isExact: isExact, token.range, textStart: nil)
        case .word: return parseWord()
        }
    }

    private mutating func parseWord() -> QuerySyntax? {
        let token = peek
        if let spelling = OperatorSpelling.of(token.text) {
            switch spelling {
            case .right(.atLeast(let count)):
                return parseAtLeast(count)
            case .noDistance(.atLeast(let count)):
                report("E114", "ATLEAST needs a number", token.range, help: "ATLEAST/\(count)")
                return parseAtLeast(count)
            case .right:
                report("E103", "a term is missing here", token.range)
                advance()
                return parseAtom(unlessAtBoundary: true)
            case .smallLetters(.and), .smallLetters(.or), .foreign(.and), .foreign(.or):
                reportSpelling(spelling, token)
                advance()
                return parseAtom(unlessAtBoundary: true)
            case .smallLetters, .noDistance, .foreign: break
            }
        }
        advance()
        let word = ForeignMark.negated(token.text) ?? token.text
        return parseTerm(word, isExact: false, token.range, textStart: token.range.lowerBound)
    }

    /// Goes on behind an operator that had no term before it.
    private mutating func parseAtom(unlessAtBoundary: Bool) -> QuerySyntax? {
        peek.kind == .end || peek.kind == .close ? nil : parseAtom()
    }

    private mutating func parseAtLeast(_ count: Int) -> QuerySyntax? {
        let start = peek.range
        advance()
        guard enter(start) else { return nil }
        defer { leave() }
        guard let child = parseAtom() else { return nil }
        requirePlaces(child, "ATLEAST")
        return QuerySyntax(
            kind: .atLeast(count, child),
            range: start.lowerBound..<child.range.upperBound
        )
    }

    private mutating func parseField() -> QuerySyntax? {
        let token = peek
        advance()
        if let filter = FilterKind(rawValue: token.text) { return parseFilter(filter, token.range) }
        let mask = FieldMask(named: token.text)
        if mask == nil {
            let names =
                TextField.allCases.map(\.name) + ["text"] + FilterKind.allCases.map(\.rawValue)
            let near = Spelling.nearest(to: token.text, among: names)
            report(
                "E116",
                "unknown field \(token.text.isEmpty ? ":" : token.text)",
                token.range,
                help: (near.map { "did you mean \($0):? " } ?? "")
                    + "fields: " + names.joined(separator: ", ")
            )
        }
        guard enter(token.range) else { return nil }
        defer { leave() }
        guard let child = parseAtom() else { return nil }
        return QuerySyntax(
            kind: .field(mask ?? .text, child),
            range: token.range.lowerBound..<child.range.upperBound
        )
    }

    private mutating func parseFilter(_ filter: FilterKind, _ range: Range<Int>) -> QuerySyntax? {
        let value = peek
        switch value.kind {
        case .word, .phrase:
            advance()
        default:
            report(
                "E103",
                "a term is missing here",
                value.range,
                help: "\(filter.rawValue): takes one word or phrase"
            )
            return nil
        }
        return QuerySyntax(
            kind: .filter(filter, value.text),
            range: range.lowerBound..<value.range.upperBound
        )
    }

    private mutating func parseTerm(
        _ text: String,
        isExact: Bool,
        _ range: Range<Int>,
        textStart: Int?
    ) -> QuerySyntax? {
        let (term, found) = TermReader.read(text, isExact: isExact, mayBeMarked: textStart != nil)
        for var problem in found {
            problem.range = range
            report(problem.code, problem.message, problem.range, help: problem.help)
        }
        return QuerySyntax(kind: .term(term), range: range)
    }
}

/// Marks that other tools put before a word.
enum ForeignMark {
    /// The word without the mark by which another tool leaves it out, or nil where it has none.
    static func negated(_ word: String) -> String? {
        guard let first = word.unicodeScalars.first, first == "-" || first == "!" else {
            return nil
        }
        let rest = word.unicodeScalars.dropFirst()
        guard let next = rest.first, next.properties.isAlphabetic else { return nil }
        return String(rest)
    }
}
