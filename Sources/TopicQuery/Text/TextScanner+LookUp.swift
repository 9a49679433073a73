/// Looking up what was read.
extension TextScanner {
    /// Files the meanings of a word that the filters let pass.
    mutating func lookUp(_ word: WordState, hash: UInt64, _ lexicon: Lexicon) {
        var hit = TokenHit(
            word: 0,
            token: token,
            count: 1,
            position: position,
            positionEnd: position + 2,
            sentence: sentence,
            paragraph: paragraph,
            start: Int32(truncatingIfNeeded: word.start),
            end: Int32(truncatingIfNeeded: word.end)
        )
        if let first = joinable {
            lookUpJoined(first, word, hit, lexicon)
            joinable = nil
        }
        emit(lexicon.forms.find(WordHash.key(hash)), &hit, word, lexicon)
        emitStems(hash, word.tail, word.count, &hit, lexicon)
        let start = lexicon.prefixStarts.find(WordHash.key(word.startHash))
        if word.count > 1, start != KeyTable.absent {
            lookUpPrefixes(lexicon.prefixLengths[Int(start)], &hit, word, lexicon)
        }
    }

    private mutating func emit(
        _ value: UInt32,
        _ hit: inout TokenHit,
        _ word: WordState,
        _ lexicon: Lexicon
    ) {
        var value = value
        while value >= Lexicon.firstLink, value != KeyTable.absent {
            let link = lexicon.links[Int(value - Lexicon.firstLink)]
            if passes(link.check, word, lexicon) {
                hit.word = link.word
                hits.append(hit)
            }
            value = link.next
        }
        if value != KeyTable.absent {
            hit.word = value
            hits.append(hit)
        }
    }

    private func passes(_ check: UInt32, _ word: WordState, _ lexicon: Lexicon) -> Bool {
        switch check {
        case Lexicon.Check.none: true
        case Lexicon.Check.capitals: word.capitals == word.count
        case Lexicon.Check.capitalsAndEnding: word.capitals == word.count - 1
        default:
            stands(
                String(decoding: bytes[word.start..<word.end], as: UTF8.self),
                as: lexicon.exactTexts[Int(check - Lexicon.Check.firstText)]
            )
        }
    }

    /// Whether a word is written so, or begins so; canonically, so that NFD text is met too.
    private func stands(_ word: String, as text: String) -> Bool {
        text.utf8.last == UInt8(ascii: "*") ? word.hasPrefix(text.dropLast()) : word == text
    }

    /// Looks up each beginning of a word that leaves an ending.
    private mutating func emitStems(
        _ hash: UInt64,
        _ tail: UInt64,
        _ count: Int,
        _ hit: inout TokenHit,
        _ lexicon: Lexicon
    ) {
        let stems = lexicon.stems
        let first = hits.count
        var (hash, rest) = (hash, tail)
        for length in 0...min(Endings.longest, max(0, count - 1)) {
            guard stems.lengths >> UInt64(length) != 0 else { return }
            let key = StemTable.key(hash)
            if stems.bases.mayContain(key) {
                var value = stems.bases.find(key)
                while value != KeyTable.absent {
                    let link = lexicon.links[Int(value - Lexicon.firstLink)]
                    let list = link.check - Lexicon.Check.firstEndings
                    // Several stems of a word may make the same form.
                    if stems.has(tail, length, in: list),
                        hits.count - first > 16
                            || !hits[first...].contains(where: { $0.word == link.word })
                    {
                        hit.word = link.word
                        hits.append(hit)
                    }
                    value = link.next
                }
            }
            hash = WordHash.removing(UInt32(rest & WordState.tailMask), from: hash)
            rest >>= UInt64(WordState.tailBits)
        }
    }

    private mutating func lookUpPrefixes(
        _ lengths: UInt64,
        _ hit: inout TokenHit,
        _ word: WordState,
        _ lexicon: Lexicon
    ) {
        var hash = WordHash.seed
        var length = 0
        for scalar in foldedScalars(word.start..<word.end, most: LexiconBuilder.longestPrefix) {
            hash = WordHash.adding(scalar, to: hash)
            length += 1
            guard lengths >> UInt64(length) != 0 else { return }
            if lengths >> UInt64(length) & 1 != 0 {
                emit(lexicon.prefixes.find(WordHash.key(hash)), &hit, word, lexicon)
            }
        }
    }

    /// A word cut by a hyphen is also looked for as one: Nord-Korea.
    private mutating func lookUpJoined(
        _ first: JoinableWord,
        _ word: WordState,
        _ hit: TokenHit,
        _ lexicon: Lexicon
    ) {
        let scalars = foldedScalars(word.start..<word.end, most: 64)
        let hash = WordHash.adding(scalars, to: first.hash)
        let tail = scalars.reduce(0) { WordState.adding($1, to: $0) }
        var joined = hit
        joined.token = first.token
        joined.count = 2
        joined.position = first.position
        joined.start = Int32(truncatingIfNeeded: first.start)
        emit(lexicon.forms.find(WordHash.key(hash)), &joined, word, lexicon)
        emitStems(hash, tail, scalars.count, &joined, lexicon)
    }

    /// Looks up a word of Latin and Cyrillic letters as the word it imitates.
    mutating func lookUpMixed(_ word: WordState) {
        guard let lexicon else { return }
        let scalars = foldedScalars(word.start..<word.end, most: 64)
        for reading in LookAlikes.readings(of: scalars) {
            var plain = word
            plain.hash = WordHash.seed
            plain.count = 0
            for scalar in reading {
                plain.hash = WordHash.adding(scalar, to: plain.hash)
                plain.tail = WordState.adding(scalar, to: plain.tail)
                plain.count += 1
                if plain.count == 2 { plain.startHash = plain.hash }
            }
            plain.capitals = min(word.capitals, plain.count)
            lookUp(plain, hash: plain.hash, lexicon)
        }
    }

    /// The folded scalars of a word that was read.
    func foldedScalars(_ range: Range<Int>, most: Int) -> [UInt32] {
        var scalars: [UInt32] = []
        var index = range.lowerBound
        while index < range.upperBound, scalars.count < most {
            var next = index
            let entry = entry(at: index, next: &next)
            switch entry.kind {
            case .letter, .ideograph: scalars.append(entry.value)
            case .expansion:
                let parts = FoldTable.shared.expansions[Int(entry.value)]
                scalars += parts.filter { $0.kind == .letter }.map(\.value)
            case .mark:
                if let last = scalars.last,
                    let letter = FoldTable.shared.composite(of: last, and: entry.value)
                {
                    scalars[scalars.count - 1] = letter
                }
            case .composite where entry.value >= 0x1_F1E6:
                scalars.append(entry.value)
            case .composite:
                let syllable = HangulSyllable.compose(entry.value) { offset in
                    var after = next
                    let follower = self.entry(at: next, next: &after)
                    guard follower.kind == .composite, let value = offset(follower.value) else {
                        return nil
                    }
                    next = after
                    return value
                }
                scalars.append(syllable)
            case .separator, .ignorable, .punctuation: break
            }
            index = next
        }
        return scalars
    }

    /// Ends a run of ideographs and looks for terms from each of its characters on.
    mutating func closeRun() {
        run.isOpen = false
        guard let lexicon else {
            recordRun()
            return
        }
        for first in run.scalars.indices where lexicon.mayBeginRun(run.scalars[first]) {
            var state: UInt32 = 0
            var index = first
            while index < run.scalars.count {
                let key = WordHash.key(state, run.scalars[index])
                guard lexicon.transitions.mayContain(key) else { break }
                state = lexicon.transitions.find(key)
                guard state != KeyTable.absent else { break }
                index += 1
                let value = lexicon.terminals[Int(state)]
                if value != KeyTable.absent { emitRun(value, first..<index, lexicon) }
            }
        }
    }

    private mutating func emitRun(_ value: UInt32, _ range: Range<Int>, _ lexicon: Lexicon) {
        let first = Int32(truncatingIfNeeded: range.lowerBound)
        let count = Int32(truncatingIfNeeded: range.count)
        var hit = TokenHit(
            word: 0,
            token: run.token + first,
            count: count,
            position: run.position + first,
            positionEnd: run.position + first + count,
            sentence: sentence,
            paragraph: paragraph,
            start: run.starts[range.lowerBound],
            end: run.ends[range.upperBound - 1]
        )
        emit(value, &hit, WordState(), lexicon)
    }

    /// Keeps a word as a token.
    func token(of word: WordState) -> ScannedToken {
        var scalars = foldedScalars(word.start..<word.end, most: 256)
        let mixed = FoldEntry.latin | FoldEntry.cyrillic
        if word.flags & mixed == mixed {
            scalars = LookAlikes.readings(of: scalars).first ?? scalars
        }
        return ScannedToken(
            scalars: scalars,
            isIdeograph: false,
            flags: word.flags,
            capitals: word.capitals,
            start: word.start,
            end: word.end,
            sentence: Int(sentence),
            paragraph: Int(paragraph)
        )
    }

    /// Keeps a word among the tokens.
    mutating func record(_ word: WordState) {
        tokens.append(token(of: word))
    }

    private mutating func recordRun() {
        for index in run.scalars.indices {
            tokens.append(
                ScannedToken(
                    scalars: [run.scalars[index]],
                    isIdeograph: true,
                    continuesRun: index > 0,
                    flags: FoldEntry.han,
                    capitals: 0,
                    start: Int(run.starts[index]),
                    end: Int(run.ends[index]),
                    sentence: Int(sentence),
                    paragraph: Int(paragraph)
                )
            )
        }
    }
}
