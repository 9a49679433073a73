/// Reads the UTF-8 of a field once: folds, cuts into tokens and sentences, looks words up.
///
/// What it found stays in `hits` until `reset`. Invalid UTF-8 parts words; nothing in a text makes
/// it fail, and the time is linear in the length of the text.
struct TextScanner {
    /// What is looked for; without a lexicon every token is kept in `tokens`.
    var lexicon: Lexicon?
    /// The text.
    var bytes: [UInt8] = []
    /// Where the field that is being read ends.
    var limit = 0
    let table: [UInt32]

    /// The words found, by token.
    var hits: [TokenHit] = []
    /// All tokens, where there is no lexicon.
    var tokens: [ScannedToken] = []
    /// The first byte of each sentence.
    var sentenceStarts: [Int32] = []

    /// Tokens so far.
    var token: Int32 = 0
    /// Distance units so far.
    var position: Int32 = 0
    /// The sentence, counted from 0.
    var sentence: Int32 = -1
    /// The paragraph, counted from 0.
    var paragraph: Int32 = -1
    /// What the next token begins.
    var pendingBreak = Break.none
    /// The word before a hyphen that the coming one may continue.
    var joinable: JoinableWord?
    /// The ideographs read so far without a gap.
    var run = IdeographRun()

    /// A word that a hyphen follows.
    struct JoinableWord {
        var hash: UInt64
        var start: Int
        var token: Int32
        var position: Int32
    }

    /// What a token begins beside itself.
    enum Break: Int {
        case none
        case sentence
        case paragraph
    }

    init() {
        table = FoldTable.shared.entries
    }

    /// Forgets the last text.
    mutating func reset(_ bytes: [UInt8], lexicon: Lexicon?) {
        self.bytes = bytes
        self.lexicon = lexicon
        hits.removeAll(keepingCapacity: true)
        tokens.removeAll(keepingCapacity: true)
        sentenceStarts.removeAll(keepingCapacity: true)
        token = 0
        position = 0
        sentence = -1
        paragraph = -1
    }

    /// Reads a field.
    mutating func scan(_ range: Range<Int>) {
        let start = max(0, range.lowerBound)
        limit = min(bytes.count, range.upperBound)
        pendingBreak = .paragraph
        // Constants of their own, so that the loop need neither look whether a call changed them
        // nor count references to them.
        let (bytes, table, lexicon) = (self.bytes, self.table, self.lexicon)
        bytes.withUnsafeBufferPointer { bytes in
            table.withUnsafeBufferPointer { table in
                let text = Text(bytes: bytes, table: table, end: limit)
                if let lexicon {
                    lexicon.withFilter { read(text, from: start, $0) }
                } else {
                    read(text, from: start, nil)
                }
            }
        }
    }

    /// A field while it is read.
    struct Text {
        let bytes: UnsafeBufferPointer<UInt8>
        let table: UnsafeBufferPointer<UInt32>
        let end: Int

        /// How the scalar at an index is folded; most are ASCII.
        @inline(__always)
        func entry(at index: Int, _ next: inout Int) -> FoldEntry {
            let byte = bytes[index]
            if byte < 0x80 {
                next = index &+ 1
                return FoldEntry(bits: table[Int(byte)])
            }
            // Two bytes: Cyrillic, and most accented letters; three: Korean, Chinese, Japanese.
            if byte & 0xE0 == 0xC0, byte >= 0xC2, index &+ 1 < end, isTail(index &+ 1) {
                next = index &+ 2
                return FoldEntry(bits: table[Int(byte & 0x1F) << 6 | tail(index &+ 1)])
            }
            if byte & 0xF0 == 0xE0, index &+ 2 < end, isTail(index &+ 1), isTail(index &+ 2) {
                next = index &+ 3
                let high = Int(byte & 0x0F) << 12 | tail(index &+ 1) << 6
                return FoldEntry(bits: table[high | tail(index &+ 2)])
            }
            let scalar = TextScanner.decode(bytes, index, &next, limit: end)
            return scalar < FoldTable.limit
                ? FoldEntry(bits: table[Int(scalar)]) : FoldTable.entryBehindTable(scalar)
        }

        /// Whether at an index stands an ASCII character that parts words and means nothing else.
        @inline(__always)
        func isPlainSeparator(at index: Int) -> Bool {
            let byte = bytes[index]
            return byte < 0x80
                && FoldEntry(bits: table[Int(byte)]).rawKind == FoldEntry.Kind.separator.rawValue
        }

        @inline(__always)
        private func isTail(_ index: Int) -> Bool { bytes[index] & 0xC0 == 0x80 }

        @inline(__always)
        private func tail(_ index: Int) -> Int { Int(bytes[index] & 0x3F) }
    }

    private mutating func read(_ text: Text, from start: Int, _ filter: WordFilter?) {
        var index = start
        var word = WordState()
        while index < text.end {
            if let filter, word.count == 0, joinable == nil, !run.isOpen {
                index = skipWords(text, from: index, filter)
                guard index < text.end else { break }
            }
            var next = index
            let entry = text.entry(at: index, &next)
            if entry.rawKind == FoldEntry.Kind.letter.rawValue {
                if word.count == 0 {
                    beginWord(&word, at: index)
                } else if (entry.bits ^ word.flags) & FoldEntry.hangul != 0 {
                    finish(&word)
                    beginWord(&word, at: index)
                }
                word.add(entry, next: next)
                index = TextScanner.readLetters(&word, next, text)
            } else if entry.rawKind == FoldEntry.Kind.separator.rawValue {
                if word.count != 0 { finish(&word, filter) }
                if run.isOpen { closeRun() }
                joinable = nil
                index = next
            } else {
                index = readSpecial(entry, &word, at: index, next: next)
            }
        }
        if word.count != 0 { finish(&word) }
        if run.isOpen { closeRun() }
        joinable = nil
    }

    /// Ends a word that a separator follows: nearly all are of no interest, which is soon told.
    @inline(__always)
    private mutating func finish(_ word: inout WordState, _ filter: WordFilter?) {
        let mixed = FoldEntry.latin | FoldEntry.cyrillic
        guard let filter, joinable == nil, word.flags & mixed != mixed, !filter.mayHold(word)
        else { return finish(&word) }
        if pendingBreak != .none { beginSentence(at: word.start) }
        token += 1
        position += 2
        word = WordState()
    }

    /// Reads on while letters of the word's kind come, and answers where they end.
    @inline(__always)
    private static func readLetters(
        _ word: inout WordState,
        _ start: Int,
        _ text: Text
    ) -> Int {
        var index = start
        var hash = word.hash
        var hashBefore = word.hashBefore
        var startHash = word.startHash
        var count = word.count
        var capitals = word.capitals
        var flags = word.flags
        var last = word.last
        var tail = word.tail
        while index < text.end {
            var next = index
            let entry = text.entry(at: index, &next)
            guard entry.rawKind == FoldEntry.Kind.letter.rawValue,
                (entry.bits ^ flags) & FoldEntry.hangul == 0
            else { break }
            hashBefore = hash
            last = entry.value
            hash = WordHash.adding(last, to: hash)
            tail = WordState.adding(last, to: tail)
            count += 1
            if count == 2 { startHash = hash }
            capitals += Int(entry.bits >> 24 & 1)
            flags |= entry.flags
            index = next
        }
        word.hash = hash
        word.hashBefore = hashBefore
        word.startHash = startHash
        word.count = count
        word.capitals = capitals
        word.flags = flags
        word.last = last
        word.tail = tail
        word.end = index
        return index
    }

    @inline(__always)
    private mutating func beginWord(_ word: inout WordState, at index: Int) {
        word.start = index
        if run.isOpen { closeRun() }
    }

    /// Ends a word: counts it and looks it up.
    mutating func finish(_ word: inout WordState) {
        if pendingBreak != .none { beginSentence(at: word.start) }
        let key = WordHash.key(word.hash)
        let mixed = FoldEntry.latin | FoldEntry.cyrillic
        if let lexicon {
            if word.flags & mixed == mixed {
                lookUpMixed(word)
            } else if lexicon.forms.mayContain(key) || joinable != nil
                || lexicon.stems.mayHold(word.hash, word.tail, word.count)
                || lexicon.prefixStarts.mayContain(WordHash.key(word.startHash))
            {
                lookUp(word, hash: word.hash, lexicon)
            }
        } else {
            record(word)
        }
        token += 1
        position += 2
        word = WordState()
    }

    /// Opens the sentence, and perhaps paragraph, that begins at a byte.
    mutating func beginSentence(at start: Int) {
        if pendingBreak == .paragraph { paragraph += 1 }
        sentence += 1
        sentenceStarts.append(Int32(truncatingIfNeeded: start))
        pendingBreak = .none
    }

    /// The scalar at an index and, in `next`, the index behind it; U+FFFD where the UTF-8 is broken.
    func decode(_ index: Int, _ next: inout Int) -> UInt32 {
        bytes.withUnsafeBufferPointer { TextScanner.decode($0, index, &next, limit: limit) }
    }

    private static func decode(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ index: Int,
        _ next: inout Int,
        limit: Int
    ) -> UInt32 {
        let first = UInt32(bytes[index])
        next = index + 1
        if first < 0x80 { return first }
        let length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0
        guard length != 0, index + length <= limit else { return 0xFFFD }
        var scalar = first & (0x7F >> UInt32(length))
        for offset in 1..<length {
            let byte = UInt32(bytes[index + offset])
            guard byte & 0xC0 == 0x80 else { return 0xFFFD }
            scalar = scalar << 6 | byte & 0x3F
        }
        guard scalar < 0x11_0000 else { return 0xFFFD }
        next = index + length
        return scalar
    }

    /// How the scalar at an index is folded; a separator at the end.
    func entry(at index: Int, next: inout Int) -> FoldEntry {
        guard index < limit else {
            next = index
            return FoldEntry(.separator, 0)
        }
        let scalar = decode(index, &next)
        return scalar < FoldTable.limit
            ? FoldEntry(bits: table[Int(scalar)]) : FoldTable.entryBehindTable(scalar)
    }
}
