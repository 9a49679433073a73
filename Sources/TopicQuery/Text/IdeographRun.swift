/// Han and kana characters that stand in a row.
struct IdeographRun {
    /// Whether characters may still come.
    var isOpen = false
    /// The first character's token.
    private(set) var token: Int32 = 0
    /// The distance units before the first character.
    private(set) var position: Int32 = 0
    /// The folded characters.
    private(set) var scalars: [UInt32] = []
    /// The first byte of each.
    private(set) var starts: [Int32] = []
    /// The byte behind each.
    private(set) var ends: [Int32] = []

    /// Begins a run.
    mutating func open(token: Int32, position: Int32) {
        isOpen = true
        self.token = token
        self.position = position
        scalars.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    /// Adds a character.
    mutating func add(_ scalar: UInt32, start: Int, end: Int) {
        scalars.append(scalar)
        starts.append(Int32(truncatingIfNeeded: start))
        ends.append(Int32(truncatingIfNeeded: end))
    }

    /// Puts another character in the place of the last.
    mutating func replaceLast(by scalar: UInt32, end: Int) {
        guard !scalars.isEmpty else { return }
        scalars[scalars.count - 1] = scalar
        ends[ends.count - 1] = Int32(truncatingIfNeeded: end)
    }
}
