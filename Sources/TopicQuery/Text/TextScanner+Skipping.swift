/// Passing over what is of no interest, many bytes at a time.
extension TextScanner {
    /// Passes over words of ASCII that nobody looks for, each with the separator behind it, and
    /// answers where it stopped; only between words, and with nothing open.
    @inline(__always)
    mutating func skipWords(_ text: Text, from start: Int, _ filter: WordFilter) -> Int {
        let bytes = UnsafeRawBufferPointer(text.bytes)
        var index = start
        var count: Int32 = 0
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
            // What else follows may belong to the word, or end the sentence.
            guard text.isPlainSeparator(at: index &+ length) else { break }
            if length > 0 {
                guard !filter.starts.mayHold(first, length: length) else { break }
                if pendingBreak != .none { beginSentence(at: index) }
                count &+= 1
            }
            index &+= length &+ 1
        }
        token &+= count
        position &+= 2 &* count
        return index
    }
}
