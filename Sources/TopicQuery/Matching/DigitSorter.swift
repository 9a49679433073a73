/// Sorts numbers by their upper halves, digit by digit: linear in how many there are.
struct DigitSorter {
    /// The bits of a digit.
    private static let digitBits: UInt64 = 11

    /// How many numbers were moved so far.
    private(set) var steps = 0

    private var spare: [UInt64] = []
    private var starts = [Int](repeating: 0, count: 1 << 11)

    init() {}

    /// A number to sort: what it is sorted by, and what it stands for.
    static func number(_ key: Int32, _ value: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: max(0, key))) << 32 | UInt64(UInt32(bitPattern: value))
    }

    /// What a number stands for.
    static func value(of number: UInt64) -> Int32 {
        Int32(bitPattern: UInt32(truncatingIfNeeded: number))
    }

    /// Sorts by the upper halves; equal ones keep their order.
    mutating func sort(_ numbers: inout [UInt64]) {
        let most = (numbers.max() ?? 0) >> 32
        var shift: UInt64 = 0
        while most >> shift > 0 {
            sort(&numbers, shift: 32 + shift)
            shift += DigitSorter.digitBits
        }
    }

    private mutating func sort(_ numbers: inout [UInt64], shift: UInt64) {
        let mask = UInt64(starts.count - 1)
        for digit in starts.indices { starts[digit] = 0 }
        for number in numbers { starts[Int(number >> shift & mask)] += 1 }
        var sum = 0
        for digit in starts.indices {
            (starts[digit], sum) = (sum, sum + starts[digit])
        }
        spare.removeAll(keepingCapacity: true)
        spare.append(contentsOf: numbers)
        for number in spare {
            let digit = Int(number >> shift & mask)
            numbers[starts[digit]] = number
            starts[digit] += 1
        }
        steps += numbers.count
    }
}
