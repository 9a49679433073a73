/// Finds the ends of words of ASCII letters and digits, eight bytes at a time.
package enum ASCIIWord {
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

    /// Which of the 64 bytes from `start` on are ASCII letters or digits, the first in the lowest
    /// bit; nil where one is beyond ASCII.
    @inline(__always)
    package static func letters(_ bytes: UnsafeRawBufferPointer, from start: Int) -> UInt64? {
        let high: UInt64 = 0x8080_8080_8080_8080
        let ones: UInt64 = 0x0101_0101_0101_0101
        var found: UInt64 = 0
        var all: UInt64 = 0
        for part in 0..<8 {
            let word = bytes.loadUnaligned(fromByteOffset: start &+ 8 &* part, as: UInt64.self)
            all |= word
            let low = UInt64(littleEndian: word) & ~high
            let folded = low | (0x20 &* ones)
            let letters = (folded &+ (0x80 - 0x61) &* ones) & ~(folded &+ (0x80 - 0x7B) &* ones)
            let digits = (low &+ (0x80 - 0x30) &* ones) & ~(low &+ (0x80 - 0x3A) &* ones)
            let bits = ((letters | digits) & high) >> 7
            // Gathers the lowest bit of each byte in the highest byte.
            found |= ((bits &* 0x0102_0408_1020_4080) >> 56) << UInt64(8 &* part)
        }
        return all & high == 0 ? found : nil
    }
}
