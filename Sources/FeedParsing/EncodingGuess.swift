/// Guesses the encoding of bytes that are not UTF-8 and whose encoding nobody names.
enum EncodingGuess {
    /// The likeliest encoding, if any.
    static func guess(_ document: Bytes) -> TextEncoding? { .windows1252 }
}
