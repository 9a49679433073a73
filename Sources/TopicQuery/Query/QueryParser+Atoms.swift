/// Proximity, and what stands between operators.
extension QueryParser {
    mutating func parseProximity() -> QuerySyntax? {
        guard let first = parseAtom() else { return nil }
        var children = [first]
        var common: ProximityOperator?
        skipStrayMark()
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
            skipStrayMark()
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
                reportMissingTerm(self.token(ahead: 1).range)
                advance()
                advance()
                return nil
            }
            return parseGroup()
        case .close, .end:
            reportMissingTerm(token.range)
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
            case .smallLetters(.atLeast(let count)), .tooFar(.atLeast(let count)),
                .foreign(.atLeast(let count)):
                reportSpelling(spelling, token)
                return parseAtLeast(count)
            case .right:
                reportMissingTerm(token.range)
                advance()
                return parseAtom(unlessAtBoundary: true)
            case .smallLetters(.and), .smallLetters(.or), .foreign(.and), .foreign(.or):
                reportSpelling(spelling, token)
                advance()
                return parseAtom(unlessAtBoundary: true)
            case .smallLetters, .noDistance, .tooFar, .foreign: break
            }
        }
        if let name = FieldAlias.ours[token.text.lowercased()], isFollowedBy(.open) {
            reportForeign("\(token.text)( is no field here", token.range, "\(name):(…)")
            advance()
            return parseAtom()
        }
        let mark = ForeignMark.of(token.text)
        // A mark by itself is passed over, and what it stands before is read.
        if reportMark(token), mark == nil { return parseAtom() }
        advance()
        let word = mark?.term ?? token.text
        if word.isEmpty { return peek.kind == .open ? parseAtom() : nil }
        return parseTerm(word, isExact: false, token.range, textStart: token.range.lowerBound)
    }

    /// Goes on behind an operator that had no term before it.
    private mutating func parseAtom(unlessAtBoundary: Bool) -> QuerySyntax? {
        // Not by recursion: there may be as many as the text is long.
        while peek.kind == .word, let spelling = OperatorSpelling.of(peek.text) {
            if case .atLeast = spelling.meaning { break }
            advance()
        }
        return peek.kind == .end || peek.kind == .close ? nil : parseAtom()
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
            report(
                "E116",
                "unknown field \(token.text.isEmpty ? ":" : token.text)",
                token.range,
                help: FieldAlias.hint(for: token.text, among: names)
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
        let name = filter.rawValue
        switch value.kind {
        case .word, .phrase:
            advance()
        default:
            let isGroup = value.kind == .open
            let help =
                isGroup ? "write (\(name):… OR \(name):…)" : "write \(name):… without a blank"
            report("E103", "\(name): takes one word or phrase", value.range, help: help)
            if isGroup { _ = parseGroup() }
            return nil
        }
        let values = value.text.split { $0 == "," || $0 == ";" }
        if filter == .lang, values.count > 1 {
            let each = values.map { "lang:\($0)" }.joined(separator: " OR ")
            report("E103", "lang: takes one language", value.range, help: "write (\(each))")
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
