/// What other tools write, recognised and answered with ours.
extension QueryParser {
    /// Reports something of another tool, with what to write for it.
    mutating func reportForeign(_ message: String, _ range: Range<Int>, _ ours: String) {
        report("E105", message, range, help: "write \(ours)")
    }

    mutating func reportMissingTerm(_ range: Range<Int>) {
        report("E103", "a term is missing here", range, help: "put one beside the operator")
    }

    /// Whether the piece behind the next one is of a kind, and nothing between them.
    func isFollowedBy(_ kind: QueryToken.Kind) -> Bool {
        let next = token(ahead: 1)
        return next.kind == kind && next.range.lowerBound == peek.range.upperBound
    }

    /// Reports the mark of a word, or one that stands before another piece; false where there is none.
    mutating func reportMark(_ token: QueryToken) -> Bool {
        guard token.kind == .word else { return false }
        if let mark = ForeignMark.of(token.text) {
            if problems.last?.range != token.range {
                report(mark.code, mark.message, token.range, help: mark.help)
            }
            return true
        }
        let next = self.token(ahead: 1)
        guard next.range.lowerBound == token.range.upperBound else { return false }
        switch (token.text, next.kind) {
        case ("-", .set), ("-", .phrase), ("-", .open), ("-", .field),
            ("!", .set), ("!", .phrase), ("!", .open), ("!", .field):
            let what = next.kind == .open ? "(…)" : source(next.range)
            report(
                "E107",
                "\(token.text) does not leave out here",
                token.range,
                help: "write AND NOT \(what)"
            )
        case ("+", .set), ("+", .phrase), ("+", .open), ("+", .field):
            reportForeign("+ does not demand a term here", token.range, "AND between the terms")
        case ("=", .set):
            reportForeign("= belongs before a word or phrase", token.range, source(next.range))
        default: return false
        }
        advance()
        return true
    }

    /// Passes over `*` or `~5` right behind a phrase, set or parenthesis.
    mutating func skipStrayMark() {
        guard index > 0, peek.kind == .word else { return }
        let before = tokens[index - 1]
        guard before.range.upperBound == peek.range.lowerBound, before.kind != .word,
            before.kind != .field
        else { return }
        if peek.text == "*" {
            report(
                "E115",
                "* needs at least three letters before it and may only stand at the end",
                peek.range,
                help: "it belongs to a word, inside of the quotes"
            )
            advance()
        } else if peek.text.first == "~", peek.text.dropFirst().allSatisfy(\.isNumber),
            !startsTerm(token(ahead: 1))
        {
            let distance = peek.text.dropFirst().prefix(2)
            let near = "NEAR/\(distance.isEmpty ? "5" : distance)"
            let words = before.text.split(whereSeparator: \.isWhitespace)
            reportForeign(
                "\(peek.text) is no operator here",
                peek.range,
                words.count > 1 ? words.joined(separator: " \(near) ") : near
            )
            advance()
        }
    }

    private func startsTerm(_ token: QueryToken) -> Bool {
        switch token.kind {
        case .open, .phrase, .set, .field: true
        case .word: OperatorSpelling.of(token.text) == nil
        case .close, .end: false
        }
    }

    /// Passes over a word that joins two terms elsewhere, or in another language.
    mutating func foreignJoin() -> Range<Int>? {
        let word = peek
        guard word.kind == .word else { return nil }
        if word.text.uppercased() == "AROUND", isFollowedBy(.open),
            token(ahead: 2).kind == .word, token(ahead: 3).kind == .close
        {
            let range = word.range.lowerBound..<token(ahead: 3).range.upperBound
            let isNumber = token(ahead: 2).text.allSatisfy(\.isNumber)
            let distance = isNumber ? String(token(ahead: 2).text.prefix(2)) : "5"
            reportForeign("AROUND() is no operator here", range, "NEAR/\(distance)")
            for _ in 0..<4 { advance() }
            return range
        }
        guard
            startsTerm(token(ahead: 1))
                || OperatorSpelling.of(token(ahead: 1).text) == .right(.not),
            let ours = QueryParser.joins[word.text.uppercased()]
        else { return nil }
        reportForeign("\(word.text) is no operator here", word.range, ours)
        advance()
        return word.range
    }

    /// Only where a term stands on both sides: else they are words like others.
    private static let joins: [String: String] = [
        "XOR": "(A OR B) AND NOT (A AND B)", "BUT": "AND", "PLUS": "AND", "WITH": "AND",
        "ADJ": "BEFORE/0, or a phrase in quotes", "NEXT": "BEFORE/0, or a phrase in quotes",
        "FBY": "BEFORE/5", "THEN": "BEFORE/5", "WITHIN": "NEAR/5", "WITHOUT": "AND NOT",
        "EXCEPT": "AND NOT", "И": "AND", "ИЛИ": "OR", "НЕ": "AND NOT", "КРОМЕ": "AND NOT",
        "РЯДОМ": "NEAR/5", "І": "AND", "ТА": "AND", "АБО": "OR", "ЧИ": "OR", "КРІМ": "AND NOT",
        "SENTENCE": "SENT", "PARAGRAPH": "PARA", "UND": "AND", "ODER": "OR", "NICHT": "AND NOT",
        "OHNE": "AND NOT", "ET": "AND",
        "OU": "OR", "SAUF": "AND NOT", "SANS": "AND NOT", "Y": "AND", "O": "OR", "和": "AND",
        "与": "AND", "或": "OR", "または": "OR", "및": "AND", "그리고": "AND", "또는": "OR",
    ]
}
