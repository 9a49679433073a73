/// Passing over what is of no interest, many bytes at a time.
extension TextScanner {
    /// Passes over words of ASCII that nobody looks for, each with the separators behind it, and
    /// answers where it stopped; only between words, and with nothing open.
    @inline(__always)
    mutating func skipWords(_ text: Text, from start: Int, _ filter: WordFilter) -> Int {
        let bytes = UnsafeRawBufferPointer(text.bytes)
        var index = start
        // Eight bytes can be loaded from each of 64.
        while index &+ 72 <= text.end, let letters = ASCIIWord.letters(bytes, from: index) {
            let passed = skipBlock(text, from: index, letters, filter)
            index &+= passed.count
            guard passed.goesOn else { return index }
        }
        return skipShort(text, from: index, filter)
    }

    /// Passes over words in 64 bytes of ASCII whose letters and digits are `letters`; how far that
    /// went, and whether it may go on there: a word that reaches the end begins what comes next.
    @inline(__always)
    private mutating func skipBlock(
        _ text: Text,
        from base: Int,
        _ letters: UInt64,
        _ filter: WordFilter
    ) -> (count: Int, goesOn: Bool) {
        let bytes = UnsafeRawBufferPointer(text.bytes)
        var rest = letters
        var at = 0
        while true {
            let start = rest.trailingZeroBitCount
            while at < start {
                guard text.isPlainSeparator(at: base &+ at) else { return (at, false) }
                at &+= 1
            }
            guard start < 64 else { return (64, true) }
            let length = (~(rest &>> UInt64(start))).trailingZeroBitCount
            let end = start &+ length
            guard end < 64 else { return (start, start > 0) }
            let first = UInt64(
                littleEndian: bytes.loadUnaligned(
                    fromByteOffset: base &+ start,
                    as: UInt64.self
                )
            )
            // What else follows may belong to the word, or end the sentence.
            guard text.isPlainSeparator(at: base &+ end),
                !filter.starts.mayHold(first, length: length)
            else { return (start, false) }
            pass(at: base &+ start)
            at = end &+ 1
            rest &= ~1 &<< UInt64(end)
        }
    }

    /// The same word by word, where fewer bytes are left or others stand among them.
    @inline(__always)
    private mutating func skipShort(_ text: Text, from start: Int, _ filter: WordFilter) -> Int {
        let bytes = UnsafeRawBufferPointer(text.bytes)
        var index = start
        while index &+ 16 <= text.end {
            let first = UInt64(
                littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            )
            var length = ASCIIWord.length(first)
            if length == 8 {
                let second = bytes.loadUnaligned(fromByteOffset: index &+ 8, as: UInt64.self)
                length &+= ASCIIWord.length(UInt64(littleEndian: second))
                guard length < 16 else { break }
            }
            guard text.isPlainSeparator(at: index &+ length) else { break }
            if length > 0 {
                guard !filter.starts.mayHold(first, length: length) else { break }
                pass(at: index)
            }
            index &+= length &+ 1
        }
        return index
    }

    /// Counts a word that was passed over.
    @inline(__always)
    private mutating func pass(at start: Int) {
        if pendingBreak != .none { beginSentence(at: start) }
        token &+= 1
        position &+= 2
    }
}
