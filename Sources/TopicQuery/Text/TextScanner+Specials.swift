/// What the scanner does at everything that is neither a plain letter nor a plain separator.
extension TextScanner {
    /// Reads such a scalar and answers where to go on.
    mutating func readSpecial(
        _ entry: FoldEntry,
        _ word: inout WordState,
        at index: Int,
        next: Int
    ) -> Int {
        switch entry.kind {
        case .ideograph:
            if word.count != 0 { finish(&word) }
            addIdeograph(entry.value, at: index, next: next)
        case .mark:
            readMark(entry.value, &word, next: next)
        case .ignorable:
            break
        case .expansion:
            readExpansion(Int(entry.value), &word, at: index, next: next)
        case .composite:
            return readComposite(entry.value, &word, at: index, next: next)
        case .punctuation:
            return readPunctuation(entry.value, &word, at: index, next: next)
        case .letter, .separator:
            break
        }
        return next
    }

    private mutating func addIdeograph(_ scalar: UInt32, at index: Int, next: Int) {
        if !run.isOpen {
            if pendingBreak != .none { beginSentence(at: index) }
            joinable = nil
            run.open(token: token, position: position)
        }
        run.add(scalar, start: index, end: next)
        token += 1
        position += 1
    }

    /// A mark composes with the letter before it, or is dropped.
    private mutating func readMark(_ mark: UInt32, _ word: inout WordState, next: Int) {
        if word.count != 0 {
            if let letter = FoldTable.shared.composite(of: word.last, and: mark) {
                word.replaceLast(by: letter, next: next)
            } else {
                word.end = next
            }
        } else if run.isOpen, let last = run.scalars.last {
            run.replaceLast(
                by: FoldTable.shared.composite(of: last, and: mark) ?? last,
                end: next
            )
        }
    }

    private mutating func readExpansion(
        _ number: Int,
        _ word: inout WordState,
        at index: Int,
        next: Int
    ) {
        for entry in FoldTable.shared.expansions[number] {
            switch entry.kind {
            case .letter:
                if word.count == 0 {
                    word.start = index
                    if run.isOpen { closeRun() }
                }
                word.add(entry, next: next)
            case .ideograph:
                if word.count != 0 { finish(&word) }
                addIdeograph(entry.value, at: index, next: next)
            case .mark: readMark(entry.value, &word, next: next)
            default: break
            }
        }
    }

    /// A flag of two regional indicators, or a syllable of conjoining jamo.
    private mutating func readComposite(
        _ scalar: UInt32,
        _ word: inout WordState,
        at index: Int,
        next: Int
    ) -> Int {
        if scalar >= 0x1_F1E6 {
            if word.count != 0 { finish(&word) }
            if run.isOpen { closeRun() }
            var behind = next
            let second = entry(at: next, next: &behind)
            guard second.kind == .composite, second.value >= 0x1_F1E6 else { return next }
            word.start = index
            word.add(FoldEntry(.letter, scalar), next: next)
            word.add(FoldEntry(.letter, second.value), next: behind)
            finish(&word)
            return behind
        }
        var behind = next
        let syllable = HangulSyllable.compose(scalar) { offset in
            var after = behind
            let follower = entry(at: behind, next: &after)
            guard follower.kind == .composite, let value = offset(follower.value) else {
                return nil
            }
            behind = after
            return value
        }
        if word.count == 0 {
            word.start = index
            if run.isOpen { closeRun() }
        } else if word.flags & FoldEntry.hangul == 0 {
            finish(&word)
            word.start = index
        }
        word.add(FoldEntry(.letter, syllable, flags: FoldEntry.hangul), next: behind)
        return behind
    }

    private mutating func readPunctuation(
        _ scalar: UInt32,
        _ word: inout WordState,
        at index: Int,
        next: Int
    ) -> Int {
        switch scalar {
        case 0x0A, 0x2029:
            readLineBreak(scalar, &word, next: next)
            return next
        case 0x27, 0x2019, 0x2B9, 0x2BB, 0x2BC, 0x2BD, 0xFF07:
            return readApostrophe(&word, next: next)
        case 0x23:
            endWordAndRun(&word)
            return readHashtag(from: next)
        case 0x2D, 0x2010, 0x2011, 0xB7, 0x2027, 0x22C5, 0x30FB, 0xFF65:
            readHyphen(&word, next: next)
            return next
        case 0x2E, 0xFF0E:
            return readFullStop(&word, next: next)
        default:
            endWordAndRun(&word)
            let always =
                scalar == 0x3002 || scalar == 0xFF01 || scalar == 0xFF1F || scalar == 0xFF61
            if always || endsSentence(at: next, anyCase: scalar != 0x2026) {
                breakSentence()
            }
            return next
        }
    }

    /// Ends what is being read.
    mutating func endWordAndRun(_ word: inout WordState) {
        if word.count != 0 { finish(&word) }
        if run.isOpen { closeRun() }
        joinable = nil
    }

    /// The next token begins a sentence.
    private mutating func breakSentence() {
        if pendingBreak == .none { pendingBreak = .sentence }
    }

    /// A line break is white space, two are the end of a paragraph.
    private mutating func readLineBreak(_ scalar: UInt32, _ word: inout WordState, next: Int) {
        if word.count != 0 { finish(&word) }
        joinable = nil
        var isParagraph = scalar == 0x2029
        var index = next
        while !isParagraph, index < limit {
            let byte = bytes[index]
            if byte == 0x0A {
                isParagraph = true
            } else if byte != 0x20, byte != 0x09, byte != 0x0D {
                break
            }
            index += 1
        }
        if isParagraph { pendingBreak = .paragraph }
        // Chinese and Japanese are wrapped within words.
        if run.isOpen, isParagraph || !isIdeograph(at: next) { closeRun() }
    }

    /// A hyphen or middle dot: no gap between ideographs, perhaps none between word parts.
    private mutating func readHyphen(_ word: inout WordState, next: Int) {
        if run.isOpen, word.count == 0 {
            if !isIdeograph(at: next) { closeRun() }
            return
        }
        joinable = nil
        guard word.count != 0 else { return }
        let first = JoinableWord(
            hash: word.hash,
            start: word.start,
            token: token,
            position: position
        )
        finish(&word)
        var after = next
        if entry(at: next, next: &after).kind == .letter { joinable = first }
    }

    private func isIdeograph(at index: Int) -> Bool {
        var after = index
        return entry(at: index, next: &after).kind == .ideograph
    }

    /// In Cyrillic words it is dropped; it parts the English genitive and French articles.
    private mutating func readApostrophe(_ word: inout WordState, next: Int) -> Int {
        var after = next
        let follower = entry(at: next, next: &after)
        guard word.count != 0, follower.kind == .letter else {
            endWordAndRun(&word)
            return next
        }
        if word.flags & FoldEntry.cyrillic != 0 { return next }
        if follower.value == 0x73 {
            var last = after
            if entry(at: after, next: &last).kind != .letter {
                finish(&word)
                return after
            }
        }
        if word.count <= 2, Elision.isArticle(word.hash) {
            word = WordState()
            return next
        }
        endWordAndRun(&word)
        return next
    }

    private mutating func readFullStop(_ word: inout WordState, next: Int) -> Int {
        if word.count != 0, word.count == 1 || word.isDotted {
            var after = next
            if entry(at: next, next: &after).kind == .letter {
                var last = after
                if entry(at: after, next: &last).kind != .letter {
                    word.isDotted = true
                    return next
                }
            }
        }
        let isShort =
            word.count == 1 && word.flags & FoldEntry.hangul == 0 || word.isDotted
            || word.count != 0 && Abbreviations.contains(word.hash)
        endWordAndRun(&word)
        if !isShort, endsSentence(at: next, anyCase: false) { breakSentence() }
        return next
    }

    /// Whether a mark before `index` ends a sentence: white space or the text's end follows, perhaps
    /// behind closing quotes, and no small letter behind that.
    private func endsSentence(at index: Int, anyCase: Bool) -> Bool {
        var index = index
        var hasSpace = false
        var hasQuote = false
        while index < limit {
            var next = index
            let scalar = decode(index, &next)
            switch scalar {
            case 0x20, 0x09, 0x0A, 0x0D, 0xA0, 0x3000, 0x2028, 0x2029: hasSpace = true
            case 0x22, 0x27, 0x28, 0x29, 0x5D, 0xAB, 0xBB, 0x2018...0x201F, 0x300C...0x300F, 0xFF09:
                hasQuote = true
            default:
                guard hasSpace || hasQuote else { return false }
                return anyCase || !entry(at: index, next: &next).has(FoldEntry.lower)
            }
            index = next
        }
        return true
    }
}
