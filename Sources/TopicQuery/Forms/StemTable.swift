/// The stems of words that take endings, with the endings each may take.
///
/// A stem is filed once whatever its endings: a word of a text is looked for as each of its
/// beginnings that leave an ending. A tenth of the memory that all forms would take.
struct StemTable: Sendable {
    /// Stems by the key of their hash.
    private(set) var bases: KeyTable
    /// The endings of each list, by list and ending.
    private var endings = KeyTable()
    /// Numbers of lists.
    private var numbers: [ObjectIdentifier: UInt32] = [:]
    /// The lists, so that their identities stay theirs.
    private var lists: [Endings] = []
    /// The lengths of all endings, a bit each.
    private(set) var lengths: UInt64 = 0

    init(capacity: Int = 0) {
        bases = KeyTable(capacity: capacity)
    }

    /// The key of a stem.
    @inline(__always)
    static func key(_ hash: UInt64) -> UInt64 { hash | 1 }

    /// Files a value for a stem, in place of one that is there.
    mutating func add(_ hash: UInt64, _ value: UInt32) {
        bases.set(StemTable.key(hash), to: value)
    }

    /// The number of a list of endings.
    mutating func number(of list: Endings) -> UInt32 {
        if let known = numbers[ObjectIdentifier(list)] { return known }
        let number = UInt32(lists.count)
        numbers[ObjectIdentifier(list)] = number
        lists.append(list)
        for ending in list.all where ending.count <= Endings.longest {
            let tail = ending.reduce(0) { $0 << WordState.tailBits | UInt64($1) }
            endings.set(StemTable.endingKey(number, tail, ending.count), to: 0)
            lengths |= 1 << UInt64(ending.count)
        }
        return number
    }

    /// Whether a list has the ending that the last `count` scalars of a word make.
    func has(_ tail: UInt64, _ count: Int, in list: UInt32) -> Bool {
        let ending = tail & (1 << UInt64(count * WordState.tailBits) - 1)
        return endings.find(StemTable.endingKey(list, ending, count)) != KeyTable.absent
    }

    private static func endingKey(_ list: UInt32, _ tail: UInt64, _ count: Int) -> UInt64 {
        let hash = WordHash.adding(list << 3 | UInt32(count), to: WordHash.seed)
        let low = WordHash.adding(UInt32(truncatingIfNeeded: tail), to: hash)
        return WordHash.key(WordHash.adding(UInt32(truncatingIfNeeded: tail >> 32), to: low))
    }

    /// Whether a word may have one of the stems; false where it certainly has none.
    @inline(__always)
    func mayHold(_ hash: UInt64, _ tail: UInt64, _ count: Int) -> Bool {
        bases.filter.withView { StemTable.mayHold(hash, tail, count, lengths, $0) }
    }

    /// Whether a word may have one of the stems of `filter`, whose endings have the `lengths`.
    @inline(__always)
    static func mayHold(
        _ hash: UInt64,
        _ tail: UInt64,
        _ count: Int,
        _ lengths: UInt64,
        _ filter: KeyFilter.View
    ) -> Bool {
        var (hash, tail, count, lengths) = (hash, tail, count, lengths)
        while lengths != 0, count > 0 {
            if lengths & 1 != 0, filter.mayContain(StemTable.key(hash)) { return true }
            hash = WordHash.removing(UInt32(tail & WordState.tailMask), from: hash)
            tail >>= UInt64(WordState.tailBits)
            lengths >>= 1
            count -= 1
        }
        return false
    }
}
