/// Finds the ends of words of ASCII letters and digits, eight bytes at a time.
enum ASCIIWord {
    /// How many of eight bytes, the first in the lowest bits, are ASCII letters or digits before
    /// the first that is not.
    @inline(__always)
    static func length(_ bytes: UInt64) -> Int {
        let high: UInt64 = 0x8080_8080_8080_8080
        let ones: UInt64 = 0x0101_0101_0101_0101
        // No sum of seven bits carries into the next byte.
        let low = bytes & ~high
        let folded = low | (0x20 &* ones)
        let letters = (folded &+ (0x80 - 0x61) &* ones) & ~(folded &+ (0x80 - 0x7B) &* ones)
        let digits = (low &+ (0x80 - 0x30) &* ones) & ~(low &+ (0x80 - 0x3A) &* ones)
        let others = (~(letters | digits) | bytes) & high
        return others.trailingZeroBitCount >> 3
    }
}
