/// Hashtags, which are written without spaces.
extension TextScanner {
    /// Reads the tag that begins at `index`, cut at its capitals, and answers where it ends.
    mutating func readHashtag(from index: Int) -> Int {
        var word = WordState()
        var previous = FoldEntry(.separator, 0)
        var index = index
        while index < limit {
            var next = index
            let entry = entry(at: index, next: &next)
            guard entry.kind == .letter else { break }
            if word.count != 0, startsPart(entry, after: previous, next: next) {
                finish(&word)
            }
            if word.count == 0 { word.start = index }
            word.add(entry, next: next)
            previous = entry
            index = next
        }
        // A mark or a letter of another kind is left to the scanner, which goes on with this word's
        // tail as a word of its own.
        if word.count != 0 { finish(&word) }
        return index
    }

    private func startsPart(_ entry: FoldEntry, after previous: FoldEntry, next: Int) -> Bool {
        if (entry.bits ^ previous.bits) & FoldEntry.hangul != 0 { return true }
        guard entry.has(FoldEntry.upper) else { return false }
        if !previous.has(FoldEntry.upper) { return true }
        guard !entry.has(FoldEntry.digit) else { return false }
        // The last of several capitals begins the next word: DPRK|Russia.
        var after = next
        return self.entry(at: next, next: &after).has(FoldEntry.lower)
    }
}

/// A syllable made of conjoining jamo.
enum HangulSyllable {
    /// The syllable that begins with a jamo; `take` consumes the next one if it fits.
    static func compose(
        _ first: UInt32,
        _ take: ((UInt32) -> UInt32?) -> UInt32?
    ) -> UInt32 {
        guard 0x1100...0x1112 ~= first,
            let vowel = take({ 0x1161...0x1175 ~= $0 ? $0 - 0x1161 : nil })
        else { return first }
        let final = take { 0x11A8...0x11C2 ~= $0 ? $0 - 0x11A7 : nil } ?? 0
        return 0xAC00 + ((first - 0x1100) * 21 + vowel) * 28 + final
    }
}
